"""docs/events.md lists every field, event type and route; nothing that is read is undocumented."""

from pathlib import Path

import pytest
from smartpd_analytics.store import SCHEMA, SCHEMA_VERSION
from smartpd_analytics.tracking import EVENT_TYPES, ROUTES, STATEMENT_TYPES, EventType

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "events.md").read_text(encoding="utf-8")
ROWS = [line for line in PAGE.splitlines() if line.startswith("| `")]


@pytest.mark.parametrize("name", sorted(EVENT_TYPES))
def test_every_event_type_stands_under_its_kind(name):
    entry = EVENT_TYPES[name]
    under = name if name.startswith("smartpd.") else entry.kind if isinstance(entry, EventType) else entry.reason
    assert any(row.startswith(f"| `{under}` |") and f"`{name}`" in row for row in ROWS)


def test_every_field_of_the_schema_with_its_meaning():
    assert f"Schema version {SCHEMA_VERSION} " in PAGE
    for field in SCHEMA:
        assert any(row.startswith(f"| `{field.name}` | {field.type}") for row in ROWS), field.name
        assert field.metadata[b"meaning"].decode() in PAGE


def test_every_route_that_is_an_event():
    for route in ROUTES:
        if isinstance(route.entry, EventType):
            assert f"| `{route.id}` | `{route.entry.name}` | `{route.entry.kind}` |" in ROWS


@pytest.mark.parametrize("entry", STATEMENT_TYPES.values(), ids=lambda entry: entry.id)
def test_every_type_of_statement_with_its_events(entry):
    verb, activity_type = (each.rpartition("/")[2] for each in (entry.verb, entry.activity_type))
    names = ", ".join(f"`{name}`" for name in entry.names) or "none: `companion`"
    assert f"| `{verb}` | `{activity_type}` | {names} |" in ROWS
