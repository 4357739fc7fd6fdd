"""Which language a command line is answered in; known before anything else is loaded."""

from __future__ import annotations

import os
from collections.abc import Sequence

from ..data import LANGUAGES

__all__ = ["language_of"]


def language_of(arguments: Sequence[str]) -> str:
    """Language of help and messages: ``--lang``, else the system's, else English."""
    for at, argument in enumerate(arguments):
        given = argument.partition("=")[2] if argument.startswith("--lang=") else ""
        if argument == "--lang" and at + 1 < len(arguments):
            given = arguments[at + 1]
        if given in LANGUAGES:
            return given
    system = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return system[:2] if system[:2] in LANGUAGES else LANGUAGES[0]
