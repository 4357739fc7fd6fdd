"""From what a course team saved to a matrix, and a message for everything that was left out.

One reader for Studio's form and for the learner's page: in Studio its problems stop the save, for a
learner the rest of the matrix is shown. A problem names entry and field by the names that stand in the JSON,
which are the same in every language; all else is said in the author's.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from smartpd_analytics.data import LANGUAGES, Text

from ..messages import Message
from ..messages import mark as _
from ._links import read_link
from ._marks import RATINGS
from ._matrix import MODES, Activity, Cell, Matrix, Topic

#: Largest numbers of each thing; a matrix is read by people and rendered on one page.
LIMITS: Mapping[str, int] = {
    "topics": 100,
    "sections": 50,
    "activities": 20,
    "cells": 2000,
    "characters": 1000,
    "minutes": 6000,
}

_ID = re.compile(r"^[A-Za-z0-9][A-Za-z0-9_.\-]{0,63}$")


#: The fields that an entry of each kind may have.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "topics": ("id", "title", "sections"),
    "sections": ("id", "title"),
    "activities": ("id", "title"),
    "cells": (
        "id", "topic", "section", "activity", "can_do", "task", "link", "minutes", "modes", "competency", "level",
        "required",
    ),
}  # fmt: skip

#: What an entry is called in a problem.
_ENTRIES: Mapping[str, str] = {
    "topics": _("Topic “{name}”"),
    "sections": _("Section “{name}”"),
    "activities": _("Activity “{name}”"),
    "cells": _("Cell “{name}”"),
}

_ACCEPTED_ID = Message(_("letters a-z, digits, '-', '_' and '.', at most 64, beginning with a letter or digit"))


@dataclass(frozen=True, slots=True)
class Reading:
    matrix: Matrix
    problems: tuple[Message, ...] = ()


def read_matrix(data: object) -> Reading:
    """Read ``{"topics": […], "activities": […], "cells": […]}``.

    Texts are strings or ``{"en": …, "ru": …, "uz": …}``. An entry that can't be used is left out and
    named in ``problems``; the rest is read.
    """
    reader = _Reader()
    if not isinstance(data, Mapping):
        reader.say(_("The matrix is not readable (accepted: an object with topics, activities and cells)."))
        return Reading(Matrix(), tuple(reader.problems))
    for key in sorted(set(map(str, data)) - {"topics", "activities", "cells"}):
        reader.say(
            _("The matrix has a part “{part}” that is not known (accepted: topics, activities, cells)."), part=key[:40]
        )
    topics = reader.topics(data.get("topics", []))
    activities = reader.activities(data.get("activities", []))
    cells = reader.cells(data.get("cells", []), topics, activities)
    return Reading(Matrix(topics, activities, cells), tuple(reader.problems))


def read_scale(data: object) -> tuple[tuple[Text, ...], tuple[Message, ...]]:
    """The words of the rating scale, lowest step first; words that are missing stay empty."""
    reader = _Reader()
    entries = data if isinstance(data, list) else []
    if len(entries) != len(RATINGS):
        reader.say(
            _("The rating scale has {count} steps (accepted: {steps}, lowest first)."),
            count=len(entries),
            steps=len(RATINGS),
        )
    words = tuple(
        reader.text(
            Message(_("Rating scale, step {step}"), {"step": step}), entries[step - 1] if step <= len(entries) else ""
        )
        for step in RATINGS
    )
    return words, tuple(reader.problems)


class _Reader:
    """Collects problems while it reads; every method returns what could be used."""

    def __init__(self) -> None:
        self.problems: list[Message] = []

    def say(self, message: str, **values: object) -> None:
        self.problems.append(Message(message, values))

    def entries(self, data: object, *, kind: str, place: Message | None = None) -> list[tuple[str, Mapping[str, Any]]]:
        """Entries with a valid, unused id, as pairs of id and entry; ``place`` is that of the list."""
        place = place or Message(_("List “{list}”"), {"list": kind})
        limit = LIMITS[kind]
        if not isinstance(data, list):
            self.say(_("{place}: this is not a list (accepted: a list of objects)."), place=place)
            return []
        if len(data) > limit:
            self.say(
                _("{place}: there are {count} entries; the first {limit} are shown (accepted: at most {limit})."),
                place=place,
                count=len(data),
                limit=limit,
            )
        found: dict[str, Mapping[str, Any]] = {}
        for number, entry in enumerate(data[:limit], start=1):
            here = Message(_("{place}, entry {number}"), {"place": place, "number": number})
            entry_id = entry.get("id") if isinstance(entry, Mapping) else None
            if not isinstance(entry, Mapping):
                self.say(_("{place}: this is not an object with an “id”."), place=here)
            elif not isinstance(entry_id, str) or not _ID.match(entry_id):
                self.say(
                    _("{place}: “id” is “{id}” (accepted: {accepted})."),
                    place=here,
                    id="" if entry_id is None else str(entry_id)[:80],
                    accepted=_ACCEPTED_ID,
                )
            elif entry_id in found:
                self.say(_("{place}: the id “{id}” stands twice; the first entry is kept."), place=here, id=entry_id)
            else:
                found[entry_id] = entry
                self.strange_fields(kind, entry_id, entry)
        return list(found.items())

    def strange_fields(self, kind: str, entry_id: str, entry: Mapping[str, Any]) -> None:
        """A field that is misspelt would be missed in silence."""
        for name in sorted(set(map(str, entry)) - set(FIELDS[kind])):
            self.say(
                _("{place}: the field “{field}” is not known (accepted: {accepted})."),
                place=Message(_ENTRIES[kind], {"name": entry_id}),
                field=name[:40],
                accepted=", ".join(FIELDS[kind]),
            )

    @staticmethod
    def at(kind: str, entry_id: str, field: str) -> Message:
        """A field of an entry, as problems name it."""
        entry = Message(_ENTRIES[kind], {"name": entry_id})
        return Message(_("{entry}, field “{field}”"), {"entry": entry, "field": field})

    def text(self, place: Message, value: object, *, needed: bool = True) -> Text:
        """A string counts for every language."""
        words: dict[str, str] = {}
        if isinstance(value, str):
            words = {"und": value.strip()} if value.strip() else {}
        elif isinstance(value, Mapping):
            words = {str(lang): said.strip() for lang, said in value.items() if isinstance(said, str) and said.strip()}
            strange = sorted(str(lang) for lang in value if lang not in LANGUAGES)
            if strange:
                self.say(
                    _("{place}: the language “{language}” is not known (accepted: {languages})."),
                    place=place,
                    language=strange[0][:20],
                    languages=", ".join(LANGUAGES),
                )
                words = {lang: said for lang, said in words.items() if lang in LANGUAGES}
        elif value is not None:
            self.say(
                _("{place}: this is not a text (accepted: a text, or one for each of {languages})."),
                place=place,
                languages=", ".join(LANGUAGES),
            )
            return {}
        if needed and not words:
            self.say(_("{place}: the text is missing."), place=place)
        longest = max(map(len, words.values()), default=0)
        if longest > LIMITS["characters"]:
            self.say(
                _("{place}: the text has {count} characters (accepted: at most {limit})."),
                place=place,
                count=longest,
                limit=LIMITS["characters"],
            )
        return {lang: said[: LIMITS["characters"]] for lang, said in words.items()}

    def topics(self, data: object) -> tuple[Topic, ...]:
        topics = []
        for topic_id, entry in self.entries(data, kind="topics"):
            place = self.at("topics", topic_id, "sections")
            sections = tuple(
                (section_id, self.text(self.at("sections", section_id, "title"), section.get("title")))
                for section_id, section in self.entries(entry.get("sections") or [], kind="sections", place=place)
            )
            title = self.text(self.at("topics", topic_id, "title"), entry.get("title"))
            topics.append(Topic(topic_id, title or {"und": topic_id}, sections))
        return tuple(topics)

    def activities(self, data: object) -> tuple[Activity, ...]:
        activities = []
        for activity_id, entry in self.entries(data, kind="activities"):
            title = self.text(self.at("activities", activity_id, "title"), entry.get("title"))
            activities.append(Activity(activity_id, title or {"und": activity_id}))
        return tuple(activities)

    def cells(self, data: object, topics: tuple[Topic, ...], activities: tuple[Activity, ...]) -> tuple[Cell, ...]:
        sections = {topic.id: {section_id for section_id, _title in topic.sections} for topic in topics}
        columns = {activity.id for activity in activities}
        taken: dict[tuple[str, str, str], str] = {}
        cells = []
        for cell_id, entry in self.entries(data, kind="cells"):
            topic, activity, section = (str(entry.get(key) or "") for key in ("topic", "activity", "section"))
            if topic not in sections:
                self.unknown(cell_id, "topic", topic, sections)
            elif activity not in columns:
                self.unknown(cell_id, "activity", activity, columns)
            elif section and section not in sections[topic]:
                self.unknown(cell_id, "section", section, sections[topic])
            elif (topic, section, activity) in taken:
                self.say(
                    _(
                        "Cells “{first}” and “{name}” stand in the same place: the same “topic”, “section” and "
                        "“activity” (accepted: one cell in each place)."
                    ),
                    first=taken[topic, section, activity],
                    name=cell_id,
                )
            else:
                taken[topic, section, activity] = cell_id
                cells.append(self.cell(cell_id, entry, topic=topic, activity=activity, section=section))
        return tuple(cells)

    def cell(self, cell_id: str, entry: Mapping[str, Any], *, topic: str, activity: str, section: str) -> Cell:
        return Cell(
            id=cell_id,
            topic=topic,
            activity=activity,
            section=section,
            can_do=self.text(self.at("cells", cell_id, "can_do"), entry.get("can_do")) or {"und": cell_id},
            task=self.text(self.at("cells", cell_id, "task"), entry.get("task"), needed=False),
            link=self.link(cell_id, entry.get("link")),
            minutes=self.minutes(cell_id, entry.get("minutes")),
            modes=self.modes(cell_id, entry.get("modes")),
            competency=self.word(cell_id, "competency", entry.get("competency")),
            level=self.word(cell_id, "level", entry.get("level")),
            required=self.required(cell_id, entry.get("required")),
        )

    def unknown(self, cell_id: str, field: str, value: str, accepted: Collection[str]) -> None:
        self.say(
            _("{place}: “{value}” does not exist (accepted: {accepted})."),
            place=self.at("cells", cell_id, field),
            value=value[:80],
            accepted=", ".join(sorted(accepted)) or "–",
        )

    def link(self, cell_id: str, value: object) -> str:
        if value in (None, ""):
            return ""
        if isinstance(value, str) and read_link(value) is not None:
            return value.strip()
        self.say(
            _(
                "{place}: “{value}” cannot be used (accepted: the block id of a unit, type@…+block@…, a usage key, "
                "or an address that begins with https:// or http://)."
            ),
            place=self.at("cells", cell_id, "link"),
            value=str(value)[:80],
        )
        return ""

    def minutes(self, cell_id: str, value: object) -> int | None:
        if value in (None, ""):
            return None
        if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= LIMITS["minutes"]:
            return value
        self.say(
            _("{place}: {value} is not a number of minutes (accepted: a whole number from 1 to {limit})."),
            place=self.at("cells", cell_id, "minutes"),
            value=_as_json(value),
            limit=LIMITS["minutes"],
        )
        return None

    def modes(self, cell_id: str, value: object) -> tuple[str, ...]:
        given = value if isinstance(value, list) else [] if value in (None, "") else [value]
        for mode in given:
            if mode not in MODES:
                self.say(
                    _("{place}: the mode {value} is not known (accepted: {accepted})."),
                    place=self.at("cells", cell_id, "modes"),
                    value=_as_json(mode),
                    accepted=", ".join(MODES),
                )
        return tuple(mode for mode in MODES if mode in given)

    def word(self, cell_id: str, field: str, value: object) -> str:
        if value in (None, ""):
            return ""
        if isinstance(value, str) and len(value.strip()) <= 64:
            return value.strip()
        self.say(
            _("{place}: {value} cannot be used (accepted: an id of at most 64 characters)."),
            place=self.at("cells", cell_id, field),
            value=_as_json(value),
        )
        return ""

    def required(self, cell_id: str, value: object) -> bool:
        if isinstance(value, bool) or value is None:
            return bool(value)
        self.say(
            _("{place}: {value} says neither yes nor no (accepted: true, false)."),
            place=self.at("cells", cell_id, "required"),
            value=_as_json(value),
        )
        return False


def _as_json(value: object) -> str:
    """A value as the author wrote it, cut."""
    return json.dumps(value, ensure_ascii=False, default=str)[:40]
