"""What stands in Studio's editor of questions, in English; its script gets it in the author's language."""

from __future__ import annotations

from ..messages import mark as _

__all__ = ["EDITOR_WORDS"]

EDITOR_WORDS: dict[str, str] = {
    # which questionnaire
    "facts": _("Questions: {items}. Time: about {minutes} min. Version {version}."),
    "adapt": _("Adapt these questions"),
    "adapt_note": _(
        "You get a copy of the questions for this block: change wordings, leave questions out, add your own. What the "
        "site offers stays as it is."
    ),
    "empty": _("Begin with an empty questionnaire"),
    "empty_kind": _("What it is"),
    "kind_self_assessment": _("Self-assessment: what one usually does"),
    "kind_knowledge_test": _("Knowledge test: what one knows"),
    "kind_needs_survey": _("Survey: circumstances, wishes and goals, not scored"),
    "kind_motivation": _("Motivation: what moves one"),
    "empty_framework": _("Competency framework"),
    "begin": _("Begin"),
    "import": _("Import a file"),
    "import_note": _(
        "A table (CSV) takes the place of the questions, a file (JSON or YAML) of the whole questionnaire."
    ),
    "imported": _("Imported: {count} questions. Nothing is saved yet: look through them, then save."),
    "not_utf8": _("This file is no text in UTF-8. In Excel choose “CSV UTF-8” when saving it."),
    "own": _("This block asks its own questions: “{title}”, version {number}."),
    "own_compare": _(
        "To compare results before and after, both blocks have to ask the same file: save these questions as a file "
        "(JSON) and import it in the other block. Questions that are adapted in each block apart count as two "
        "questionnaires and are not compared."
    ),
    "own_new": _("This block will ask its own questions once you save."),
    "edit": _("Edit the questions"),
    "fold": _("Close the editor"),
    "preview": _("Preview"),
    "preview_lang": _("Language of the preview"),
    "preview_close": _("Close the preview"),
    "export_csv": _("Save as a table (CSV)"),
    "export_json": _("Save as a file (JSON)"),
    "drop": _("Use the site’s questionnaire again"),
    "dropped": _("Once you save, the site’s questionnaire is asked again. Undo brings your questions back."),
    "undo": _("Undo"),
    "undone": _("Taken back."),
    "loading": _("Loading…"),
    "failed": _("That did not work. Check your connection and try again."),
    "draft": _("Questions that you did not save are kept in this window."),
    "draft_take": _("Bring them back"),
    "draft_drop": _("Throw them away"),
    # what has been answered
    "answered": _(
        "Learners who have answered this version: {count}. What you change becomes a new version. Their results stay "
        "as they are, and who has begun goes on with the version they began with."
    ),
    "answered_unknown": _(
        "Whether learners have answered this version cannot be told here, so what you change becomes a new version; "
        "results of the old one are kept."
    ),
    "answered_other": _(
        "Learners who have answered here so far: {count}. Their results are kept, but they are asked the new questions "
        "from the beginning if they have not finished."
    ),
    "same_meaning": _(
        "Only wording was put right and every question means the same: keep the version, so that results before and "
        "after can be compared."
    ),
    # head
    "head": _("Title, time and levels"),
    "title": _("Title"),
    "intro": _("Introduction"),
    "minutes": _("Minutes it takes"),
    "points_total": _("Points altogether: {points}"),
    "cuts": _("From how many points each level begins"),
    "cut": _("{level} from"),
    "spread": _("Spread evenly"),
    "scales": _("Scales"),
    "scale_add": _("Add a scale"),
    "scale_delete": _("Delete the scale “{title}”"),
    "sets": _("Answer scales that several questions share"),
    "set_add": _("Add an answer scale"),
    "set_name": _("Answer scale {name}"),
    "languages": _("Fill empty translations"),
    "languages_note": _("Where words are missing in a language, those of another are copied, so that you can go on."),
    "filled": _("Filled: {count}. Look through them: copied words are not translated yet."),
    # items
    "items": _("Questions"),
    "items_note": _(
        "Learners see the questions area by area, in this order within an area. Move a question by its arrows, by "
        "Alt + arrow keys, or by dragging its number."
    ),
    "find": _("Find a question"),
    "found": _("Shown: {count} of {total}"),
    "none": _("No question yet."),
    "asked": _("asked: {count}"),
    "add": _("Add a question"),
    "add_in": _("Add a question to “{area}”"),
    "no_text": _("(no words yet)"),
    "off": _("switched off"),
    "wrong": _("to be put right"),
    "up": _("Move up"),
    "down": _("Move down"),
    "copy": _("Make a copy"),
    "switch_off": _("Switch off"),
    "switch_on": _("Switch on"),
    "delete": _("Delete"),
    "item_of": _("{action}: question {number}"),
    "moved": _("Now {place} of {total} in “{area}”."),
    "deleted": _("Question deleted. Undo brings it back."),
    "added": _("Question added."),
    "delete_answered": _("This question has been answered: it is switched off. Once more deletes it."),
    # one item
    "home": _("Competence"),
    "scale": _("Scale"),
    "type": _("How it is answered"),
    "type_choice": _("one answer"),
    "type_rating": _("a step of a scale"),
    "type_multiple": _("several answers"),
    "type_order": _("put in order"),
    "type_number": _("a number"),
    "type_text": _("own words"),
    "level": _("Level it is meant for"),
    "no_level": _("not said"),
    "text": _("Question"),
    "more": _("Case, hint, further settings"),
    "scenario": _("Case before the question"),
    "help": _("Hint below the question"),
    "options": _("Answers"),
    "options_order": _("Lines in the right order; learners see them mixed"),
    "options_from": _("Answers from"),
    "options_own": _("this question’s own"),
    "option": _("Answer {number}"),
    "option_add": _("Add an answer"),
    "option_delete": _("Delete answer {number}"),
    "option_up": _("Move answer {number} up"),
    "option_down": _("Move answer {number} down"),
    "points": _("Points"),
    "right": _("right"),
    "exclusive": _("excludes the others"),
    "worth": _("Points for all right"),
    "scoring": _("Points"),
    "scoring_all_or_nothing": _("all or nothing"),
    "scoring_partial": _("also in part"),
    "reverse": _("Worded the other way round: points count from the other end"),
    "required": _("Must be answered"),
    "least": _("Least"),
    "most": _("Most"),
    "id": _("Id (answers refer to it)"),
    "irt": _("For adaptive tests"),
    "discrimination": _("Discrimination"),
    "difficulty": _("Difficulty"),
    "guessing": _("Guessing"),
    "provisional": _("Set by judgement, not estimated from answers"),
    # targets
    "targets_open": _("Set targets for single competences"),
    "target_default": _("as above"),
    "no_targets": _("This questionnaire has no levels, so there are no targets."),
    "role_add": _("Add a role"),
    "role": _("Role {number}"),
    "role_name": _("Name of the role"),
    "role_level": _("Target level of the role"),
    "role_delete": _("Delete this role"),
    "role_none": _("No roles: everybody has the same targets."),
}
