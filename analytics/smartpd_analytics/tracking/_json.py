"""Reading JSON that real logs hold.

orjson first; the standard library for what orjson refuses and platforms write (NaN, Infinity, numbers
beyond 64 bits, unpaired surrogates).
"""

from __future__ import annotations

import json
import math
from typing import Any

import orjson


class TooDeepError(ValueError):
    """The JSON is nested deeper than either reader goes."""


def _integer(digits: str) -> int | float:
    try:
        return int(digits)
    except ValueError:  # more digits than Python converts
        return math.inf


#: The standard library's reader, which stops at no number.
READER = json.JSONDecoder(parse_int=_integer)


def loads(data: bytes) -> Any:
    """What ``data`` says in JSON.

    Raises:
        UnicodeDecodeError: it is not UTF-8.
        TooDeepError: it is nested too deep.
        json.JSONDecodeError: it is no JSON; ``pos`` is where that shows.
    """
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        pass
    text = data.decode()
    try:
        return READER.decode(text)
    except RecursionError:
        raise TooDeepError from None
