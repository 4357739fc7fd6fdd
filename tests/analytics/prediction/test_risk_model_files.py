"""Model files: what goes in comes out, and nothing foreign is ever loaded."""

import contextlib
import functools
import os
import zipfile

import pytest
import skops.io
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sklearn.neighbors import KNeighborsClassifier
from sklearn.preprocessing import FunctionTransformer
from smartpd_analytics import pipeline
from smartpd_analytics.errors import ModelError
from smartpd_analytics.prediction import _file


@pytest.fixture(scope="session")
def stored(model, tmp_path_factory):
    path = tmp_path_factory.mktemp("models") / "risk.skops"
    path.write_bytes(pipeline.model_bytes(model))
    return path


def test_a_model_comes_back_as_it_was(made, model, stored):
    again = pipeline.load_model(stored)
    assert again.record == model.record
    head = made[0].head(20)
    assert pipeline.predict_risk(again, head) == pipeline.predict_risk(model, head)


def test_rules_come_back_as_well(noise_model, tmp_path):
    path = tmp_path / "rules.skops"
    path.write_bytes(pipeline.model_bytes(noise_model))
    assert pipeline.load_model(path).record == noise_model.record


def test_the_file_carries_what_is_needed_to_make_it_again(model):
    record = model.record
    assert record.schema == 2
    assert record.seed == 5
    assert {"scikit-learn", "numpy", "skops"} <= dict(record.versions).keys()
    assert len(record.data.features_fingerprint) == 64
    assert record.data.features_fingerprint != record.data.outcomes_fingerprint


class Evil:
    """Would run a command when it is built from a file."""

    def __reduce__(self):
        return os.system, ("touch /tmp/never",)


FOREIGN = {
    "an object of its own": Evil(),
    "a function of the system": functools.partial(os.system, "true"),
    "a function inside an estimator": FunctionTransformer(os.getcwd),
}


@pytest.mark.parametrize("case", FOREIGN, ids=FOREIGN)
def test_a_foreign_type_is_refused_by_name_before_it_is_built(tmp_path, model, case):
    path = tmp_path / "evil.skops"
    content = {"what": "openedx-smartpd risk model", "record": _file.record_json(model.record), "blend": FOREIGN[case]}
    path.write_bytes(skops.io.dumps(content))
    with pytest.raises(
        ModelError, match=r"which no model of ours has; nothing of it was loaded|damaged|cannot be read"
    ):
        pipeline.load_model(path)


def test_an_estimator_that_no_model_of_ours_has_is_refused(tmp_path, model):
    path = tmp_path / "other.skops"
    other = KNeighborsClassifier().fit([[0.0], [1.0]], [0, 1])
    content = {
        "what": "openedx-smartpd risk model",
        "schema": model.record.schema,
        "record": _file.record_json(model.record),
        "blend": {"trees": other, "linear": other, "low": [0.0], "high": [1.0]},
        "platt": [1.0, 0.0],
        "replicates": [],
        "levels": None,
    }
    path.write_bytes(skops.io.dumps(content))
    with pytest.raises(ModelError, match=r"KNeighbors|which no model of ours has"):
        pipeline.load_model(path)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\x80\x04\x95pickle", b'{"a": 1}'])
def test_what_is_no_model_is_refused(tmp_path, content):
    path = tmp_path / "no.skops"
    path.write_bytes(content)
    with pytest.raises(ModelError, match="no model file"):
        pipeline.load_model(path)


def test_another_archive_is_refused(tmp_path):
    path = tmp_path / "no.skops"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "hello")
    with pytest.raises(ModelError, match="no model file"):
        pipeline.load_model(path)
    path.write_bytes(skops.io.dumps({"a": 1}))
    with pytest.raises(ModelError, match="no model of this program"):
        pipeline.load_model(path)
    with pytest.raises(ModelError, match="no such file"):
        pipeline.load_model(tmp_path / "absent.skops")


def test_a_model_of_another_scikit_learn_is_refused(stored, monkeypatch):
    monkeypatch.setattr(_file, "version", lambda _name: "99.1.0")
    with pytest.raises(ModelError, match=r"trained with scikit-learn .*; 99\.1\.0 is installed"):
        pipeline.load_model(stored)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(where=st.floats(0, 1), bit=st.integers(0, 7), cut=st.booleans())
def test_a_damaged_file_is_an_error_in_words_or_the_same_model(noise_model, tmp_path, where, bit, cut):
    data = bytearray(pipeline.model_bytes(pipeline.RiskModel(noise_model.record)))
    at = min(int(where * len(data)), len(data) - 1)
    if cut:
        data = data[:at]
    else:
        data[at] ^= 1 << bit
    path = tmp_path / "damaged.skops"
    path.write_bytes(bytes(data))
    # Any other error ends the test.
    with contextlib.suppress(ModelError):
        assert pipeline.load_model(path).record == noise_model.record
