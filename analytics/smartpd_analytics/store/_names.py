"""What a store calls learners whom others name: how tables from elsewhere are joined with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from smartpd_analytics.errors import N_, StoreError
from smartpd_analytics.store._event_store import open_store
from smartpd_analytics.store._key import key_check, site_key
from smartpd_analytics.store._manifest import read_manifest
from smartpd_analytics.tracking import Identity

__all__ = ["StoredNames", "stored_names"]


@dataclass(frozen=True, slots=True)
class StoredNames:
    """``learners`` are as the store's readers show them, in the order asked for; the store has ``known`` of them."""

    learners: tuple[str, ...]
    known: int


def stored_names(names: Sequence[str], store: str | Path, *, key_file: Path | None = None) -> StoredNames:
    """The learners of a store to whom these names belong: pseudonyms, or the newest username of each.

    Args:
        names: usernames, or ``user:<id>``.
        store: the store's folder.
        key_file: the site's key, where it is neither in the environment nor in the store's folder.

    Raises:
        StoreError: there is no store, or not its key.
        OSError: the key cannot be read.
    """
    opened = open_store(store)
    manifest = read_manifest(Path(store))
    identity = None
    if manifest is not None and not manifest.identified:
        key, _ = site_key(Path(store), key_file, make=False)
        if key_check(key) != manifest.key_check:
            raise StoreError(
                N_("this is not the key that the store was made with"), store=str(store), accepted=N_("its key")
            )
        identity = Identity(key)
    people = _People(opened.people().to_pylist())
    learners = tuple(people.learner(name, identity) for name in names)
    return StoredNames(learners, sum(learner in people.all for learner in learners))


class _People:
    """Who is who: the newest username of an id, and the newest id of a username, as readers of the store see it."""

    def __init__(self, pairs: Iterable[dict[str, object]]) -> None:
        self._names: dict[int, tuple[int, str]] = {}
        self._ids: dict[str, tuple[int, int]] = {}
        names: set[str] = set()
        ids: set[int] = set()
        for row in pairs:
            user_id, username, seen = row["user_id"], str(row["username"] or ""), row["seen"]
            if isinstance(user_id, int):
                ids.add(user_id)
            if username:
                names.add(username)
            if not isinstance(user_id, int) or not username or not isinstance(seen, int):
                continue
            before = self._names.get(user_id)
            if before is None or (-seen, username) < (-before[0], before[1]):
                self._names[user_id] = (seen, username)
            self._ids[username] = max(self._ids.get(username, (seen, user_id)), (seen, user_id))
        self.all = {self._label(None, name) for name in names} | {self._label(user_id, "") for user_id in ids}

    def learner(self, name: str, identity: Identity | None) -> str:
        number = name.removeprefix("user:")
        if name != number and number.isdecimal():
            return self._label(identity.user_id(int(number)) if identity else int(number), "")
        return self._label(None, identity.username(name) if identity else name)

    def _label(self, user_id: int | None, username: str) -> str:
        if user_id is None:
            user_id = self._ids.get(username, (0, None))[1]
        if user_id is None:
            return username
        return self._names[user_id][1] if user_id in self._names else f"user:{user_id}"
