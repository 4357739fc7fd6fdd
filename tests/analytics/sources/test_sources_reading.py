"""From paths to numbered lines, and a sentence for all that cannot be read."""

import bz2
import gzip
import io
import os
import threading
import tracemalloc

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from smartpd_analytics.errors import SourceError
from smartpd_analytics.sources import ACCEPTED, read_blocks

LONGEST = 1_000


class Reading:
    """One run over ``paths``: lines, problems, progress."""

    def __init__(self, *paths, stdin=None, longest=LONGEST, block_bytes=200_000):
        self.problems: list[SourceError] = []
        self.progress: list[tuple[int, int]] = []
        blocks = read_blocks(
            [os.fspath(path) for path in paths],
            on_problem=self.problems.append,
            longest=longest,
            block_bytes=block_bytes,
            stdin=stdin,
            progress=lambda done, total: self.progress.append((done, total)),
        )
        self.lines = [
            (file, number, line)
            for file, block in blocks
            for number, line in enumerate(block.lines(), block.first_line)
        ]

    @property
    def texts(self):
        return [data for _file, _number, data in self.lines]

    @property
    def only_problem(self):
        (problem,) = self.problems
        assert problem.accepted == ACCEPTED
        return str(problem)


@pytest.fixture
def log(tmp_path):
    def write(name, data):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path

    return write


def test_lines_are_numbered_from_one_under_the_name_given(log):
    path = log("tracking.log", b"one\n\ntwo\r\nthree")
    reading = Reading(path)
    assert reading.lines == [
        (str(path), 1, b"one"),
        (str(path), 2, b""),
        (str(path), 3, b"two\r"),
        (str(path), 4, b"three"),
    ]
    assert not reading.problems


def test_gz_is_known_by_its_first_bytes_not_by_its_name(log):
    packed = log("tracking.log", gzip.compress(b"one\ntwo\n"))
    plain = log("tracking.log.gz", b"three\n")
    assert Reading(packed, plain).texts == [b"one", b"two", b"three"]


def test_a_gz_file_of_several_members_and_with_padding(log):
    members = gzip.compress(b"one\ntw") + gzip.compress(b"") + gzip.compress(b"o\nthree\n") + b"\0" * 700
    reading = Reading(log("tracking.log.gz", members))
    assert reading.texts == [b"one", b"two", b"three"]
    assert not reading.problems


def test_files_in_the_order_given_and_folders_by_name(log, tmp_path):
    for name in ("b/tracking.log", "a/tracking-2.log", "a/tracking-1.log.gz", "a/z/deep.jsonl", "a/tracking.log.1"):
        log(name, name.encode())
    reading = Reading(tmp_path / "b", tmp_path / "a")
    assert reading.texts == [
        b"b/tracking.log",
        b"a/tracking-1.log.gz",
        b"a/tracking-2.log",
        b"a/tracking.log.1",
        b"a/z/deep.jsonl",
    ]


def test_a_folder_passes_over_what_does_not_look_like_a_log(log, tmp_path):
    log("tracking.log", b"one\n")
    for name in ("README.md", "answers.csv", ".hidden.log", ".git/x.log"):
        log(name, b"no\n")
    log("blocks.json", b'{\n "a": 1\n}\n')
    log("list.json", b'[{"a": 1}]\n')
    reading = Reading(tmp_path)
    assert reading.texts == [b"one"]
    assert not reading.problems


def test_the_same_file_given_by_name_is_read_whatever_it_is_called(log):
    assert Reading(log("notes.txt", b"one\n")).texts == [b"one"]


def test_standard_input_plain_and_gz():
    assert Reading("-", stdin=io.BytesIO(b"one\ntwo")).lines == [
        ("standard input", 1, b"one"),
        ("standard input", 2, b"two"),
    ]
    assert Reading("-", stdin=io.BytesIO(gzip.compress(b"one\n"))).texts == [b"one"]


def test_standard_input_that_comes_byte_by_byte():
    class Pipe(io.BytesIO):
        def read(self, size=-1):
            return super().read(1)

    packed = gzip.compress(b"one\ntwo\n")
    assert Reading("-", stdin=Pipe(packed)).texts == [b"one", b"two"]
    assert Reading("-", stdin=Pipe(b"x\n")).texts == [b"x"]


def test_standard_input_that_was_not_given():
    assert "standard input" in Reading("-").only_problem


def test_a_named_pipe_is_read(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=[b"one\n"])
    writer.start()
    reading = Reading(pipe)
    writer.join()
    assert reading.texts == [b"one"]
    assert all(total == 0 for _done, total in reading.progress)


# --- what cannot be read -----------------------------------------------------------------------


def test_a_missing_file_is_named_and_the_rest_goes_on(log, tmp_path):
    missing = tmp_path / "nowhere.log"
    reading = Reading(missing, log("tracking.log", b"one\n"))
    assert reading.texts == [b"one"]
    assert reading.only_problem.startswith(f"{missing}: there is no such file")


def test_an_unreadable_file_is_named_and_the_rest_goes_on(log, tmp_path):
    loop = tmp_path / "loop.log"
    loop.symlink_to(loop)
    reading = Reading(loop, log("tracking.log", b"one\n"))
    assert reading.texts == [b"one"]
    assert reading.only_problem.startswith(f"{loop}: cannot be read: ")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission(log):
    path = log("tracking.log", b"one\n")
    path.chmod(0)
    assert "Permission denied" in Reading(path).only_problem


def test_a_name_that_no_file_can_have():
    assert "cannot be read" in Reading("a\0b").only_problem


def test_a_disk_that_fails_in_the_middle():
    class Failing(io.BytesIO):
        def read(self, size=-1):
            if self.tell():
                raise OSError(5, "Input/output error")
            return super().read(size)

    reading = Reading("-", stdin=Failing(b"one\ntwo"))
    assert reading.texts == [b"one"]
    assert "Input/output error" in reading.only_problem


@pytest.mark.parametrize("data", [b"", gzip.compress(b"")], ids=["plain", "gz"])
def test_an_empty_file(log, data):
    path = log("tracking.log", data)
    assert Reading(path).only_problem.startswith(f"{path}: the file is empty")


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (bytes(range(256)) * 10, "binary data"),
        (gzip.compress(bytes(range(256)) * 10), "binary data"),
        (bz2.compress(b"one\n"), "bzip2"),
        (b"PK\x03\x04rest", "zip"),
        (b"\xfd7zXZ\x00rest", "xz"),
        ("one\n".encode("utf-16"), "binary data"),
    ],
)
def test_binary_files_are_named_for_what_they_are(log, data, what):
    reading = Reading(log("tracking.log", data), log("next.log", b"one\n"))
    assert reading.texts == [b"one"]
    assert what in reading.only_problem


def test_zeros_that_rotation_left_before_the_lines_are_no_binary_file(log):
    text = b"\0" * 300_000 + b'{"event_type": "x"}\n'
    assert not Reading(log("tracking.log", text)).problems


def test_a_folder_without_logs(log, tmp_path):
    log("README.md", b"no\n")
    assert Reading(tmp_path).only_problem.startswith(f"{tmp_path}: the folder has no tracking logs")


LINES = b"".join(
    b"line %06d of a log that is long enough to be packed in more than one block\n" % n for n in range(20_000)
)
PACKED = gzip.compress(LINES)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_half_a_gz_gives_all_complete_lines_before_the_break(log, share):
    path = log("tracking.log.gz", PACKED[: int(len(PACKED) * share)])
    reading = Reading(path)
    whole = LINES.split(b"\n")
    assert reading.texts == whole[: len(reading.texts)]
    assert len(reading.texts) > 20_000 * share * 0.5
    assert reading.only_problem.startswith(f"{path}:{len(reading.texts) + 1}: the gz data ends before its end")
    assert f"{len(reading.texts)} complete lines" in reading.only_problem


def test_a_damaged_gz_gives_all_lines_before_the_damage(log):
    damaged = bytearray(PACKED)
    damaged[len(damaged) // 2 :] = bytes(len(damaged) - len(damaged) // 2)
    reading = Reading(log("tracking.log.gz", bytes(damaged)))
    assert reading.problems
    assert reading.texts[:5_000] == LINES.split(b"\n")[:5_000]


def test_the_header_of_a_gz_alone(log):
    reading = Reading(log("tracking.log.gz", PACKED[:5]))
    assert not reading.texts
    assert "ends before its end" in reading.only_problem


# --- bounds and progress -----------------------------------------------------------------------


def test_of_a_line_that_is_too_long_only_the_start_is_read(log):
    path = log("tracking.log", b"a" * 5_000_000 + b"\nshort\n" + b"b" * (LONGEST + 5) + b"\n" + b"c" * LONGEST)
    texts = Reading(path).texts
    # As much of a long line as tells that it is one, and no more than a block holds.
    assert [text[: LONGEST + 1] for text in texts] == [
        b"a" * (LONGEST + 1),
        b"short",
        b"b" * (LONGEST + 1),
        b"c" * LONGEST,
    ]
    assert max(map(len, texts)) < 1_000_000


def test_memory_is_bounded_whatever_a_gz_unpacks_to(log):
    path = log("tracking.log.gz", gzip.compress(b"x" * 80_000_000 + b"\nend\n"))
    tracemalloc.start()
    blocks = read_blocks([str(path)], on_problem=print, longest=LONGEST, block_bytes=500_000)
    count = sum(len(block.lines()) for _file, block in blocks)
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 2
    assert most < 8_000_000


def test_progress_counts_bytes_as_stored_up_to_the_total(log):
    packed, plain = log("a.log.gz", PACKED), log("b.log", LINES)
    reading = Reading(packed, plain)
    total = len(PACKED) + len(LINES)
    done = [each for each, _total in reading.progress]
    assert done == sorted(done)
    assert reading.progress[-1] == (total, total)
    assert {each for _done, each in reading.progress} == {total}


def test_progress_of_standard_input_has_no_total():
    reading = Reading("-", stdin=io.BytesIO(LINES))
    assert reading.progress[-1] == (len(LINES), 0)


@given(st.lists(st.binary(max_size=60), max_size=12), st.integers(1, 40), st.booleans())
@example([b"%PDF-"], 1, True)
def test_any_bytes_in_any_pieces_give_their_lines(parts, step, packed):
    text = b"\n".join(part.replace(b"\0", b"") for part in parts)

    class Pipe(io.BytesIO):
        def read(self, size=-1):
            return super().read(step)

    # What is no text is refused, packed or not; gz within gz as well.
    if text.startswith((b"\x1f\x8b", b"BZh", b"PK", b"\xfd7z", b"\x28\xb5", b"7z", b"PAR1", b"\x89P", b"%PDF")):
        return
    reading = Reading("-", stdin=Pipe(gzip.compress(text) if packed else text))
    wanted = text.split(b"\n")
    assert reading.texts == (wanted if wanted[-1] else wanted[:-1])
