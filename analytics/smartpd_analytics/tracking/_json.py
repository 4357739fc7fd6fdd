"""Reading JSON that real logs hold, and a digest of its content.

orjson first; the standard library for what orjson refuses and platforms write (NaN, Infinity, numbers
beyond 64 bits, unpaired surrogates).
"""

from __future__ import annotations

import json
from hashlib import blake2b
from typing import Any

import orjson


class TooDeepError(ValueError):
    """The JSON is nested deeper than either reader goes."""


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
        return json.loads(text)
    except RecursionError:
        raise TooDeepError from None
    except json.JSONDecodeError:
        raise
    except ValueError as error:  # an integer of more digits than Python converts
        raise json.JSONDecodeError(str(error), text, 0) from None


def digest(content: Any) -> bytes:
    """128 bits, equal for equal content whatever the order of its keys.

    Raises:
        TooDeepError: the content is nested deeper than 254 levels.
    """
    try:
        canonical = orjson.dumps(content, option=orjson.OPT_SORT_KEYS)
    except TypeError as error:
        if "ecursion" in str(error):
            raise TooDeepError from None
        # Unpaired surrogates, integers beyond 64 bits.
        canonical = json.dumps(content, sort_keys=True, separators=(",", ":")).encode()
    return blake2b(canonical, digest_size=16).digest()
