"""What the bundled framework and instrument say, in each language."""

import re
from itertools import chain

import pytest
from smartpd_analytics.data import LANGUAGES
from smartpd_analytics.frameworks import framework_ids, instrument_ids, load_framework, load_instrument

FRAMEWORK = load_framework("digcompedu")
INSTRUMENT = load_instrument("digcompedu_selfassessment")
FRAMEWORKS = [load_framework(each) for each in framework_ids()]
INSTRUMENTS = [load_instrument(each) for each in instrument_ids()]


def _framework_texts(framework):
    yield "title", framework.title
    for kind, entries in (("area", framework.areas), ("competency", framework.competencies)):
        for entry in entries:
            yield f"{kind} {entry.id} title", entry.title
            yield f"{kind} {entry.id} description", entry.description
    for level in framework.levels:
        yield f"level {level.id} name", level.name
        yield f"level {level.id} description", level.description


def _instrument_texts(instrument):
    yield "title", instrument.title
    yield "intro", instrument.intro
    for scale in instrument.scales:
        yield f"scale {scale.id} title", scale.title
        yield f"scale {scale.id} description", scale.description
    for name, options in instrument.option_sets.items():
        for option in options:
            yield f"{name} option {option.id}", option.text
    for item in instrument.all_items:
        yield f"{item.id} text", item.text
        if item.help:
            yield f"{item.id} help", item.help
        if item.scenario:
            yield f"{item.id} scenario", item.scenario
        for option in item.options if not item.option_set else ():
            yield f"{item.id} option {option.id}", option.text


TEXTS = [
    pytest.param(text, id=f"{source.id} {name}")
    for name, text, source in chain(
        ((name, text, framework) for framework in FRAMEWORKS for name, text in _framework_texts(framework)),
        ((name, text, instrument) for instrument in INSTRUMENTS for name, text in _instrument_texts(instrument)),
    )
]


def test_the_framework_has_the_structure_of_digcompedu():
    assert [area.id for area in FRAMEWORK.areas] == ["1", "2", "3", "4", "5", "6"]
    assert [len(FRAMEWORK.competencies_of(area.id)) for area in FRAMEWORK.areas] == [4, 3, 4, 3, 3, 5]
    assert all(competency.id.startswith(f"{competency.area_id}.") for competency in FRAMEWORK.competencies)
    assert [(level.index, level.id, level.name["en"]) for level in FRAMEWORK.levels] == [
        (0, "A1", "Newcomer"),
        (1, "A2", "Explorer"),
        (2, "B1", "Integrator"),
        (3, "B2", "Expert"),
        (4, "C1", "Leader"),
        (5, "C2", "Pioneer"),
    ]
    assert "10.2760/159770" in FRAMEWORK.source


def test_the_instrument_has_one_item_for_each_competency():
    assert (INSTRUMENT.version, INSTRUMENT.framework_id, INSTRUMENT.minutes) == ("1", "digcompedu", 12)
    assert [item.competency_id for item in INSTRUMENT.items] == [c.id for c in FRAMEWORK.competencies]
    assert [item.id for item in INSTRUMENT.items] == [f"i{c.id.replace('.', '_')}" for c in FRAMEWORK.competencies]
    assert INSTRUMENT.cut_scores == (0, 20, 34, 50, 66, 81)
    assert INSTRUMENT.max_points == 88
    for item in INSTRUMENT.items:
        assert [(option.id, option.points) for option in item.options] == [(str(n), n) for n in range(5)]


@pytest.mark.parametrize("text", TEXTS)
def test_every_text_is_in_each_language_and_alphabet(text):
    assert set(text) == set(LANGUAGES)
    assert re.search("[a-zA-Z]", text["en"])
    assert not re.search("[а-яёА-ЯЁ]", text["en"] + text["uz"])
    assert re.search("[а-яё]", text["ru"])
    for words in text.values():
        assert words == " ".join(words.split())
        assert "'" not in words
        assert '"' not in words


@pytest.mark.parametrize("text", TEXTS)
def test_uzbek_uses_its_own_letters(text):
    words = text["uz"]
    assert not re.search("[\u2018\u2019\u201b`\u00b4]", words)
    # ʻ belongs to oʻ and gʻ alone; the tutuq belgisi ʼ follows any letter but these two in our words.
    assert all(words[at.start() - 1] in "oOgG" for at in re.finditer("\u02bb", words))
    assert all(
        words[at.start() - 1].isalpha() and words[at.start() - 1] not in "oOgG\u02bb"
        for at in re.finditer("\u02bc", words)
    )


@pytest.mark.parametrize("item", INSTRUMENT.items, ids=lambda item: item.id)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_length_gives_an_answer_away(item, lang):
    lengths = [len(option.text[lang]) for option in item.options]
    assert max(lengths) <= 1.75 * min(lengths)
    assert max(lengths) <= 120
    assert len(item.text[lang]) <= 110
    assert item.text[lang].endswith("?")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_question_and_no_option_stands_twice(lang):
    options = [option.text[lang] for item in INSTRUMENT.items for option in item.options]
    questions = [item.text[lang] for item in INSTRUMENT.items]
    assert len(set(options)) == len(options) == 110
    assert len(set(questions)) == len(questions) == 22


def test_the_other_frameworks_have_the_structure_of_their_sources():
    digcomp = load_framework("digcomp")
    assert [len(digcomp.competencies_of(area.id)) for area in digcomp.areas] == [3, 6, 4, 4, 4]
    assert [level.id for level in digcomp.levels] == ["basic", "intermediate", "advanced", "highly_advanced"]
    assert "10.2760/0001149" in digcomp.source
    assert "CC BY 4.0" in digcomp.source
    unesco = load_framework("unesco_ict_cft")
    assert [[each.id for each in unesco.competencies_of(area.id)] for area in unesco.areas] == [
        [f"{level}.{area}" for level in ("KA", "KD", "KC")] for area in range(1, 7)
    ]
    assert len(unesco.levels) == 3


def test_the_motivation_questionnaire_has_the_structure_of_the_mslq():
    motivation = load_instrument("learning_motivation")
    sizes = [sum(item.area_id == scale.id for item in motivation.items) for scale in motivation.scales]
    assert sizes == [4, 4, 6, 4, 8, 5]
    assert len(motivation.items) == 31
    for item in motivation.items:
        assert [(option.id, option.points) for option in item.options] == [(str(n), n) for n in range(1, 8)]
        assert item.reverse == (item.area_id == "test_calm")
        assert item.kind == "rating"


def test_the_needs_survey_asks_for_what_a_plan_needs():
    survey = load_instrument("learning_needs")
    kinds = {item.id: item.kind for item in survey.items}
    asked = {
        "subject": "choice",
        "tools": "multiple",
        "hours": "number",
        "connection": "choice",
        "main_device": "choice",
        "ways": "order",
        "mode": "choice",
        "goal_areas": "multiple",
        "own_goal": "text",
    }
    assert kinds.items() >= asked.items()
    options = {item.id: [option.id for option in item.options] for item in survey.items}
    assert options["goal_areas"] == [area.id for area in FRAMEWORK.areas]
    assert [item.id for item in survey.items if not item.required] == ["own_goal"]
    assert [item.id for item in survey.items if item.private] == ["own_goal"]
