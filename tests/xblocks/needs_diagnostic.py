"""What the tests of the needs diagnostic share: opening it, answering, reading its page."""

from __future__ import annotations

import re
from typing import Any

from smartpd_analytics.api import load_instrument
from smartpd_xblocks.needs_diagnostic_block import NeedsDiagnosticBlock

from tests.xblocks.runtime import Reply, Site

INSTRUMENT = load_instrument("digcompedu_selfassessment")
VERSION = INSTRUMENT.version


def open_block(site: Site, role: str = "learner", **options: Any) -> NeedsDiagnosticBlock:
    return site.open(NeedsDiagnosticBlock, role=role, **options)


def page(site: Site, role: str = "learner", view: str = "student_view", **options: Any) -> str:
    return open_block(site, role, **options).render(view, {}).content


def give(site: Site, item: str, option: str, *, role: str = "learner", version: str = VERSION, **more: Any) -> Reply:
    data = {"item": item, "option": option, "version": version, **more}
    return site.post(open_block(site, role), "save_answer", data)


def call(site: Site, handler: str, *, role: str = "learner", **data: Any) -> Reply:
    return site.post(open_block(site, role), handler, {"version": VERSION, **data})


def fill(site: Site, option: str = "2") -> None:
    for item in INSTRUMENT.items:
        assert give(site, item.id, option).status == 200


def chosen(html: str) -> dict[str, str]:
    """Item id -> option id of the radio buttons that are on."""
    return dict(re.findall(r'name="\w+-(i\d_\d)" value="(\d)" checked', html))
