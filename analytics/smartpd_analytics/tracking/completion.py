"""Completion of blocks: ``earned`` is the part completed, ``possible`` is 1.0."""

from __future__ import annotations

from collections.abc import Mapping

from smartpd_analytics.tracking._payload import PayloadFields
from smartpd_analytics.tracking._record import Record
from smartpd_analytics.tracking._subject import learner_named
from smartpd_analytics.tracking._values import number
from smartpd_analytics.tracking.entry import SERVER, EventType, Fields, Skip

_COMPLETION = PayloadFields("user_id", "block_id", "completion")


def _completion(record: Record) -> Fields:
    sent = record.sent(_COMPLETION)
    share = number(sent.completion)
    return Fields(
        record.usage_key(sent.block_id) or record.module_key,
        earned=share,
        possible=None if share is None else 1.0,
        learner=learner_named(record, sent.user_id),
    )


def _done(record: Record) -> Fields:
    done = record.event.get("done")
    if not isinstance(done, bool):
        return Fields(record.module_key)
    return Fields(record.module_key, earned=float(done), possible=1.0)


EVENT_TYPES: Mapping[str, EventType | Skip] = {
    "edx.completion.block_completion.changed": EventType("completion", _completion, SERVER),
    # Logged by the browser as well; only the server's line names the block.
    "edx.done.toggled": EventType("completion", _done, SERVER),
}
