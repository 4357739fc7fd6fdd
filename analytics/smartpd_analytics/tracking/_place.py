"""Where an event stands in the table: all of it but for time, people, session and figures."""

from __future__ import annotations

import msgspec

from smartpd_analytics.tracking import _keys
from smartpd_analytics.tracking._memo import Memo
from smartpd_analytics.tracking._setting import Setting
from smartpd_analytics.tracking._values import TITLE, text


class Place(msgspec.Struct, gc=False, eq=False):
    """What many events share. Equal only to itself, so that a place is looked up without looking at its texts."""

    name: str
    kind: str
    source: str
    course_key: str
    usage_key: str
    block_type: str
    unit_key: str
    title: str
    client: str


_BLOCK_TYPE: Memo[str, str] = Memo(_keys.block_type_of)

#: The place that has these texts, in the order of its fields; of other places there may be several with the same.
PLACE: Memo[tuple[str, str, str, str, str, str, str, str, str], Place] = Memo(lambda texts: Place(*texts))


def _place_in(named: tuple[Setting, str, str, str, str | None, str, bool]) -> Place | None:
    setting, source, course, usage_key, unit_key, kind, on_phone = named
    course_key = course or _keys.course_of(usage_key)
    if not course_key:
        return None
    return Place(
        setting.name,
        # Whatever is done by a Studio request was done by the course's staff.
        "staff" if setting.studio else kind or setting.entry.kind,
        source,
        course_key,
        usage_key,
        _BLOCK_TYPE[usage_key],
        setting.unit if unit_key is None else unit_key,
        _title_of(setting, course, usage_key),
        "mobile" if source == "mobile" or on_phone else "web",
    )


def _title_of(setting: Setting, course: str, usage: str) -> str:
    """The display name, where the line carries that of this very block."""
    module = setting.module
    name = module.display_name if module else None
    if module is None or not name or not usage:
        return ""
    return text(name, TITLE) if usage == module.usage_key or usage == setting.module_key(course) else ""


#: Setting, source, course key of the record ("" for none), and usage key, unit key and kind of its fields, and whether
#: it was on a phone -> the place; None where no course is named.
place_in: Memo[tuple[Setting, str, str, str, str | None, str, bool], Place | None] = Memo(_place_in, 32_768)
