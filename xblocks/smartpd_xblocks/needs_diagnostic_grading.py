"""The needs diagnostic as the platform grades it: by nothing, by having answered, or by the score; and until when.

The platform reads ``graded`` off every block as "counts in the grading policy, yes or no" (``grades/transformer.py``),
so the choice of ours is called ``graded_by``. A score goes to the platform raw; the platform itself applies ``weight``,
and hands an override of the course team back divided by it: what counts of a score is its share.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from smartpd_analytics.api import InputError, framework_of, say_day
from xblock.exceptions import JsonHandlerError
from xblock.fields import Float, Integer, Scope, String
from xblock.scorable import ScorableXBlockMixin, Score

from . import needs_diagnostic
from .messages import Message
from .messages import mark as _
from .needs_diagnostic import GRADED_BY, Attempt
from .shared import language, usage_key

__all__ = ["NeedsDiagnosticGrading"]

log = logging.getLogger(__name__)


def _choices(block: Any) -> list[dict[str, str]]:
    return [{"value": key, "display_name": block.ugettext(name)} for key, name in GRADED_BY.items()]


def _numbers(block: Any) -> list[dict[str, str]]:
    """A choice of numbers of attempts, the one that is set or inherited among them."""
    numbers = sorted({1, 2, 3, 5, 10} | ({block.max_attempts} if block.max_attempts else set()))
    any_number = {"value": "", "display_name": block.ugettext(_("Any number"))}
    return [any_number, *({"value": str(one), "display_name": str(one)} for one in numbers)]


class NeedsDiagnosticGrading(ScorableXBlockMixin):  # type: ignore[misc]
    """Grades, number of attempts and closing of ``NeedsDiagnosticBlock``.

    ``due`` and ``graceperiod`` are the platform's: inherited from the subsection, an extension of one learner included.
    """

    graded_by = String(
        display_name=_("Graded"),
        help=_(
            "What brings points. Grade the result of knowledge tests only: whoever gets points for a self-assessment "
            "rates themselves higher. A subsection counts towards the course grade only if it is graded as well."
        ),
        default="nothing",
        scope=Scope.settings,
        values_provider=_choices,
    )
    weight = Float(
        display_name=_("Points"),
        help=_("The most that this questionnaire can bring, where it is graded."),
        default=1.0,
        values={"min": 0, "step": 0.1},
        scope=Scope.settings,
    )
    max_attempts = Integer(
        display_name=_("Maximum attempts"),
        help=_("How many times a learner may answer the whole questionnaire. The best attempt is graded."),
        default=None,
        values_provider=_numbers,
        scope=Scope.settings,
    )
    raw_earned = Float(default=0.0, scope=Scope.user_state, help="Points of the graded attempt, before the weight.")
    raw_possible = Float(default=0.0, scope=Scope.user_state, help="Their maximum; 0 while nothing is graded.")

    #: What the course team may set of it.
    grading_fields = ("graded_by", "weight", "max_attempts")

    # --- what the platform asks ---------------------------------------------------------------

    @property
    def has_score(self) -> bool:
        """Whether this block counts; asked of the class it is true, for it may."""
        return str(self.graded_by) in ("completion", "score")

    def max_score(self) -> float | None:
        """The raw maximum, without a learner; None where nothing is graded or the questionnaire is missing."""
        if not self.has_score:
            return None
        if self.graded_by == "completion":
            return 1.0
        try:
            return float(self.find_questionnaire(self.questionnaire_id).max_points)
        except InputError:
            return None

    def allows_rescore(self) -> bool:
        """Answers can be scored again at any time, as long as something is graded."""
        return self.has_score

    def has_submitted_answer(self) -> bool:
        """Whether the learner has finished at least once."""
        return any(True for _attempt in self._finished())

    def get_score(self) -> Score:
        """The score as it is kept."""
        return Score(self.raw_earned, self.raw_possible)

    def set_score(self, score: Score) -> None:
        """Keeps a score: one that was calculated, or the course team's own."""
        self.raw_earned, self.raw_possible = float(score.raw_earned), float(score.raw_possible)

    def calculate_score(self) -> Score:
        """The best finished attempt by what it brings; what is kept where no attempt can be scored any more."""
        found = [score for attempt in self._finished() if (score := self._score_of(attempt)) is not None]
        return max(found, key=_share, default=self.get_score())

    def publish_grade(self) -> None:
        """Tells the platform the score that is kept."""
        self._publish_grade(self.get_score(), only_if_higher=False)

    def rescore(self, only_if_higher: bool | None = False) -> None:
        """As the platform's rescoring asks for it: calculated anew, kept and told.

        Raises:
            TypeError: nothing is graded here.
            ValueError: the learner has not finished yet.
        """
        if not self.allows_rescore():
            raise TypeError(self.ugettext(_("This questionnaire is not graded, so there is no score.")))
        if not self.has_submitted_answer():
            raise ValueError(self.ugettext(_("The learner has not finished this questionnaire yet.")))
        score = self.calculate_score()
        if only_if_higher and _share(score) < _share(self.get_score()):
            return
        self.set_score(score)
        self.publish_grade()

    # --- in the learner's turn ----------------------------------------------------------------

    def grade_finished(self) -> None:
        """Scores what has just been finished and tells the platform, in the transaction that saves it.

        A better score is never taken back, nor is one that the course team has set.
        """
        if not self.has_score:
            return
        score = self.calculate_score()
        if self.raw_possible and _share(score) <= _share(self.get_score()):
            return
        self.set_score(score)
        # Saved first, told then: the platform's own row of the score must not overtake the state.
        self.save()
        self.publish_grade()

    def refuse_if_closed(self) -> None:
        """Raises:
        JsonHandlerError: 403, with when it closed. The page keeps on the device what it could not send.
        """
        if closed := self.closed_words():
            raise JsonHandlerError(403, closed)

    def refuse_another_attempt(self) -> None:
        """Raises:
        JsonHandlerError: 403, when it is closed or all attempts are used.
        """
        self.refuse_if_closed()
        if not self.attempts_left():
            words = self.ugettext(_("You have used all attempts ({count}). Your results are kept."))
            raise JsonHandlerError(403, words.format(count=self.max_attempts))

    # --- what a page says ---------------------------------------------------------------------

    def attempts_left(self) -> bool:
        """Whether the learner may begin once more after the present attempt."""
        return self.max_attempts is None or len(self.earlier) + 1 < self.max_attempts

    def again_until(self, attempt: Attempt) -> datetime | None:
        """Until when ``attempt``, which has begun, may be followed by another: None for any time.

        A moment that is past where it is the last one: when it began.
        """
        used = attempt.number - needs_diagnostic.attempts_gone({"team_act": self.team_act})
        if self.max_attempts is not None and used >= self.max_attempts:
            return datetime.fromisoformat(attempt.started)
        return self._closes()

    def closed_words(self) -> str:
        """When answering ended, as a sentence; ``""`` while it is open."""
        closes = self._closes()
        if closes is None or self._clock() <= closes:
            return ""
        words = self.ugettext(_("Answering ended on {moment}. Everything you have answered until then is kept."))
        return words.format(moment=self._moment(closes))

    def grading_facts(self) -> list[str]:
        """What a learner should know before starting: what is graded, how often, until when."""
        closes = self._closes()
        points = f"{self.max_score() or 0 if self.weight is None else self.weight:g}"
        facts = {
            "completion": _("Graded: answering everything brings {points} points, whatever you answer."),
            "score": _("Graded: your result brings up to {points} points."),
        }
        found = [self.ugettext(facts[self.graded_by]).format(points=points)] if self.has_score else []
        if self.max_attempts is not None:
            words = _("Attempts: at most {count}. The best one counts.") if self.has_score else _("Attempts: {count}")
            found.append(self.ugettext(words).format(count=self.max_attempts))
        if closes is not None:
            found.append(self.ugettext(_("Open until {moment}")).format(moment=self._moment(closes)))
        return found

    def grading_problems(self, settings: Any) -> Iterator[Message]:
        """What is wrong with these settings, for the form in Studio."""
        return needs_diagnostic.grading_problems(
            graded_by=settings.graded_by,
            weight=settings.weight,
            max_attempts=settings.max_attempts,
            instrument=self.chosen_questionnaire(settings),
        )

    # --- inside -------------------------------------------------------------------------------

    def _clock(self) -> datetime:
        return datetime.now(UTC)

    def _closes(self) -> datetime | None:
        due, grace = getattr(self, "due", None), getattr(self, "graceperiod", None)
        if due is None:
            return None
        # The platform's dates are in UTC; one without a zone is meant so.
        aware = due if due.tzinfo else due.replace(tzinfo=UTC)
        return aware + grace if grace else aware

    def _moment(self, moment: datetime) -> str:
        """A moment by the learner's own clock where the platform knows it, else by the site's."""
        users: Any = self.runtime.service(self, "user") if self.service_declaration("user") else None
        known: Mapping[str, str] = {}
        if users is not None:
            known = users.get_current_user().opt_attrs.get("edx-platform.user_preferences") or {}
        try:
            zone: Any = ZoneInfo(known["time_zone"])
        except (TypeError, ValueError, OSError, KeyError):
            zone = timezone.get_current_timezone()
        local = moment.astimezone(zone)
        return f"{say_day(local.date(), language(self))}, {local:%H:%M} ({zone})"

    def _finished(self) -> Iterator[Attempt]:
        """The learner's finished attempts, the oldest first."""
        for kept in self.earlier:
            if kept.get("completed"):
                yield Attempt(
                    instrument_id=kept.get("instrument", ""),
                    version=kept.get("version", ""),
                    answers=kept.get("answers", {}),
                    asked=tuple(kept.get("asked") or ()),
                    completed=kept["completed"],
                )
        now = self._attempt()
        if now.completed:
            yield now

    def _score_of(self, attempt: Attempt) -> Score | None:
        """What one finished attempt brings; None where its questionnaire cannot be scored any more."""
        if self.graded_by == "completion":
            return Score(1.0, 1.0)
        try:
            instrument = self.find_questionnaire(attempt.instrument_id, attempt.version)
            framework = framework_of(instrument)
        except InputError as problem:
            log.warning("Needs diagnostic %s: an attempt cannot be scored: %s", usage_key(self), problem)
            return None
        score = needs_diagnostic.score_of(attempt, instrument, framework)
        # Of an adaptive test the share of all points that its ability makes likely.
        earned = score.points if score.ability is None else (score.share or 0.0) * score.max_points
        return Score(float(earned), float(score.max_points)) if score.max_points else None


def _share(score: Score) -> float:
    return score.raw_earned / score.raw_possible if score.raw_possible else 0.0
