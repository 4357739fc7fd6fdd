"""Whatever happens to a run, the next one ends in the same store as one undisturbed run."""

import contextlib
import errno
import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import fsspec
import pytest
from smartpd_analytics.errors import StoreBusyError
from smartpd_analytics.store import StoreOptions, _ingest, _layout, _lock, _work, _writing, ingest, open_store

from tests.analytics.store.inside_engine import SMALL
from tests.analytics.store.store_logs import events_of, lines, written

OPTIONS = StoreOptions(identified=True)
ROOT = Path(__file__).resolve().parents[3]
RUN = """
import sys
from smartpd_analytics.store import StoreOptions, _writing, ingest
_writing.INSIDE_BYTES = 0
ingest([sys.argv[1]], sys.argv[2], workers=1, options=StoreOptions(identified=True, wait=20))
"""


def test_killed_at_30_random_points_the_next_run_makes_it_whole(tmp_path):
    log = written(tmp_path / "tracking.log", lines(0, 400))
    script = [sys.executable, "-m", "tests.analytics.store.killed_runs", log, tmp_path, "30", "1"]
    done = subprocess.run(script, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["after_commit"] > 3, "some were killed between two commits"
    ingest([log], tmp_path / "whole", workers=1, options=OPTIONS)
    expected = events_of(tmp_path / "whole")
    for store in found["stores"]:
        assert events_of(store) == expected


def test_a_run_with_workers_is_killed_and_its_workers_end(tmp_path):
    log = written(tmp_path / "tracking.log", lines(0, 3_000))
    with subprocess.Popen([sys.executable, "-c", RUN, log, tmp_path / "store"], stderr=subprocess.PIPE) as run:
        while not (tmp_path / "store" / "manifest.json").exists():
            time.sleep(0.02)
        (worker,) = children(run.pid)
        run.send_signal(signal.SIGKILL)
    end = time.monotonic() + 20
    while Path(f"/proc/{worker}/status").exists() and time.monotonic() < end:
        time.sleep(0.05)
    assert not Path(f"/proc/{worker}/status").exists()
    ingest([log], tmp_path / "store", workers=1, options=OPTIONS)
    ingest([log], tmp_path / "whole", workers=1, options=OPTIONS)
    assert events_of(tmp_path / "store") == events_of(tmp_path / "whole")


def children(process):
    while not (found := Path(f"/proc/{process}/task/{process}/children").read_text().split()):
        time.sleep(0.02)
    return found


@pytest.mark.parametrize("step", range(12))
def test_killed_between_any_two_writes(tmp_path, monkeypatch, step):
    """The same at chosen points: after each file that is made to last, in the parent and in the worker."""
    log = written(tmp_path / "tracking.log", lines(0, 120))
    store, left = tmp_path / "store", [step]

    class Killed(BaseException):
        pass

    def dying(sync):
        def wrapped(path):
            left[0] -= 1
            if left[0] == 0:
                raise Killed
            sync(path)

        return wrapped

    run_inside(monkeypatch)
    monkeypatch.setattr(_layout, "sync", dying(_layout.sync))
    with contextlib.suppress(Killed):
        ingest([log], store, workers=1, options=OPTIONS)
    left[0] = -1
    ingest([log], store, workers=1, options=OPTIONS)
    ingest([log], tmp_path / "whole", workers=1, options=OPTIONS)
    assert events_of(store) == events_of(tmp_path / "whole")


def run_inside(monkeypatch):
    for module, name, value in SMALL:
        monkeypatch.setattr(module, name, value)


@pytest.mark.parametrize("full_after", [0, 1, 3, 6, 9])
def test_a_full_disk_loses_nothing(tmp_path, monkeypatch, full_after):
    log = written(tmp_path / "tracking.log", lines(0, 120))
    store, left = tmp_path / "store", [full_after]
    run_inside(monkeypatch)
    write_table = _work.pq.write_table

    def full(table, path, **options):
        left[0] -= 1
        if left[0] < 0:
            path.write_bytes(b"PAR1 half a file")
            raise OSError(errno.ENOSPC, "No space left on device")
        write_table(table, path, **options)

    with monkeypatch.context() as while_full:
        while_full.setattr(_work.pq, "write_table", full)
        with pytest.raises(OSError, match="No space left"):
            ingest([log], store, workers=1, options=OPTIONS)
    account = open_store(store).account()
    assert account.accepted == open_store(store).events == sum(events_of(store)[0].values())
    ingest([log], store, workers=1, options=OPTIONS)
    ingest([log], tmp_path / "whole", workers=1, options=OPTIONS)
    assert events_of(store) == events_of(tmp_path / "whole")


@pytest.mark.skipif(os.geteuid() != 0 or not Path("/bin/mount").exists(), reason="needs to mount a small disk")
def test_a_disk_that_is_really_full(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=100k", "tmpfs", disk]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("may not mount")
    try:
        log = written(tmp_path / "tracking.log", lines(0, 4_000))
        with pytest.raises(OSError, match=r"[Nn]o space left"):
            ingest([log], disk / "store", workers=1, options=OPTIONS)
        assert open_store(disk / "store").account().read == 0
        subprocess.run(["mount", "-o", "remount,size=50m", disk], check=True)
        ingest([log], disk / "store", workers=1, options=OPTIONS)
        events, account = events_of(disk / "store")
        assert account.accepted == len(events) > 3_500
    finally:
        subprocess.run(["umount", disk], check=True)


def test_a_file_rotated_under_the_reader_loses_nothing(tmp_path, monkeypatch):
    logs = tmp_path / "logs"
    logs.mkdir()
    log = written(logs / "tracking.log", lines(0, 200))
    run_inside(monkeypatch)
    rotations = []
    read_more = _ingest.BlockReader.fill

    def fill(self, *place):
        # After the first block the log is renamed and another takes its place, as logrotate does it.
        if self.place.consumed and not rotations:
            rotations.append(log.rename(logs / "tracking.log.1"))
            written(log, lines(200, 250))
        return read_more(self, *place)

    with monkeypatch.context() as rotating:
        rotating.setattr(_ingest.BlockReader, "fill", fill)
        ingest([logs], tmp_path / "store", workers=1, options=OPTIONS)
    assert rotations
    ingest([logs], tmp_path / "store", workers=1, options=OPTIONS)
    ingest([written(tmp_path / "all.log", lines(0, 250))], tmp_path / "whole", workers=1, options=OPTIONS)
    assert events_of(tmp_path / "store") == events_of(tmp_path / "whole")


def test_a_file_truncated_under_the_reader_loses_nothing_that_is_left(tmp_path, monkeypatch):
    log = written(tmp_path / "tracking.log", lines(0, 200))
    run_inside(monkeypatch)
    read_more, cut = _ingest.BlockReader.fill, []

    def fill(self, *place):
        if self.place.consumed and not cut:
            cut.append(log.rename(tmp_path / "copy"))
            written(log, lines(200, 210))
            os.truncate(tmp_path / "copy", 30_000)
        return read_more(self, *place)

    with monkeypatch.context() as cutting:
        cutting.setattr(_ingest.BlockReader, "fill", fill)
        ingest([log], tmp_path / "store", workers=1, options=OPTIONS)
    ingest([log], tmp_path / "store", workers=1, options=OPTIONS)
    events, account = events_of(tmp_path / "store")
    ingest([written(tmp_path / "late.log", lines(200, 210))], tmp_path / "late", workers=1, options=OPTIONS)
    assert set(events_of(tmp_path / "late")[0]) < set(events)
    assert account.accepted == len(events)


def test_a_clock_that_jumps_changes_nothing(tmp_path, monkeypatch):
    logs = tmp_path / "logs"
    logs.mkdir()
    log = written(logs / "tracking.log", lines(0, 50))
    ingest([logs], tmp_path / "store", workers=1, options=OPTIONS)
    # Written into in the past, then in the future: neither age nor order of files decides anything.
    for content, when in ((lines(50, 60), 0), (lines(60, 70), 4_000_000_000)):
        with log.open("a") as stream:
            stream.write("".join(f"{each}\n" for each in content))
        os.utime(log, (when, when))
        ingest([logs], tmp_path / "store", workers=1, options=OPTIONS)
    ingest([written(tmp_path / "all.log", lines(0, 70))], tmp_path / "whole", workers=1, options=OPTIONS)
    assert events_of(tmp_path / "store") == events_of(tmp_path / "whole")


def test_one_writer_at_a_time(tmp_path):
    log = written(tmp_path / "tracking.log", lines(0, 20))
    store = tmp_path / "store"
    with _lock.writer(store):
        with pytest.raises(StoreBusyError, match=f"process {os.getpid()} on ") as raised:
            ingest([log], store, options=OPTIONS)
        assert str(os.getpid()) in raised.value.holder
        heard = []
        with pytest.raises(StoreBusyError):
            ingest([log], store, options=StoreOptions(identified=True, wait=0.3, on_wait=heard.append))
        assert heard == [raised.value.holder]
    assert ingest([log], store, workers=1, options=OPTIONS).lines.read == len(lines(0, 20))


def test_two_runs_at_once_give_one_store(tmp_path):
    log = written(tmp_path / "tracking.log", lines(0, 600))
    command = [sys.executable, "-c", RUN, log, tmp_path / "store"]
    with subprocess.Popen(command) as one, subprocess.Popen(command) as two:
        assert (one.wait(), two.wait()) == (0, 0)
    ingest([log], tmp_path / "whole", workers=1, options=OPTIONS)
    assert events_of(tmp_path / "store") == events_of(tmp_path / "whole")


def test_a_worker_that_dies_is_named_and_the_store_stays_whole(tmp_path, monkeypatch):
    from smartpd_analytics.errors import StoreError
    from smartpd_analytics.store import _pool

    log = written(tmp_path / "tracking.log", lines(0, 100))
    starting = _pool.Pool._start

    def short_lived(self, *arguments):
        starting(self, *arguments)
        self._processes[-1].kill()

    with monkeypatch.context() as dying:
        dying.setattr(_writing, "INSIDE_BYTES", 0)
        dying.setattr(_pool.Pool, "_start", short_lived)
        with pytest.raises(StoreError, match="by signal 9"):
            ingest([log], tmp_path / "store", workers=1, options=OPTIONS)
    ingest([log], tmp_path / "store", workers=1, options=OPTIONS)
    assert open_store(tmp_path / "store").events > 0


@pytest.mark.parametrize("workers", [0, 2])
def test_an_address_that_breaks_off_is_named_and_the_other_sources_are_read(tmp_path, monkeypatch, workers):
    class Gone(Exception):
        """Libraries behind addresses raise what they like."""

    def broken(self, part):
        if self.tell() > 8_192:
            raise Gone("the server has hung up")
        data = self.read(min(len(part), 4_096))
        part[: len(data)] = data
        return len(data)

    if workers:
        monkeypatch.setattr(_writing, "INSIDE_BYTES", 0)
    healthy = written(tmp_path / "b.log", lines(1_000, 1_100))
    fsspec.filesystem("memory").pipe("/far/a.log", written(tmp_path / "a.log", lines(0, 300)).read_bytes())
    monkeypatch.setattr("fsspec.implementations.memory.MemoryFile.readinto", broken, raising=False)
    report = ingest(["memory://far/a.log", healthy], tmp_path / "store", workers=workers or 1, options=OPTIONS)
    [problem] = report.lines.source_problems
    assert problem.startswith("memory://far/a.log: cannot be read: the server has hung up")
    alone = tmp_path / "alone"
    ingest([healthy], alone, workers=1, options=OPTIONS)
    assert events_of(alone)[0] <= events_of(tmp_path / "store")[0], "the other source is whole"


def test_a_log_in_an_archive_is_read(tmp_path):
    log = written(tmp_path / "a.log", lines(0, 300))
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(log, "a.log")
    ingest([f"zip://a.log::{tmp_path / 'a.zip'}"], tmp_path / "zipped", workers=1, options=OPTIONS)
    ingest([log], tmp_path / "plain", workers=1, options=OPTIONS)
    assert events_of(tmp_path / "zipped") == events_of(tmp_path / "plain")
