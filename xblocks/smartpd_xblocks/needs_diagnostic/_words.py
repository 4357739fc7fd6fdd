"""What stands on the screens, in English; the block says it in the reader's language.

Numbers stand after a colon ("Answered: 7 of 22") where no language needs plural forms then, else in ``COUNTED_WORDS``.
"""

from __future__ import annotations

from ..messages import mark as _
from ._choice_words import CHOICE_SCRIPT_WORDS, CHOICE_WORDS, COUNTED_WORDS

__all__ = ["COUNTED_WORDS", "PHASES", "SCREEN_WORDS", "SCRIPT_WORDS"]

#: Phase -> its name for the course team.
PHASES: dict[str, str] = {
    "entry": _("Before the course (entry)"),
    "interim": _("During the course (interim)"),
    "exit": _("After the course (exit)"),
}

#: Words of the templates, by the name under which a template uses them.
SCREEN_WORDS: dict[str, str] = {
    "purpose": _("Your answers show where you stand and which parts of the course help you most. Nobody grades them."),
    "purpose_graded": _("Your answers show where you stand and which parts of the course help you most."),
    "about": _("What this questionnaire is for"),
    "count": _("Questions: {total}"),
    "minutes": _("Time: about {minutes} min"),
    "pause": _("Every answer is saved at once. You can stop at any time and go on later, on any device."),
    "guess_open": _("First guess your own level (if you like)"),
    "guess": _("Which level do you expect to have?"),
    "guess_note": _("A guess, only for yourself: afterwards you see how close it was. You may leave it out."),
    "role": _("Your role"),
    "role_note": _("Your result is compared with the targets of this role."),
    "role_none": _("none of these"),
    "start": _("Start"),
    "resume": _("Go on"),
    "read": _("Read the questions"),
    "so_far": _("Show my result"),
    "noscript": _(
        "You can read all questions here. To save answers, this page needs JavaScript: "
        "switch it on in your browser and reload the page."
    ),
    "answered": _("Answered: {answered} of {total}"),
    "all": _("You have answered all questions. Now finish, and see your result."),
    "check": _("Look through my answers"),
    "left": _("Answered: {answered} of {total}. Time left: about {minutes} min"),
    "step": _("Part {number} of {steps}"),
    "several": _("Several answers can be right: choose all of them."),
    "order": _("Give each line its place: 1 comes first."),
    "place": _("Place"),
    "back": _("Previous part"),
    "next": _("Next part"),
    "finish": _("Finish and see my result"),
    "changed": _(
        "The questionnaire has changed since you last answered. Your earlier answers are kept in your history; "
        "please answer the new version."
    ),
    "reload": _("Reload the page"),
    "broken": _("This questionnaire is not available at the moment. Please tell your course team."),
    "broken_staff": _("For the course team: {problem}. Open this block in Studio and choose another questionnaire."),
    "result": _("Your result"),
    "result_so_far": _("Your result so far"),
    "level": _("Your level: {level}"),
    "band": _("Allowing for the error of measurement: {level}"),
    "band_between": _("Allowing for the error of measurement: between {low} and {high}"),
    "guess_same": _("You expected {guess}: just what came out."),
    "guess_higher": _("You expected {guess}: you think more of yourself than your answers show."),
    "guess_lower": _("You expected {guess}: your answers show more than you expected."),
    "points": _("Points: {points} of {max_points} ({percent}%)"),
    "target": _("Target of this course: {target} (from {percent}%)"),
    "level_open": _("Your level appears when every question is answered."),
    "nothing": _("No question is answered yet."),
    "indicative": _("The level of an area rests on a few questions only: take it as a hint, not as a measurement."),
    "overall": _("Your overall level is more dependable."),
    "reached_below": _("On the whole the target is reached. Areas that are still below it: {count}"),
    "answers_alone": _("This is what your answers alone say. “My development” adds what you do in the course."),
    "picture": _("Areas of competence"),
    "picture_text": _("Share of points in each area, with the target. The same figures are in the table."),
    "table": _("Result by area"),
    "area": _("Area"),
    "question": _("Question"),
    "answer": _("Answer"),
    "area_points": _("Points"),
    "area_share": _("Share"),
    "area_level": _("Level (indicative)"),
    "area_gap": _("To the target"),
    "to_go": _("{gap}% to go"),
    "of": _("{points} of {max_points}"),
    "open_area": _("{points} (answered: {answered} of {total})"),
    "none": _("not answered"),
    "reached": _("reached"),
    "comparison": _("Before and after"),
    "last_time": _("Last time and now"),
    "last_time_note": _(
        "You have answered the same questionnaire again. A difference may also come from answering twice: what you "
        "have gained shows when you answer it at the end of the course."
    ),
    "earlier": _("Your earlier results"),
    "earlier_line": _("{day}: {level}, {points} of {max_points} points"),
    "before": _("Before ({day})"),
    "after": _("Now"),
    "change": _("Change"),
    "whole": _("Altogether"),
    "points_up": _("+{change} points"),
    "points_down": _("−{change} points"),
    "points_same": _("no change"),
    "clear": _("{change}, clear"),
    "unclear": _("{change}, within the error of measurement"),
    "most": _("You have gained most in “{area}”."),
    "nothing_gained": _("In no area is the result higher than before."),
    "level_change": _("Level: {before} before, {after} now"),
    "points_note": _(
        "Points are percentage points of the maximum. “Clear” means: more than chance in answering would explain."
    ),
    "csv": _("Save as a table (CSV)"),
    "print": _("Print"),
    "gaps": _("Where you can gain most"),
    "no_unit": _("This course has no unit for it. Ask the course team what could help."),
    "caution": _(
        "All answers are the same, or they came faster than the questions can be read. If that is right, all is well; "
        "if it was done in a hurry, answer again: the result can only be as good as the answers."
    ),
    "gap": _("You are at {percent}%; the target is {gap}% away."),
    "reached_together": _(
        "Together with your work in the course and your other results it is already reached: see “My development”."
    ),
    "no_gaps": _("You have reached the target in every competency that you have answered."),
    "next_steps": _("What to do next"),
    "action_minutes": _("about {minutes} min"),
    "action_first": _("First: {title}"),
    "no_steps": _("There is nothing to recommend right now. Go on with the course."),
    "development": _("Open “My development”"),
    "hidden": _("Thank you, your answers are saved. Your course team will talk over the result with you."),
    "back_to_questions": _("Back to the questions"),
    "see_answers": _("See my answers"),
    "answers_read": _("These are your answers, to read only: the questionnaire is finished."),
    "retake": _("Answer again"),
    "retake_sure": _(
        "You start with empty answers and cannot come back to these. This result stays in your history, and your level "
        "stays as it is until you have finished again."
    ),
    "retake_yes": _("Start with empty answers"),
    "cancel": _("Cancel"),
    "report_attempt": _("Attempt"),
    "report_finished": _("Finished (UTC)"),
    "report_version": _("Questionnaire and version"),
    "read_only": _("You can read everything here."),
    "author_instrument": _("Questionnaire: {title} ({id}, version {version})"),
    "author_phase": _("Phase: {phase}"),
    "author_target": _("Target level: {target}"),
    "author_preview": _("All questions"),
    "author_fix": _("Learners cannot answer until this is put right:"),
    **CHOICE_WORDS,
}

#: Words of the script, which it gets as arguments.
SCRIPT_WORDS: dict[str, str] = {
    "all": _("You have answered all questions. Now finish, and see your result."),
    "start": _("Start"),
    "saving": _("Saving…"),
    "saved": _("Saved"),
    "kept": _("Not yet saved"),
    "waiting": _("Not yet saved. Your answer is kept on this device and is sent again by itself."),
    "answered": _("Answered: {answered} of {total}"),
    "left": _("Answered: {answered} of {total}. Time left: about {minutes} min"),
    "refused": _("The site did not accept this. You may have been signed out: sign in and open this page again."),
    "failed": _("That did not work. Check your connection and try again."),
    "caught_up": _("The connection is back and everything is saved. Now finish, and see your result."),
    "unsaved": _("Some answers are not saved yet. They are sent as soon as the connection is back; then try again."),
    "open": _("Questions still open: {count}. The first of them is shown."),
    "storage": _("Not yet saved. Keep this page open: your answer is sent again by itself."),
    **CHOICE_SCRIPT_WORDS,
}
