"""The model card: all figures, in three languages, nothing loaded from outside, nothing told of small groups."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from smartpd_analytics import pipeline
from smartpd_analytics.cli._run import run
from smartpd_analytics.data import LANGUAGES
from smartpd_analytics.errors import InputError
from smartpd_analytics.reports.model_card import card_html, card_json
from smartpd_analytics.reports.predictions import predictions_csv, predictions_json, predictions_text

from tests.analytics.prediction.risk_cohorts import cohort


@pytest.fixture(scope="module")
def page(model, made):
    return card_html(pipeline.model_card(model, *made), "en")


class Outline(HTMLParser):
    def __init__(self):
        super().__init__()
        self.headings, self.langs, self.open = [], [], None

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        assert not {"src", "onclick"} & found.keys()
        assert tag not in {"script", "link", "iframe", "object", "img"}
        if tag == "main":
            self.langs.append(found["lang"])
        self.open = tag

    def handle_data(self, data):
        if self.open == "h2" and self.langs == ["en"]:
            self.headings.append(data.strip())
        self.open = None


def test_the_page_has_all_sections_in_three_languages_and_loads_nothing(page):
    outline = Outline()
    outline.feed(page)
    assert outline.langs == ["en", "ru", "uz"]
    assert [heading for heading in outline.headings if heading] == [
        "What it is for",
        "How it estimates",
        "Data",
        "How good it is on later course runs",
        "Calibration",
        "Groups of learners",
        "Expected exit level of those who complete",
        "Change since training",
        "Features",
        "Limits",
        "How it was made",
    ]
    assert set(re.findall(r"https?://[^\"'<> ]+", page)) == {"http://www.w3.org/2000/svg"}


def test_the_charts_are_sound_and_say_what_they_show(page):
    charts = re.findall(r"<svg .*?</svg>", page, re.DOTALL)
    assert len(charts) == 2 * len(LANGUAGES)
    for chart in charts:
        root = ElementTree.fromstring(chart)  # noqa: S314 -- our own text
        title, desc = root[0], root[1]
        assert title.text
        assert desc.text
        assert root.get("aria-labelledby").split() == [title.get("id"), desc.get("id")]
        numbers = [float(each) for each in re.findall(r'c[xy]="([\d.]+)"', chart)]
        assert numbers
        assert all(0 <= number <= 600 for number in numbers)


def test_the_figures_of_the_record_stand_on_the_page(page, model):
    for each in model.record.performances:
        assert f"{each.auc:.3f}" in page
        assert f"{each.brier:.3f}" in page
    assert model.record.data.features_fingerprint in page
    assert "gender: about the person" in page


def test_small_groups_are_named_neither_on_the_page_nor_in_json(page, model):
    # 8 learners are "far"; the next larger group, of 32, goes with them.
    assert re.findall(r'<th scope="row">campus: ([^<]*)</th><td[^>]*>([^<]*)</td>', page)[:2] == [
        ("new", "220"),
        ("2 groups together", "40"),
    ]
    card = json.loads(card_json(pipeline.model_card(model)))
    assert "far" not in {group["value"] for group in card["record"]["subgroups"]}
    assert "far" not in set(re.findall(r">([^<>]+)<", page))


def test_no_change_on_the_data_of_training_and_much_on_other(made, model):
    features, _ = made
    same = pipeline.model_card(model, features)
    assert max(each.psi for each in same.drift) < 1e-9
    moved = pipeline.model_card(model, features.assign(minutes=features.minutes * 10, right_share=np.nan))
    found = {each.name: each for each in moved.drift}
    assert moved.drift[0].psi == max(each.psi for each in moved.drift)
    assert found["minutes"].psi > 0.25
    assert found["right_share"].missing_now == 1.0
    assert found["hints"].psi < 1e-9


def test_the_stability_index_is_that_of_its_formula(made, model):
    features, _ = cohort(seed=12)
    found = {each.name: each for each in pipeline.model_card(model, features).drift}
    profile = next(each for each in model.record.profiles if each.name == "minutes")
    bins = [-np.inf, *profile.edges, np.inf]
    now = np.maximum(np.histogram(features.minutes, bins)[0] / len(features), 1e-4)
    then = np.array(profile.shares)
    assert found["minutes"].psi == pytest.approx(float(((now - then) * np.log(now / then)).sum()), abs=1e-9)


def test_what_grows_with_the_course_is_compared_with_the_same_time_of_it():
    early, outcomes = cohort(seed=3)
    late = early.assign(as_of=early.as_of + pd.Timedelta(days=30), minutes=early.minutes * 20)
    days = pd.concat([early.assign(days_since_start=21.0), late.assign(days_since_start=51.0)])
    model = pipeline.train_risk(days, outcomes, replicates=0)
    assert [stage.rows for stage in model.record.stages] == [len(early), len(late)]
    for part, age in ((early, 20.0), (late, 52.0)):
        found = {each.name: each for each in pipeline.model_card(model, part.assign(days_since_start=age)).drift}
        assert found["minutes"].psi < 1e-9
    mixed = {each.name: each for each in pipeline.model_card(model, days).drift}
    assert max(each.psi for each in mixed.values()) < 1e-9
    wrong = {each.name: each for each in pipeline.model_card(model, late.assign(days_since_start=21.0)).drift}
    assert wrong["minutes"].psi > 1


def test_a_prediction_on_other_data_is_not_given_without_a_word(made, model, tmp_path, capsys):
    features, _ = made
    (tmp_path / "m.skops").write_bytes(pipeline.model_bytes(model))
    for factor, said in ((1, False), (10, True)):
        table = features.assign(minutes=features.minutes * factor, hints=features.hints * factor)
        table.to_csv(tmp_path / "f.csv", index=False)
        assert run(["predict", str(tmp_path / "m.skops"), str(tmp_path / "f.csv"), "--lang=en"]) == 0
        assert ("2 of 5 features have changed much since training" in capsys.readouterr().err) == said


def test_figures_on_new_data_come_with_outcomes(model):
    features, outcomes = cohort(seed=30)
    card = pipeline.model_card(model, features, outcomes)
    assert card.now == pipeline.evaluate_risk(model, features, outcomes)
    assert "On the new data" in card_html(card, "en")
    with pytest.raises(InputError, match="outcomes without features"):
        pipeline.model_card(model, None, outcomes)


def test_a_card_of_rules_says_why(noise_model):
    page = card_html(pipeline.model_card(noise_model), "en")
    assert "Rules alone are used, no model." in page
    assert "not better than a simple rule" in page


def test_simulated_data_is_labelled(model):
    data = replace(model.record.data, simulated=True)
    page = card_html(pipeline.model_card(replace(model, record=replace(model.record, data=data))), "uz")
    assert page.count('class="simulated"') == 3


def test_names_from_data_cannot_become_markup(model):
    data = model.record.data
    run = replace(data.runs[0], course_key="<script>alert(1)</script>")
    record = replace(model.record, data=replace(data, runs=(run,)))
    assert "<script>" not in card_html(pipeline.model_card(replace(model, record=record)), "en")


def test_predictions_as_text_json_and_csv_say_the_same(made, model):
    found = pipeline.predict_risk(model, made[0], most=2)
    text = "\n".join(line.text for line in predictions_text(found, model.record, "en"))
    content = json.loads(predictions_json(found, model.record, "en"))
    rows = predictions_csv(found, "en").splitlines()
    assert len(rows) == len(content["predictions"]) + 1 == 7
    first = content["predictions"][0]
    assert f"Risk of not completing: {first['probability'] * 100:.0f}%" in text
    assert first["factors"][0]["words"] in text
    assert first["factors"][0]["action"] in rows[1]
    assert f"{first['probability']:.3f}"[:4] in rows[1]


def test_cells_of_predictions_are_no_formulas(made, model):
    row = made[0].head(1).assign(learner="=HYPERLINK(1)", course_key="+x")
    csv = predictions_csv(pipeline.predict_risk(model, row), "en")
    assert csv.splitlines()[1].startswith("'+x,'=HYPERLINK(1)")
