"""The group of commands, in the language asked for, and the exit status."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import click

from ..errors import SmartPDError, reason_of
from ..reports.words import printable, said, words_in
from ._click_words import speak
from ._common import FAILED, INTERRUPTED, say, stop_writing
from ._language import language_of
from ._output import prepare_streams

__all__ = ["COMMANDS", "run"]

#: Each command is the module of its name in this folder, with ``command(lang) -> click.Command``; it is
#: loaded when it is called, so that no command waits for the engines of another.
COMMANDS = (
    "recommend",
    "ingest",
    "forget",
    "pseudonyms",
    "evaluate",
    "simulate",
    "calibrate",
    "reliability",
    "features",
    "mastery",
    "train",
    "predict",
    "model-card",
    "instruments",
)


def run(arguments: Sequence[str]) -> int:
    """Run the command line and return its exit status; nothing is raised."""
    lang = language_of(arguments)
    _ = words_in(lang).gettext
    speak(lang)
    prepare_streams()
    try:
        status = _commands(lang).main(args=list(arguments), prog_name="smartpd", standalone_mode=False)
        sys.stdout.flush()
        return int(status or 0)
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        say(_("Stopped; nothing was written."))
        return INTERRUPTED
    except SmartPDError as error:
        say(printable(f"smartpd: {said(str(error), lang)}"))
    except OSError as error:
        stop_writing()
        if isinstance(error, BrokenPipeError):
            return 0
        place = f"{error.filename}: " if error.filename else ""
        say(printable(f"smartpd: {place}{said(reason_of(error), lang)}"))
    return FAILED


def _version() -> str:
    try:
        return version("openedx-smartpd")
    except PackageNotFoundError:
        return "?"


def _commands(lang: str) -> click.Group:
    """The group and its commands, with their help in ``lang``."""
    _ = words_in(lang).gettext
    group = _Group(
        lang,
        name="smartpd",
        help=_("What the tracking logs of Open edX tell about each learner, and what to do next."),
        epilog=_("For example: smartpd recommend tracking.log"),
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    )
    click.version_option(_version(), prog_name="smartpd")(group)
    return group


class _Group(click.Group):
    """Loads a command when it is asked for."""

    def __init__(self, lang: str, **settings: Any) -> None:
        super().__init__(**settings)
        self._lang = lang

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        home = import_module(f"{__package__}.{name.replace('-', '_')}")
        found: click.Command = home.command(self._lang)
        return found

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        # click looks for near names among the commands that were added to it.
        self.commands = dict.fromkeys(COMMANDS, click.Command(None))
        return super().resolve_command(ctx, args)
