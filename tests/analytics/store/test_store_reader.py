"""Whatever way a log grows and whatever the size of blocks: each line comes once, whole and in order."""

import json
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from smartpd_analytics.sources import ByteSource
from smartpd_analytics.store._known import KnownSources

SIZE = 160
TEXT = st.text(st.characters(exclude_characters="\0\n\r{}", exclude_categories=["Cs"]), max_size=6)
LINE = st.one_of(
    st.dictionaries(TEXT, st.one_of(TEXT, st.integers(0, 9)), max_size=2).map(
        lambda found: json.dumps(found, ensure_ascii=False)
    ),
    TEXT.map(lambda text: f"# {text}"),
    st.just(""),
)


def read_on(path, known):
    """The lines of blocks that one run gives, and what it remembers."""
    if known.unchanged(str(path)):
        return []
    found = []
    source, reader, at = known.reader(ByteSource(str(path)))
    buffer = bytearray(SIZE)
    while length := reader.fill(buffer, 0, SIZE):
        at = known.note(at, reader, ended=False)
        data = bytes(buffer[:length])
        found += (data[:-1] if data.endswith(b"\n") else data).split(b"\n")
    if reader.place.consumed:
        known.note(at, reader, ended=True)
    source.close()
    return found


@settings(deadline=None, max_examples=40)
@given(
    content=st.lists(LINE, max_size=12),
    end=st.sampled_from(["\n", "\r\n"]),
    cuts=st.lists(st.floats(0, 1), max_size=4),
    names=st.lists(st.sampled_from("abc"), min_size=5, max_size=5),
)
def test_each_line_comes_once_however_the_file_grows_and_is_renamed(content, end, cuts, names):
    data = "".join(line + end for line in content).encode()
    expected = data.split(b"\n")[:-1]
    known, found = KnownSources([], ""), []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "start"
        path.touch()
        for cut, name in zip([*sorted(cuts), 1.0], names, strict=False):
            path = path.rename(path.with_name(name))
            with path.open("ab") as stream:
                stream.write(data[path.stat().st_size : round(cut * len(data))])
            found += read_on(path, known)
    # A whole line that was taken before its line feed came has no carriage return yet.
    assert [line.rstrip(b"\r") for line in found] == [line.rstrip(b"\r") for line in expected]
