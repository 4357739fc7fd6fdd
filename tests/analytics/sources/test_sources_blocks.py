"""Blocks and ranges: the same lines however they are cut, numbered and placed so that reading can go on later."""

import gzip
import io

import fsspec
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from smartpd_analytics.errors import SourceError
from smartpd_analytics.sources import find_files, has_ranges, iter_blocks, iter_ranges, read_blocks, read_range

LINES = b"".join(b"line %06d of a log that is long enough to be cut in the middle\n" % n for n in range(25_000))
LONGEST = 1_000


def zst(data):
    return pa.Codec("zstd").compress(data, asbytes=True)


def blocks(source, **how):
    return list(iter_blocks(str(source), **{"longest": LONGEST, "block_bytes": 10_000, **how}))


@pytest.fixture(params=["plain", "gz", "zst"])
def log(request, tmp_path):
    def write(data, name="tracking.log"):
        path = tmp_path / name
        path.write_bytes({"plain": bytes, "gz": gzip.compress, "zst": zst}[request.param](data))
        return path

    return write


def test_blocks_follow_one_another_line_by_line_and_byte_by_byte(log):
    found = blocks(log(LINES + b"unfinished"))
    assert len(found) > 1
    assert b"".join(block.data for block in found) == LINES + b"unfinished"
    assert [block.ended for block in found] == [True] * (len(found) - 1) + [False]
    line, place = 1, 0
    for block in found:
        assert (block.first_line, block.start) == (line, place)
        assert block.end - block.start == len(block.data)
        line, place = line + len(block.lines()), block.end
    assert line == 25_002


def test_reading_goes_on_where_it_stopped(log):
    path = log(LINES)
    whole = blocks(path)
    for last in whole[:: len(whole) // 3]:
        rest = blocks(path, start=last.end, first_line=last.first_line + len(last.lines()))
        assert b"".join(block.data for block in rest) == LINES[last.end :]
        assert not rest or rest[0].first_line == 1 + LINES[: last.end].count(b"\n")


def test_reading_goes_on_at_the_end_of_a_log_that_did_not_grow(log):
    assert blocks(log(LINES), start=len(LINES)) == []


def test_a_zst_file_of_several_frames(tmp_path):
    path = tmp_path / "tracking.log.zst"
    path.write_bytes(zst(b"one\ntw") + zst(b"o\nthree\n"))
    (block,) = blocks(path)
    assert block.lines() == [b"one", b"two", b"three"]


def test_a_zst_file_that_is_cut_off_or_damaged(tmp_path):
    path = tmp_path / "tracking.log.zst"
    packed = zst(b"".join(b"%d %d\n" % (n, n * 7919 % 10007) for n in range(300_000)))
    for data, what in (
        (packed[: len(packed) // 2], "ends before its end"),
        (packed[: len(packed) // 2] + b"\xff" * 500_000, "is damaged"),
    ):
        path.write_bytes(data)
        problems = []
        lines = [
            line
            for _file, block in read_blocks([path], on_problem=problems.append, longest=99)
            for line in block.lines()
        ]
        assert lines == [b"%d %d" % (n, n * 7919 % 10007) for n in range(len(lines))]
        (problem,) = problems
        assert f"the zst data {what}; the {len(lines)} complete lines" in str(problem)


def test_zeros_before_a_line_of_any_length_are_no_line(log):
    found = blocks(log(b'"event_type"\n' + bytes(3_000_000) + b"two\n"))
    assert [line.lstrip(b"\0") for block in found for line in block.lines()] == [b'"event_type"', b"two"]
    assert max(len(block.data) for block in found) < 1_000_000
    assert found[-1].end == 3_000_017


@given(st.lists(st.binary(max_size=30), max_size=20), st.integers(1, 60), st.integers(0, 40))
def test_ranges_are_whole_lines_and_all_of_them(tmp_path_factory, parts, size, longest):
    path = tmp_path_factory.mktemp("ranges") / "tracking.log"
    data = b"\n".join(parts)
    path.write_bytes(data)
    ranges = list(iter_ranges(str(path), size=size))
    assert b"".join(data[each.start : each.end] for each in ranges) == data
    assert all(data[each.end - 1 : each.end] == b"\n" for each in ranges if each.ended)
    assert [each.ended for each in ranges if not each.ended] == [False] * (data[-1:] not in (b"", b"\n"))
    assert b"".join(read_range(str(path), each, longest=longest) for each in ranges) == data
    if ranges:
        middle = ranges[len(ranges) // 2].start
        assert b"".join(data[each.start : each.end] for each in iter_ranges(str(path), start=middle)) == data[middle:]


def test_a_range_that_is_one_long_line_is_not_held_whole(tmp_path):
    path = tmp_path / "tracking.log"
    path.write_bytes(b"x" * 30_000_000 + b"\nshort\n")
    first, *_more = ranges = list(iter_ranges(str(path)))
    assert first.end > 30_000_000
    text = b"".join(read_range(str(path), each, longest=1_000_000) for each in ranges)
    assert 1_000_000 < len(text) < 12_000_000
    assert text.endswith(b"x\nshort\n")


def test_only_plain_files_of_this_machine_have_ranges(tmp_path):
    plain, packed = tmp_path / "a.log", tmp_path / "b.log"
    plain.write_bytes(b"one\n")
    packed.write_bytes(gzip.compress(b"one\n"))
    assert has_ranges(str(plain))
    assert not any(has_ranges(name) for name in (str(packed), str(tmp_path), "-", "memory://a.log"))


# --- patterns and addresses --------------------------------------------------------------------


def files(*names):
    problems = []
    return find_files(names, problems.append), [str(problem) for problem in problems]


def test_patterns_name_files_in_order(tmp_path):
    for name in ("b.log", "a.log", "c.txt", "deep/d.log"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"one\n")
    assert files(tmp_path / "*.log") == ([str(tmp_path / "a.log"), str(tmp_path / "b.log")], [])
    assert len(files(f"{tmp_path}/**/*.log")[0]) == 3
    found, (problem,) = files(f"{tmp_path}/*.gz")
    assert not found
    assert problem.startswith(f"{tmp_path}/*.gz: there is no such file or folder")


def test_a_file_whose_name_looks_like_a_pattern_is_that_file(tmp_path):
    path = tmp_path / "tracking[1].log"
    path.write_bytes(b"one\n")
    assert files(path) == ([str(path)], [])


@pytest.fixture
def bucket():
    store = fsspec.filesystem("memory")
    store.pipe({"/logs/a.log": LINES, "/logs/b/c.log.gz": gzip.compress(b"one\ntwo\n"), "/logs/notes.txt": b"no\n"})
    yield "memory://logs"
    store.rm("/logs", recursive=True)


def test_addresses_are_files_folders_and_patterns(bucket):
    both = ["memory:///logs/a.log", "memory:///logs/b/c.log.gz"]
    assert files(bucket) == (both, [])
    assert files(f"{bucket}/*.log") == (both[:1], [])
    assert files(f"{bucket}/a.log") == ([f"{bucket}/a.log"], [])
    found, (problem,) = files(f"{bucket}/z.log")
    assert not found
    assert problem.startswith("memory://logs/z.log: there is no such file")


def test_addresses_are_read_from_any_place(bucket):
    whole = blocks(f"{bucket}/a.log")
    assert b"".join(block.data for block in whole) == LINES
    rest = blocks(f"{bucket}/a.log", start=whole[2].end)
    assert b"".join(block.data for block in rest) == LINES[whole[2].end :]
    assert [block.lines() for block in blocks(f"{bucket}/b/c.log.gz")] == [[b"one", b"two"]]


def test_progress_over_addresses(bucket):
    heard = []
    list(read_blocks([bucket], on_problem=print, longest=99, progress=lambda *each: heard.append(each)))
    total = len(LINES) + len(gzip.compress(b"one\ntwo\n"))
    assert heard[-1] == (total, total)


def test_an_address_of_a_kind_that_nothing_opens():
    for address in ("nosuchkind://bucket/a.log", "s3://bucket/a.log"):
        found, (problem,) = files(address)
        assert not found
        assert problem.startswith(f"{address}: cannot be read: ")


def test_what_to_install_where_fsspec_is_missing(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    _found, (problem,) = files("s3://bucket/a.log")
    assert "pip install 'openedx-smartpd[remote]'" in problem


def test_a_library_behind_an_address_may_raise_what_it_likes(bucket, monkeypatch):
    class Strange(Exception):
        pass

    def read(_self, _size=-1):
        raise Strange("the token has expired")

    monkeypatch.setattr("fsspec.implementations.memory.MemoryFile.read", read)
    with pytest.raises(SourceError, match="cannot be read: the token has expired"):
        blocks(f"{bucket}/a.log")


@settings(max_examples=50)
@given(st.lists(st.binary(max_size=60), max_size=12), st.integers(1, 40), st.integers(1, 100))
def test_any_bytes_in_any_pieces_keep_their_places(parts, step, block_bytes):
    text = b"#" + b"\n".join(part.replace(b"\0", b"") for part in parts)

    class Pipe(io.BytesIO):
        def read(self, size=-1):
            return super().read(step)

    found = list(iter_blocks("-", longest=LONGEST, block_bytes=block_bytes, stdin=Pipe(text)))
    assert b"".join(text[block.start : block.end] for block in found) == text
    for block in found:
        assert block.data == text[block.start : block.end]
        assert block.first_line == 1 + text[: block.start].count(b"\n")
