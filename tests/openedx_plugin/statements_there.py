"""Run beside the real event-routing-backends: what its settings become with ours, in either order. Prints JSON."""

import importlib
import json
import sys
from types import SimpleNamespace

from smartpd.settings import common, production
from smartpd.tracking.events import STATEMENTS

theirs = importlib.import_module("event_routing_backends.settings.common")


def lists(*order):
    """For each list on the way to a statement, how many of our events pass it."""
    settings = SimpleNamespace(LMS_ROOT_URL="https://lms.example.org", FEATURES={}, EVENT_TRACKING_ENABLED=True)
    for apply in order:
        apply(settings)
    backend = settings.EVENT_TRACKING_BACKENDS["event_transformer"]["OPTIONS"]
    inside = {
        name: each["OPTIONS"]["processors"][0]["OPTIONS"]["whitelist"] for name, each in backend["backends"].items()
    }
    outer = backend["processors"][0]["OPTIONS"]["whitelist"]
    found = {"outer": outer, "bus": settings.EVENT_BUS_TRACKING_LOGS, **inside}
    assert all(len(each) == len(set(each)) for each in found.values())
    return {name: len(set(STATEMENTS) & set(each)) for name, each in found.items()}


json.dump(
    {
        "ours first": lists(common.plugin_settings, theirs.plugin_settings, production.plugin_settings),
        "theirs first": lists(theirs.plugin_settings, common.plugin_settings, production.plugin_settings),
        "in common alone": lists(theirs.plugin_settings, common.plugin_settings),
    },
    sys.stdout,
)
