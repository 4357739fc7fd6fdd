"""The main job of the demo: check, prepare, serve, say where to look."""

from __future__ import annotations

import errno
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any

from .checks import HOST, NotReady, check, port_of

__all__ = ["main"]

log = logging.getLogger(__name__)

#: Requests that are answered at the same moment, the others wait: each has a connection to the database, and MariaDB
#: by itself refuses the 152nd.
AT_ONCE = 32

_NO_SPACE = "there is no space left on the disk; the next start goes on from here"


class _Steps:
    """Lines in the terminal: what is done, how far it is, how long it took."""

    def __init__(self) -> None:
        self._words = ""
        self._began = 0.0
        self._shown = 0
        self._live = sys.stdout.isatty()

    def say(self, words: str) -> None:
        self.done()
        self._words, self._began, self._shown = words, time.monotonic(), 0
        print(f"{words} …", end="" if self._live else "\n", flush=True)

    def progress(self, done: int, total: int) -> None:
        share = done * 100 // max(total, 1)
        # A terminal is rewritten in place; in a file each line stays.
        if share - self._shown >= (1 if self._live else 25):
            self._shown = share
            print(f"\r{self._words} … {share} %" if self._live else f"  {share} %", end=self._end, flush=True)

    def done(self) -> None:
        if self._words:
            took = f"done in {time.monotonic() - self._began:.1f} s"
            print(f"\r{self._words} … {took}" if self._live else f"  {took}", flush=True)
            self._words = ""

    @property
    def _end(self) -> str:
        return "" if self._live else "\n"

    def __enter__(self) -> _Steps:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if kind is None:
            self.done()
        elif self._words and self._live:
            print(flush=True)


def main() -> int:
    """Run the demo until it is stopped; the exit status."""
    # Ctrl-C comes from a terminal; whoever starts the demo in the background ends it by SIGTERM.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    # A log file that cannot be written any more is no reason to flood the terminal.
    logging.raiseExceptions = False
    try:
        port = port_of(os.environ)
        return _run(port)
    except NotReady as lack:
        print(f"The demo cannot start: {lack}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        _say_no_more()
        return 1
    except KeyboardInterrupt:
        try:
            print("\nStopped.", flush=True)
        except BrokenPipeError:
            _say_no_more()
        return 0


def _say_no_more() -> None:
    """Nobody reads what is said; Python would say so once more at its own end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _run(port: int) -> int:
    from .place import VAR

    check(VAR, port)
    os.environ["DJANGO_SETTINGS_MODULE"] = "demo.settings"
    _or_not_ready(_set_up)
    from .prepare import prepare

    with _Steps() as steps:
        if not _or_not_ready(lambda: prepare(steps.say, steps.progress)):
            print(f"Everything is prepared in {VAR}.")
    serving = server(port)
    try:
        # Whoever reads this may stop us at once.
        print(_where(port, VAR), flush=True)
        serving.serve_forever()
    finally:
        serving.server_close()
    return 0


def _set_up() -> None:
    import django

    django.setup()


def _or_not_ready(work: Callable[[], Any]) -> Any:
    """What ``work`` returns; what goes wrong in it becomes one line here and its whole story in the log file."""
    try:
        return work()
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise NotReady(_NO_SPACE) from error
        raise NotReady(str(error)) from error
    except ValueError as error:
        raise NotReady(str(error)) from error
    except Exception as error:
        log.exception("the demo could not be prepared")
        first = next(iter(str(error).splitlines()), "")
        if "disk is full" in first:  # as SQLite says it
            raise NotReady(_NO_SPACE) from error
        if "file is not a database" in first or "malformed" in first:
            from .place import VAR

            raise NotReady(
                f"its database cannot be read: {first}. Delete the folder {VAR}, the next start makes "
                "everything anew; what was answered in the demo is lost with it"
            ) from error
        raise NotReady(f"{type(error).__name__}: {first} (the whole story is in demo.log beside the data)") from error


def server(port: int) -> Any:
    """The demo's web server, bound and not yet serving.

    Raises:
        NotReady: the port is taken.
    """
    from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
    from django.core.wsgi import get_wsgi_application

    class Server(ThreadedWSGIServer):
        request_queue_size = 128
        daemon_threads = True

    try:
        server = Server((HOST, port), WSGIRequestHandler)
    except OSError as error:
        raise NotReady(f"port {port} of {HOST} is not free: {error.strerror} (PORT= names another)") from error
    server.set_app(_some_at_once(get_wsgi_application()))
    return server


def _some_at_once(application: Any) -> Any:
    # Not the server's threads: a browser keeps some of them for itself while it asks for nothing.
    places = threading.BoundedSemaphore(AT_ONCE)

    def answer(environ: Any, start_response: Any) -> Any:
        with places:
            return application(environ, start_response)

    return answer


def _where(port: int, var: Any) -> str:
    from django.urls import reverse

    from .course import COURSE_KEY
    from .people import COURSE_TEAM, LEARNERS

    site = f"http://{HOST}:{port}"
    names = ", ".join(person.username for person in LEARNERS if person.username != "newcomer")

    def page(name: str, *rest: str) -> str:
        return site + reverse(name, args=(COURSE_KEY, *rest))

    return f"""
The demo is running. Begin here and choose who you are:
  {site}/

As a learner: newcomer (nothing done yet); {names} (three simulated weeks)
  My development     {page("smartpd:my_development")}
  Needs diagnostic   {page("unit", "diagnostic")}
  Learning matrix    {page("unit", "path")}
  PRES               {page("unit", "position")}

As the course team: {COURSE_TEAM.username}
  All learners       {page("smartpd:team")}
  Edit blocks, read the log again   {page("studio")}

All learners are simulated. Data: {var}. Ctrl-C ends the demo."""
