"""The draft and the versions that came of it: plain JSON in the learner's state, typed in here.

The draft carries a revision number that every change raises. A save names the revision it was made
from; a save from an older one is refused, so that a forgotten tab never overwrites newer text unseen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ._form import PART_IDS

#: Older versions than these are dropped, so that a learner's state stays small.
KEPT_SUBMISSIONS = 20


@dataclass(frozen=True, slots=True)
class Draft:
    """``revision`` 0 is the draft nobody has written yet; ``saved_at`` is ISO 8601 in UTC, or ``""``."""

    revision: int = 0
    texts: Mapping[str, str] = field(default_factory=dict)
    saved_at: str = ""


@dataclass(frozen=True, slots=True)
class Submission:
    """``version`` counts from 1 and goes on counting when old versions are dropped."""

    version: int
    submitted_at: str
    texts: Mapping[str, str]


class StaleDraft(Exception):
    """The save was made from an older revision than ``draft``, and says something else."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        super().__init__(f"the draft is at revision {draft.revision}")


def read_draft(*, texts: object, revision: object, saved_at: object) -> Draft:
    given = texts if isinstance(texts, Mapping) else {}
    return Draft(
        revision=revision if isinstance(revision, int) and revision > 0 else 0,
        texts={part: given[part] if isinstance(given.get(part), str) else "" for part in PART_IDS},
        saved_at=saved_at if isinstance(saved_at, str) else "",
    )


def save_draft(draft: Draft, texts: Mapping[str, str], *, base: int, now: str) -> Draft:
    """The draft after a save made from revision ``base``.

    The same texts again change nothing, whatever their base: an answer that got lost on the way makes
    the page send them twice.

    Raises:
        StaleDraft: the draft has been changed since ``base``.
    """
    if dict(texts) == dict(draft.texts) and draft.revision:
        return draft
    if base != draft.revision:
        raise StaleDraft(draft)
    return Draft(revision=draft.revision + 1, texts=dict(texts), saved_at=now)


def read_submissions(data: object) -> tuple[Submission, ...]:
    """The kept versions, oldest first; what is no version is passed over."""
    found = []
    for entry in data if isinstance(data, list) else []:
        if isinstance(entry, Mapping) and isinstance(entry.get("version"), int):
            texts = entry.get("texts")
            given = texts if isinstance(texts, Mapping) else {}
            found.append(
                Submission(
                    version=entry["version"],
                    submitted_at=str(entry.get("submitted_at") or ""),
                    texts={part: str(given.get(part) or "") for part in PART_IDS},
                )
            )
    return tuple(sorted(found, key=lambda submission: submission.version))


def write_submissions(submissions: Iterable[Submission]) -> list[dict[str, Any]]:
    return [
        {"version": entry.version, "submitted_at": entry.submitted_at, "texts": dict(entry.texts)}
        for entry in submissions
    ]


def latest(submissions: tuple[Submission, ...]) -> Submission | None:
    return submissions[-1] if submissions else None


def submit(submissions: tuple[Submission, ...], texts: Mapping[str, str], *, now: str) -> tuple[Submission, ...]:
    """The versions after one more; the newest ``KEPT_SUBMISSIONS`` are kept."""
    last = latest(submissions)
    version = last.version + 1 if last else 1
    return (*submissions, Submission(version, now, dict(texts)))[-KEPT_SUBMISSIONS:]
