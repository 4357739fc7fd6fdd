"""event-routing-backends by itself: ``python -m benchmarks.xapi_peer LOG KEPT [STATEMENTS]`` prints seconds and lines.

Transforms the lines of LOG that it has a transformer for to xAPI and writes these lines to KEPT, so that others can be
measured on the same ones, and the statements that it made to STATEMENTS. Who a user is and what a course is called are
looked up in the platform's database there; here both are answered from the line itself, which costs nothing. In a
process of its own, for it needs its own Django settings.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from uuid import NAMESPACE_URL, uuid5

import django
from django.conf import settings

settings.configure(
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "config_models",
        "event_routing_backends.apps.EventRoutingBackendsConfig",
        "smartpd.apps.SmartPDConfig",
    ],
    DATABASES={},
    LMS_ROOT_URL="https://lms.example.org",
    XAPI_AGENT_IFI_TYPE="external_id",
    XAPI_EVENTS_ENABLED=True,
    XAPI_EVENT_LOGGING_ENABLED=False,
    SMARTPD_INSTRUMENT_FOLDER="",
    USE_TZ=True,
)
logging.disable(logging.CRITICAL)

django.setup()

ANSWERS = {
    "get_anonymous_user_id": lambda name, _kind: str(uuid5(NAMESPACE_URL, str(name))),
    "get_user_email": lambda name: f"{name}@example.org",
    "get_course_from_id": lambda course_id: {"id": course_id, "display_name": "Course", "course_key": course_id},
    "get_user": lambda name: SimpleNamespace(username=name, id=1, email=""),
}
# Its modules have these by name already.
for module in [found for name, found in sys.modules.items() if name.startswith("event_routing_backends")]:
    for name, answer in ANSWERS.items():
        if hasattr(module, name):
            setattr(module, name, answer)

from event_routing_backends.management.commands.helpers.event_log_parser import parse_json_event  # noqa: E402
from event_routing_backends.processors.xapi import event_transformers  # noqa: E402, F401
from event_routing_backends.processors.xapi.registry import XApiTransformersRegistry  # noqa: E402
from event_routing_backends.processors.xapi.transformer_processor import XApiProcessor  # noqa: E402


def transformed(lines: list[str]) -> tuple[float, list[str], list[dict[str, object]]]:
    """Seconds, the lines that became statements, and these."""
    transform = XApiProcessor().transform_event
    kept: list[str] = []
    statements: list[dict[str, object]] = []
    started = time.process_time()
    for line in lines:
        try:
            if found := transform(parse_json_event(line)):
                kept.append(line)
                statements += found
        except Exception:  # noqa: S112 - what it cannot transform does not count against it
            continue
    return time.process_time() - started, kept, statements


def main() -> None:
    with Path(sys.argv[1]).open(encoding="utf-8") as log:
        known = [line for line in log if (parse_json_event(line) or {}).get("name") in XApiTransformersRegistry.mapping]
    _warm, kept, _ = transformed(known)
    seconds, kept, statements = transformed(kept)
    Path(sys.argv[2]).write_text("".join(kept), encoding="utf-8")
    if len(sys.argv) > 3:
        Path(sys.argv[3]).write_text("".join(f"{json.dumps(each)}\n" for each in statements), encoding="utf-8")
    print(seconds, len(kept))


if __name__ == "__main__":
    main()
