"""Where fields of blocks live: authored ones in the course's files, edits and learners' fields in the database.

The workbench's own store reads and writes a row without any lock, so two requests at once lose
fields or make the row twice. Here a write locks the account first and merges field by field.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Collection, Mapping
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from opaque_keys.edx.keys import UsageKey
from workbench.models import XBlockState, shorten_scope_name
from xblock.exceptions import InvalidScopeError
from xblock.fields import Scope, UserScope
from xblock.runtime import KeyValueStore

from .course import COURSE_KEY, load_course
from .models import BlockCompletion

__all__ = ["CourseStore", "LearnerStates", "block_series", "learner_state"]

Row = tuple[str, str, str]


class CourseStore(KeyValueStore):
    """The fields that one account sees in one request.

    Args:
        account_id: id of the signed-in account, or None.
        in_studio: authored fields can be written and learners' fields are dropped, as in Studio;
            otherwise the other way round, as in the LMS.
    """

    def __init__(self, account_id: int | None, *, in_studio: bool = False) -> None:
        self._account_id = account_id
        self._in_studio = in_studio
        self._read: dict[Row, dict[str, Any]] = {}

    # --- reading ---

    def read_ahead(self, usage_key: Any) -> None:
        """Reads what is stored of a block now, for the whole request, as the LMS does before a handler."""
        mine = "" if self._account_id is None or self._in_studio else str(self._account_id)
        rows = [
            _row(KeyValueStore.Key(Scope.settings, None, usage_key, "")),
            _row(KeyValueStore.Key(Scope.content, None, usage_key, "")),
            *([_row(KeyValueStore.Key(Scope.user_state, self._account_id, usage_key, ""))] if mine else []),
        ]
        here = XBlockState.objects.filter(
            scope_id=str(usage_key), user_id__in={"", mine}, scenario=COURSE_KEY, tag="demo"
        )
        columns = here.order_by("-pk").values_list("scope", "scope_id", "user_id", "state")
        stored = {(scope, scope_id, user_id): state for scope, scope_id, user_id, state in columns}
        authored = load_course().block(str(usage_key))
        for row in rows:
            plan = dict(authored.fields) if authored and not row[2] else {}
            self._read[row] = {**plan, **json.loads(stored.get(row, "{}"))}

    def get(self, key: KeyValueStore.Key) -> Any:
        return copy.deepcopy(self._fields(key)[key.field_name])

    def has(self, key: KeyValueStore.Key) -> bool:
        return key.field_name in self._fields(key)

    def default(self, key: KeyValueStore.Key) -> Any:
        raise KeyError(key.field_name)

    def _fields(self, key: KeyValueStore.Key) -> Mapping[str, Any]:
        if key.scope in (Scope.parent, Scope.children):
            return {}
        row = _row(key)
        if row not in self._read:
            stored = XBlockState.objects.filter(**_columns(row)).order_by("pk").first()
            fields = json.loads(stored.state) if stored else {}
            self._read[row] = {**_authored(key), **fields}
        return self._read[row]

    # --- writing ---

    def set(self, key: KeyValueStore.Key, value: Any) -> None:
        self.set_many({key: value})

    def set_many(self, update_dict: Mapping[KeyValueStore.Key, Any]) -> None:
        self._write({key: ({key.field_name: value}, ()) for key, value in update_dict.items()})

    def delete(self, key: KeyValueStore.Key) -> None:
        if not self.has(key):
            raise KeyError(key.field_name)
        self._write({key: ({}, (key.field_name,))})

    def _write(self, changes: Mapping[KeyValueStore.Key, tuple[Mapping[str, Any], tuple[str, ...]]]) -> None:
        rows: dict[Row, tuple[dict[str, Any], list[str]]] = {}
        for key, (fields, removed) in changes.items():
            authored = key.scope.user is UserScope.NONE
            if authored and not self._in_studio:
                raise InvalidScopeError(key, [Scope.user_state, Scope.preferences, Scope.user_info])
            if not authored and (self._in_studio or self._account_id is None):
                continue
            values, gone = rows.setdefault(_row(key), ({}, []))
            values.update(fields)
            gone.extend(removed)
        if not rows:
            return
        # In a learner's turn, what fails here undoes the whole turn.
        with transaction.atomic(savepoint=False):
            # The row of the account exists before any state does, so it can be locked when the state cannot.
            get_user_model().objects.select_for_update().filter(pk=self._account_id).exists()
            for row, (values, gone) in sorted(rows.items()):
                self._merge(row, values, gone)

    def _merge(self, row: Row, values: Mapping[str, Any], gone: Collection[str]) -> None:
        # No other request of the account writes meanwhile.
        here = XBlockState.objects.filter(**_columns(row)).order_by("pk")
        pk, stored = here.values_list("pk", "state").first() or (None, "{}")
        fields = {name: value for name, value in json.loads(stored).items() if name not in gone}
        fields.update(values)
        state = json.dumps(fields, ensure_ascii=False, sort_keys=True)
        if pk is None:
            XBlockState.objects.create(**_columns(row), state=state)
        else:
            XBlockState.objects.filter(pk=pk).update(state=state)
        if row in self._read:
            self._read[row] = {
                **{name: value for name, value in self._read[row].items() if name not in gone},
                **copy.deepcopy(dict(values)),
            }


def learner_state(account_id: int, usage_key: Any) -> dict[str, Any]:
    """What one account has stored in one block, as it is now: nothing that was read before is asked."""
    block_scope = shorten_scope_name(Scope.user_state.block.attr_name)
    here = XBlockState.objects.filter(**_columns((block_scope, str(usage_key), str(account_id))))
    stored = here.order_by("pk").values_list("state", flat=True).first()
    return json.loads(stored) if stored else {}


def block_series(course_key: Any, block_type: str) -> dict[str, str]:
    """For the plugin: the name of the series of each block of one type, as ``smartpd.compat.block_series`` asks."""
    store = CourseStore(None)
    plans = [plan for _unit, plan in load_course().blocks() if plan.type == block_type]
    keys = [KeyValueStore.Key(Scope.settings, None, UsageKey.from_string(plan.key), "series") for plan in plans]
    return {str(key.block_scope_id): store.get(key) if store.has(key) else "" for key in keys}


class LearnerStates:
    """For the plugin: other learners' state of a block, as ``smartpd.compat.learner_states`` asks for it."""

    def count(self, usage_key: Any, field: str) -> int:
        return self._rows(usage_key, field).count()

    def newest(self, usage_key: Any, field: str, *, start: int, most: int) -> list[tuple[Any, dict[str, Any]]]:
        rows = list(self._rows(usage_key, field).order_by("-pk")[start : start + most])
        accounts = get_user_model().objects.in_bulk([int(row.user_id) for row in rows])
        return [(accounts[int(row.user_id)], json.loads(row.state)) for row in rows if int(row.user_id) in accounts]

    @staticmethod
    def _rows(usage_key: Any, field: str) -> Any:
        block_scope = shorten_scope_name(Scope.user_state.block.attr_name)
        here = {name: value for name, value in _columns((block_scope, str(usage_key), "")).items() if name != "user_id"}
        return XBlockState.objects.filter(state__contains=f'"{field}": [{{', **here)

    def read(self, user: Any, usage_key: Any) -> dict[str, Any]:
        return learner_state(user.pk, usage_key)

    def write(self, user: Any, usage_key: Any, fields: Mapping[str, Any]) -> None:
        store = CourseStore(user.pk)
        store.set_many(
            {KeyValueStore.Key(Scope.user_state, user.pk, usage_key, name): value for name, value in fields.items()}
        )

    def clear(self, user: Any, usage_key: Any, by: Any) -> None:
        """State and check mark; the demo keeps no scores."""
        block_scope = shorten_scope_name(Scope.user_state.block.attr_name)
        XBlockState.objects.filter(**_columns((block_scope, str(usage_key), str(user.pk)))).delete()
        BlockCompletion.objects.filter(user_id=user.pk, usage_key=str(usage_key)).delete()


def _row(key: KeyValueStore.Key) -> Row:
    """Scope of the block, its id, the learner's id; ``""`` for what belongs to nobody or everything."""
    return (shorten_scope_name(key.scope.block.attr_name), str(key.block_scope_id or ""), str(key.user_id or ""))


def _columns(row: Row) -> dict[str, Any]:
    scope, scope_id, user_id = row
    return {"scope": scope, "scope_id": scope_id, "user_id": user_id, "scenario": COURSE_KEY, "tag": "demo"}


def _authored(key: KeyValueStore.Key) -> Mapping[str, Any]:
    if key.scope.user is not UserScope.NONE:
        return {}
    plan = load_course().block(str(key.block_scope_id))
    return dict(plan.fields) if plan else {}
