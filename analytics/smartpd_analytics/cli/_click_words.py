"""Words of click that our commands can show: named here so that they get into our catalogues."""

from __future__ import annotations

import gettext
import os
from collections.abc import Callable, Mapping
from typing import Any

import click

from ..reports.words import CATALOGUES, DOMAIN, N_, words_in

__all__ = ["speak"]


#: What click calls its types of numbers where a value is none.
_NUMBERS: Mapping[Any, str] = {
    **dict.fromkeys((click.INT, click.IntRange), N_("integer")),
    **dict.fromkeys((click.FLOAT, click.FloatRange), N_("number")),
}


def speak(lang: str) -> None:
    """Make click, which asks the process's own text domain, use our catalogue in ``lang``."""
    os.environ["LANGUAGE"] = lang
    gettext.bindtextdomain(DOMAIN, str(CATALOGUES))
    gettext.textdomain(DOMAIN)
    for kind, name in _NUMBERS.items():
        kind.name = words_in(lang).gettext(name)


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
    N_("Missing option"),
    N_("Missing command."),
    N_("No such command {name!r}."),
    N_("No such option {name!r}."),
    N_("Option {name!r} does not take a value."),
    N_("Invalid value: {message}"),
    N_("Invalid value for {param_hint}: {message}"),
    N_("{value!r} is not a valid {number_type}."),
    N_("{value} is not in the range {range}."),
)


def _plurals(ngettext: Callable[[str, str, int], str]) -> None:
    """Never called: what gettext's tools collect from here are the plural forms."""
    ngettext("Option {name!r} requires an argument.", "Option {name!r} requires {nargs} arguments.", 1)
    ngettext("{value!r} is not {choice}.", "{value!r} is not one of {choices}.", 1)
    ngettext("Got unexpected extra argument ({args})", "Got unexpected extra arguments ({args})", 1)
    ngettext("Did you mean {possibility}?", "(Did you mean one of: {possibilities}?)", 1)
