"""A small site for block tests: it behaves as the LMS and Studio were measured to behave.

Nothing here is of one block: ``Site`` keeps settings, learners' state and published events in
memory; ``open`` gives a block as somebody sees it; ``post`` calls a handler as the platform does, with
a save after it even where it failed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from django.utils import translation
from opaque_keys.edx.keys import CourseKey, UsageKey
from webob import Request
from xblock.core import XBlockMixin
from xblock.fields import ScopeIds
from xblock.reference.user_service import UserService, XBlockUser
from xblock.runtime import KeyValueStore, KvsFieldData, MemoryIdManager, NullI18nService, Runtime

COURSE = "course-v1:SmartPD+DC101+demo"

#: Who may open a block. ``masquerade`` is staff looking as the learner: the platform shows that learner's account.
ROLES = ("learner", "other_learner", "not_enrolled", "anonymous", "staff", "masquerade", "author", "stranger", "sdk")
_USER_IDS = {
    "learner": 7,
    "masquerade": 7,
    "other_learner": 8,
    "not_enrolled": 9,
    "staff": 3,
    "author": 3,
    "stranger": 9,
}
_IN_STUDIO = ("author", "stranger")


@dataclass(frozen=True)
class Reply:
    """A handler's answer."""

    status: int
    json: Any
    text: str = ""

    @property
    def error(self) -> str:
        return self.json["error"]


class StoreDown(Exception):
    """The database does not take the block's state."""


class Store(KeyValueStore):
    """Keeps values as JSON text, so nothing is shared with the block that wrote it."""

    def __init__(self, texts: dict[tuple[Any, ...], str] | None = None) -> None:
        self.texts: dict[tuple[Any, ...], str] = {} if texts is None else texts
        self.down = False

    @staticmethod
    def _at(key: Any) -> tuple[Any, ...]:
        return (key.scope.user.name, key.scope.block.name, key.user_id, str(key.block_scope_id), key.field_name)

    def get(self, key: Any) -> Any:
        return json.loads(self.texts[self._at(key)])

    def set(self, key: Any, value: Any) -> None:
        if self.down:
            raise StoreDown(key.field_name)
        self.texts[self._at(key)] = json.dumps(value)

    def set_many(self, update_dict: Mapping[Any, Any]) -> None:
        for key, value in update_dict.items():
            self.set(key, value)

    def delete(self, key: Any) -> None:
        del self.texts[self._at(key)]

    def has(self, key: Any) -> bool:
        return self._at(key) in self.texts


class ReadOnce(KeyValueStore):
    """The fields as they were when the block was opened; what is written goes through."""

    def __init__(self, store: Store) -> None:
        self.store, self.read = store, Store(dict(store.texts))

    def get(self, key: Any) -> Any:
        return self.read.get(key)

    def has(self, key: Any) -> bool:
        return self.read.has(key)

    def set(self, key: Any, value: Any) -> None:
        self.store.set(key, value)

    def set_many(self, update_dict: Mapping[Any, Any]) -> None:
        self.store.set_many(update_dict)

    def delete(self, key: Any) -> None:
        self.store.delete(key)


class Users(UserService):
    def __init__(self, role: str, lang: str) -> None:
        super().__init__()
        self.role, self.lang = role, lang

    def get_current_user(self) -> XBlockUser:
        user = XBlockUser(is_current_user=True)
        if self.role == "sdk":
            user.opt_attrs["xblock-workbench.user_id"] = "student_1"
            return user
        signed_in = self.role != "anonymous"
        user.opt_attrs["edx-platform.is_authenticated"] = signed_in
        if signed_in:
            user.opt_attrs |= {
                "edx-platform.user_id": _USER_IDS[self.role],
                "edx-platform.username": self.role,
                # In Studio's preview nobody is staff, as measured.
                "edx-platform.user_is_staff": self.role == "staff",
                "edx-platform.user_role": "student",
                "edx-platform.user_preferences": {"pref-lang": self.lang},
            }
        return user


class Enrolments:
    """Takes opaque keys and integer ids only, as the platform's does."""

    def get_active_enrollments_by_course_and_user(self, course_id: Any, user_id: Any) -> Any:
        assert isinstance(course_id, CourseKey), course_id
        assert isinstance(user_id, int), user_id
        return SimpleNamespace(is_active=True) if user_id in (7, 8) else None


class Permissions:
    def __init__(self, role: str) -> None:
        self.role = role

    def can_write(self, course_key: Any) -> bool:
        assert isinstance(course_key, CourseKey), course_key
        return self.role == "author"


class PlatformMixin(XBlockMixin):  # type: ignore[misc]
    """What LMS and Studio mix into every block: it comes before whatever of ours is below ``XBlockMixin``."""

    has_score = False
    show_in_read_only_mode = False
    always_recalculate_grades = False
    icon_class = "other"


class SiteRuntime(Runtime):
    def __init__(self, site: Site, services: Mapping[str, Any]) -> None:
        ids = MemoryIdManager()
        super().__init__(ids, ids, services=dict(services), mixins=(PlatformMixin,))
        self.site = site

    def handler_url(
        self, block: Any, handler_name: str, suffix: str = "", query: str = "", thirdparty: bool = False
    ) -> str:
        return f"/handler/{handler_name}"

    def resource_url(self, resource: str) -> str:
        return f"/resource/{resource}"

    def local_resource_url(self, block: Any, uri: str) -> str:
        block.unmixed_class.open_local_resource(uri).close()
        return f"/static/{uri}"

    def publish(self, block: Any, event_type: str, event_data: Any) -> None:
        self.site.events.append((event_type, json.loads(json.dumps(event_data))))


@dataclass
class Site:
    """One site: what is set, what learners have stored, what was published."""

    store: Store = field(default_factory=Store)
    events: list[tuple[str, Any]] = field(default_factory=list)
    #: Services that this site lacks, and others that it has besides.
    without: Iterable[str] = ()
    services: Mapping[str, Any] = field(default_factory=dict)
    #: As in the LMS, a learner's fields are read when the block is opened and never again.
    caching: bool = False

    def open(
        self,
        block_class: type,
        *,
        role: str = "learner",
        name: str = "one",
        lang: str = "en",
        settings: Mapping[str, Any] | None = None,
    ) -> Any:
        """The block ``name`` as ``role`` sees it; ``settings`` are stored first, as an author would."""
        assert role in ROLES, role
        block_type = getattr(block_class, "BLOCK_TYPE", block_class.__name__.lower())
        usage = f"block-v1:SmartPD+DC101+demo+type@{block_type}+block@{name}"
        usage_id: Any = f"scenario.{block_type}.d0.u0" if role == "sdk" else UsageKey.from_string(usage)
        store = ReadOnce(self.store) if self.caching else self.store
        services = {
            **self.services,
            "field-data": KvsFieldData(store),
            "user": Users(role, lang),
            "i18n": NullI18nService(),
        }
        if role in _IN_STUDIO:
            services["studio_user_permissions"] = Permissions(role)
        elif role != "sdk":
            services["enrollments"] = Enrolments()
        for missing in self.without:
            services[missing] = None
        runtime = SiteRuntime(self, services)
        user_id = None if role == "anonymous" else _USER_IDS.get(role, "student_1")
        block = runtime.construct_xblock_from_class(block_class, ScopeIds(user_id, block_type, usage_id, usage_id))
        for setting, value in (settings or {}).items():
            setattr(block, setting, value)
        block.save()
        return block

    def post(self, block: Any, handler: str, data: Any, *, method: str = "POST") -> Reply:
        """Calls a handler with JSON, and saves the block after it whatever came of it, as the platform does."""
        body = data if isinstance(data, bytes) else json.dumps(data).encode()
        request = Request.blank("/", method=method, body=body)
        response = block.runtime.handle(block, handler, request)
        text = response.body.decode()
        is_json = text and response.content_type == "application/json"
        return Reply(response.status_code, json.loads(text) if is_json else None, text)

    def stored(self, role: str = "learner") -> dict[str, Any]:
        """What is stored for a learner, by field."""
        return {at[-1]: json.loads(text) for at, text in self.store.texts.items() if at[2] == _USER_IDS[role]}


@contextmanager
def speaking(lang: str) -> Any:
    """The language that the platform has made active for this request."""
    with translation.override(lang):
        yield
