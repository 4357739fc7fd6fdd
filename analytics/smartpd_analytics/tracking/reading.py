"""Books, documents, notes and search: that somebody read, noted or searched, never what."""

from __future__ import annotations

from collections.abc import Mapping

from smartpd_analytics.tracking._record import Record
from smartpd_analytics.tracking._values import number
from smartpd_analytics.tracking.entry import CLIENT, EventType, Fields, Skip, nothing_more


def _page(record: Record) -> Fields:
    """``position`` is the page; the older reader's ``new`` is that as well."""
    found = (number(record.event.get(field)) for field in ("page", "new"))
    return Fields(position=next((page for page in found if page is not None), None))


def _note(record: Record) -> Fields:
    return Fields(record.usage_key(record.event.get("component_usage_id")))


_BOOK = EventType("page", _page, CLIENT)
_NOTE = EventType("other", _note)
_USED = EventType("other", nothing_more)
_SHOWN = Skip("companion")

EVENT_TYPES: Mapping[str, EventType | Skip] = {
    "book": _BOOK,
    "textbook.pdf.chapter.navigated": _BOOK,
    "textbook.pdf.outline.toggled": _BOOK,
    "textbook.pdf.page.navigated": _BOOK,
    "textbook.pdf.page.scrolled": _BOOK,
    "textbook.pdf.thumbnail.navigated": _BOOK,
    "textbook.pdf.thumbnails.toggled": _BOOK,
    "textbook.pdf.search.executed": _BOOK,
    "textbook.pdf.search.navigatednext": _BOOK,
    "textbook.pdf.display.scaled": _SHOWN,
    "textbook.pdf.search.highlight.toggled": _SHOWN,
    "textbook.pdf.searchcasesensitivity.toggled": _SHOWN,
    "textbook.pdf.zoom.buttons.changed": _SHOWN,
    "textbook.pdf.zoom.menu.changed": _SHOWN,
    "edx.googlecomponent.calendar.displayed": _SHOWN,
    "edx.googlecomponent.document.displayed": _SHOWN,
    "edx.course.student_notes.added": _NOTE,
    "edx.course.student_notes.deleted": _NOTE,
    "edx.course.student_notes.edited": _NOTE,
    "edx.course.student_notes.notes_page_viewed": _USED,
    "edx.course.student_notes.searched": _USED,
    "edx.course.student_notes.used_unit_link": _NOTE,
    "edx.course.student_notes.viewed": _USED,
    "edx.course.search.initiated": _USED,
    "edx.course.search.results_displayed": _SHOWN,
    "edx.course.search.result_selected": _USED,
    "edx.course_discovery.search.initiated": Skip("account"),
    "edx.course_discovery.search.results_displayed": Skip("account"),
}
