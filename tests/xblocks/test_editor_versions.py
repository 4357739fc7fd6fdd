"""Versions of a course's own questions: what is answered is never lost, and equal versions ask the same."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from smartpd_xblocks import needs_diagnostic as nd

WORDS = st.sampled_from(["a", "b", "c"])


def document(text: str = "a", points: int = 1, doc_id: str = "own") -> dict[str, Any]:
    return {
        "id": doc_id,
        "version": "1",
        "title": {"en": "T"},
        "items": [{"id": "q1", "text": {"en": text}, "options": [{"id": "a", "points": points, "text": {"en": "x"}}]}],
    }


def number(kept: nd.Kept) -> int:
    return nd.version_number(kept.document["version"])


def test_the_first_is_version_one_and_says_what_it_asks() -> None:
    kept = nd.kept(document(), {}, [], answered=False)
    assert number(kept) == 1
    assert kept.document["version"] != nd.kept(document("b"), {}, [], answered=False).document["version"]
    assert kept.document["version"] == nd.kept(document(), {}, [], answered=True).document["version"]
    # As names of files in a site's folder may have it.
    whole, fingerprint = kept.document["version"].split(".")
    assert (whole, len(fingerprint), fingerprint[0] != "0") == ("1", 5, True)


def test_what_nobody_has_answered_is_replaced() -> None:
    first = nd.kept(document(), {}, [], answered=False).document
    kept = nd.kept(document("b"), first, [], answered=False)
    assert (number(kept), kept.earlier) == (1, [])


def test_what_has_been_answered_is_kept_and_the_number_rises() -> None:
    first = nd.kept(document(), {}, [], answered=False).document
    kept = nd.kept(document("b"), first, [], answered=True)
    assert (number(kept), kept.earlier) == (2, [first])


def test_saving_the_same_again_changes_nothing() -> None:
    first = nd.kept(document(), {}, [], answered=False).document
    kept = nd.kept(document(), first, [], answered=True)
    assert (kept.document, kept.earlier) == (first, [])


def test_going_back_to_an_earlier_version_is_that_version() -> None:
    first = nd.kept(document(), {}, [], answered=False).document
    second = nd.kept(document("b"), first, [], answered=True)
    third = nd.kept(document(), second.document, second.earlier, answered=True)
    assert third.document == first
    assert third.earlier == [second.document]


def test_wording_alone_may_keep_the_version_and_points_may_not() -> None:
    first = nd.kept(document(), {}, [], answered=False).document
    kept = nd.kept(document("b"), first, [], answered=True, same_meaning=True)
    assert (kept.document["version"], kept.earlier) == (first["version"], [])
    assert kept.document["items"][0]["text"] == {"en": "b"}
    assert number(nd.kept(document(points=2), first, [], answered=True, same_meaning=True)) == 2


def test_a_file_of_another_block_keeps_its_version_and_one_changed_by_hand_does_not() -> None:
    first = nd.kept(document(), {}, [], answered=False).document
    second = nd.kept(document("b"), first, [], answered=True).document
    assert nd.kept(second, {}, [], answered=False).document == second
    assert number(nd.kept({**document("c"), "version": second["version"]}, {}, [], answered=False)) == 1


def test_giving_up_ones_own_questions_keeps_what_was_answered() -> None:
    first = nd.kept(document(), {}, [], answered=False).document
    assert nd.kept({}, first, [], answered=True) == nd.Kept({}, [first])
    assert nd.kept({}, first, [], answered=False) == nd.Kept({}, [])


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(WORDS, st.integers(1, 3), st.booleans(), st.booleans()), max_size=12))
def test_whatever_is_edited_every_answered_version_is_found_as_it_was_answered(
    steps: list[tuple[str, int, bool, bool]],
) -> None:
    stored: dict[str, Any] = {}
    earlier: list[dict[str, Any]] = []
    answered: dict[str, dict[str, Any]] = {}
    for text, points, answers, same in steps:
        kept = nd.kept(
            document(text, points), stored, earlier, answered=stored.get("version") in answered, same_meaning=same
        )
        stored, earlier = kept.document, nd.unpacked(nd.packed(kept.earlier))
        assert earlier == kept.earlier
        if answers:
            answered[stored["version"]] = stored
        found = {each["version"]: each for each in [*earlier, stored]}
        assert len(found) == len(earlier) + 1
        for version, asked in answered.items():
            # Its wording may have been put right since, what it measures has not changed.
            assert nd.measures_the_same(found[version], asked)


def test_items_that_versions_share_are_stored_once() -> None:
    many = [{**document(), "version": str(number), "minutes": number} for number in range(20)]
    packed = nd.packed(many)
    assert len(packed["items"]) == 1
    assert nd.unpacked(packed) == many
    assert nd.packed([]) == {}
    assert nd.unpacked({"versions": [{"items": ["gone"]}, 7], "items": {}}) == []


def test_an_own_id_is_never_one_of_the_sites() -> None:
    assert nd.own_id("mine", ["theirs"], "here") == "mine"
    assert nd.own_id("theirs", ["theirs"], "here") != nd.own_id("theirs", ["theirs"], "there")
    assert len(nd.own_id("x" * 64, ["x" * 64], "here")) <= 64
