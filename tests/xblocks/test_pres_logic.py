"""What the PRES block decides: words, limits, the form, drafts and versions."""

from __future__ import annotations

import json
import shutil
import subprocess
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from smartpd_xblocks.pres import (
    KEPT_SUBMISSIONS,
    MAX_CHARACTERS,
    PART_IDS,
    Draft,
    Part,
    StaleDraft,
    TextError,
    check_limits,
    clean_text,
    count_words,
    default_parts,
    latest,
    read_draft,
    read_settings,
    read_submissions,
    read_texts,
    save_draft,
    submit,
    word_counts,
    write_submissions,
)

SCRIPT = Path(__file__).parents[2] / "xblocks/smartpd_xblocks/assets/public/pres/pres.js"
WORDS = st.text(
    st.characters(categories=["L", "N"]), min_size=1, max_size=8
)  # no white space and no punctuation: one word each
SPACES = st.text(st.sampled_from(" \t\n\u00a0\u2003\u3000\u2028\x85"), min_size=1, max_size=3)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


def form(lang: str = "en", **changes: object):
    given_settings = {"preset": "auto", "parts": {}, "min_words": 2, "max_words": 4, **changes}
    return read_settings(lang=lang, **given_settings)  # type: ignore[arg-type]


def texts(**changes: str) -> dict[str, str]:
    return {**dict.fromkeys(PART_IDS, "two words"), **changes}


class TestWords:
    @pytest.mark.parametrize(
        ("text", "count"),
        [
            ("", 0),
            ("   \n\t ", 0),
            ("one", 1),
            ("one two\nthree\tfour", 4),
            ("oʻqituvchi maʼlumot", 2),
            ("well-known isn't", 2),
            ("— … !? ’", 0),
            ("я, считаю — что", 3),
            ("2024 ½ ٣", 3),
            ("a\u00a0b\u2003c\u3000d\u2028e\x85f", 6),
            # A zero-width space and a byte order mark separate nothing.
            ("a\u200bb\ufeffc", 1),
            ("مرحبا بكم", 2),
            ("e\u0301te\u0301", 1),
            ("\u0301", 0),
            ("👩‍🏫 🎓", 0),
            ("漢字 かな", 2),
        ],
    )
    def test_examples(self, text: str, count: int) -> None:
        assert count_words(text) == count

    @given(st.lists(st.tuples(WORDS, SPACES), max_size=30))
    def test_as_many_as_were_put_together(self, pieces: list[tuple[str, str]]) -> None:
        assert count_words("".join(word + space for word, space in pieces)) == len(pieces)

    @given(st.text(max_size=60), st.text(max_size=60))
    def test_two_texts_with_a_space_between_have_the_words_of_both(self, one: str, other: str) -> None:
        assert count_words(f"{one} {other}") == count_words(one) + count_words(other)

    @given(st.text(max_size=200))
    def test_cleaning_changes_no_count_but_where_it_takes_a_control_character_out(self, text: str) -> None:
        if not any(unicodedata.category(char) in ("Cc", "Cs") and char not in "\n\t\r" for char in text):
            assert count_words(clean_text(text)) == count_words(text)

    @given(st.text(max_size=200))
    def test_cleaning_leaves_no_control_character_and_is_done_once(self, text: str) -> None:
        clean = clean_text(text)
        assert all(char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cs") for char in clean)
        assert clean_text(clean) == clean
        clean.encode("utf-8")

    def test_joiners_and_direction_marks_stay(self) -> None:
        assert clean_text("می\u200cخواهم \u200fשלום\x00\x07") == "می\u200cخواهم \u200fשלום"

    @pytest.mark.skipif(shutil.which("node") is None, reason="needs node to run the page's own counting")
    @settings(max_examples=3, deadline=None)
    @given(st.lists(st.text(max_size=40), min_size=150, max_size=150))
    def test_the_page_counts_the_same(self, samples: list[str]) -> None:
        # Letters that one of the two Unicode versions does not know yet are no disagreement of ours.
        samples = ["".join(char for char in sample if unicodedata.category(char) != "Cn") for sample in samples]
        lines = [
            line
            for line in SCRIPT.read_text(encoding="utf-8").splitlines()
            if "const between" in line or "countWords =" in line
        ]
        program = "\n".join(
            [
                *lines,
                "const input = JSON.parse(require('fs').readFileSync(0, 'utf8'));",
                "console.log(JSON.stringify(input.map(countWords)))",
            ]
        )
        found = subprocess.run(
            ["node", "-e", program], input=json.dumps(samples), capture_output=True, text=True, check=True
        )
        assert json.loads(found.stdout) == [count_words(sample) for sample in samples]


class TestForm:
    @pytest.mark.parametrize(
        ("lang", "formula", "labels"),
        [
            ("en", "PRES", ["Position", "Reason", "Explanation or example", "Summary"]),
            ("ru", "ПОПС", ["Позиция", "Обоснование", "Пример", "Следствие"]),
            ("uz", "FSMU", ["Fikr", "Sabab", "Misol", "Umumlashtirish"]),
            ("uz-Latn", "FSMU", ["Fikr", "Sabab", "Misol", "Umumlashtirish"]),
            ("kk", "PRES", ["Position", "Reason", "Explanation or example", "Summary"]),
        ],
    )
    def test_the_preset_follows_the_learners_language(self, lang: str, formula: str, labels: list[str]) -> None:
        made = form(lang)
        assert (made.formula, [part.label for part in made.parts]) == (formula, labels)
        assert [part.id for part in made.parts] == list(PART_IDS)
        assert all(part.starters and part.guidance for part in made.parts)
        assert made.problems == ()

    def test_the_course_team_may_choose_it(self) -> None:
        assert form("en", preset="uz").formula == "FSMU"

    @pytest.mark.parametrize("preset", ["en", "ru", "uz"])
    def test_presets_hold_no_wrong_apostrophes(self, preset: str) -> None:
        words = json.dumps(default_parts(preset), ensure_ascii=False)
        assert not set("'‘’`") & set(words)

    def test_own_words_replace_the_presets_part_by_part(self) -> None:
        own = {
            "position": {"label": {"en": "Claim", "uz": "Daʼvo"}, "starters": ["Clearly,"], "min_words": 1},
            "summary": {"guidance": "", "max_words": 0},
        }
        position, reason, _example, summary = form("uz", parts=own).parts
        assert (position.label, position.starters, position.min_words, position.max_words) == (
            "Daʼvo",
            ("Clearly,",),
            1,
            4,
        )
        assert reason.label == "Sabab"
        assert (summary.guidance, summary.max_words) == ("", 0)

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"preset": "fr"}, ["“fr”", "auto, en, ru, uz"]),
            ({"min_words": 9, "max_words": 3}, ["9 to 3", "whole numbers"]),
            ({"min_words": -1}, ["-1"]),
            ({"max_words": None}, ["None"]),
            ({"parts": ["position"]}, ["position, reason, example, summary"]),
            ({"parts": {"claim": {}}}, ["“claim”", "position"]),
            ({"parts": {"reason": "why"}}, ["“reason”", "label"]),
            ({"parts": {"reason": {"titel": "x"}}}, ["“titel”", "label"]),
            ({"parts": {"reason": {"label": 7}}}, ["“label”", "“reason”", "en, ru, uz"]),
            ({"parts": {"reason": {"starters": "because"}}}, ["starters", "“reason”"]),
            ({"parts": {"reason": {"min_words": 50}}}, ["“reason”", "50 to 4"]),
            ({"parts": {"reason": {"label": "x" * 3000}}}, ["too long", "2000"]),
        ],
    )
    def test_a_problem_names_the_place_and_the_preset_stands_in(self, change: dict, words: list[str]) -> None:
        made = form(**change)
        assert len(made.problems) == 1
        for word in words:
            assert word in str(made.problems[0])
        assert [part.label for part in made.parts] == [part.label for part in form().parts]

    @given(json_values, json_values, json_values, json_values)
    def test_any_settings_give_four_parts(self, preset: object, parts: object, least: object, most: object) -> None:
        made = form(preset=preset, parts=parts, min_words=least, max_words=most)
        assert [part.id for part in made.parts] == list(PART_IDS)
        assert all(str(problem) for problem in made.problems)
        assert all(part.label and (not part.max_words or part.min_words <= part.max_words) for part in made.parts)

    @given(
        st.dictionaries(
            st.sampled_from(PART_IDS),
            st.dictionaries(st.sampled_from(["label", "guidance", "starters", "min_words", "max_words"]), json_values),
        )
    )
    def test_any_own_words_give_four_parts(self, parts: object) -> None:
        assert [part.id for part in form(parts=parts).parts] == list(PART_IDS)


class TestTexts:
    def test_every_part_is_there_and_clean(self) -> None:
        assert read_texts({"reason": "a\r\nb\x00"}, form().parts) == {**dict.fromkeys(PART_IDS, ""), "reason": "a\nb"}

    @pytest.mark.parametrize(
        ("data", "words"),
        [
            (None, ["position, reason"]),
            ("text", ["position, reason"]),
            ({"claim": "x"}, ["“claim”"]),
            ({"reason": 7}, ["“Reason”"]),
            ({"reason": "x" * (MAX_CHARACTERS + 3)}, ["“Reason”", "20003", "3 too many", "20000"]),
        ],
    )
    def test_what_is_not_accepted_is_said(self, data: object, words: list[str]) -> None:
        with pytest.raises(TextError) as refused:
            read_texts(data, form().parts)
        for word in words:
            assert word in str(refused.value)

    def test_limits_say_which_part_and_how_many_words(self) -> None:
        problems = check_limits(texts(position="", reason="one", summary="1 2 3 4 5 6"), form().parts)
        assert {part: str(problem) for part, problem in problems.items()} == {
            "position": "“Position” is still empty (at least 2 words).",
            "reason": "“Reason” has 1 of at least 2 words: 1 to go.",
            "summary": "“Summary” has 6 words, at most 4 are allowed: 2 too many.",
        }

    def test_without_limits_everything_passes(self) -> None:
        assert check_limits(dict.fromkeys(PART_IDS, ""), form(min_words=0, max_words=0).parts) == {}

    @given(st.dictionaries(st.sampled_from(PART_IDS), st.text(max_size=60)), st.integers(0, 5), st.integers(0, 9))
    def test_a_part_is_refused_just_when_it_is_outside(
        self, given_texts: dict[str, str], least: int, more: int
    ) -> None:
        parts = [Part(id_, id_, "", (), least, least + more) for id_ in PART_IDS]
        refused = check_limits(given_texts, parts)
        for part in parts:
            count = count_words(given_texts.get(part.id, ""))
            outside = count < least or (part.max_words > 0 and count > part.max_words)
            assert (part.id in refused) == outside


class TestDrafts:
    def test_a_save_from_a_stale_page_is_refused_with_the_newer_text(self) -> None:
        first = save_draft(Draft(), texts(), base=0, now="t1")
        second = save_draft(first, texts(reason="newer"), base=1, now="t2")
        with pytest.raises(StaleDraft) as refused:
            save_draft(second, texts(reason="older"), base=1, now="t3")
        assert refused.value.draft == second

    def test_the_same_text_again_changes_nothing(self) -> None:
        first = save_draft(Draft(), texts(), base=0, now="t1")
        assert save_draft(first, texts(), base=0, now="t2") == first

    @given(json_values, json_values, json_values)
    def test_any_stored_draft_is_read(self, stored: object, revision: object, saved_at: object) -> None:
        draft = read_draft(texts=stored, revision=revision, saved_at=saved_at)
        assert sorted(draft.texts) == sorted(PART_IDS)
        assert draft.revision >= 0

    @given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 6), st.text(max_size=3)), max_size=25))
    def test_two_tabs_never_overwrite_each_other_unseen(self, steps: list[tuple[int, int, str]]) -> None:
        """Each tab knows the revision it saw last; what a save replaces was seen by the tab that made it."""
        draft = Draft()
        seen = [draft, draft]
        for tab, _wait, text in steps:
            try:
                after = save_draft(draft, texts(reason=text), base=seen[tab].revision, now="t")
            except StaleDraft as refused:
                assert seen[tab].revision < draft.revision
                seen[tab] = refused.draft
                continue
            if after != draft:
                assert seen[tab] == draft
            seen[tab] = draft = after

    def test_the_newest_versions_are_kept_and_numbers_go_on(self) -> None:
        versions = ()
        for number in range(KEPT_SUBMISSIONS + 5):
            versions = submit(versions, texts(reason=str(number)), now=f"t{number}")
        assert len(versions) == KEPT_SUBMISSIONS
        assert latest(versions).version == KEPT_SUBMISSIONS + 5
        assert versions[0].version == 6
        assert read_submissions(json.loads(json.dumps(write_submissions(versions)))) == versions

    @given(json_values)
    def test_any_stored_versions_are_read(self, stored: object) -> None:
        read_submissions(stored)

    def test_words_by_part(self) -> None:
        assert word_counts(texts(reason="one")) == {"position": 2, "reason": 1, "example": 2, "summary": 2}
