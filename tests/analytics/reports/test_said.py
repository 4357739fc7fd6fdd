"""Messages from the layers below, said in another language."""

import gettext
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st
from smartpd_analytics.data import LineAccount
from smartpd_analytics.errors import CourseMapError, InputError, Message, RuleError, SourceError
from smartpd_analytics.reports import account, words
from smartpd_analytics.reports.run import RunReport
from smartpd_analytics.reports.words import said


class Backwards(gettext.NullTranslations):
    """A language in which every sentence known to it is spelt in capitals."""

    def gettext(self, message):
        known = {"the level '{level}' is not known", "{place}{problem} (accepted: {accepted})", "Permission denied"}
        if message not in known:
            return message
        parts = message.split("{")
        return parts[0].upper() + "".join(
            "{" + inside.partition("}")[0] + "}" + inside.partition("}")[2].upper() for inside in parts[1:]
        )


@pytest.fixture(autouse=True)
def _language(monkeypatch):
    for module in (words, account):
        monkeypatch.setattr(
            module, "words_in", lambda lang: Backwards() if lang == "xx" else gettext.NullTranslations()
        )


def test_an_error_is_english_and_can_be_said_otherwise():
    error = CourseMapError("the level '{level}' is not known", file="map.csv", line=3, accepted="A1, B1", level="Z9")
    assert str(error) == "map.csv:3: the level 'Z9' is not known (accepted: A1, B1)"
    assert said(str(error), "xx") == "map.csv:3: THE LEVEL 'Z9' IS NOT KNOWN (ACCEPTED: A1, B1)"
    assert said(str(error), "en") == str(error)


def test_what_a_message_holds_is_said_too():
    error = SourceError("cannot be read: {reason}", file="a.log", reason=Message("Permission denied"))
    assert said(str(error), "xx") == "a.log: cannot be read: PERMISSION DENIED"


def test_what_is_no_message_stays():
    assert said("the level 'Z9' is not known", "xx") == "the level 'Z9' is not known"
    assert str(InputError("no {placeholder} is filled here")) == "no {placeholder} is filled here"


def test_warnings_of_a_run_are_said_in_its_language():
    error = CourseMapError("the level '{level}' is not known", file="map.csv", line=3, level="Z9")
    report = RunReport(LineAccount(source_problems=(str(error),)), (), (), map_problems=(str(error),))
    assert list(account.warning_lines(report, "xx")) == [
        "Source: map.csv:3: THE LEVEL 'Z9' IS NOT KNOWN",
        "Course map: map.csv:3: THE LEVEL 'Z9' IS NOT KNOWN",
    ]


def test_a_long_name_is_cut_and_shows_it():
    error = RuleError("there is no fact '{name}'", file="f" * 5_000, line=7, accepted="a, " * 5_000, name="n" * 5_000)
    assert len(str(error)) < 1_000
    assert "n…' (accepted: a, a," in str(error)
    assert str(error).startswith("…f")
    assert "f:7: " in str(error)
    assert str(error).endswith("a, …)")
    assert error.file == "f" * 5_000


@given(st.text(max_size=300), st.text(max_size=300), st.integers(0, 9), st.text(max_size=500))
def test_any_value_goes_in_as_it_is(value, file, line, accepted):
    error = InputError("here: {value}!", file=file, line=line, accepted=accepted, value=value)
    assert f"here: {value[:100]}" in str(error)
    again = pickle.loads(pickle.dumps(str(error)))  # noqa: S301 - workers send messages to each other
    assert again == str(error)
    assert said(again, "xx") == said(str(error), "xx")
