"""Texts and problems of the demo course: what ``html`` and ``problem`` are on the platform, as far as it needs.

They carry their words in three languages, where the platform would have a course in each. Their
events are the platform's, so the log that the demo writes reads like one of a running LMS.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import Any

from django.template.loader import render_to_string
from django.templatetags.static import static
from web_fragments.fragment import Fragment
from xblock.core import XBlock
from xblock.exceptions import JsonHandlerError
from xblock.fields import Boolean, Dict, Float, Integer, List, Scope, String

from .words import in_language, words

__all__ = ["DEMO_BLOCKS", "DemoProblem", "DemoText"]


class _DemoBlock(XBlock):
    display_name = String(scope=Scope.settings, default="")
    title = Dict(scope=Scope.settings)

    def _fragment(self, template: str, context: Mapping[str, Any], script: str) -> Fragment:
        fragment = Fragment(render_to_string(template, {"block": self, **context}))
        fragment.add_javascript_url(static("demo/blocks.js"))
        fragment.initialize_js(script)
        return fragment

    def _signed_in(self) -> None:
        if not self.runtime.service(self, "user").get_current_user().opt_attrs["edx-platform.is_authenticated"]:
            raise JsonHandlerError(401, words("sign_in_first"))


@XBlock.needs("user")
class DemoText(_DemoBlock):
    """A reading, complete once it has been on screen for a few seconds, as on the platform."""

    text = Dict(scope=Scope.content, help="language -> HTML")

    def student_view(self, context: Any = None) -> Fragment:
        return self._fragment("demo/text.html", {"text": in_language(self.text)}, "DemoText")

    @XBlock.json_handler
    def publish_completion(self, data: Any, suffix: str = "") -> dict[str, Any]:
        self._signed_in()
        self.runtime.publish(self, "completion", {"completion": 1.0})
        return {"result": "ok"}


@XBlock.needs("user")
class DemoProblem(_DemoBlock):
    """One question, by choice or by number, with feedback. Attempts are not limited."""

    has_score = True

    kind = String(scope=Scope.content, default="choice", values=["choice", "number"])
    question = Dict(scope=Scope.content, help="language -> text")
    options = List(scope=Scope.content, help="for a choice: {correct, text, feedback}")
    answer = Float(scope=Scope.content, help="for a number")
    feedback = Dict(scope=Scope.content, help="for a number: right and wrong, each language -> text")

    attempts = Integer(scope=Scope.user_state, default=0)
    given = String(scope=Scope.user_state, default="", help="the last answer: choice_0 …, or a number as typed")
    solved = Boolean(scope=Scope.user_state, default=False, help="whether the last answer was right")
    shown = Boolean(scope=Scope.user_state, default=False)

    # --- view ---

    def student_view(self, context: Any = None) -> Fragment:
        return self._fragment("demo/problem.html", self._state(), "DemoProblem")

    def _state(self) -> dict[str, Any]:
        choices = [
            {"id": f"choice_{number}", "text": in_language(option["text"]), "correct": option.get("correct", False)}
            for number, option in enumerate(self.options)
        ]
        return {
            "input": self._input,
            "question": in_language(self.question),
            "choices": choices,
            "given": self.given,
            "attempts": self.attempts,
            "solved": self.solved,
            "feedback": self._feedback() if self.attempts else "",
            "right_answer": self._right_answer() if self.shown else "",
        }

    # --- handlers: the platform's problem has one, and tells by the suffix ---

    @XBlock.json_handler
    def xmodule_handler(self, data: Any, suffix: str = "") -> dict[str, Any]:
        self._signed_in()
        if suffix == "problem_check":
            self._check(self._readable(data))
        elif suffix == "problem_show" and self.attempts:
            self.shown = True
            self.runtime.publish(self, "showanswer", {"problem_id": str(self.scope_ids.usage_id)})
        else:
            raise JsonHandlerError(404, words("cannot_do_that"))
        state = self._state()
        return {name: state[name] for name in ("attempts", "solved", "feedback", "right_answer")}

    def _readable(self, data: Any) -> str:
        """The answer as it is kept.

        Raises:
            JsonHandlerError: 400, no choice of this problem, or no number; nothing is counted.
        """
        given = data.get("answer") if isinstance(data, dict) else None
        given = given.strip() if isinstance(given, str) else ""
        if self.kind == "number":
            if _number(given) is None:
                raise JsonHandlerError(400, words("answer_is_a_number"))
        elif given not in {f"choice_{number}" for number in range(len(self.options))}:
            raise JsonHandlerError(400, words("answer_is_a_choice"))
        return given

    def _check(self, given: str) -> None:
        before = self._capa_state()
        self.given = given
        self.attempts += 1
        self.solved = self._is_right(given)
        grade = int(self.solved)
        self.runtime.publish(self, "grade", {"value": grade, "max_value": 1})
        self.runtime.publish(
            self,
            "problem_check",
            {
                "state": before,
                "problem_id": str(self.scope_ids.usage_id),
                "answers": {self._input: given},
                "grade": grade,
                "max_grade": 1,
                "correct_map": self._correct_map(),
                "success": "correct" if self.solved else "incorrect",
                "attempts": self.attempts,
                "submission": {
                    self._input: {
                        "question": self.question["en"],
                        "answer": self._as_text(given),
                        "response_type": f"{'multiplechoice' if self.kind == 'choice' else 'numerical'}response",
                        "input_type": "choicegroup" if self.kind == "choice" else "formulaequationinput",
                        "correct": self.solved,
                        "variant": "",
                        "group_label": "",
                    }
                },
            },
        )

    # --- what is right ---

    def _is_right(self, given: str) -> bool:
        if self.kind == "number":
            return _number(given) == self.answer
        return bool(self.options[int(given.removeprefix("choice_"))].get("correct"))

    def _feedback(self) -> str:
        if self.kind == "number":
            return in_language(self.feedback["right" if self.solved else "wrong"])
        return in_language(self.options[int(self.given.removeprefix("choice_"))]["feedback"])

    def _right_answer(self) -> str:
        if self.kind == "number":
            return f"{self.answer:g}"
        return next(in_language(option["text"]) for option in self.options if option.get("correct"))

    def _as_text(self, given: str) -> str:
        return given if self.kind == "number" else self.options[int(given.removeprefix("choice_"))]["text"]["en"]

    # --- the platform's names for all this ---

    @property
    def _input(self) -> str:
        return f"{self.scope_ids.usage_id.block_id}_2_1"

    def _correct_map(self) -> dict[str, Any]:
        if not self.attempts:
            return {}
        entry = {
            "correctness": "correct" if self.solved else "incorrect",
            "npoints": None,
            "msg": "",
            "hint": "",
            "hintmode": None,
            "queuestate": None,
            "answervariable": None,
        }
        return {self._input: entry}

    def _capa_state(self) -> dict[str, Any]:
        return {
            "seed": 1,
            "student_answers": {self._input: self.given} if self.attempts else {},
            "has_saved_answers": False,
            "correct_map": self._correct_map(),
            "correct_map_history": [],
            "input_state": {self._input: {}},
            "done": self.attempts > 0,
        }


def _number(text: str) -> float | None:
    """A number as people type it: a comma or a point, a per cent sign or none."""
    try:
        number = float(text.removesuffix("%").strip().replace(",", "."))
    except ValueError:
        return None
    return number if isfinite(number) else None


#: Block type -> class, before the types that are installed.
DEMO_BLOCKS: dict[str, type[XBlock]] = {"html": DemoText, "problem": DemoProblem}
