"""The demo course: complete in three languages, spelt with the right letters, and true to its course map."""

import re
from pathlib import Path

import pytest
from smartpd_analytics.api import load_framework, read_course_map
from smartpd_xblocks.learning_matrix import read_link, read_matrix, usage_key_of

from demo.course import COURSE_MAP, load_course, usage_key
from demo.words import all_words

LANGUAGES = {"en", "ru", "uz"}
COURSE = load_course()
PROBLEMS = [block for _unit, block in COURSE.blocks() if block.type == "problem"]


def texts(value):
    """Every mapping of languages to words inside a value."""
    if isinstance(value, dict) and set(value) & LANGUAGES:
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from texts(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from texts(part)


def everything_said():
    yield COURSE.title
    for section in COURSE.sections:
        yield section.title
    for unit in COURSE.units:
        yield unit.title
    for _unit, block in COURSE.blocks():
        yield from texts(dict(block.fields))
    yield from all_words().values()


def test_everything_is_said_in_three_languages():
    for text in everything_said():
        assert set(text) == LANGUAGES, text
        assert all(isinstance(words, str) and words.strip() for words in text.values()), text


def test_uzbek_is_written_with_its_own_letters():
    for text in everything_said():
        words = re.sub(r"<[^>]+>", " ", text["uz"])
        assert not re.search(r"[A-Za-z]['`‘’][A-Za-z]|[OoGg]['`‘’]", words), words
        assert not re.search(r"[А-Яа-яЎўҚқҒғҲҳ]", words), words


def test_what_is_filled_in_is_the_same_in_each_language():
    for key, text in all_words().items():
        filled = {lang: sorted(re.findall(r"\{\w+\}", words)) for lang, words in text.items()}
        assert filled["ru"] == filled["uz"] == filled["en"], key


@pytest.mark.parametrize("template", sorted(Path("demo/templates").rglob("*.html")), ids=lambda path: path.name)
def test_templates_use_words_that_exist(template):
    used = re.findall(r'{% words "([a-z_]+)"', (Path(__file__).parents[2] / template).read_text(encoding="utf-8"))
    assert [key for key in used if key not in all_words()] == []


def test_texts_are_short_readings():
    for _unit, block in COURSE.blocks():
        if block.type == "html":
            for lang, text in block.fields["text"].items():
                assert 120 <= len(re.sub(r"<[^>]+>", " ", text).split()) <= 250, (block.name, lang)


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: problem.name)
def test_each_problem_has_one_right_answer_and_feedback_for_every_answer(problem):
    fields = problem.fields
    if fields["kind"] == "number":
        assert isinstance(fields["answer"], int | float)
        assert set(fields["feedback"]) == {"right", "wrong"}
    else:
        assert sum(option.get("correct", False) for option in fields["options"]) == 1
        assert all(option["feedback"] and option["text"] for option in fields["options"])


def test_the_right_choice_is_not_always_in_the_same_place():
    places = [
        next(number for number, option in enumerate(problem.fields["options"]) if option.get("correct"))
        for problem in PROBLEMS
        if problem.fields["kind"] == "choice"
    ]
    assert set(places) == {0, 1, 2}


def test_names_are_used_once():
    names = [block.name for _unit, block in COURSE.blocks()]
    assert len(names) == len(set(names))


def test_the_matrix_is_valid_and_its_cells_lead_to_units_of_this_course():
    block = next(block for _unit, block in COURSE.blocks() if block.type == "smartpd_learning_matrix")
    reading = read_matrix(block.fields["matrix"])
    assert reading.problems == ()
    units = {unit.key for unit in COURSE.units}
    competencies = {competency.id for competency in load_framework("digcompedu").competencies}
    linked = [cell for cell in reading.matrix.cells if cell.link]
    assert linked
    for cell in linked:
        assert usage_key_of(read_link(cell.link), COURSE.key) in units, cell.id
    assert {cell.competency for cell in reading.matrix.cells} <= competencies


def test_the_course_map_is_the_course():
    course_map = read_course_map(COURSE_MAP)
    assert course_map.problems == ()
    assert course_map.framework_id == "digcompedu"
    expected = [key for unit in COURSE.units for key in (unit.key, *(block.key for block in unit.blocks))]
    assert [row.usage_key for row in course_map.units] == expected
    titles = {unit.key: unit.title for unit in COURSE.units}
    titles |= {block.key: block.fields["title"] for _unit, block in COURSE.blocks() if "title" in block.fields}
    for row in course_map.units:
        assert set(row.title) == LANGUAGES, row.usage_key
        assert row.title == titles.get(row.usage_key, row.title), row.usage_key
        assert row.minutes, row.usage_key
    homes = {block.key: unit.key for unit, block in COURSE.blocks()}
    assert {row.usage_key: row.unit_key for row in course_map.units if row.usage_key in homes} == homes


def test_the_course_covers_every_area_of_the_framework():
    trained = {
        competency.partition(".")[0] for row in read_course_map(COURSE_MAP).units for competency in row.competencies
    }
    assert trained == {area.id for area in load_framework("digcompedu").areas}


def test_a_key_leads_to_its_unit():
    assert COURSE.unit_of(usage_key("problem", "checks-gain")).name == "checks"
    assert COURSE.unit_of(usage_key("vertical", "path")).name == "path"
    assert COURSE.unit_of("nothing") is None
