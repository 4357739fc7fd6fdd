"""One accessor for the fields of an xAPI statement, as event-routing-backends writes it and Aspects keeps it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from hashlib import sha1
from typing import Any

from xxhash import xxh3_128_digest

from smartpd_analytics.tracking import _keys
from smartpd_analytics.tracking._memo import Memo
from smartpd_analytics.tracking._values import TITLE, integer, number, text

COURSE = "http://adlnet.gov/expapi/activities/course"
SESSION = "https://w3id.org/xapi/openedx/extensions/session-id"
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_KEY_IN_KEY = re.compile(r"\+block@((?:ccx-)?block-v1:)")
_NOTHING: Mapping[str, Any] = {}


def _course_key_of(activity_id: str) -> str:
    # ``https://site/course/Org/Course/Run`` is what the oldest keys become.
    return _keys.keys_in(activity_id).course or _keys.course_key(activity_id.partition("/course/")[2])


def _usage_key_of(activity_id: str) -> str:
    # Where an app names a video by its whole key, the transformer takes that for the id of a block.
    whole = _KEY_IN_KEY.search(activity_id)
    return _keys.usage_key_in(activity_id[whole.end() - len(whole[1]) :] if whole else activity_id)


_COURSE_KEY: Memo[str, str] = Memo(_course_key_of)
_USAGE_KEY: Memo[str, str] = Memo(_usage_key_of)


def extension(extensions: Mapping[str, Any], iri: str) -> Any:
    """The value of an extension, or None.

    ClickHouse's JSON type takes the dots of a name for a path and gives back objects in objects; both are read.
    """
    value = extensions.get(iri)
    if value is None and extensions:
        value = extensions
        for part in iri.split("."):
            value = value.get(part) if isinstance(value, dict) else None
    return value


class Statement:
    """A statement, read field by field; what is missing or of another type is empty."""

    __slots__ = ("_raw", "activity", "activity_type", "context", "definition", "result", "verb")

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self._raw = raw
        self.verb = text(_object(raw, "verb").get("id"))
        activity = _object(raw, "object")
        self.definition = _object(activity, "definition")
        #: Identifier of the object: an address that holds a key, or any other.
        self.activity = activity["id"] if isinstance(activity.get("id"), str) else ""
        self.activity_type = text(self.definition.get("type"))
        self.context = _object(raw, "context")
        self.result = _object(raw, "result")

    @property
    def time(self) -> object:
        """When it happened, as it stands there."""
        return self._raw.get("timestamp")

    @property
    def is_group(self) -> bool:
        """Whether it is about a problem with several questions, as a whole."""
        return _object(self._raw, "object").get("objectType") == "GroupActivity"

    @property
    def is_part(self) -> bool:
        """Whether it is about one question of such a problem, whose whole has a statement of its own."""
        parent = self._activities("parent")
        return "statement" in self.context or any(each.get("objectType") == "GroupActivity" for each in parent)

    @property
    def usage_key(self) -> str:
        """The block that it is about, or ``""``."""
        return _USAGE_KEY[self.activity]

    @property
    def course_key(self) -> str:
        """The course that it names as a whole, or that its block is in; or ``""``."""
        for each in (*self._activities("parent"), *self._activities("grouping")):
            if _object(each, "definition").get("type") == COURSE and isinstance(each.get("id"), str):
                return _COURSE_KEY[each["id"]]
        if self.activity_type == COURSE:
            return _COURSE_KEY[self.activity]
        return _keys.course_of(self.usage_key)

    @property
    def has_grouping(self) -> bool:
        """Whether its context groups it with another activity."""
        return bool(self._activities("grouping"))

    @property
    def session(self) -> str:
        """The session's token, or ``""``."""
        return text(self.context_extension(SESSION))

    @property
    def title(self) -> str:
        """The display name of the block, in whatever language it is given, or ``""``."""
        names = _object(self.definition, "name")
        return next((found for name in names.values() if (found := text(name, TITLE))), "")

    @property
    def learner(self) -> tuple[int | None, str]:
        """Id and name of the actor: a name of digits alone is an id; ``(None, "")`` where nobody is named.

        Of an address of electronic mail the SHA-1 is taken, which is what other sites send instead of it.
        """
        actor = _object(self._raw, "actor")
        name = text(_object(actor, "account").get("name"))
        if name.isascii() and name.isdecimal() and (user_id := integer(name)) is not None:
            return user_id, ""
        if not name and (address := text(actor.get("mbox")).removeprefix("mailto:")):
            name = sha1(address.encode("utf-8", "replace"), usedforsecurity=False).hexdigest()
        return None, name or text(actor.get("mbox_sha1sum"))

    def score(self, part: str) -> float | None:
        """``raw`` or ``max`` of the score."""
        return number(_object(self.result, "score").get(part))

    def context_extension(self, iri: str) -> Any:
        """An extension of the context."""
        return extension(_object(self.context, "extensions"), iri)

    def result_extension(self, iri: str) -> Any:
        """An extension of the result."""
        return extension(_object(self.result, "extensions"), iri)

    def object_extension(self, iri: str) -> Any:
        """An extension of the object."""
        return extension(_object(self.definition, "extensions"), iri)

    def digest(self, line: bytes) -> bytes:
        """What makes copies equal: a statement's id names this very statement, wherever and however it is kept."""
        own = self._raw.get("id")
        if isinstance(own, str) and _UUID.fullmatch(own):
            return xxh3_128_digest(b"xapi\0" + own.lower().encode())
        return xxh3_128_digest(b"xapi\0" + line.strip())

    def _activities(self, how: str) -> list[Mapping[str, Any]]:
        found = _object(self.context, "contextActivities").get(how)
        found = found if isinstance(found, list) else [found]
        return [each for each in found if isinstance(each, dict)]


def _object(holder: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = holder.get(name)
    return value if isinstance(value, dict) else _NOTHING
