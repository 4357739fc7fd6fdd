"""One learner's writes to a block, one after the other; see decision 0014.

Two tabs or devices may send at the same moment. The platform reads a block's state before its handler
starts and keeps it for the request, so each would add its own change to the same old state and the
later save would undo the earlier one. In a turn a request waits for the learner's other requests,
reads the state anew, and saves before the next one goes on.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

from xblock.exceptions import JsonHandlerError
from xblock.fields import Scope

from . import plugin
from .guard import Learner
from .shared import translate, usage_key

__all__ = ["turn"]

log = logging.getLogger(__name__)


@contextmanager
def turn(block: Any, learner: Learner, *, not_saved: str) -> Iterator[Any]:
    """The learner's turn: alone, on what is stored now, all or nothing.

    The body decides on the block's fields as they are inside, sets them by new values (never changing one
    in place) and writes to the plugin; fields and rows are saved together at its end. It gets the
    plugin's door, or None where this learner has no place there. Events are published after it.

    The block declares ``user_state`` by ``@XBlock.wants``.

    Args:
        not_saved: what the learner hears when something below fails, translated.

    Raises:
        JsonHandlerError: what the body raised to refuse, nothing being saved; 503 with ``not_saved``
            whatever failed, and the page tries again.
    """
    door = plugin.door() if learner.user_id and learner.course_key else None
    try:
        with _alone(learner, door):
            _read_anew(block, learner)
            with _kept_whole(block):
                yield door
                block.save()
    except JsonHandlerError:
        raise
    except Exception as problem:
        log.exception("%s: a learner's change could not be saved", usage_key(block))
        raise JsonHandlerError(503, translate(block, not_saved)) from problem


def _alone(learner: Learner, door: Any) -> AbstractContextManager[Any]:
    """A transaction that holds the learner's row: the plugin's, without the plugin the account's own."""
    if door is not None:
        held: AbstractContextManager[Any] = door.learner_turn(learner.user_id, learner.course_key)
        return held
    # The bare workbench has no accounts, so nothing to lock and nobody to wait for.
    return _account_locked(learner) if learner.user_id else nullcontext()


@contextmanager
def _account_locked(learner: Learner) -> Iterator[None]:
    from django.contrib.auth import get_user_model
    from django.db import transaction

    with transaction.atomic():
        get_user_model()._default_manager.select_for_update().filter(pk=learner.user_id).exists()
        yield


def _read_anew(block: Any, learner: Learner) -> None:
    """Gives the learner's fields the values that are stored now, past what was read before the lock."""
    stored = _stored(block, learner)
    for name, field in block.fields.items():
        if field.scope != Scope.user_state:
            continue
        value = field.from_json(stored[name]) if name in stored else field.default
        if value != getattr(block, name):
            setattr(block, name, value)
    # XBlock has no public way to say: this is what is stored, nothing here is to be saved.
    block._clear_dirty_fields()


def _stored(block: Any, learner: Learner) -> Mapping[str, Any]:
    """The learner's fields as JSON, from the database where the runtime has a way around its cache.

    The LMS has one, its service ``user_state``. Elsewhere (libraries v2, the bare workbench) the block's
    own field data is asked again, which is as fresh as that runtime makes it.
    """
    states = block.runtime.service(block, "user_state") if block.service_declaration("user_state") else None
    if states is not None and learner.username:
        try:
            return dict(states.get_state_as_dict(learner.username, block.scope_ids.usage_id))
        except TypeError:
            # The platform's row of a learner who has opened the block and saved nothing holds no JSON.
            return {}
    data = block._field_data
    return {
        name: data.get(block, name)
        for name, field in block.fields.items()
        if field.scope == Scope.user_state and data.has(block, name)
    }


@contextmanager
def _kept_whole(block: Any) -> Iterator[None]:
    """On any error the learner's fields get their values back and count as unchanged.

    The platform saves a block's changed fields even after its handler has failed.
    """
    before = {name: getattr(block, name) for name, field in block.fields.items() if field.scope == Scope.user_state}
    try:
        yield
    except BaseException:
        for name, value in before.items():
            if getattr(block, name) is not value:
                setattr(block, name, value)
        block._clear_dirty_fields()
        raise
