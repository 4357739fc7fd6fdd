"""Lines of a tracking log in the platform's shape, and what the parser must make of each.

Every line is one f-string over parts that were put together before: a line costs microseconds. Texts
that go in need no escaping: names, keys and titles are our own.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from ..data import SIMULATED_ORG
from ._course import HOST, MFE, Block, Course
from ._learner import Learner

__all__ = ["Browser", "stamp"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
AGENTS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Safari/537.36",
    "Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0",
    "Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 "
    "Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Windows NT 6.1; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/109.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Safari/537.36 "
    "Edg/139.0.0.0",
)
LANGUAGES = ("uz-UZ,uz;q=0.9,ru;q=0.8,en;q=0.7", "uz,ru;q=0.8", "ru-RU,ru;q=0.9,en;q=0.8", "en-US,en;q=0.9,uz;q=0.6")
_NOTHING = '"{\\"GET\\": {}, \\"POST\\": {}}"'
_NO_COURSE = '"course_id": "", "org_id": "", "enterprise_uuid": ""}'

#: Hears the moment in microseconds, the line, and what the parser must make of it: ``+kind`` of an accepted event,
#: or the reason why a line is ignored.
Emit = Callable[[int, str, str], None]


def stamp(time_us: int) -> str:
    """The time as the platform writes it."""
    return (_EPOCH + timedelta(microseconds=time_us)).isoformat()


class Browser:
    """The lines of one learner in one sitting."""

    def __init__(self, course: Course, learner: Learner, session: str, *, emit: Emit, tutor: bool) -> None:
        self._emit = emit
        self._course = course
        self._key = course.key
        self._user = user = learner.user_id
        self._name = learner.username
        client = f'", "ip": "{learner.ip}", "agent": "{AGENTS[learner.agent]}", "host": "{HOST}", "referer": "'
        self._client = f', "username": "{learner.username}", "session": "{session}{client}'
        self._unknown = f', "username": "", "session": "{client}'
        self._asked = f'", "accept_language": "{LANGUAGES[learner.language]}", "event": '
        org = f'"org_id": "{SIMULATED_ORG}", "enterprise_uuid": ""}}'
        self._of_browser = f'", "context": {{"user_id": {user}, "path": "/event", "course_id": "{course.key}", {org}'
        self._of_course = f'"course_id": "{course.key}", {org}'
        self._of_handler = f'", "context": {{"course_id": "{course.key}", "course_user_tags": {{}}, "user_id": {user}'
        self._end_of_handler = f'", {org}'
        self._prefix = f" INFO 10245 [tracking] [user {user}] [ip {learner.ip}] logger.py:41 - " if tutor else ""
        self._no_user = f" INFO 10245 [tracking] [user None] [ip {learner.ip}] logger.py:41 - " if tutor else ""
        self.referer = f"{MFE}/"

    def _write(self, time_us: int, start: str, event: str, end: str, verdict: str, *, client: str = "") -> None:
        time = stamp(time_us)
        line = f'{start}{client or self._client}{self.referer}{self._asked}{event}, "time": "{time}", {end}\n'
        if self._prefix:
            prefix = self._no_user if client else self._prefix
            line = f"{time[:10]} {time[11:19]},{time[20:23] or '000'}{prefix}{line}"
        self._emit(time_us, line, verdict)

    def browser(self, time_us: int, name: str, event: str, page: str, verdict: str, *, event_type: str = "") -> None:
        """An event of the learner's browser; ``event`` is JSON in a JSON string, or what stands in quotes."""
        end = f'"event_type": "{event_type or name}", "event_source": "browser", "page": "{page}"}}'
        self._write(time_us, f'{{"name": "{name}{self._of_browser}', event, end, verdict)

    def left_page(self, time_us: int, page: str) -> None:
        start = f'{{"name": "page_close", "context": {{"user_id": {self._user}, "path": "/event", {_NO_COURSE}'
        end = f'"event_type": "page_close", "event_source": "browser", "page": "{page}"}}'
        self._write(time_us, start, '"{}"', end, "+page")

    def request(self, time_us: int, path: str, verdict: str, query: str = _NOTHING) -> None:
        """A request to an address that names its course itself, if it does."""
        start = f'{{"name": "{path}", "context": {{"user_id": {self._user}, "path": "{path}", {_NO_COURSE}'
        self._write(time_us, start, query, f'"event_type": "{path}", "event_source": "server", "page": null}}', verdict)

    def handler_request(self, time_us: int, path: str, query: str = _NOTHING) -> None:
        """A request to a block's handler; another line tells what came of it."""
        start = f'{{"name": "{path}{self._of_handler}, "path": "{path}{self._end_of_handler}'
        end = f'"event_type": "{path}", "event_source": "server", "page": null}}'
        self._write(time_us, start, query, end, "companion")

    def server(
        self, time_us: int, name: str, context: str, event: str, verdict: str, *, by_block: bool = False
    ) -> None:
        """An event of the platform, or (``by_block``) of a block, within a request to the handler of ``context``."""
        asides = ', "asides": {}' if by_block else ""
        start = f'{{"name": "{name}{self._of_handler}{context}{asides}}}'
        page = '"x_module"' if by_block else "null"
        end = f'"event_type": "{name}", "event_source": "server", "page": {page}}}'
        self._write(time_us, start, event, end, verdict)

    def in_course(self, time_us: int, name: str, path: str, event: str, verdict: str) -> None:
        """An event of the platform outside of any block."""
        start = f'{{"name": "{name}", "context": {{"user_id": {self._user}, "path": "{path}", {self._of_course}'
        self._write(time_us, start, event, f'"event_type": "{name}", "event_source": "server", "page": null}}', verdict)

    def signs_in(self, time_us: int) -> None:
        """The request has no user yet, and the event names it only inside."""
        path = "/api/user/v2/account/login_session/"
        context = f'"context": {{"user_id": null, "path": "{path}", {_NO_COURSE}'
        end = f'"event_type": "{path}", "event_source": "server", "page": null}}'
        self._write(time_us, f'{{"name": "{path}", {context}', _NOTHING, end, "implicit", client=self._unknown)
        event = f'{{"user_id": {self._user}, "event_type": "login"}}'
        end = '"event_type": "edx.user.login", "event_source": "server", "page": null}'
        start = f'{{"name": "edx.user.login", {context}'
        self._write(time_us + 180_403, start, event, end, "account", client=self._unknown)

    def signs_out(self, time_us: int) -> None:
        self.request(time_us, "/logout", "implicit")
        start = f'{{"name": "edx.user.logout", "context": {{"user_id": {self._user}, "path": "/logout", {_NO_COURSE}'
        event = f'{{"user_id": {self._user}, "event_type": "logout"}}'
        end = '"event_type": "edx.user.logout", "event_source": "server", "page": null}'
        self._write(time_us + 20_127, start, event, end, "account")

    def completed(self, time_us: int, block: Block, handler: str) -> None:
        """The platform's line for a block that was completed."""
        time = stamp(time_us - 9_583)
        event = (
            f'{{"user_id": {self._user}, "course_id": "{self._key}", "block_id": "{block.key}", '
            f'"block_type": "{block.type}", "completion": 1.0, "modified": "{time}", "created": "{time}"}}'
        )
        name = "edx.completion.block_completion.changed"
        self.server(time_us, name, block.context(handler), event, "+completion")
