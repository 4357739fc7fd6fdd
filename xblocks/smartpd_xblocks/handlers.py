"""How a handler of ours takes JSON: whatever arrives, the answer is a sentence and never a server error.

The library's own decorator breaks on a body that is nested too deeply, reads bodies of any size, and
hands on values that are no object.
"""

from __future__ import annotations

import csv
import functools
import io
import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from webob import Response  # type: ignore[import-untyped]
from xblock.core import XBlock
from xblock.exceptions import JsonHandlerError

from . import guard
from .messages import mark as _
from .shared import storage_key, translate

__all__ = ["MAX_BODY", "csv_answer", "harmless", "json_answer", "json_handler", "unreadable"]

#: Longest body that a learner's page may send, in bytes; four parts of PRES in any script are less.
MAX_BODY = 1_000_000

_Handler = Callable[[Any, dict[str, Any], str], Any]


def json_handler(handler: _Handler | None = None, *, max_body: int = MAX_BODY) -> Any:
    """Decorates ``handler(self, data, suffix)``: POST only, ``data`` a JSON object.

    A page may say in ``page`` whose it is (see ``shared.storage_key``). What was begun as one person is
    refused with 403 when another has signed in since, at a device that both use.

    The handler returns what is sent as JSON, or a response; a ``JsonHandlerError`` becomes its status
    with ``{"error": sentence}``.

    Args:
        max_body: in bytes; more is refused with 413.
    """
    if handler is None:
        return functools.partial(json_handler, max_body=max_body)

    @XBlock.handler  # type: ignore[untyped-decorator]
    @functools.wraps(handler)
    def wrapper(self: Any, request: Any, suffix: str = "") -> Any:
        if request.method != "POST":
            words = translate(self, _("This address takes only what its page sends (accepted: POST)."))
            return JsonHandlerError(405, words).get_response(allow=["POST"])
        try:
            data = _read(self, request, max_body)
            _check_person(self, data.pop("page", None))
            answer = handler(self, data, suffix)
        except JsonHandlerError as refused:
            return refused.get_response()
        return answer if isinstance(answer, Response) else json_answer(200, answer)

    return wrapper


def json_answer(status: int, body: Any) -> Any:
    """A response with ``body`` as JSON."""
    return Response(json.dumps(body), status=status, content_type="application/json", charset="utf-8")


def csv_answer(rows: Iterable[Sequence[str]], name: str) -> Any:
    """A response with ``rows`` as a CSV file that spreadsheets open as text and as nothing else."""
    text = io.StringIO()
    csv.writer(text).writerows([[harmless(cell) for cell in row] for row in rows])
    # The mark tells spreadsheets that it is UTF-8.
    body = "\ufeff" + text.getvalue()
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return Response(body, content_type="text/csv", charset="utf-8", headers=headers)


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in "=+-@\t\r" and cell else cell


def unreadable(block: Any) -> JsonHandlerError:
    """What to raise where a page has sent something of the wrong kind."""
    words = _("The page sent something that cannot be read, so nothing was saved. Reload the page to go on.")
    return JsonHandlerError(400, translate(block, words))


def _read(block: Any, request: Any, max_body: int) -> dict[str, Any]:
    size = request.content_length
    # One byte more than is allowed tells a body that is too long and does not say so.
    body = b"" if size is not None and size > max_body else request.body_file.read(max_body + 1)
    if len(body) > max_body or (size or 0) > max_body:
        words = _("The page sent more than can be taken ({limit} kilobytes), so nothing was saved.")
        raise JsonHandlerError(413, translate(block, words).format(limit=max_body // 1000))
    try:
        data = json.loads(body.decode("utf-8"))
        # Half a character (a lone surrogate) is readable JSON that no database can keep.
        json.dumps(data, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError) as problem:
        raise unreadable(block) from problem
    if not isinstance(data, dict):
        raise unreadable(block)
    return data


def _check_person(block: Any, page: Any) -> None:
    who = guard.viewer(block)
    # Where nobody is signed in, the handler's own guard says so.
    if page is None or who is None or page == storage_key(block, who):
        return
    words = _(
        "Somebody else is signed in now, so nothing was saved. It is kept on this device for the one who wrote it: "
        "sign in with that account and open this page again."
    )
    raise JsonHandlerError(403, translate(block, words))
