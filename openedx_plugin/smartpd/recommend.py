"""From facts to what a learner is told: rules and ranking of the analytics, kept in our tables."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.conf import settings
from smartpd_analytics import api as analytics
from smartpd_analytics.api import Action, CourseMap, LearnerFacts, RuleSet

from . import models
from .checks import usable

__all__ = ["clean_text", "clean_words", "compute", "keep", "rule_title", "unsaved"]

log = logging.getLogger(__name__)

_COMPARED = (
    "rank", "kind", "target", "title", "reason", "minutes", "first", "first_title",
    "competencies", "score", "rules", "trace",
)  # fmt: skip


@lru_cache(maxsize=4)
def _rules(path: str) -> RuleSet:
    return analytics.load_rules(path or None)


@lru_cache(maxsize=4)
def _rules_by_id(path: str) -> Mapping[str, analytics.Rule]:
    return {rule.id: rule for rule in _rules(path).rules}


def rule_title(row: models.Recommendation) -> analytics.Text:
    """Title of the rule that weighed most on ``row``, as the rule file has it now; empty where none weighed on it.

    A rule that has left the file is known by the title that was kept when it fired.
    """
    if not row.rules:
        return {}
    try:
        rule = _rules_by_id(settings.SMARTPD_RULES_FILE).get(row.rules[0])
    except Exception:
        log.exception("the rules of this site cannot be read")
        rule = None
    if rule is not None:
        return rule.title
    return next((firing["title"] for firing in row.trace if firing.get("rule_id") == row.rules[0]), {})


def compute(facts: LearnerFacts, course_map: CourseMap) -> analytics.Recommendation | None:
    """The recommendation for one learner, or None where it could not be computed.

    It is computed while a learner's answer is being saved: a mistake in a site's rule file is logged and
    must not cost the answer.
    """
    try:
        rules = _rules(settings.SMARTPD_RULES_FILE)
        return analytics.recommend(facts, course_map, rules=rules, limit=usable("SMARTPD_RECOMMENDATIONS"))
    except Exception:
        log.exception("no recommendation could be computed for a learner of %s", facts.course_key)
        return None


def keep(profile: models.Profile, recommendation: analytics.Recommendation, *, now: datetime) -> None:
    """Makes ``recommendation`` the current one; what has not changed keeps its row and its ``computed_at``.

    The caller holds the lock on ``profile``.
    """
    stored = {row.rank: row for row in models.Recommendation.objects.filter(profile=profile)}
    new = []
    # Row by row and by primary key: deleting all and inserting again locks rows of other learners on MariaDB.
    for row in unsaved(profile, recommendation, now=now):
        old = stored.pop(row.rank, None)
        if old is None:
            new.append(row)
        elif _compared(old) != _compared(row):
            row.pk = old.pk
            row.save(force_update=True)
    if stored:
        models.Recommendation.objects.filter(pk__in=[row.pk for row in stored.values()]).delete()
    models.Recommendation.objects.bulk_create(new)


def unsaved(
    profile: models.Profile, recommendation: analytics.Recommendation, *, now: datetime
) -> list[models.Recommendation]:
    """``recommendation`` as rows that are not in the database; neither need ``profile`` be."""
    return [_row(profile, action, recommendation, now) for action in recommendation.actions]


def _compared(row: models.Recommendation) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in _COMPARED)


def _row(
    profile: models.Profile, action: Action, recommendation: analytics.Recommendation, now: datetime
) -> models.Recommendation:
    trace = [firing for firing in recommendation.trace if firing.target in ("", action.target)]
    return models.Recommendation(
        profile=profile,
        rank=action.rank,
        kind=action.kind,
        target=clean_text(action.target),
        title=clean_words(action.title),
        reason=clean_words(action.reason),
        minutes=action.minutes,
        first=clean_text(action.first),
        first_title=clean_words(action.first_title),
        competencies=list(action.competencies),
        # Short of the last digits, in which databases differ.
        score=round(action.score, 9),
        rules=list(action.rules),
        trace=_plain([asdict(firing) for firing in trace if not action.rules or firing.rule_id in action.rules]),
        computed_at=now,
    )


# --- words that any database takes --------------------------------------------------------------


def clean_text(text: str) -> str:
    """``text`` without what PostgreSQL and UTF-8 refuse: NUL and halves of surrogate pairs."""
    return text.replace("\0", "").encode("utf-8", "ignore").decode("utf-8")


def clean_words(words: Mapping[str, str]) -> dict[str, str]:
    """The same for each language of a ``Text``."""
    return {lang: clean_text(text) for lang, text in sorted(words.items())}


def _plain(value: Any) -> Any:
    """JSON's own types, as they come back from the database."""
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, float):
        return round(value, 9)
    return clean_text(value) if isinstance(value, str) else value
