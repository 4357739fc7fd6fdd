"""A store that is open for writing: by one writer at a time, in one mode, by one key."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from smartpd_analytics.errors import N_, StoreError
from smartpd_analytics.store._ingest import new_run
from smartpd_analytics.store._key import key_check, site_key
from smartpd_analytics.store._layout import KEY, LOCK
from smartpd_analytics.store._lock import writer
from smartpd_analytics.store._manifest import Manifest, read_manifest, write_manifest
from smartpd_analytics.store._tidy import remove_unnamed
from smartpd_analytics.store._work import Job, Selection

__all__ = ["Opened", "StoreOptions", "opened"]


@dataclass(frozen=True, slots=True)
class StoreOptions:
    """How a store is written to.

    ``identified`` keeps learners under their own ids and names: None for what the store does already, else
    pseudonyms. ``wait`` is how many seconds to wait for another run; ``on_wait`` hears who that is, and
    ``on_key`` the path of a key that was made because there was none.
    """

    identified: bool | None = None
    key_file: Path | None = None
    wait: float = 0.0
    on_wait: Callable[[str], None] | None = None
    on_key: Callable[[Path], None] | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """A store that is locked for writing."""

    path: Path
    manifest: Manifest
    key: bytes
    run: str

    def job(self, selection: Selection | None = None, *, keep_quarantined: bool = True) -> Job:
        """What workers have to know."""
        return Job(
            store=str(self.path),
            run=self.run,
            key=self.key,
            identified=self.manifest.identified,
            selection=selection or Selection(),
            keep_quarantined=keep_quarantined,
            forgotten=frozenset(self.manifest.forgotten),
        )


@contextmanager
def opened(store: str | Path, options: StoreOptions, *, make: bool) -> Iterator[Opened]:
    """Lock a store, check that it is written to as before, and clear away what a killed run left.

    Raises:
        StoreBusyError: another run is writing.
        StoreError: there is no store (and ``make`` is false), it is kept in the other mode, or by another key.
    """
    path = Path(store)
    if read_manifest(path) is None:
        if not make:
            raise StoreError(
                N_("there is no store of events in this folder"),
                store=str(path),
                accepted=N_("what smartpd ingest has written"),
            )
        if path.exists() and any(
            each.name not in ("lock", "site.key") and not _is_ours(each) for each in path.iterdir()
        ):
            raise StoreError(
                N_("the folder has other files in it"), store=str(path), accepted=N_("a new or empty folder")
            )
    with writer(path, wait=options.wait, on_wait=options.on_wait):
        manifest = read_manifest(path)
        key, made = site_key(path, options.key_file, make=manifest is None)
        if made and options.on_key:
            options.on_key(path / KEY)
        check = key_check(key)
        if manifest is None:
            manifest = Manifest(identified=bool(options.identified), key_check=check)
            write_manifest(path, manifest)
        if options.identified is not None and options.identified != manifest.identified:
            raise StoreError(
                N_("this store keeps learners under their own names, so it cannot hold pseudonyms as well")
                if manifest.identified
                else N_("this store keeps learners under pseudonyms, so it cannot hold their own names as well"),
                store=str(path),
                accepted=N_("the same as before, or another store"),
            )
        if check != manifest.key_check:
            raise StoreError(
                N_("this is not the key that the store was made with"), store=str(path), accepted=N_("its key")
            )
        remove_unnamed(path, manifest)
        yield Opened(path, manifest, key, new_run())


def _is_ours(path: Path) -> bool:
    """What may be there before the first manifest: a key, and what a killed run leaves."""
    return path.name in (LOCK, KEY) or (path.name.startswith(".") and path.name.endswith(".new"))
