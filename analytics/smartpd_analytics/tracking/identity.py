"""Who a learner is to whoever reads the events: a pseudonym by the site's key, the same in every file and run.

All pseudonyms are made here. They are keyed BLAKE2b hashes (RFC 7693), so without the key nobody can go
from a name to its pseudonym, let alone back, and with it a site can still find one learner's events.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b

_LONGEST_KEY = 64
_ID_BITS = 63


@dataclass(frozen=True, slots=True)
class Identity:
    """The pseudonyms of one site.

    Args:
        key: the site's secret, at least 16 bytes. Whoever has it can tell whose a pseudonym is.

    Raises:
        ValueError: the key is shorter.
    """

    key: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.key) < 16:
            raise ValueError("the key for pseudonyms is shorter than 16 bytes")

    def user_id(self, user_id: int) -> int:
        """The pseudonym of a numeric id: a number from 1 to 2**63 - 1."""
        return _number(self.key, user_id)

    def username(self, username: str) -> str:
        """The pseudonym of a username: 16 hexadecimal digits; ``""`` stays empty."""
        return _name(self.key, username) if username else ""

    def session(self, token: str) -> str:
        """The hash of a session token: 16 hexadecimal digits; ``""`` stays empty."""
        return _session(self.key, token) if token else ""


def session_hash(token: str) -> str:
    """The hash of a session token where a site keeps identities: 16 hexadecimal digits; ``""`` stays empty.

    Without a key, but tokens are long and random, so none can be guessed from its hash.
    """
    return _session(b"", token) if token else ""


@lru_cache(maxsize=65_536)
def _number(key: bytes, user_id: int) -> int:
    found = _hash(key, b"smartpd.user_id", str(user_id))
    return (int.from_bytes(found, "big") >> (64 - _ID_BITS)) or 1


@lru_cache(maxsize=65_536)
def _name(key: bytes, username: str) -> str:
    return _hash(key, b"smartpd.username", username).hex()


@lru_cache(maxsize=65_536)
def _session(key: bytes, token: str) -> str:
    return _hash(key, b"smartpd.session", token).hex()


def _hash(key: bytes, purpose: bytes, value: str) -> bytes:
    if len(key) > _LONGEST_KEY:
        key = blake2b(key).digest()
    return blake2b(value.encode("utf-8", "surrogatepass"), digest_size=8, key=key, person=purpose).digest()
