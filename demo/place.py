"""Where the demo keeps what it writes: ``var/`` at the root of the checkout, or ``SMARTPD_VAR``."""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit

__all__ = ["ROOT", "VAR", "database", "one_at_a_time", "secret_key"]

ROOT = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("SMARTPD_VAR") or ROOT / "var").expanduser().absolute()


def database(url: str) -> dict[str, object]:
    """Django's settings for ``sqlite:///path`` or ``mysql://user:password@host:port/name``; in ``VAR`` for ``""``.

    Raises:
        ValueError: any other scheme, or no name.
    """
    parts = urlsplit(url or f"sqlite:///{VAR / 'demo.sqlite3'}")
    name = unquote(parts.path.removeprefix("/"))
    if parts.scheme == "sqlite" and name:
        return {"ENGINE": "demo.sqlite", "NAME": name, "OPTIONS": {"timeout": 30}, "TEST": {"NAME": ":memory:"}}
    if parts.scheme == "mysql" and name:
        return {
            "ENGINE": "django.db.backends.mysql",
            "NAME": name,
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or "",
            "PORT": str(parts.port or ""),
            "OPTIONS": {"charset": "utf8mb4"},
            "TEST": {"CHARSET": "utf8mb4", "COLLATION": "utf8mb4_unicode_ci"},
        }
    raise ValueError(f"SMARTPD_DATABASE_URL is {url!r}; accepted: sqlite:///path or mysql://user@host:port/name")


@contextmanager
def one_at_a_time(waiting: Callable[[], None]) -> Iterator[None]:
    """Only one process on ``VAR`` is inside; another one calls ``waiting`` once, then waits until the first is out.

    The lock ends with the process that holds it, however that ends.
    """
    VAR.mkdir(parents=True, exist_ok=True)
    with (VAR / "preparing.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waiting()
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def secret_key() -> str:
    """The site's own secret, made on first use and readable by the owner only."""
    path = VAR / "secret_key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f"secret_key.{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(48), encoding="ascii")
        fresh.replace(path)
    return path.read_text(encoding="ascii").strip()
