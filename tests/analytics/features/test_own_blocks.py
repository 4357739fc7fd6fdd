"""What the events of our own blocks tell."""

from smartpd_analytics.features import learner_activity

from tests.analytics.features.feature_events import COURSE, at, event, key, table_of

DIAGNOSTIC = key("smartpd_needs_diagnostic", "d")


def rated(seconds, item, option, *, phase="entry", version="1"):
    payload = {"instrument": "self", "version": version, "phase": phase, "item": item, "option": option, "total": 22}
    return event(at(seconds), "smartpd.diagnosis.answered", "diagnosis", usage_key=DIAGNOSTIC, payload=payload)


def marked(seconds, target, status):
    payload = {"cell": "c", "status": status, "target": target}
    return event(
        at(seconds),
        "smartpd.matrix.cell_marked",
        "matrix",
        usage_key=key("smartpd_learning_matrix", "m"),
        payload=payload,
    )


def own(*events):
    return learner_activity(table_of(events)).own_blocks[COURSE, "ona"]


def test_the_newest_answer_to_each_item_counts():
    found = own(rated(0, "i1", "2"), rated(5, "i2", "0"), rated(9, "i1", "4")).diagnosis
    assert (found.usage_key, found.total, dict(found.answers)) == (DIAGNOSTIC, 22, {"i1": "4", "i2": "0"})


def test_an_earlier_phase_or_version_is_another_attempt():
    found = own(rated(0, "i1", "2"), rated(5, "i2", "1", phase="exit")).diagnosis
    assert (found.phase, dict(found.answers)) == ("exit", {"i2": "1"})
    found = own(rated(0, "i1", "2"), rated(5, "i2", "1", version="2")).diagnosis
    assert (found.version, dict(found.answers)) == ("2", {"i2": "1"})


def test_only_what_is_still_marked_done_is_done():
    found = own(marked(0, "a", "done"), marked(1, "b", "done"), marked(2, "b", "none"), marked(3, "", "done"))
    assert found.done == {"a"}
    assert found.diagnosis is None
