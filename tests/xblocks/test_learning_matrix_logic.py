"""What the learning matrix decides: reading, links, marks, advice."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from smartpd_xblocks.learning_matrix import (
    LIMITS,
    MODES,
    RATINGS,
    STATUSES,
    Advice,
    CellMark,
    MarkError,
    advised_cells,
    block_status,
    completion,
    default_matrix,
    default_scale,
    jump_url,
    mark,
    progress,
    rate,
    read_link,
    read_marks,
    read_matrix,
    read_scale,
    relative_link,
    row_progress,
    usage_key_of,
    write_marks,
)

COURSE = "course-v1:SmartPD+DC101+demo"
SMALL = {
    "topics": [
        {"id": "a", "title": "Alpha"},
        {"id": "b", "title": {"en": "Beta", "uz": "Beta oʻ"}, "sections": [{"id": "b1", "title": "B one"}]},
    ],
    "activities": [{"id": "read", "title": "Read"}, {"id": "do", "title": "Do"}],
    "cells": [
        {"id": "a-read", "topic": "a", "activity": "read", "can_do": "I can", "link": "intro", "competency": "2.1"},
        {"id": "a-do", "topic": "a", "activity": "do", "can_do": "I do", "competency": "2.1", "required": True},
        {
            "id": "b1-do",
            "topic": "b",
            "section": "b1",
            "activity": "do",
            "can_do": "I do b",
            "link": "block-v1:Other+X+2020+type@html+block@b1",
            "required": True,
        },
    ],
}

#: Anything that JSON can hold.
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)
ids = st.sampled_from(["a", "b", "c", "read", "do", "", "x y", "javascript:x", 7, None])
entries = st.lists(
    st.fixed_dictionaries(
        {"id": ids},
        optional={
            "title": json_values,
            "topic": ids,
            "activity": ids,
            "section": ids,
            "can_do": json_values,
            "link": json_values | st.sampled_from(["javascript:alert(1)", "https://x.uz/a", "unit"]),
            "minutes": json_values,
            "modes": json_values | st.lists(st.sampled_from(MODES), max_size=3),
            "required": json_values,
            "sections": json_values,
        },
    ),
    max_size=6,
)
matrices = json_values | st.fixed_dictionaries({"topics": entries, "activities": entries, "cells": entries})


def problems_of(data: object) -> str:
    return "\n".join(map(str, read_matrix(data).problems))


def changed(**cell: object) -> dict:
    """``SMALL`` with its first cell changed."""
    first, *rest = SMALL["cells"]
    return {**SMALL, "cells": [{**first, **cell}, *rest]}


class TestReading:
    def test_the_default_matrix_is_whole_in_three_languages(self) -> None:
        reading = read_matrix(default_matrix())
        assert reading.problems == ()
        matrix = reading.matrix
        assert len(matrix.cells) == len(matrix.topics) * len(matrix.activities) == 20
        texts = [topic.title for topic in matrix.topics] + [activity.title for activity in matrix.activities]
        texts += [text for cell in matrix.cells for text in (cell.can_do, cell.task)]
        scale, scale_problems = read_scale(default_scale())
        assert scale_problems == ()
        assert len(scale) == len(RATINGS)
        for text in (*texts, *scale):
            assert sorted(text) == ["en", "ru", "uz"], text
            assert not set("'‘`") & set(text["uz"]), text["uz"]
            assert "’" not in text["uz"], text["uz"]

    def test_the_default_is_a_fresh_copy(self) -> None:
        default_matrix()["cells"].clear()
        assert default_matrix()["cells"]

    def test_rows_follow_topics_and_sections(self) -> None:
        matrix = read_matrix(SMALL).matrix
        assert [row.id for row in matrix.rows()] == ["a", "b/b1"]
        assert [[cell.id if cell else None for cell in row.cells] for row in matrix.rows()] == [
            ["a-read", "a-do"],
            [None, "b1-do"],
        ]

    def test_a_split_topic_keeps_a_row_for_cells_of_its_own(self) -> None:
        whole = {"id": "b-read", "topic": "b", "activity": "read", "can_do": "All of it"}
        rows = read_matrix({**SMALL, "cells": [*SMALL["cells"], whole]}).matrix.rows()
        assert [row.id for row in rows] == ["a", "b", "b/b1"]

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"topic": "zeta"}, ["“a-read”", "field “topic”", "“zeta”", "a, b"]),
            ({"activity": "sing"}, ["field “activity”", "“sing”", "do, read"]),
            ({"section": "b1"}, ["field “section”", "“b1”"]),
            ({"minutes": -5}, ["“a-read”", "field “minutes”", "-5", "from 1 to"]),
            ({"minutes": True}, ["true", "whole number"]),
            ({"modes": ["moon"]}, ["field “modes”", '"moon"', "room, online, asynchronous"]),
            ({"link": "javascript:alert(1)"}, ["field “link”", "javascript:alert(1)", "https://"]),
            ({"link": "//evil.example"}, ["//evil.example"]),
            ({"can_do": ""}, ["Cell “a-read”, field “can_do”", "missing"]),
            ({"can_do": {"en": "I can", "xx": "hm"}}, ["“xx”", "en, ru, uz"]),
            ({"can_do": "x" * 1001}, ["1001", "at most 1000"]),
            ({"required": "yes"}, ["field “required”", '"yes"', "true, false"]),
            ({"minute": 5}, ["“a-read”", "“minute”", "minutes"]),
            ({"level": ["B1"]}, ["field “level”", "64"]),
            ({"id": "a-do"}, ["“a-do”", "twice"]),
            ({"id": "has space"}, ["List “cells”, entry 1", "“id”", "has space"]),
            ({"activity": "do", "id": "new"}, ["“a-do”", "“new”", "same place"]),
        ],
    )
    def test_a_problem_names_the_place_and_what_is_accepted(self, change: dict, words: list[str]) -> None:
        said = problems_of(changed(**change))
        assert len(read_matrix(changed(**change)).problems) == 1, said
        for word in words:
            assert word in said

    def test_the_rest_goes_on(self) -> None:
        matrix = read_matrix(changed(topic="zeta")).matrix
        assert [cell.id for cell in matrix.cells] == ["a-do", "b1-do"]

    def test_a_paste_of_ten_thousand_cells_is_cut_and_said(self) -> None:
        cells = [{"id": f"c{number}", "topic": "a", "activity": "read", "can_do": "x"} for number in range(10_000)]
        reading = read_matrix({**SMALL, "cells": cells})
        assert "there are 10000 entries; the first 2000" in str(reading.problems[0])
        assert len(reading.problems) <= LIMITS["cells"]

    @given(matrices)
    def test_anything_is_read_without_an_error(self, data: object) -> None:
        reading = read_matrix(data)
        for problem in reading.problems:
            assert str(problem)
        for cell in reading.matrix.cells:
            assert read_link(cell.link) is not None
            assert cell.minutes is None or 0 < cell.minutes <= LIMITS["minutes"]
        placed = [cell.id for row in reading.matrix.rows() for cell in row]
        assert sorted(placed) == sorted(cell.id for cell in reading.matrix.cells)

    @given(matrices)
    def test_what_was_read_is_read_the_same_again(self, data: object) -> None:
        matrix = read_matrix(data).matrix
        again = read_matrix(
            {
                "topics": [
                    {
                        "id": t.id,
                        "title": dict(t.title),
                        "sections": [{"id": i, "title": dict(w)} for i, w in t.sections],
                    }
                    for t in matrix.topics
                ],
                "activities": [{"id": a.id, "title": dict(a.title)} for a in matrix.activities],
                "cells": [
                    {
                        "id": c.id,
                        "topic": c.topic,
                        "section": c.section,
                        "activity": c.activity,
                        "can_do": c.can_do,
                        "task": c.task,
                        "link": c.link,
                        "minutes": c.minutes,
                        "modes": list(c.modes),
                        "competency": c.competency,
                        "level": c.level,
                        "required": c.required,
                    }
                    for c in matrix.cells
                ],
            }
        )
        assert [cell.id for cell in again.matrix.cells] == [cell.id for cell in matrix.cells]

    @given(json_values)
    def test_any_scale_has_four_steps(self, data: object) -> None:
        words, _problems = read_scale(data)
        assert len(words) == len(RATINGS)


class TestLinks:
    @pytest.mark.parametrize(
        ("value", "expected"),
        [
            ("intro", "block-v1:SmartPD+DC101+demo+type@vertical+block@intro"),
            ("type@html+block@intro", "block-v1:SmartPD+DC101+demo+type@html+block@intro"),
            ("block-v1:Other+X+2020+type@html+block@b1", "block-v1:SmartPD+DC101+demo+type@html+block@b1"),
            ("", ""),
            ("https://example.org/a?b=c", ""),
        ],
    )
    def test_a_block_is_found_in_this_course(self, value: str, expected: str) -> None:
        link = read_link(value)
        assert link is not None
        assert usage_key_of(link, COURSE) == expected
        assert usage_key_of(link, "") == ""

    def test_a_usage_key_is_kept_without_its_course(self) -> None:
        assert relative_link("block-v1:Other+X+2020+type@html+block@b1") == "type@html+block@b1"
        assert relative_link("intro") == "intro"
        assert relative_link("https://example.org/") == "https://example.org/"

    @pytest.mark.parametrize(
        "value",
        [
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            " javascript:alert(1)",
            "java\nscript:alert(1)",
            "data:text/html,<script>1</script>",
            "vbscript:x",
            "//evil.example/",
            "/etc/passwd",
            "https://",
            "https:///x",
            "http://[::1",
            "https://a b",
            "http:\\\\evil",
            "ftp://example.org/",
            '"><script>',
        ],
    )
    def test_other_forms_are_refused(self, value: str) -> None:
        assert read_link(value) is None

    @given(st.text(max_size=40))
    def test_what_is_rendered_is_a_web_address_or_a_path_of_this_site(self, value: str) -> None:
        link = read_link(value)
        if link is None:
            return
        assert link.kind in ("none", "block", "url")
        if link.kind == "url":
            assert link.url.lower().startswith(("http://", "https://"))
        path = jump_url(usage_key_of(link, COURSE), COURSE)
        assert path == "" or path.startswith("/courses/course-v1:SmartPD+DC101+demo/jump_to/block-v1:")


class TestMarks:
    def test_a_mark_and_a_rating_stand_side_by_side(self) -> None:
        matrix = read_matrix(SMALL).matrix
        marks = rate(matrix, mark(matrix, {}, "a-do", "doing", now="t1"), "a-do", 3, now="t2")
        assert marks == {"a-do": CellMark("doing", 3, "t2")}
        assert rate(matrix, marks, "a-do", None, now="t3") == {"a-do": CellMark("doing", None, "t3")}

    @pytest.mark.parametrize(
        ("call", "problem", "accepted"),
        [
            (lambda m: mark(m, {}, "nope", "done", now=""), "unknown_cell", ("a-do", "a-read", "b1-do")),
            (lambda m: mark(m, {}, None, "done", now=""), "unknown_cell", ("a-do", "a-read", "b1-do")),
            (lambda m: mark(m, {}, "a-do", "finished", now=""), "unknown_status", STATUSES),
            (lambda m: mark(m, {}, "a-do", ["done"], now=""), "unknown_status", STATUSES),
            (lambda m: rate(m, {}, "a-do", 0, now=""), "unknown_rating", RATINGS),
            (lambda m: rate(m, {}, "a-do", 5, now=""), "unknown_rating", RATINGS),
            (lambda m: rate(m, {}, "a-do", True, now=""), "unknown_rating", RATINGS),
            (lambda m: rate(m, {}, "a-do", "3", now=""), "unknown_rating", RATINGS),
            (lambda m: rate(m, {}, "a-do", 2.0, now=""), "unknown_rating", RATINGS),
        ],
    )
    def test_what_is_not_accepted_is_said(self, call: object, problem: str, accepted: tuple) -> None:
        with pytest.raises(MarkError) as refused:
            call(read_matrix(SMALL).matrix)  # type: ignore[operator]
        assert refused.value.problem == problem
        assert refused.value.accepted == accepted

    def test_progress_counts_the_required_cells(self) -> None:
        matrix = read_matrix(SMALL).matrix
        marks = mark(matrix, mark(matrix, {}, "a-read", "done", now=""), "a-do", "done", now="")
        assert (progress(matrix, marks).done, progress(matrix, marks).total) == (1, 2)
        assert completion(matrix, marks) == 0.5
        assert {row: (count.done, count.total) for row, count in row_progress(matrix, marks).items()} == {
            "a": (1, 1),
            "b/b1": (0, 1),
        }

    def test_without_required_cells_all_count(self) -> None:
        cells = [{**cell, "required": False} for cell in SMALL["cells"]]
        matrix = read_matrix({**SMALL, "cells": cells}).matrix
        assert completion(matrix, mark(matrix, {}, "a-read", "done", now="")) == pytest.approx(1 / 3)

    def test_an_empty_matrix_is_not_complete(self) -> None:
        matrix = read_matrix({}).matrix
        assert completion(matrix, {}) == 0.0
        assert block_status(matrix, {}) == "none"

    @pytest.mark.parametrize(
        ("given_marks", "status"),
        [
            ({}, "none"),
            ({"a-read": "planned"}, "planned"),
            ({"a-read": "planned", "a-do": "doing"}, "doing"),
            ({"a-do": "done"}, "doing"),
            ({"a-do": "done", "b1-do": "done"}, "done"),
        ],
    )
    def test_the_whole_block_has_one_status(self, given_marks: dict[str, str], status: str) -> None:
        matrix = read_matrix(SMALL).matrix
        assert block_status(matrix, {cell: CellMark(word) for cell, word in given_marks.items()}) == status

    @given(json_values)
    def test_any_state_is_read(self, state: object) -> None:
        marks = read_marks(state)
        assert read_marks(write_marks(marks)) == marks

    @given(
        st.lists(
            st.tuples(
                st.sampled_from(["mark", "rate", "remove", "restore"]),
                st.sampled_from(["a-read", "a-do", "b1-do"]),
                st.sampled_from(STATUSES),
                st.sampled_from([None, *RATINGS]),
            ),
            max_size=30,
        )
    )
    def test_marks_survive_every_edit_of_the_matrix(self, steps: list[tuple]) -> None:
        removed: set[str] = set()
        marks: dict[str, CellMark] = {}
        expected: dict[str, tuple[str, int | None]] = {}
        for what, cell_id, status, rating in steps:
            if what == "remove":
                removed.add(cell_id)
            elif what == "restore":
                removed.discard(cell_id)
            matrix = read_matrix({**SMALL, "cells": [c for c in SMALL["cells"] if c["id"] not in removed]}).matrix
            before = expected.get(cell_id, ("none", None))
            if what in ("mark", "rate") and cell_id in removed:
                with pytest.raises(MarkError):
                    mark(matrix, marks, cell_id, status, now="")
            elif what == "mark":
                marks = mark(matrix, marks, cell_id, status, now="")
                expected[cell_id] = (status, before[1])
            elif what == "rate":
                marks = rate(matrix, marks, cell_id, rating, now="")
                expected[cell_id] = (before[0], rating)
            assert progress(matrix, marks).total == len(matrix.counted)
            marks = read_marks(write_marks(marks))
        assert {cell_id: (m.status, m.rating) for cell_id, m in marks.items()} == expected


class TestAdvice:
    INTRO = "block-v1:SmartPD+DC101+demo+type@vertical+block@intro"

    def test_a_cell_that_links_to_the_target_is_advised(self) -> None:
        advice = Advice(1, self.INTRO, "Because.", ("2.1",))
        assert advised_cells(read_matrix(SMALL).matrix, [advice], {}, COURSE) == {"a-read": advice}

    def test_a_cell_that_links_to_the_unit_of_the_target_is_advised(self) -> None:
        problem = "block-v1:SmartPD+DC101+demo+type@problem+block@first"
        advice = Advice(1, problem, "Because.", ("2.1",), unit=self.INTRO)
        assert advised_cells(read_matrix(SMALL).matrix, [advice], {}, COURSE) == {"a-read": advice}

    def test_otherwise_the_cells_of_the_competency_that_are_not_done(self) -> None:
        advice = Advice(1, "block-v1:SmartPD+DC101+demo+type@vertical+block@other", "Because.", ("2.1",))
        matrix = read_matrix(SMALL).matrix
        assert advised_cells(matrix, [advice], {}, COURSE) == {"a-read": advice, "a-do": advice}
        assert advised_cells(matrix, [advice], {"a-read": CellMark("done")}, COURSE) == {"a-do": advice}

    def test_a_cell_keeps_the_best_ranked_reason(self) -> None:
        second, first = Advice(2, self.INTRO, "Second."), Advice(1, self.INTRO, "First.")
        assert advised_cells(read_matrix(SMALL).matrix, [second, first], {}, COURSE) == {"a-read": first}

    def test_outside_a_course_only_competencies_speak(self) -> None:
        advice = Advice(1, self.INTRO, "Because.", ("9.9",))
        assert advised_cells(read_matrix(SMALL).matrix, [advice], {}, "") == {}
