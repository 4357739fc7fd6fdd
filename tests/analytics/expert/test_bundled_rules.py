"""Every bundled rule: one case in which it fires, one close by in which it does not, and its words."""

import re

import pytest
from smartpd_analytics.data import LANGUAGES
from smartpd_analytics.expert import FACTS, Inference, fill, infer, judge, load_rules

RULES = load_rules()
BY_ID = {rule.id: rule for rule in RULES.rules}

WORDS = {
    name: dict.fromkeys(LANGUAGES, "«T»")
    for name in ("target", "unit", "competency", "whose_target", "after", "about", "first", "first_step")
}


def facts(scope: str, **known):
    return {name: fact.default for name, fact in FACTS.items() if fact.scope == scope} | known


#: Learner rules: id -> what is concluded, facts with which it fires, the one change with which it does not.
LEARNER_CASES = {
    "low-initial-skills": (
        "low_initial_skills",
        {"competencies_estimated": 3.0, "mean_estimate": 0.2},
        {"mean_estimate": 0.23},
    ),
    "large-gap": ("large_gap", {"largest_gap": 0.3}, {"largest_gap": 0.29}),
    "fast-guessing": (
        "guesses_fast",
        {"fast_answers": 10.0, "problems_tried": 20.0, "first_try_share": 0.4},
        {"first_try_share": 0.9},
    ),
    "watching-without-answering": (
        "avoids_answering",
        {"videos_played": 10.0, "video_plays": 26.0, "problems_tried": 8.0},
        {"problems_tried": 9.0},
    ),
    "only-looking": ("avoids_answering", {"units_opened": 3.0}, {"answers": 1.0}),
    "silence": ("silent", {"days_silent": 8.0, "usual_gap": 3.0}, {"usual_gap": 7.0}),
    "long-silence": ("silent", {"days_silent": 15.0, "usual_gap": 9.0}, {"course_finished": True}),
    "stopped-in-first-week": (
        "stopped_early",
        {"has_activity": True, "days_of_activity": 4.0, "days_silent": 29.0},
        {"days_of_activity": 20.0},
    ),
    "slow-pace": ("slow_pace", {"has_pace": True, "pace": 0.4, "days_since_start": 10.0}, {"days_since_start": 3.0}),
    "answers-looked-up": ("looks_answers_up", {"answers_shown": 20.0, "problems_tried": 20.0}, {"answers_shown": 9.0}),
    "strong-learner": ("strong", {"problems_tried": 20.0, "first_try_share": 0.85}, {"first_try_share": 0.79}),
    "one-sided": ("skips_videos", {"problems_tried": 20.0, "first_try_share": 0.4}, {"videos_played": 1.0}),
}

#: Candidate rules: id -> facts about the learner, facts about the action, the one change with which it does not fire.
CANDIDATE_CASES = {
    "failed-again-and-again": ({}, {"kind": "retry", "target_failing": 2.0}, {"target_failing": 1.0}),
    "attempts-used-up": ({}, {"kind": "revisit"}, {"target_solved": True}),
    "practise-instead": ({}, {"kind": "practise", "target_instead": True}, {"target_instead": False}),
    "look-back": ({}, {"kind": "revisit", "target_solved": True, "target_days": 3.0}, {"target_days": 2.9}),
    "look-back-after-looking-up": (
        {"looks_answers_up": True},
        {"kind": "revisit", "target_solved": True, "target_shown": 1.0},
        {"target_shown": 0.0},
    ),
    "passed-over": ({"course_known": True}, {"kind": "start", "target_passed": True}, {"target_passed": False}),
    "video-before-retry": ({"skips_videos": True}, {"kind": "retry", "first_type": "video"}, {"first_type": "text"}),
    "read-before-answering": ({"guesses_fast": True}, {"kind": "read_first"}, {"kind": "retry"}),
    "answer-after-watching": (
        {"avoids_answering": True, "videos_played": 10.0},
        {"kind": "practise"},
        {"kind": "resume"},
    ),
    "answer-after-looking": ({"avoids_answering": True}, {"kind": "practise"}, {"kind": "resume"}),
    "answer-after-silence": ({"avoids_answering": True, "silent": True}, {"kind": "practise"}, {"kind": "resume"}),
    "question-left-open": ({}, {"kind": "practise", "target_seen": True}, {"target_seen": False}),
    "come-back": ({"silent": True}, {"kind": "come_back"}, {"kind": "resume"}),
    "come-back-after-long": ({"silent": True, "days_silent": 14.0}, {"kind": "come_back"}, {"kind": "resume"}),
    "come-back-after-first-week": (
        {"stopped_early": True, "answers": 3.0},
        {"kind": "come_back"},
        {"kind": "resume"},
    ),
    "not-begun": (
        {"has_activity": True, "days_since_start": 20.0},
        {"kind": "start", "target_next": True},
        {"target_next": False},
    ),
    "first-answer": ({"avoids_answering": True}, {"kind": "practise"}, {"kind": "start"}),
    "finish-what-was-begun": ({}, {"kind": "resume"}, {"kind": "start"}),
    "open-questions-left": (
        {},
        {"kind": "resume", "target_waiting": 2.0, "target_stopped": True},
        {"target_waiting": 0.0},
    ),
    "questions-passed-over": ({}, {"kind": "resume", "target_waiting": 2.0}, {"target_stopped": True}),
    "others-have-opened": ({}, {"kind": "start", "target_next": True}, {"target_next": False}),
    "next-in-course": ({"course_known": True}, {"kind": "start", "target_next": True}, {"target_next": False}),
    "after-ones-place": ({}, {"kind": "start", "target_next": True}, {"target_passed": True, "target_next": False}),
    "order-of-the-course": ({}, {"kind": "start", "target_next": True}, {"has_target_gap": True}),
    "further-on": ({}, {"kind": "start"}, {"target_next": True}),
    "unit-for-a-large-gap": ({"large_gap": True}, {"kind": "start", "target_gap": 0.3}, {"target_gap": 0.1}),
    "unit-for-a-gap": ({}, {"kind": "start", "has_target_gap": True, "target_gap": 0.03}, {"target_gap": 0.02}),
    "prepare-first": ({"low_initial_skills": True}, {"kind": "prepare"}, {"kind": "start"}),
    "opens-the-way": (
        {},
        {"kind": "start", "has_target_after": True, "target_after_gap": 0.1},
        {"target_after_gap": 0.09},
    ),
    "prepare-for-what-follows": (
        {"low_initial_skills": True},
        {"kind": "prepare", "has_target_after": True},
        {"has_target_after": False},
    ),
    "nothing-left-to-reach": ({}, {"kind": "start", "target_reached": True}, {"target_reached": False}),
    "further-than-the-target": ({"targets_reached": True}, {"kind": "stretch"}, {"kind": "start"}),
    "prerequisite-open": ({}, {"kind": "start", "target_prerequisites_open": 1.0}, {"target_prerequisites_open": 0.0}),
    "wished-area": ({}, {"kind": "start", "target_wished": True}, {"target_wished": False}),
    "video-on-a-slow-line": (
        {"slow_connection": True},
        {"kind": "start", "target_type": "video"},
        {"target_type": "text"},
    ),
    "way-of-choice": ({}, {"kind": "start", "target_mode_fits": True}, {"target_mode_fits": False}),
    "way-not-possible": ({}, {"kind": "start", "target_mode_impossible": True}, {"target_mode_impossible": False}),
    "language-of-choice": ({}, {"kind": "start", "target_language_fits": True}, {"target_language_fits": False}),
    "another-language": ({}, {"kind": "start", "target_language_other": True}, {"target_language_other": False}),
    "longer-than-a-sitting": (
        {"sitting_minutes": 15.0},
        {"kind": "start", "target_minutes": 16.0},
        {"target_minutes": 15.0},
    ),
    "level-too-high": ({}, {"kind": "start", "has_target_step": True, "target_step": 2.0}, {"target_step": 1.0}),
    "above-ones-level": ({}, {"kind": "start", "has_target_step": True, "target_step": 2.0}, {"kind": "practise"}),
    "diagnosis-missing": ({"diagnosis_total": 22.0}, {"kind": "take_diagnosis"}, {"kind": "start"}),
    "diagnosis-before-anything": ({}, {"kind": "take_diagnosis"}, {"kind": "start"}),
    "diagnosis-half-done": (
        {"diagnosis_answered": 5.0, "diagnosis_total": 22.0, "diagnosis_left": 17.0},
        {"kind": "take_diagnosis"},
        {"kind": "start"},
    ),
    "diagnosis-in-haste": (
        {"diagnosis_answered": 22.0, "diagnosis_total": 22.0, "diagnosis_hasty": True},
        {"kind": "take_diagnosis"},
        {"kind": "start"},
    ),
    "wrong-answers-left": (
        {},
        {"kind": "resume", "target_type": "unit", "target_open": 2.0, "target_to_retry": 1.0},
        {"target_to_retry": 0.0},
    ),
    "wrong-answer-here": (
        {},
        {"kind": "resume", "target_type": "problem", "target_open": 1.0, "target_to_retry": 1.0},
        {"target_type": "unit"},
    ),
    "attempts-given-back": ({}, {"kind": "retry", "target_given_back": True}, {"target_given_back": False}),
    "solve-before-reviewing": ({"looks_answers_up": True}, {"kind": "retry"}, {"kind": "review"}),
    "again-without-help": ({"looks_answers_up": True}, {"kind": "review", "target_shown": 1.0}, {"target_shown": 0.0}),
    "review-due": ({}, {"kind": "review", "target_days": 3.0, "target_wrong": 2.0}, {"target_days": 2.9}),
    "review-too-soon": ({}, {"kind": "review", "target_days": 0.5}, {"target_days": 1.0}),
    "short-step-at-slow-pace": (
        {"slow_pace": True},
        {"kind": "resume", "target_minutes": 10.0},
        {"target_minutes": 11.0},
    ),
    "carry-it-into-teaching": ({"strong": True}, {"kind": "stretch"}, {"kind": "review"}),
}


def fired(inference_or_verdict) -> set[str]:
    return {firing.rule_id for firing in inference_or_verdict.trace}


def test_every_rule_has_a_case():
    assert set(LEARNER_CASES) | set(CANDIDATE_CASES) == set(BY_ID)


@pytest.mark.parametrize("rule_id", LEARNER_CASES)
def test_a_learner_rule_fires_where_it_should(rule_id):
    conclusion, known, change = LEARNER_CASES[rule_id]
    inference = infer(RULES, facts("learner", **known))
    assert rule_id in fired(inference)
    assert inference.facts[conclusion] is True
    assert 0.2 <= inference.certainty[conclusion] <= 1.0
    assert rule_id not in fired(infer(RULES, facts("learner", **{**known, **change})))


@pytest.mark.parametrize("rule_id", CANDIDATE_CASES)
def test_a_candidate_rule_fires_where_it_should(rule_id):
    learner, candidate, change = CANDIDATE_CASES[rule_id]
    concluded = dict.fromkeys(RULES.concluded, False)
    inference = Inference(facts("learner") | concluded | learner, {}, ())
    verdict = judge(RULES, inference, facts("candidate", **candidate), "target")
    assert rule_id in fired(verdict)
    rule = BY_ID[rule_id]
    assert verdict.points.get(rule_id, 0.0) == pytest.approx(rule.boost * rule.certainty)
    assert verdict.blocked or not rule.block
    other = judge(RULES, inference, facts("candidate", **{**candidate, **change}), "target")
    assert rule_id not in fired(other)


@pytest.mark.parametrize("rule", RULES.rules, ids=lambda rule: rule.id)
def test_the_words_of_a_rule_are_written_in_every_language(rule):
    texts = [rule.title, rule.explanation, *([rule.reason] if rule.reason else [])]
    for text in texts:
        assert set(text) == set(LANGUAGES)
        assert all(text.values())
        assert re.search(r"[а-я]", text["ru"])
        assert not re.search(r"[а-яА-Я]", text["uz"])
        assert not re.search(r"[OoGg]['`‘’]|[A-Za-z]['`‘’][A-Za-z]", text["uz"]), text["uz"]
    assert rule.why.endswith(".")


@pytest.mark.parametrize("rule", [r for r in RULES.rules if r.reason], ids=lambda rule: rule.id)
def test_a_reason_becomes_one_or_two_complete_sentences(rule):
    values = {name: fact.default for name, fact in FACTS.items()}
    for number in (0.0, 1.0, 2.0, 5.0, 21.0):
        numbers = {name: number for name, fact in FACTS.items() if fact.type == "number"}
        for sentence in fill(rule.reason, values | numbers, WORDS).values():
            assert not re.search(r"[{}|]", sentence)
            # A sentence may begin with a title.
            assert sentence.lstrip("«“")[0].isupper()
            assert sentence.endswith(".")
            assert 1 <= len(re.findall(r"[.!?](?: |$)", sentence)) <= 2
