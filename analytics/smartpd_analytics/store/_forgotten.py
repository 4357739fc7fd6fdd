"""Knowing lines of somebody who is forgotten, by keyed hashes of their ids and names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import blake2b
from typing import Any

import numpy as np

from smartpd_analytics.tracking import Identity

_NAME = re.compile(rb"[\w.@+-]{1,255}")
_USER_ID = re.compile(rb'user_id\\*"\s*:\s*\\*"?(\d{1,19})|\[user (\d{1,19})\]')


def mark_of_forgotten(key: bytes, user_id: int | None, username: str) -> str:
    """What is remembered of somebody who is forgotten: nothing that anybody without the key can use."""
    who = f"id {user_id}" if user_id is not None else f"name {username}"
    keyed = blake2b(key, digest_size=32).digest()
    return blake2b(
        who.encode("utf-8", "surrogatepass"), digest_size=16, key=keyed, person=b"smartpd.forget"
    ).hexdigest()


def forgotten_rows(key: bytes, forgotten: Iterable[str], batch: Any) -> tuple[np.ndarray, tuple[str, ...]]:
    """Which rows are of somebody who is forgotten, and the hashes of ids and names found to be theirs as well."""
    gone_marks = set(forgotten)
    pairs = batch.select(["user_id", "username", "payload"])
    ids, names = pairs.column(0).to_pylist(), pairs.column(1).to_pylist()
    payloads = pairs.column(2).to_pylist()
    also: set[str] = set()
    gone_ids: dict[int | None, bool] = {None: False}
    gone_names: dict[str, bool] = {"": False}

    def is_gone(user_id: int | None, username: str) -> bool:
        if user_id not in gone_ids:
            gone_ids[user_id] = mark_of_forgotten(key, user_id, "") in gone_marks
        if username not in gone_names:
            gone_names[username] = mark_of_forgotten(key, None, username) in gone_marks
        return gone_ids[user_id] or gone_names[username]

    # Twice: an id that is found to be theirs late was theirs before as well.
    for user_id, username in set(zip(ids, names, strict=True)):
        if user_id is not None and username and is_gone(user_id, username):
            for one, name in ((user_id, ""), (None, username)):
                mark = mark_of_forgotten(key, one, name)
                if mark not in gone_marks:
                    also.add(mark)
            gone_ids[user_id] = gone_names[username] = True
    gone = np.fromiter(
        (
            is_gone(user_id, username) or _about(payload, is_gone)
            for user_id, username, payload in zip(ids, names, payloads, strict=True)
        ),
        dtype=bool,
        count=len(ids),
    )
    return gone, tuple(sorted(also))


_LEARNER = re.compile(r'"learner_id":(\d+)')


def _about(payload: str, is_gone: Any) -> bool:
    """Whether what staff did was done to somebody who is forgotten."""
    found = _LEARNER.search(payload) if len(payload) > 2 else None
    return found is not None and is_gone(int(found[1]), "")


def line_names(line: bytes, key: bytes, identity: Identity | None, forgotten: Iterable[str]) -> bool:
    """Whether a line that cannot be read holds the username or the id of somebody who is forgotten."""
    marks = set(forgotten)
    for word in set(_NAME.findall(line)):
        name = word.decode(errors="replace")
        if mark_of_forgotten(key, None, identity.username(name) if identity else name) in marks:
            return True
    for first, second in _USER_ID.findall(line):
        user_id = int(first or second)
        if mark_of_forgotten(key, identity.user_id(user_id) if identity else user_id, "") in marks:
            return True
    return False
