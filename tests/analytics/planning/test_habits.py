"""Learners of four habits: what each is told to do first."""

from dataclasses import replace

from smartpd_analytics.data import (
    BlockActivity,
    CourseMap,
)
from smartpd_analytics.planning import recommend

from tests.analytics.planning.told import told


def test_who_guesses_reads_first(small, guesser):
    recommendation = recommend(guesser, small.course())
    action = recommendation.actions[0]
    assert (action.kind, action.target) == ("read_first", small.unit(3))
    assert "fast-guessing" in told(recommendation)
    assert action.rules == ("read-before-answering",)
    assert action.reason["en"] == (
        "Here you gave 5 answers faster than a question can be read, 4 of them wrong. "
        "Read the unit “Unit 3” first, then answer again."
    )
    assert action.reason["ru"].startswith("Здесь вы дали 5 ответов быстрее, чем можно прочитать вопрос")
    assert "«3-boʻlim» boʻlimini oʻqib chiqing" in action.reason["uz"]


def test_who_watches_without_answering_answers_the_first_open_question(small, watcher):
    recommendation = recommend(watcher, small.course())
    action = recommendation.actions[0]
    assert (action.kind, action.target) == ("practise", small.problem(1, "b"))
    assert action.reason["en"] == (
        "So far you have played videos 24 times and given 1 answer. "
        "Now try this problem, and you will see what has stayed."
    )
    assert action.reason["ru"].startswith("Вы уже 24 раза включали видео и дали 1 ответ.")


def test_who_stopped_in_the_first_week_comes_back(small, stopper):
    recommendation = recommend(stopper, small.course())
    action = recommendation.actions[0]
    assert (action.kind, action.target, action.minutes) == ("come_back", small.unit(2), 10)
    assert {"stopped-in-first-week", "silence", "long-silence"} <= told(recommendation)
    assert action.reason["en"] == (
        "You made a good start and then stopped 29 days ago. "
        "Open the unit “Unit 2” for 10 minutes, that is enough for today."
    )
    assert action.reason["uz"].startswith("Siz yaxshi boshlagan edingiz, lekin 29 kun oldin toʻxtab qoldingiz.")


def test_who_fails_one_problem_watches_the_video_before_it_and_tries_again(small, failer):
    action = recommend(failer, small.course()).actions[0]
    assert (action.kind, action.target) == ("retry", small.problem(4, "b"))
    assert (action.first, action.first_title["en"]) == (small.video(4), "Video 4")
    assert action.minutes == 5 + 8
    assert action.reason == {
        "en": "You have answered “Question 4b” wrong 3 times. Watch the video before it, then try again.",
        "ru": "Вы 3 раза неверно ответили на задание «Question 4b». "
        "Посмотрите видео перед ним, а затем попробуйте снова.",
        "uz": "Siz «Question 4b» topshirigʻiga 3 marta notoʻgʻri javob berdingiz. "
        "Undan oldingi videoni koʻring, soʻng yana urinib koʻring.",
    }


def test_a_video_that_was_played_is_watched_once_more(small):
    blocks = [small.viewed(1), small.played(1), small.tried(1, "a", wrong=2)]
    action = recommend(small.facts(blocks), small.course()).actions[0]
    assert action.first == small.video(1)
    assert action.reason["en"].endswith("Watch the video before it once more, then try again.")
    assert action.reason["ru"].endswith("Посмотрите ещё раз видео перед ним, а затем попробуйте снова.")
    assert action.reason["uz"].endswith("Undan oldingi videoni yana bir bor koʻring, soʻng yana urinib koʻring.")


def test_the_same_holds_from_the_log_alone(guesser, watcher, stopper, failer):
    first = {
        name: recommend(facts, CourseMap()).actions[0].kind
        for name, facts in {"guesser": guesser, "stopper": stopper, "failer": failer}.items()
    }
    assert first == {"guesser": "read_first", "stopper": "come_back", "failer": "retry"}
    # Nobody knows of unanswered problems without a map; a unit already seen is where they are.
    nothing_answered = replace(
        watcher,
        activity=replace(
            watcher.activity, answers=0, blocks=tuple(b for b in watcher.activity.blocks if b.block_type != "problem")
        ),
    )
    action = recommend(nothing_answered, CourseMap()).actions[0]
    assert (action.kind, action.title) == ("practise", {"en": "Unit", "ru": "Раздел", "uz": "Boʻlim"})


def test_what_comes_before_a_failed_problem(small):
    def first(*left_out: str) -> str:
        course = small.course(1)
        units = tuple(row for row in course.units if row.block_type not in left_out)
        return recommend(small.facts([small.tried(1, wrong=2)]), CourseMap(units)).actions[0].first

    assert first() == small.video(1)
    assert first("video") == small.key("html", "t1")
    assert first("video", "html") == small.unit(1)
    alone = BlockActivity("i4x://O/C/problem/p", "problem", "", "", answers=2, wrong=2, failing=2)
    action = recommend(small.facts([alone]), CourseMap()).actions[0]
    assert (action.first, action.first_title, action.minutes) == ("", {}, 5)
    assert action.reason["en"] == (
        "You have answered this problem wrong 2 times. Read the question once more, slowly, then try again."
    )
