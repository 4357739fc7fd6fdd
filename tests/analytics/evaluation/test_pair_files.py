"""Files of pairs: both forms, what spreadsheets write, and a clear word for everything that is wrong."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from smartpd_analytics.errors import InputError
from smartpd_analytics.evaluation import evaluate_file, read_pairs

from .pair_files import learners, write_pairs

ROWS = learners((40, 50), (55, 60), (62, 71), (30, 48), (71, 70), (48, 66))


def scores(path):
    pairs = read_pairs(path)
    return {
        (person.learner, str(column), time): value
        for person in pairs.people
        for (column, time), value in person.values.items()
    }


def test_scales_areas_items_and_ranges(tmp_path):
    header = (
        "learner,group,competence/1.1_pre [0-4],competence/1.2_pre [0-4],competence/2.1_pre [0-4],"
        "competence/1.1_post [0-4],competence/1.2_post [0-4],competence/2.1_post,motivation_pre [1-7],motivation_post"
    )
    path = write_pairs(tmp_path / "p.csv", header, "a,x,1,2,3,2,3,4,5,6", "b,y,0,0,0,1,1,1,,3")
    pairs = read_pairs(path)
    found = {scale.id: (scale.least, scale.most, len(scale.columns), scale.of_items) for scale in pairs.scales}
    assert found == {
        "competence": (0, 12, 3, True),
        "competence/1": (0, 8, 2, True),
        "competence/2": (0, 4, 1, False),
        "motivation": (1, 7, 1, False),
    }
    assert [scale.id for scale in pairs.scales] == list(found)
    assert not pairs.simulated


def test_areas_without_items_add_up_to_their_measure(tmp_path):
    header = "learner,c/1_pre [0-10],c/1_post,c/2_pre [0-20],c/2_post"
    path = write_pairs(tmp_path / "p.csv", header, *(f"t{n},{n},{n + 1},{2 * n},{2 * n}" for n in range(8)))
    change = {scale.id: scale.change for scale in evaluate_file(path).scales}
    assert change["c"].mean_before == pytest.approx(3 * 3.5)
    assert change["c"].difference.value == pytest.approx(1)
    assert change["c"].percent_before == pytest.approx(3 * 3.5 / 30 * 100)


def test_the_long_form_says_the_same_as_the_wide_one(tmp_path):
    wide = write_pairs(tmp_path / "w.csv", "learner,group,c_pre [0-88],c_post", *(
        row.replace(",", ",north,", 1) for row in ROWS
    ))  # fmt: skip
    rows = []
    for row in ROWS:
        learner, before, after = row.split(",")
        rows += [f"{learner},north,before,c,{before},88", f"{learner},north,post,c,{after},88"]
    long = write_pairs(tmp_path / "l.csv", "learner,group,time,scale,score,max", *rows)
    assert scores(wide) == scores(long)
    assert read_pairs(long).scales == read_pairs(wide).scales


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_what_spreadsheets_write(tmp_path, encoding, separator):
    header = "learner,group,c_pre [0-88],c_post".replace(",", separator)
    rows = [row.replace(",", ",Самарканд,", 1).replace(",", separator) for row in ROWS]
    path = write_pairs(tmp_path / "p.csv", header, *rows, encoding=encoding)
    pairs = read_pairs(path)
    assert {person.group for person in pairs.people} == {"Самарканд"}
    assert len(scores(path)) == 12


def test_decimal_commas_where_commas_do_not_separate(tmp_path):
    path = write_pairs(tmp_path / "p.csv", "learner;c_pre;c_post", "a;12,5;13", "b;NA;-")
    assert scores(path) == {("a", "c", "pre"): 12.5, ("a", "c", "post"): 13.0}


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 0, "the file is empty"),
        ("\n\n", 0, "the file is empty"),
        ("learner,c_pre,c_post\n", 0, "a header and no row"),
        ("name,c_pre,c_post\na,1,2\n", 1, "no column 'learner'"),
        ("learner,c_pre,c_post,c_pots\na,1,2,3\n", 1, "column 'c_pots' is unknown; did you mean 'c_post'"),
        ("learner,c_pre\na,1\n", 1, "column 'c_pre' has no partner c_post"),
        ("learner,group\na,x\n", 1, "no column has scores"),
        ("learner,c_pre,c_pre\na,1,2\n", 1, "column 'c_pre' stands there twice"),
        ("learner,c_pre,c_post\na,1,2\nb,3,high\n", 3, "column 'c_post': 'high' is no number"),
        ("learner,c_pre,c_post\na,1,inf\n", 2, "'inf' is no number"),
        ("learner,c_pre [0-20],c_post\na,1,21\n", 2, "column 'c_post': 21 is not in the range of 'c'"),
        ("learner,c_pre,c_post\na,-1,21\n", 2, "-1 is not in the range"),
        ("learner,c_pre,c_post\na,1,2\nb,3,4\na,5,6\n", 4, "learner 'a' already stands in line 2"),
        ("learner,c_pre,c_post\n,1,2\n", 2, "column 'learner' is empty"),
        ("learner,c_pre,c_post\na,1,2,3\n", 2, "the row has 4 cells, the header 3"),
        ("learner,c_pre [0-20],c_post [0-30]\na,1,2\n", 1, "two ranges: 0-20 and 0-30"),
        ("learner,c_pre [20-0],c_post\na,1,2\n", 1, "the range of 'c_pre [20-0]' is empty"),
        ("learner,c_pre,c_post,c.1_pre,c.1_post\na,1,2,1,1\n", 1, "by itself and by its items"),
        ("learner,c/1_pre,c/1_post,c/2.1_pre,c/2.1_post\na,1,2,1,1\n", 1, "areas with items and areas without"),
        ('learner,c_pre,c_post\n"a,1,2\n', 2, "no CSV"),
        ("learner,time,scale,score\na,then,c,1\n", 2, "column 'time': 'then' is unknown"),
        ("learner,time,scale,score,note\na,pre,c,1,x\n", 1, "column 'note' is unknown"),
        ("learner,time,scale,score\na,pre,c,1\na,pre,c,2\n", 3, "a second value of 'c' pre"),
        ("learner,group,time,scale,score\na,x,pre,c,1\na,y,post,c,2\n", 3, "was in group 'x'"),
        ("learner,time,scale,score,max\na,pre,c d,1,5\n", 2, "'c d' is no scale"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(tmp_path, text, line, words):
    path = tmp_path / "pairs.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as error:
        evaluate_file(path)
    assert words in str(error.value)
    assert error.value.file == str(path)
    assert error.value.line == line
    assert error.value.accepted


@pytest.mark.parametrize(
    ("data", "words"), [(b"PK\x03\x04xl/workbook", "spreadsheet or a zip"), (b"learner\0,a\n1,2\n", "this is no text")]
)
def test_files_that_are_no_text(tmp_path, data, words):
    path = tmp_path / "pairs.xlsx"
    path.write_bytes(data)
    with pytest.raises(InputError, match=words):
        read_pairs(path)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        read_pairs(tmp_path / "none.csv")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=st.one_of(st.binary(max_size=200), st.text("learner,_prost;\n0149-[]\"'c./\t", max_size=200).map(str.encode))
)
def test_any_bytes_give_pairs_or_a_clear_error(tmp_path, data):
    path = tmp_path / "pairs.csv"
    path.write_bytes(data)
    try:
        pairs = read_pairs(path)
    except InputError as error:
        found = error
    else:
        found = None
        assert pairs.people
        assert pairs.scales
    assert found is None or found.accepted
