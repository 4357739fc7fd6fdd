"""Names from elsewhere find the learners of a store, and ``smartpd pseudonyms`` writes tables with them."""

import csv

import pytest
from smartpd_analytics.cli._run import run
from smartpd_analytics.errors import StoreError
from smartpd_analytics.store import StoreOptions, ingest, open_store, stored_names

from tests.analytics.store.store_logs import line, written

OPTIONS = {"names": StoreOptions(identified=True), "pseudonyms": StoreOptions()}


@pytest.fixture(params=OPTIONS)
def store(request, tmp_path):
    """One person renamed, one whom no line names, one of whom no line tells the id."""
    log = (
        line(1, learner=5, username="old-name"),
        line(2, learner=5, username="new-name"),
        line(3, learner=6, username=""),
        line(4, learner=7, username="only-name", user_id=None),
    )
    ingest([written(tmp_path / "a.log", log)], tmp_path / "store", options=OPTIONS[request.param])
    return tmp_path / "store"


def ids(store):
    """Person -> the learner that readers see, in the order of the log above."""
    rows = open_store(store).arrow().to_pylist()
    return [row["learner"] for row in rows]


def test_old_and_new_names_and_ids_lead_to_the_learner_that_readers_see(store):
    renamed, same, nameless, only = ids(store)
    assert renamed == same
    found = stored_names(["old-name", "new-name", "user:105", "user:106", "only-name"], store)
    assert found.learners == (renamed, renamed, renamed, nameless, only)
    assert found.known == 5


def test_a_stranger_has_a_name_that_the_store_does_not_know(store):
    found = stored_names(["stranger", "user:99"], store)
    assert found.known == 0
    assert not set(found.learners) & set(ids(store))


def test_another_key_is_refused(tmp_path):
    ingest([written(tmp_path / "a.log", [line(1)])], tmp_path / "store")
    other = tmp_path / "other.key"
    other.write_text("0123456789abcdef0123456789abcdef")
    with pytest.raises(StoreError, match="not the key"):
        stored_names(["a"], tmp_path / "store", key_file=other)


@pytest.fixture
def call(store, tmp_path, capsys):
    def call(text, *options):
        table = tmp_path / "table.csv"
        table.write_bytes(text if isinstance(text, bytes) else text.encode())
        out = tmp_path / "out.csv"
        status = run(["pseudonyms", str(table), "--store", str(store), "--out", str(out), *options, "--lang=en"])
        rows = list(csv.reader(out.read_text(encoding="utf-8").splitlines())) if out.exists() else None
        return status, rows, capsys.readouterr().err

    return call


def test_a_table_keeps_all_its_other_cells(call, store):
    learner = ids(store)[0]
    status, rows, said = call("\ufeffcourse_key,learner,completed\nc,new-name,1\nc,ghost,0\n")
    assert (status, rows[0], rows[1]) == (0, ["learner", "course_key", "completed"], [learner, "c", "1"])
    assert "1 of 2 rows" in said


def test_a_table_as_spreadsheets_of_the_region_write_it(call, store):
    learner = ids(store)[0]
    status, rows, _ = call("ФИО;learner\nИванов;new-name\n".encode("cp1251"))
    assert (status, rows) == (0, [["learner", "ФИО"], [learner, "Иванов"]])


def test_names_stay_only_on_request(call, store):
    learner = ids(store)[0]
    status, rows, _ = call('Username,City\nnew-name,"Tashkent, Uzbekistan"\n', "--column", "Username", "--keep-names")
    assert (status, rows) == (
        0,
        [["learner", "Username", "City"], [learner, "new-name", "Tashkent, Uzbekistan"]],
    )
    assert call("learner,x\nnew-name,1\n", "--keep-names")[1] == [["learner", "name", "x"], [learner, "new-name", "1"]]


@pytest.mark.parametrize(
    ("text", "options", "said"),
    [
        ("name\na\n", (), "no column 'learner'"),
        ("", (), "the file is empty"),
        ("learner\n \n", (), "there is a header and no row"),
        ("learner,x\n,1\n", (), "table.csv:2: the row names no learner"),
        ("learner,x\na,1,2\n", (), "table.csv:2: the row has 3 cells, the header 2"),
        ("learner,Username\na,b\n", ("--column", "Username"), "a column learner already"),
        (b"PK\x03\x04", (), "a spreadsheet"),
        ('learner\n"a\n', (), "no CSV"),
    ],
)
def test_what_is_wrong_with_a_table_is_said(call, text, options, said):
    status, rows, told = call(text, *options)
    assert (status, rows) == (2, None)
    assert said in told
    assert "Traceback" not in told
