"""Words of click that our commands can show: named here so that they get into our catalogues."""

from __future__ import annotations

import gettext
import os
from collections.abc import Callable

from ..reports.words import CATALOGUES, DOMAIN, N_

__all__ = ["speak"]


def speak(lang: str) -> None:
    """Make click, which asks the process's own text domain, use our catalogue in ``lang``."""
    os.environ["LANGUAGE"] = lang
    gettext.bindtextdomain(DOMAIN, str(CATALOGUES))
    gettext.textdomain(DOMAIN)


_WORDS = (
    N_("Usage:"),
    N_("Options"),
    N_("Commands"),
    N_("Show the version and exit."),
    N_("Show this message and exit."),
    N_("%(prog)s, version %(version)s"),
    N_("Error: {message}"),
    N_("Try '{command} {option}' for help."),
    N_("Missing argument"),
    N_("Missing command."),
    N_("No such command {name!r}."),
    N_("No such option {name!r}."),
    N_("Option {name!r} does not take a value."),
    N_("Invalid value: {message}"),
    N_("Invalid value for {param_hint}: {message}"),
)


def _plurals(ngettext: Callable[[str, str, int], str]) -> None:
    """Never called: what gettext's tools collect from here are the plural forms."""
    ngettext("Option {name!r} requires an argument.", "Option {name!r} requires {nargs} arguments.", 1)
    ngettext("{value!r} is not {choice}.", "{value!r} is not one of {choices}.", 1)
    ngettext("Did you mean {possibility}?", "(Did you mean one of: {possibilities}?)", 1)
