"""One refresh at a time, on all machines of a site; a run that is killed leaves no lock behind."""

from __future__ import annotations

import fcntl
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.db import IntegrityError, connections, router

from .errors import RefreshRunningError
from .models import RefreshLock

__all__ = ["refresh_lock"]


@contextmanager
def refresh_lock(name: str = "refresh") -> Iterator[None]:
    """Holds the lock ``name`` within the block.

    The database server lets go of it when the connection ends, however it ends. SQLite has no such
    locks; its database is a file, so a lock on a file beside it serves, and the system lets go of that.

    Raises:
        RefreshRunningError: somebody else holds it.
    """
    alias = router.db_for_write(RefreshLock)
    connection = connections[alias]
    held = _row_locked if connection.features.has_select_for_update_skip_locked else _file_locked
    with held(alias, name):
        yield


@contextmanager
def _row_locked(alias: str, name: str) -> Iterator[None]:
    # A connection of its own: the lock must outlast the transactions of the work it guards.
    own: Any = connections.create_connection(alias)
    table, quote = RefreshLock._meta.db_table, own.ops.quote_name
    row = f"SELECT {quote('id')} FROM {quote(table)} WHERE {quote('name')} = %s"  # noqa: S608
    try:
        with own.cursor() as cursor:
            cursor.execute(row, [name])
            if cursor.fetchone() is None:
                # Where another first run was quicker its row serves as well.
                with suppress(IntegrityError):
                    cursor.execute(f"INSERT INTO {quote(table)} ({quote('name')}) VALUES (%s)", [name])  # noqa: S608
        own.set_autocommit(False)
        with own.cursor() as cursor:
            cursor.execute(f"{row} {own.ops.for_update_sql(skip_locked=True)}", [name])
            if cursor.fetchone() is None:
                raise RefreshRunningError
        yield
    finally:
        own.close()


@contextmanager
def _file_locked(alias: str, name: str) -> Iterator[None]:
    database = str(connections[alias].settings_dict["NAME"])
    place = Path(database).resolve()
    if not place.parent.is_dir() or "memory" in database:
        place = Path(tempfile.gettempdir()) / f"smartpd-{sha256(database.encode()).hexdigest()[:16]}"
    with place.with_name(f"{place.name}.{name}.lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as problem:
            raise RefreshRunningError from problem
        yield
