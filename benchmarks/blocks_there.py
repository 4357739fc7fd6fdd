"""Blocks in the demo host's runtime: what each sends and how long it takes.

``python -m benchmarks.blocks_there``, in a process of its own, on a database of its own in ``SMARTPD_VAR``; peers come
from ``build/blocks``. Prints JSON: block -> ``wire`` (bytes of its first screen, gzip, with its own scripts and
styles), ``view`` and ``save`` (median of the CPU time of opening the page's block and rendering it, and of taking one
answer, in ms).
"""

from __future__ import annotations

import gzip
import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
#: After everything that is installed, so that what both need comes from the environment.
sys.path.append(str(ROOT / "build" / "blocks"))
os.environ["DJANGO_SETTINGS_MODULE"] = "demo.settings"
ROUNDS, WARM = 40, 5

import django  # noqa: E402

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import RequestFactory  # noqa: E402
from opaque_keys.edx.keys import UsageKey  # noqa: E402
from poll.poll import SurveyBlock  # noqa: E402
from sample_xblocks.thumbs.thumbs import ThumbsBlock  # noqa: E402
from smartpd import api  # noqa: E402
from smartpd_analytics.api import load_instrument, read_course_map, say  # noqa: E402
from webob import Request  # noqa: E402
from xblock.fields import ScopeIds  # noqa: E402

from demo.course import COURSE_KEY, COURSE_MAP, usage_key  # noqa: E402
from demo.people import enrol_everyone  # noqa: E402
from demo.runtime import DemoRuntime  # noqa: E402

INSTRUMENT = load_instrument("digcompedu_selfassessment")
#: The survey's questions: as many as ours has, in the same words; its answers are the same for all.
QUESTIONS = [(item.id, {"label": say(item.text, "en"), "img": None, "img_alt": None}) for item in INSTRUMENT.items]
ANSWERS = [(option.id, say(option.text, "en")) for option in INSTRUMENT.items[0].options]


def runtime() -> DemoRuntime:
    request = RequestFactory().get("/")
    request.user, request.session = get_user_model().objects.get(username="newcomer"), {}
    return DemoRuntime(request)


def needs() -> Any:
    return runtime().get_block(usage_key("smartpd_needs_diagnostic", "needs"))


def peer(kind: type, tag: str, **settings: Any) -> Callable[[], Any]:
    """Opens a block of a peer, with its settings, as the demo host opens its own."""
    key = UsageKey.from_string(f"{COURSE_KEY.replace('course-v1', 'block-v1')}+type@{tag}+block@bench")

    def opened() -> Any:
        there = runtime()
        there._store.read_ahead(key)
        ids = ScopeIds(there._request.user.pk, tag, key, key)
        block = there.construct_xblock_from_class(kind, ids)
        for name, value in settings.items():
            block._field_data_cache[name] = value
        return block

    return opened


def wire(opened: Callable[[], Any]) -> int:
    """Bytes of the page's part and of each file of the block's own, each compressed as a server does."""
    block = opened()
    fragment = block.runtime.render(block, "student_view", {})
    inline = [resource.data for resource in fragment.resources if resource.kind == "text"]
    sent = [fragment.body_html(), json.dumps(fragment.json_init_args), *inline]
    sizes = [len(gzip.compress("".join(sent).encode()))]
    for resource in fragment.resources:
        if resource.kind == "url":
            _before, _tag, uri = resource.data.partition(f"/{block.scope_ids.block_type}/")
            with block.unmixed_class.open_local_resource(uri) as stream:
                sizes.append(len(gzip.compress(stream.read())))
    return sum(sizes)


def milliseconds(work: Callable[[int], Any]) -> float:
    found = []
    for turn in range(ROUNDS + WARM):
        started = time.process_time()
        work(turn)
        found.append((time.process_time() - started) * 1_000)
    return statistics.median(found[WARM:])


def saving(opened: Callable[[], Any], handler: str, data: Callable[[int], dict[str, Any]]) -> Callable[[int], None]:
    def save(turn: int) -> None:
        block = opened()
        request = Request.blank("/", method="POST", body=json.dumps(data(turn)).encode())
        answer = block.runtime.handle(block, handler, request)
        block.save()
        assert answer.status_code == 200, answer.text

    return save


def measured(opened: Callable[[], Any], handler: str, data: Callable[[int], dict[str, Any]]) -> dict[str, float]:
    def view(_turn: int) -> None:
        block = opened()
        block.runtime.render(block, "student_view", {})

    before = {"wire": wire(opened), "view": milliseconds(view)}
    return {**before, "save": milliseconds(saving(opened, handler, data))}


def main() -> None:
    call_command("migrate", run_syncdb=True, verbosity=0, interactive=False)
    enrol_everyone()
    api.store_course_map(COURSE_KEY, read_course_map(COURSE_MAP))

    def answer(turn: int) -> dict[str, Any]:
        # All but the last question, over and over: an answer on the way, of which a learner gives the most.
        on_the_way = INSTRUMENT.items[:-1]
        item = on_the_way[turn % len(on_the_way)]
        return {"item": item.id, "option": str((turn // len(on_the_way) + turn) % 5), "version": INSTRUMENT.version}

    survey = peer(SurveyBlock, "survey", questions=QUESTIONS, answers=ANSWERS, max_submissions=0, private_results=True)
    as_shipped = peer(SurveyBlock, "survey", max_submissions=0, private_results=True)
    found = {
        "needs": measured(needs, "save_answer", answer),
        "survey": measured(survey, "vote", lambda turn: {key: str(turn % 5) for key, _question in QUESTIONS}),
        "survey_as_shipped": measured(
            as_shipped, "vote", lambda turn: dict.fromkeys(("enjoy", "recommend", "learn"), "YNM"[turn % 3])
        ),
        "sample": measured(peer(ThumbsBlock, "thumbs"), "vote", lambda _turn: {"voteType": "up"}),
    }
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
