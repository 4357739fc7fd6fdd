"""Rule files that cannot be used: each is named with file and line, and what is accepted."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from smartpd_analytics.errors import RuleError
from smartpd_analytics.expert import FACTS, MAX_LENGTH, load_rules

GOOD = """rules:
  - id: keen
    scope: learner
    when: answers > 0
    conclude: {keen: {type: boolean}}
    title: {en: Keen, ru: Активный, uz: Faol}
    explanation: {en: Answers., ru: Отвечает., uz: Javob beradi.}
    why: Because.
  - id: start-keen
    scope: candidate
    when: kind == "start" and keen
    boost: 5
    reason: {en: "Open {target}.", ru: "Откройте {target}.", uz: "{target}ni oching."}
    title: {en: Start, ru: Начать, uz: Boshlash}
    explanation: {en: Starts., ru: Начинает., uz: Boshlaydi.}
    why: Because.
"""


@pytest.fixture(name="load")
def _load(tmp_path: Path):
    def load(text: str | bytes):
        path = tmp_path / "mine.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return load_rules(path)

    return load


def refused(load, old: str, new: str) -> RuleError:
    assert old in GOOD
    with pytest.raises(RuleError) as caught:
        load(GOOD.replace(old, new, 1))
    assert caught.value.file == "mine.yaml"
    return caught.value


def test_a_good_file_is_read(load):
    rules = load(GOOD)
    assert [rule.id for rule in rules.rules] == ["keen", "start-keen"]
    assert rules.concluded == {"keen": "boolean"}
    assert rules.rules[1].condition.facts == ("kind", "keen")
    assert (rules.rules[1].version, rules.rules[1].priority, rules.rules[1].certainty) == (1, 0, 1.0)


def test_other_words_stand_beside_a_reason(load):
    again = 'again: {en: "And {target}.", ru: "И {target}.", uz: "{target} ham."}\n    '
    rules = load(GOOD.replace('reason: {en: "Open', again + 'reason: {en: "Open'))
    assert rules.rules[1].again["en"] == "And {target}."
    error = refused(load, "boost: 5\n    reason:", "boost: 5\n    again:")
    assert "'again' stands without a reason" in str(error)
    assert error.line == 13
    assert "there is no {targte}" in str(
        refused(
            load,
            'reason: {en: "Open {target}',
            again.replace("And {target}", "{targte}") + 'reason: {en: "Open {target}',
        )
    )


def test_a_byte_order_mark_is_no_obstacle(load):
    assert load(b"\xef\xbb\xbf" + GOOD.encode()).rules


@pytest.mark.parametrize(
    ("condition", "says", "accepted"),
    [
        ("answres > 0", "there is no fact 'answres'", "answers, answers_shown"),
        ("kind == 'start'", "there is no fact 'kind'", "answers"),
        ("answers", "true or false is needed", "a comparison"),
        ("not answers", "true or false is needed", "a comparison"),
        ("has_pace and answers", "true or false is needed", "a comparison"),
        ("answers > 'three'", "never occurs", ""),
        ("answers == has_pace", "different types", "two numbers"),
        ("has_pace > 1", "cannot be compared", "has_pace is true or false"),
        ("answers in ['a']", "never occurs", ""),
        ("answers >", "not complete", ""),
        ("answers > 0 and", "not complete", ""),
        ("(answers > 0", "not complete", ""),
        ("answers > 0 answers", "not complete", ""),
        ("", "'when' is empty", ""),
        ("answers > 0 and $now", "'$now' cannot stand", "facts, numbers"),
        ("answers.__class__ == 1", "'.__class__", "facts"),
        ("answers ** 9 > 1", "'**' cannot stand", ""),
        ("answers / 0 > 1", "'/ 0 > 1' cannot stand", ""),
        ("[x for x in answers]", "there is no fact 'x'", ""),
        ("answers =~ '(a+)+$'", "cannot stand", "facts"),
        ("(" * 248 + "true" + ")" * 248, "", ""),
        ("d'2020-01-01' == 1", "d'2020-01-01' cannot stand", ""),
        ("answers > " + "1 + " * MAX_LENGTH + "1", "characters", f"at most {MAX_LENGTH}"),
        ("not " * 100 + "has_pace", "", ""),
    ],
)
def test_a_condition_that_cannot_be_used(load, condition, says, accepted):
    quoted = condition.replace("'", "''")
    if says:
        error = refused(load, "when: answers > 0", f"when: '{quoted}'")
        assert says in str(error)
        assert accepted in error.accepted
        assert error.line == 4
        assert error.problem.startswith("rule keen: ")
    else:
        assert load(GOOD.replace("when: answers > 0", f"when: '{quoted}'")).rules


def test_an_unknown_fact_lists_those_that_exist(load):
    error = refused(load, 'kind == "start" and keen', "nobody")
    assert set(error.accepted.split(", ")) == {*FACTS, "keen"}
    assert error.line == 11
    assert "mine.yaml:11: rule start-keen: there is no fact 'nobody' (accepted: active_days, " in str(error)


def test_a_misspelt_kind_would_never_hold(load):
    error = refused(load, '"start" and', '"strat" and')
    assert '"strat" never occurs' in str(error)
    assert "start, stretch, take_diagnosis" in error.accepted


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("id: keen", "id: Keen!", 2, "'Keen!' is no id"),
        ("id: start-keen", "id: keen", 9, "two rules with the id 'keen'"),
        ("scope: learner", "scope: class", 3, "no scope 'class'"),
        ("    scope: learner\n", "", 2, "'scope' is missing"),
        ("boost: 5", "bost: 5", 12, "'bost' is no field"),
        ("boost: 5", "boost: much", 12, "'boost' is 'much' (accepted: a number from -200 to 200)"),
        ("boost: 5", "boost: 1e300", 12, "'boost' is '1e300' (accepted: a number from -200 to 200)"),
        ("boost: 5", "boost: .nan", 12, "'boost' is '.nan'"),
        ("boost: 5", "priority: 1.5", 12, "'priority' is '1.5' (accepted: a whole number from -100 to 100)"),
        ("boost: 5", "certainty: 2", 12, "'certainty' is '2' (accepted: a number from 0.01 to 1)"),
        ("boost: 5", "block: perhaps", 12, "'block' is 'perhaps'"),
        ("boost: 5", "conclude: {x: {}}", 12, "'conclude' cannot be used at the scope candidate"),
        ("conclude: {keen: {type: boolean}}", "boost: 5", 5, "'boost' cannot be used at the scope learner"),
        ("conclude: {keen: {type: boolean}}", "version: 2", 2, "the rule concludes nothing"),
        ("conclude: {keen: {type: boolean}}", "conclude: {answers: {type: number, value: 1}}", 5, "a given fact"),
        ("{keen: {type: boolean}}", "{keen: {type: date}}", 5, "has no type"),
        ("{keen: {type: boolean}}", "{keen: {type: boolean, value: false}}", 5, "cannot be used"),
        ("{keen: {type: boolean}}", "{keen: {type: boolean}, n: {type: number, value: x}}", 5, "cannot be used"),
        ("{en: Keen, ru: Активный, uz: Faol}", "{en: Keen, ru: Активный}", 6, "not given in every language"),
        ("{en: Keen, ru: Активный, uz: Faol}", "Keen", 6, "not given in every language"),
        ("Open {target}.", "Open {name}.", 13, "there is no {name} to insert"),
        ("Open {target}.", "Open {target.", 13, "a brace"),
        (
            "Open {target}.",
            "Wait {days_silent|day}.",
            13,
            "are 1 (accepted: as many forms as this language has: 2)",
        ),
        (
            "Откройте {target}.",
            "Ждите {days_silent|день|дней}.",
            13,
            "are 2 (accepted: as many forms as this language has: 3)",
        ),
        ("Open {target}.", "Open {target|a|b}.", 13, "is no count"),
        ("Open {target}.", "Open {kind}.", 13, "is no number and no words"),
    ],
)
def test_a_field_that_cannot_be_used(load, old, new, line, says):
    error = refused(load, old, new)
    assert says in str(error)
    assert error.line == line


def test_facts_that_wait_for_each_other(load):
    circle = GOOD.replace("when: answers > 0", "when: eager").replace(
        "  - id: start-keen",
        "  - {id: eager, scope: learner, when: keen, conclude: {eager: {type: boolean}},\n"
        "     title: {en: a, ru: б, uz: c}, explanation: {en: a, ru: б, uz: c}, why: x}\n  - id: start-keen",
    )
    with pytest.raises(RuleError, match=r"mine\.yaml:\d+: these facts wait for each other: (keen|eager) -> "):
        load(circle)


def test_one_name_cannot_have_two_types(load):
    with pytest.raises(RuleError, match="'keen' has the type boolean in another rule"):
        load(
            GOOD + "  - {id: other, scope: learner, when: answers > 1, conclude: {keen: {type: number, value: 1}},\n"
            "     title: {en: a, ru: б, uz: c}, explanation: {en: a, ru: б, uz: c}, why: x}\n"
        )


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "the file is empty"),
        (b"rules: []", "no list of rules"),
        (b"other: 1", "no list of rules"),
        (b"rules:\n  - just words", "a rule is not a mapping"),
        (b"rules: [\n", "not valid YAML"),
        (b"rules:\n\t- x", "not valid YAML"),
        (b"\xff\xfe\x00", "no text in UTF-8"),
        (b"a: &x [1]\nrules: [*x, *x]", "an alias"),
        (b"rules: 1\nrules: 2", "'rules' is given twice"),
        (b"[" * 3000, ""),
        (b"#" * 1_000_001, "too long"),
        (b"rules:\n" + b"  - {}\n" * 501, "too many rules: 501"),
    ],
)
def test_a_file_that_cannot_be_used(load, content, says):
    with pytest.raises(RuleError) as caught:
        load(content)
    assert says in str(caught.value)
    assert caught.value.file == "mine.yaml"


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(RuleError, match=r"none\.yaml: the file cannot be read: No such file"):
        load_rules(tmp_path / "none.yaml")


@given(st.text(max_size=80))
def test_no_condition_does_anything_but_hold_or_be_refused(tmp_path_factory, text):
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_text(GOOD.replace("answers > 0", "'" + text.replace("'", "''") + "'"), encoding="utf-8")
    facts = {name: fact.default for name, fact in FACTS.items() if fact.scope == "learner"}
    try:
        rules = load_rules(path)
    except RuleError:
        return
    assert rules.learner[0].condition.holds(facts) in {True, False}


tokens = st.lists(
    st.sampled_from(
        ["answers", "has_pace", "pace", "1", "0.5", "and", "or", "not", "in", "(", ")", "[", "]", "<", ">=", "==", "+",
         "*", "-", "true", "9" * 40, '"a"', ","]
    ),
    max_size=14,
)  # fmt: skip


@given(tokens)
def test_any_row_of_accepted_words_holds_or_is_refused(tmp_path_factory, words):
    path = tmp_path_factory.getbasetemp() / "words.yaml"
    path.write_text(GOOD.replace("answers > 0", "'" + " ".join(words) + "'"), encoding="utf-8")
    facts = {name: fact.default for name, fact in FACTS.items() if fact.scope == "learner"}
    try:
        condition = load_rules(path).learner[0].condition
    except RuleError:
        return
    assert condition.holds({**facts, "answers": 1e18, "pace": 1e18}) in {True, False}
