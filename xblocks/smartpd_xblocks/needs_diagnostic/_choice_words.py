"""What stands on the screens beside questions and levels: tests that adapt, questionnaires, consent, goals."""

from __future__ import annotations

from ..messages import mark as _
from ..messages import mark_plural as ngettext

__all__ = ["CHOICE_SCRIPT_WORDS", "CHOICE_WORDS", "COUNTED_WORDS"]

CHOICE_WORDS: dict[str, str] = {
    # adaptive tests
    "adaptive_count": _("Questions: at most {total}, fewer if your level shows sooner"),
    "adaptive_intro": _(
        "This test shows what you know. Some questions are easy, some hard for nearly "
        "everybody. Answer by yourself, without looking anything up: the better the result shows what you know today, "
        "the better the course can say what to learn next."
    ),
    "adaptive_note": _(
        "Each question is chosen by your answers before it. So there is one question on a screen, and an answer that "
        "you have given can no longer be changed. You can stop and go on later at the same question."
    ),
    "adaptive_left": _("Answered: {answered} of at most {most}"),
    "adaptive_step": _("Question {number} of at most {most}"),
    "adaptive_next": _("Give this answer and go on"),
    "adaptive_share": _("Estimated for the whole test: {percent}% (likely {low} to {high}%)"),
    "adaptive_asked": _("Questions asked: {answered}. Learners get different ones; the estimate allows for that."),
    "adaptive_progress": _("Questions answered"),
    "area_questions": _("Questions"),
    "not_yet": _("The result of a test appears when the test is finished."),
    # items
    "optional": _("You may leave this out."),
    "some": _("Choose up to {most}."),
    "several_free": _("You may choose several."),
    "number_range": _("A number from {least} to {most}"),
    "text_most": _("At most {most} characters"),
    "purpose_survey": _(
        "Your answers help to fit the course to you. There is no right or wrong, and nobody grades them."
    ),
    # motivation
    "motivation_whole": _("Your motivation altogether: {percent}%"),
    "motivation_note": _(
        "0% is the lowest possible answer everywhere, 100% the highest. It is a picture of today, not a grade; "
        "differences of a few points between two scales say nothing."
    ),
    "motivation_strongest": _("Strongest: {scale}"),
    "motivation_weakest": _("Weakest: {scale}"),
    "motivation_picture": _("Your motivation by scale"),
    "motivation_table": _("Motivation by scale"),
    "motivation_scale": _("Scale"),
    "motivation_answers": _("Mean answer"),
    "motivation_mean": _("{mean} of {most}"),
    # needs
    "needs_said": _("What you have told"),
    "needs_changes": _("What it changes"),
    "needs_areas": _(
        "You want to get better in: {areas}. Units on it come sooner, and needs there are marked where goals are set."
    ),
    "needs_connection": _("Your connection is not always good: videos are recommended later than texts and tasks."),
    "needs_sitting": _("What takes longer than you can study without a break is recommended a little later."),
    "needs_nothing": _("Nothing is changed by it yet. You can change your answers at any time by answering again."),
    "needs_private": _("only you see this"),
    "needs_wished": _("your wish"),
    "whole_changed": _("Altogether: {before}% before, {after}% now"),
    "earlier_share": _("{day}: {percent}%"),
    "earlier_test": _("{day}: {level}, {percent}%"),
    "earlier_done": _("{day}: answered"),
    # consent
    "consent": _("What may be done with your answers?"),
    "consent_text": _(
        "You decide, for each purpose by itself. You can refuse everything: you can still answer, see your own result "
        "and take the course like everybody else. You can change your mind at any time on this page."
    ),
    "consent_save": _("Save my choice and go on"),
    "consent_change": _("What may be done with my answers"),
    "consent_back": _("Back"),
    "consent_hidden": _("This learner does not want to show answers and results to the course team."),
    # goals
    "goals_offer": _("Set yourself a goal"),
    "goal_change": _("Your goal"),
    "goal_declined": _("No goal here for now"),
    "goal_aim": _("Reach {level}: {percent}% or more in this competency. Now you are at {now}%."),
    "goal_measured": _("You see whether you are there when you answer this again, and on “My development”."),
    "goal_order": _("The days are planned one goal after the other, since your hours can be spent only once."),
    "goal_hours": _("Hours a week"),
    "goal_due": _("By which day"),
    "goal_words": _("In your own words, if you like: what will you do differently in your classes?"),
    "goal_words_note": _("You see it on “My development”. The course team sees it too."),
    "goal_words_asked": _("You see it on “My development”; the course team can see it there unless you refuse."),
    "goal_take": _("Take this goal"),
    "goal_save": _("Save the change"),
    "goal_decline": _("No goal here"),
    "goal_drop": _("Give this goal up"),
}

#: Phrases with a number of things in them, one and many; ``Speaker.counted`` says them.
COUNTED_WORDS: dict[str, tuple[str, str]] = {
    "needs_hours": ngettext(
        "You can give {number} hour a week: your goals get dates that fit.",
        "You can give {number} hours a week: your goals get dates that fit.",
    ),
    "goal_hours_course": ngettext(
        "The units of this course on it, with practice, take about {number} hour.",
        "The units of this course on it, with practice, take about {number} hours.",
    ),
    "goal_hours_usual": ngettext(
        "This course has no unit on it. By a rough reckoning, a gap of {gap}% takes {number} hour of your own study.",
        "This course has no unit on it. By a rough reckoning, a gap of {gap}% takes {number} hours of your own study.",
    ),
}

CHOICE_SCRIPT_WORDS: dict[str, str] = {
    "choose": _("Choose an answer first."),
    "most": _("Choose at most {most}."),
    "range": _("Give a number from {least} to {most}. It is not saved yet."),
    "goal_taken": _("Saved. You find your goal on “My development”."),
    "goal_left": _("Saved: no goal here."),
    "consent_saved": _("Your choice is saved."),
}
