"""What can be missing on a machine, each told in one line before anything is begun."""

from __future__ import annotations

import importlib.util
import shutil
import socket
import tempfile
from collections.abc import Mapping
from pathlib import Path

__all__ = ["HOST", "NotReady", "check", "port_of"]

HOST = "127.0.0.1"
NEEDED_MEGABYTES = 100
NEEDED_SQLITE = (3, 31)
#: Module -> what installs it.
_NEEDED = ("django", "workbench", "edx_django_utils", "duckdb", "smartpd", "smartpd_xblocks", "smartpd_analytics")


class NotReady(Exception):
    """Something is missing; the message is one line for people."""


def port_of(environ: Mapping[str, str]) -> int:
    """The port to serve on.

    Raises:
        NotReady: ``PORT`` is no port.
    """
    text = environ.get("PORT") or "8000"
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise NotReady(f"PORT is {text!r} (accepted: a number from 1 to 65535)")
    return int(text)


def check(var: Path, port: int) -> None:
    """Whether the demo can run, keeping its data in ``var``.

    Raises:
        NotReady: it cannot.
    """
    _check_python()
    _check_folder(var)
    _check_port(port)


def _check_python() -> None:
    try:
        import sqlite3
    except ImportError as error:
        raise NotReady("this Python lacks sqlite3: install one that has it, on Debian python3") from error
    if sqlite3.sqlite_version_info < NEEDED_SQLITE:
        needed = ".".join(map(str, NEEDED_SQLITE))
        raise NotReady(f"SQLite {needed} or newer is needed, this Python has {sqlite3.sqlite_version}")
    missing = [name for name in _NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise NotReady(f"{', '.join(missing)} not installed here: make install")


def _check_folder(var: Path) -> None:
    try:
        var.mkdir(parents=True, exist_ok=True)
        # Under a name of its own: another start may be trying the same.
        with tempfile.TemporaryFile(dir=var) as trial:
            trial.write(b"x")
    except OSError as error:
        reason = error.strerror or error
        raise NotReady(f"{var} cannot be written to: {reason} (SMARTPD_VAR= names another folder)") from error
    free = shutil.disk_usage(var).free // 2**20
    if free < NEEDED_MEGABYTES:
        raise NotReady(f"{free} MB free on the disk of {var}, {NEEDED_MEGABYTES} MB are needed")


def _check_port(port: int) -> None:
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((HOST, port))
        except OSError as error:
            raise NotReady(f"port {port} of {HOST} is not free: {error.strerror} (PORT= names another)") from error
