"""The workbench's runtime, brought to what blocks meet in the LMS and in Studio."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from opaque_keys.edx.keys import UsageKey
from web_fragments.fragment import Fragment
from workbench.runtime import WorkbenchRuntime
from workbench.services import SettingsService
from xblock.exceptions import NoSuchServiceError
from xblock.fields import ScopeIds
from xblock.runtime import KvsFieldData, Runtime

from .blocks import DEMO_BLOCKS
from .keys import CourseIds
from .services import Completion, Enrolments, StudioPermissions, Users, UserStates, Words
from .store import CourseStore
from .tracking_log import log_grade, log_server_event

__all__ = ["DemoRuntime", "PlatformAttributes"]


class PlatformAttributes:
    """What the platform mixes into every block, as far as it is read here."""

    scope_ids: ScopeIds

    @property
    def location(self) -> UsageKey:
        return self.scope_ids.usage_id

    @property
    def course_id(self) -> Any:
        return self.scope_ids.usage_id.context_key

    @property
    def category(self) -> str:
        return self.scope_ids.block_type

    @property
    def due(self) -> None:
        """Nothing in the demo course has a date."""
        return None

    @property
    def display_name_with_default(self) -> str:
        return getattr(self, "display_name", None) or self.scope_ids.usage_id.block_id


class DemoRuntime(WorkbenchRuntime):
    """Runs the demo course's blocks for one request.

    Args:
        request: says who is signed in, and where events come from.
        in_studio: as Studio's editor sees blocks; otherwise as the LMS does.
    """

    def __init__(self, request: HttpRequest, *, in_studio: bool = False) -> None:
        self._request = request
        self._in_studio = in_studio
        user: Any = request.user
        self._store = CourseStore(user.pk, in_studio=in_studio)
        services: dict[str, Any] = {
            "field-data": KvsFieldData(self._store),
            "user": Users(user, in_studio=in_studio),
            "i18n": Words,
            "settings": SettingsService(),
        }
        if in_studio:
            services["studio_user_permissions"] = StudioPermissions(user)
        else:
            services |= {"enrollments": Enrolments(), "completion": Completion(request), "user_state": UserStates(user)}
        # Past the workbench's own constructor, which brings its users, ids and store.
        Runtime.__init__(self, CourseIds(), None, mixins=(PlatformAttributes,), services=services)

    # --- blocks ---

    def get_block(self, usage_id: Any, for_parent: Any = None) -> Any:
        key = self.id_reader.get_definition_id(usage_id)
        ids = ScopeIds(self._request.user.pk, key.block_type, key, key)
        self._store.read_ahead(key)
        return self.construct_xblock(key.block_type, ids, for_parent=for_parent)

    def load_block_type(self, block_type: str) -> Any:
        return DEMO_BLOCKS.get(block_type) or super().load_block_type(block_type)

    def service(self, block: Any, service_name: str) -> Any:
        declared = block.service_declaration(service_name)
        if declared is None:
            raise NoSuchServiceError(f"Service {service_name!r} was not requested.")
        found = self._services.get(service_name)
        if found is None and declared == "need":
            raise NoSuchServiceError(f"Service {service_name!r} is not available.")
        return found(block) if found is Words else found

    def applicable_aside_types(self, block: Any) -> list[str]:
        return []

    def _patch_xblock(self, block: Any) -> None:
        """Leaves blocks alone: the workbench gives them a due date of now and a made-up course."""

    # --- views ---

    def render(self, block: Any, view_name: str, context: Any = None) -> Fragment:
        return Runtime.render(self, block, view_name, context)

    def wrap_xblock(self, block: Any, view: str, frag: Fragment, context: Any) -> Fragment:
        """The element that the script of the page starts, with the platform's classes and data attributes."""
        block_type = block.scope_ids.block_type
        data = {
            "usage-id": str(block.scope_ids.usage_id),
            "course-id": str(block.scope_ids.usage_id.context_key),
            "block-type": block_type,
            "handlers": self._handlers(block),
        }
        if frag.js_init_fn:
            data |= {"init": frag.js_init_fn, "runtime-version": str(frag.js_init_version)}
        attributes = mark_safe("".join(format_html(' data-{}="{}"', *pair) for pair in data.items()))  # noqa: S308
        wrapped = Fragment()
        wrapped.add_content(
            format_html(
                '<div class="xblock xblock-{} xblock-{}-{}"{}>{}{}</div>',
                view,
                view,
                block_type,
                attributes,
                mark_safe(frag.body_html()),  # noqa: S308  what the block rendered, escaped by it
                _arguments(frag.json_init_args),
            )
        )
        wrapped.add_fragment_resources(frag)
        return wrapped

    # --- addresses ---

    def _handlers(self, block: Any) -> str:
        """Where the block's handlers stand: their addresses without the handler's name."""
        name = "studio_handler" if self._in_studio else "xblock_handler"
        key = block.scope_ids.usage_id
        return reverse(name, args=(str(key.context_key), str(key), "x")).removesuffix("x")

    def handler_url(
        self, block: Any, handler_name: str, suffix: str = "", query: str = "", thirdparty: bool = False
    ) -> str:
        if getattr(block.__class__, handler_name, None) is None:
            raise ValueError(f"{handler_name!r} is not a function name")
        url = self._handlers(block) + handler_name + (f"/{suffix}" if suffix else "")
        # Studio's end so; a script that adds its own question mark would break there.
        return f"{url}/?{query}" if self._in_studio else f"{url}?{query}" if query else url

    def local_resource_url(self, block: Any, uri: str) -> str:
        return reverse("xblock_resource", args=(block.scope_ids.block_type, uri))

    # --- events ---

    def publish(self, block: Any, event_type: str, event_data: Mapping[str, Any]) -> None:
        """A grade and a completion as the platform takes them; any other event to the tracking log."""
        if self._in_studio:
            return
        if event_type == "grade":
            log_grade(self._request, block, event_data["value"], event_data["max_value"])
            if not getattr(block, "has_custom_completion", False):
                Completion(self._request).submit_completion(block, 1.0)
        elif event_type == "completion":
            Completion(self._request).submit_completion(block, event_data["completion"])
        else:
            log_server_event(self._request, event_type, event_data, block)


def _arguments(arguments: Any) -> str:
    if arguments is None:
        return ""
    text = json.dumps(arguments, ensure_ascii=False).replace("<", "\\u003c").replace("&", "\\u0026")
    return format_html(
        '<script type="json/xblock-args" class="xblock-json-init-args">{}</script>',
        mark_safe(text),  # noqa: S308  nothing in it can close the element
    )
