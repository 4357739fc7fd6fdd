"""Where things lie in a store's folder, and writing so that a file is there whole or not at all."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path

MANIFEST = "manifest.json"
LOCK = "lock"
KEY = "site.key"
DATA, PEOPLE, CHANGES, QUARANTINE, STAGING = "data", "people", "changes", "quarantine", "staging"
#: Every folder whose files the manifest names; what it does not name is left over from a killed run.
FOLDERS = (DATA, PEOPLE, CHANGES, QUARANTINE, STAGING)

_NOT_IN_NAME = re.compile(r"[^\w.-]+", re.ASCII)


def partition(course_key: str, month: str) -> str:
    """Folder of one course in one month (``2026-09``), below the store's folder.

    The slug is for people; the hash keeps courses apart whose keys give the same slug.
    """
    slug = _NOT_IN_NAME.sub("_", course_key).strip("._")[:80]
    mark = blake2b(course_key.encode("utf-8", "surrogatepass"), digest_size=5).hexdigest()
    return f"{DATA}/course={slug}-{mark}/month={month}"


def sync(path: Path) -> None:
    """Make what a file holds last, or the names in a folder."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_all(paths: Collection[Path]) -> None:
    """``sync`` of many: the disk takes them in about the time of one."""
    with ThreadPoolExecutor(min(len(paths), 16) or 1) as threads:
        for _ in threads.map(sync, paths):
            pass


def replace_file(path: Path, data: bytes, *, mode: int = 0o644) -> None:
    """Write a small file so that, whatever happens, the old or the new one is there.

    Raises:
        OSError: it cannot be written; the old one is as it was.
    """
    temporary = path.with_name(f".{path.name}.new")
    try:
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
        with open(handle, "wb") as stream:  # noqa: PTH123
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync(path.parent)


@contextmanager
def private() -> Iterator[None]:
    """Files made meanwhile can be read by their owner only."""
    mask = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(mask)
