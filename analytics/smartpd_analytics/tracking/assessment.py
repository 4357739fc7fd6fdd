"""Open response assessment, drag and drop, peer instruction and timed exams: acts and numbers, never answers.

``attempt`` counts submissions where the line has it. What peers and staff give is in parts of a rubric; the grade
comes as ``edx.grades.problem.submitted``.
"""

from __future__ import annotations

from collections.abc import Mapping

from smartpd_analytics.tracking._record import Record
from smartpd_analytics.tracking._subject import learner_named
from smartpd_analytics.tracking._values import identifier, integer
from smartpd_analytics.tracking.entry import SERVER, EventType, Fields, Skip


def _on_block(record: Record) -> Fields:
    return Fields(record.module_key)


def _submission(record: Record) -> Fields:
    return Fields(record.module_key, attempt=integer(record.event.get("attempt_number")))


def _assessed(record: Record) -> Fields:
    kind = identifier(record.event.get("score_type"))
    return Fields(record.module_key, payload={"score_type": kind} if kind else {})


def _exam(record: Record) -> Fields:
    # Proctors and staff end attempts as well.
    return Fields(
        record.usage_key(record.event.get("exam_content_id")),
        learner=learner_named(record, record.event.get("attempt_user_id")),
    )


def _allowance(record: Record) -> Fields:
    learner = integer(record.event.get("allowance_user_id"))
    return Fields(
        record.usage_key(record.event.get("exam_content_id")),
        payload={} if learner is None else {"learner_id": learner},
    )


_WORK = EventType("problem", _on_block, SERVER)
_ASSESSED = EventType("problem", _assessed, SERVER)
_BY_STAFF = EventType("staff", _on_block, SERVER)
_DRAGGED = Skip("companion")

EVENT_TYPES: Mapping[str, EventType | Skip] = {
    "openassessmentblock.create_submission": EventType("problem", _submission, SERVER),
    "openassessmentblock.get_peer_submission": _WORK,
    "openassessmentblock.get_submission_for_staff_grading": _BY_STAFF,
    "openassessmentblock.peer_assess": _ASSESSED,
    "openassessmentblock.save_submission": _WORK,
    "openassessmentblock.self_assess": _ASSESSED,
    "openassessmentblock.staff_assess": EventType("staff", _assessed, SERVER),
    "openassessmentblock.submit_feedback_on_assessments": _WORK,
    "openassessment.student_training_assess_example": _WORK,
    "openassessment.upload_file": _WORK,
    "edx.drag_and_drop_v2.item.dropped": _WORK,
    "edx.drag_and_drop_v2.item.picked_up": _DRAGGED,
    "edx.drag_and_drop_v2.loaded": _DRAGGED,
    "edx.drag_and_drop_v2.feedback.opened": _DRAGGED,
    "edx.drag_and_drop_v2.feedback.closed": _DRAGGED,
    "ubc.peer_instruction.accessed": _WORK,
    "ubc.peer_instruction.original_submitted": _WORK,
    "ubc.peer_instruction.revised_submitted": _WORK,
    **{
        f"edx.special_exam.{kind}.attempt.{act}": EventType("problem", _exam)
        for kind in ("timed", "proctored", "practice_proctored")
        for act in ("created", "started", "submitted")
    },
    "edx.special_exam.timed.allowance.created": EventType("staff", _allowance),
    "edx.special_exam.timed.allowance.deleted": EventType("staff", _allowance),
}
