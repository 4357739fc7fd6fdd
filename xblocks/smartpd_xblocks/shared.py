"""What every block needs from the runtime it happens to run in, in one place.

Three runtimes count: the LMS and Studio (opaque keys, many services), libraries v2 (no course) and
the SDK's workbench (plain string ids, few services).
"""

from __future__ import annotations

import gettext as gettext_module
from collections.abc import Iterable, Mapping
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.template import Context, Engine
from opaque_keys import InvalidKeyError
from opaque_keys.edx.keys import UsageKey
from web_fragments.fragment import Fragment

__all__ = [
    "SERVICES",
    "CommonSettings",
    "add_resources",
    "course_key",
    "course_locator",
    "html_id",
    "language",
    "publish",
    "render",
    "storage_key",
    "translate",
    "usage_key",
]

#: What our blocks ask of the runtime, by ``@XBlock.wants``; each copes without any of them.
SERVICES = ("user", "i18n", "enrollments", "studio_user_permissions", "user_state")

_HERE = Path(__file__).parent
_TEMPLATES = _HERE / "templates"
_TRANSLATIONS = _HERE / "translations"


class CommonSettings:
    """What the platform reads off the class of each of our blocks."""

    #: Without it the platform publishes every file of the package that is no Python.
    resources_dir = "assets"
    icon_class = "problem"
    has_score = False
    has_author_view = True
    show_in_read_only_mode = True


# --- where am I -------------------------------------------------------------------------------


def _usage(block: Any) -> Any:
    """The opaque usage key without branch and version, or None where the runtime uses other ids."""
    usage_id = block.scope_ids.usage_id
    if isinstance(usage_id, str):
        try:
            usage_id = UsageKey.from_string(usage_id)
        except InvalidKeyError:
            return None
    if not isinstance(usage_id, UsageKey):
        return None
    for_branch = getattr(usage_id, "for_branch", None)
    return for_branch(None).version_agnostic() if for_branch else usage_id


def usage_key(block: Any) -> str:
    """The block's usage key as a string, without branch and version; the SDK's own id in its workbench."""
    key = _usage(block)
    return str(block.scope_ids.usage_id if key is None else key)


def course_locator(block: Any) -> Any:
    """The opaque key of the course or library that holds the block, or None in the bare workbench."""
    key = _usage(block)
    if key is not None:
        # Not runtime.course_id: libraries v2 lack it and the platform has deprecated it.
        return key.context_key
    return None


def course_key(block: Any) -> str:
    """The course key as a string; ``""`` outside a course (a library, the bare workbench)."""
    locator = course_locator(block)
    if locator is None or not locator.is_course or hasattr(locator, "library"):
        return ""
    return str(locator)


def html_id(block: Any) -> str:
    """A prefix for ids in the page: several blocks of one kind may stand in one unit."""
    return "sd" + sha256(usage_key(block).encode()).hexdigest()[:8]


def storage_key(block: Any, learner: Any) -> str:
    """Where a page keeps on the device what is not saved yet; one for each block and person.

    Hashed: another person at the same device must not read who was here.

    Args:
        learner: a ``guard.Learner``, or None where nobody is signed in.
    """
    who = f"{learner.user_id}/{learner.username}" if learner else ""
    return "smartpd:" + sha256(f"{usage_key(block)}|{who}".encode()).hexdigest()[:24]


# --- words ------------------------------------------------------------------------------------


def language(block: Any) -> str:
    """The language of the person who looks (``"uz"``, ``"ru"``, ``"pt-br"``); ``"en"`` where none is known."""
    from django.utils.translation import get_language

    active = get_language()
    if active:
        return active
    users = block.runtime.service(block, "user") if block.service_declaration("user") else None
    preferences = users.get_current_user().opt_attrs.get("edx-platform.user_preferences") if users else None
    return (preferences or {}).get("pref-lang") or "en"


@lru_cache(maxsize=32)
def _catalogue(lang: str) -> gettext_module.NullTranslations:
    base, _dash, region = lang.replace("_", "-").partition("-")
    names = [f"{base}_{region.upper()}", base] if region else [base]
    return gettext_module.translation("text", str(_TRANSLATIONS), names, fallback=True)


def translate(block: Any, msgid: str) -> str:
    """``msgid`` in the language of the person who looks.

    A catalogue that the site pulled for this block comes first, then ours; last the service's
    general catalogue, which knows our words only by coincidence.
    """
    if not msgid:
        return ""
    service: Any = block.runtime.service(block, "i18n") if block.service_declaration("i18n") else None
    own = isinstance(getattr(service, "translator", None), gettext_module.GNUTranslations)
    if own:
        words = str(service.gettext(msgid))
        if words != msgid:
            return words
    words = _catalogue(language(block)).gettext(msgid)
    if words != msgid or service is None or own:
        return words
    return str(service.gettext(msgid))


def translate_plural(block: Any, one: str, many: str, count: int) -> str:
    """``one`` or ``many`` in the form that ``count`` has in the language of the person who looks, as ``translate``."""
    service: Any = block.runtime.service(block, "i18n") if block.service_declaration("i18n") else None
    if isinstance(getattr(service, "translator", None), gettext_module.GNUTranslations):
        words = str(service.ngettext(one, many, count))
        if words not in (one, many):
            return words
    return _catalogue(language(block)).ngettext(one, many, count)


# --- pages ------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _engine() -> Engine:
    # Engine caches compiled templates; no template tags of ours, no {% trans %}: words come from Python.
    return Engine(
        loaders=[
            ("django.template.loaders.cached.Loader", [("django.template.loaders.filesystem.Loader", [_TEMPLATES])])
        ]
    )


def render(template_name: str, context: Mapping[str, Any]) -> str:
    """``templates/<template_name>`` with ``context``, escaped; numbers as Python writes them."""
    return str(_engine().get_template(template_name).render(Context(dict(context), use_l10n=False)))


def add_resources(
    block: Any,
    fragment: Fragment,
    *,
    css: Iterable[str] = (),
    js: Iterable[str] = (),
    init: str = "",
    args: Mapping[str, Any] | None = None,
) -> Fragment:
    """Adds the shared stylesheet and script, then files below ``assets/public/`` and the script's start.

    Args:
        css, js: paths such as ``"needs_diagnostic/needs_diagnostic.js"``.
        init: name of the global JavaScript function ``(runtime, element, args)``, or ``""``.
        args: what it gets as ``args``; JSON.
    """
    for path in ("shared/smartpd.css", *css):
        fragment.add_css_url(block.runtime.local_resource_url(block, f"public/{path}"))
    for path in ("shared/page.js", *js) if init else ():
        fragment.add_javascript_url(block.runtime.local_resource_url(block, f"public/{path}"))
    if init:
        fragment.initialize_js(init, dict(args or {}))
    return fragment


# --- what is told -----------------------------------------------------------------------------


def publish(block: Any, name: str, payload: Mapping[str, Any]) -> None:
    """A server event in the tracking log; ``usage_key`` is added, since only handlers have it in their context."""
    block.runtime.publish(block, name, {"usage_key": usage_key(block), **payload})
