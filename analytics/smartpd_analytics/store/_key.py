"""The site's key: pseudonyms of learners are made with it."""

from __future__ import annotations

import os
from hashlib import blake2b
from pathlib import Path

from smartpd_analytics.errors import N_, InputError, Message, StoreError, reason_of
from smartpd_analytics.store._layout import KEY, replace_file

#: The environment variable that holds the key.
KEY_VARIABLE = "SMARTPD_SITE_KEY"
_SHORTEST = 16
_ACCEPTED = N_("a file or {variable} with at least {shortest} bytes")


def site_key(store: Path, key_file: Path | None, *, make: bool) -> tuple[bytes, bool]:
    """The key from ``key_file``, else the environment, else the store's folder; and whether it was made just now.

    Args:
        store: the store's folder.
        key_file: a file that holds the key; white space around it does not count.
        make: where there is none, make one in the store's folder, for its owner's eyes only.

    Raises:
        StoreError: there is no key, or it is too short.
        InputError: ``key_file`` cannot be read.
        OSError: the key in the store's folder cannot be read or written.
    """
    accepted = Message(_ACCEPTED, variable=KEY_VARIABLE, shortest=_SHORTEST)
    given = os.environ.get(KEY_VARIABLE, "")
    own = store / KEY
    if key_file is not None:
        try:
            key = key_file.read_bytes().strip()
        except OSError as error:
            problem, reason = N_("the site's key cannot be read: {reason}"), reason_of(error)
            raise InputError(problem, file=str(key_file), accepted=accepted, reason=reason) from error
    elif given:
        key = given.encode("utf-8", "surrogateescape").strip()
    elif own.exists():
        key = own.read_bytes().strip()
    elif make:
        key = os.urandom(32).hex().encode()
        replace_file(own, key + b"\n", mode=0o600)
        return key, True
    else:
        raise StoreError(N_("the site's key is needed and not there"), store=str(store), accepted=accepted)
    if len(key) < _SHORTEST:
        raise StoreError(N_("the site's key is too short"), store=str(store), accepted=accepted)
    return key, False


def key_check(key: bytes) -> str:
    """Tells one key from another without telling the key."""
    return blake2b(key, digest_size=8, person=b"smartpd.check").hexdigest()
