"""The documentation of rules says what is true: every fact, field, kind and rule stands in it as it is."""

from pathlib import Path

import pytest
from smartpd_analytics.expert import FACTS, WORDS, load_rules

DOCS = Path(__file__).resolve().parents[3] / "docs"
WRITING = (DOCS / "how-to-write-a-rule.md").read_text(encoding="utf-8")
MAKING = (DOCS / "how-recommendations-are-made.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("fact", FACTS.values(), ids=lambda fact: fact.name)
def test_every_fact_is_documented(fact):
    row = next((line for line in WRITING.splitlines() if line.startswith(f"| `{fact.name}` |")), "")
    assert row.startswith(f"| `{fact.name}` | {fact.type} | {fact.unit} | {fact.meaning}")
    assert all(f"`{value}`" in row for value in fact.values)


def test_no_fact_is_documented_that_does_not_exist():
    section = WRITING.split("## Facts")[1].split("### Words")[0]
    names = {line.split("`")[1] for line in section.splitlines() if line.startswith("| `")}
    assert names == set(FACTS)


def test_the_facts_of_learners_and_of_actions_stand_apart():
    about_actions = WRITING.split("### About the action")[1]
    for fact in FACTS.values():
        assert (f"| `{fact.name}` |" in about_actions) == (fact.scope == "candidate")


@pytest.mark.parametrize("word", WORDS)
def test_every_word_for_a_sentence_is_documented(word):
    assert f"| `{{{word}}}` | {WORDS[word]} |" in WRITING


@pytest.mark.parametrize("kind", FACTS["kind"].values)
def test_every_kind_of_action_is_documented(kind):
    assert f"(`{kind}`)" in MAKING


def test_the_bundled_rules_are_listed_as_they_are():
    rules = {line.split("`")[1]: line for line in MAKING.split("### The bundled rules")[1].splitlines() if "`" in line}
    assert list(rules) == [rule.id for rule in load_rules().rules]
    for rule in load_rules().rules:
        row = rules[rule.id]
        assert row.startswith(f"| `{rule.id}` | {rule.scope} | {rule.explanation['en']} |")
        assert not rule.boost or f"{rule.boost:+g}" in row
        assert ("blocks" in row) == rule.block
        assert all(f"`{conclusion.fact}` ({rule.certainty:g})" in row for conclusion in rule.concludes)


def test_the_examples_can_be_loaded(tmp_path):
    examples = [block.split("```")[0] for block in WRITING.split("```yaml\n")[1:]]
    path = tmp_path / "examples.yaml"
    path.write_text("".join(examples), encoding="utf-8")
    assert [rule.id for rule in load_rules(path).rules] == ["fast-guessing", "read-before-answering"]
