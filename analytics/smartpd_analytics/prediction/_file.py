"""Model files: skops, never pickle, and nothing in them but numbers, texts and estimators of scikit-learn."""

from __future__ import annotations

import io
import json
import types
import zipfile
from dataclasses import asdict, fields, is_dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Union, get_args, get_origin, get_type_hints

import numpy as np
import skops.io

from ..data.prediction import ModelRecord
from ..errors import N_, Message, ModelError
from ._estimators import Blend, Platt
from ._model import SCHEMA, Levels, Replicate, RiskModel

__all__ = ["TRUSTED", "load_model", "model_bytes", "record_json"]

#: Types beyond those that skops trusts by itself; a file with any other is refused.
TRUSTED = (
    "numpy.dtype",
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
)
#: The estimators that a model of ours is made of; skops itself would trust any of scikit-learn's.
_ESTIMATORS = frozenset(
    {
        "HistGradientBoostingClassifier",
        "HistGradientBoostingRegressor",
        "Pipeline",
    }
)
_MAGIC = "openedx-smartpd risk model"
#: A model of eight replicates takes about 10 MB; far more is not one of ours.
_LARGEST = 1 << 30
_ACCEPTED = N_("a file written by smartpd train")


def model_bytes(model: RiskModel) -> bytes:
    """The file of a model."""
    content = {
        "what": _MAGIC,
        "schema": SCHEMA,
        "record": record_json(model.record),
        "blend": _packed(model.blend),
        "platt": [model.platt.slope, model.platt.offset],
        "replicates": [
            {"blend": _packed(each.blend), "platt": [each.platt.slope, each.platt.offset]} for each in model.replicates
        ],
        "levels": None
        if model.levels is None
        else {
            "trees": model.levels.pair[0],
            "linear": model.levels.pair[1],
            "low": model.levels.low,
            "high": model.levels.high,
            "reach": model.levels.reach,
        },
    }
    packed: bytes = skops.io.dumps(content, compression=zipfile.ZIP_DEFLATED, compresslevel=6)
    return packed


def load_model(path: Path | str) -> RiskModel:
    """Read a model file. Types are checked by name before anything of the file is built.

    Raises:
        ModelError: there is no such file; it is no model of ours, damaged, of another version of this format or
            of scikit-learn; or it holds a type that no model of ours has.
    """
    path = Path(path)
    if not path.is_file():
        raise ModelError(N_("there is no such file"), file=str(path), accepted=_ACCEPTED)
    data = path.read_bytes()
    _check_archive(data, path)
    try:
        foreign = sorted(set(skops.io.get_untrusted_types(data=data)) - set(TRUSTED))
    except Exception as error:
        problem = N_("cannot be read: {reason}")
        raise ModelError(problem, file=str(path), accepted=_ACCEPTED, reason=_short(error)) from error
    if foreign:
        problem, shown = N_("it holds {types}, which no model of ours has; nothing of it was loaded"), foreign[:5]
        raise ModelError(problem, file=str(path), accepted=_ACCEPTED, types=", ".join(shown))
    _check_library(data, path)
    try:
        content = skops.io.loads(data, trusted=list(TRUSTED))
        return _unpacked(content)
    except ModelError as error:
        raise ModelError(error.problem, file=str(path), accepted=error.accepted) from error
    except Exception as error:
        problem = N_("it is damaged: {reason}")
        raise ModelError(problem, file=str(path), accepted=_ACCEPTED, reason=_short(error)) from error


def record_json(record: ModelRecord) -> str:
    """The record as JSON, keys in their order."""
    return json.dumps(asdict(record), ensure_ascii=False, allow_nan=False)


def _check_archive(data: bytes, path: Path) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
            names = set(archive.namelist())
    except zipfile.BadZipFile as error:
        raise ModelError(N_("it is no model file"), file=str(path), accepted=_ACCEPTED) from error
    if size > _LARGEST or "schema.json" not in names:
        raise ModelError(N_("it is no model file"), file=str(path), accepted=_ACCEPTED)


def _check_library(data: bytes, path: Path) -> None:
    """Refuse estimators of another minor version: scikit-learn does not promise that they mean the same."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        text = archive.read("schema.json").decode("utf-8", errors="replace")
    try:
        schema = json.loads(text)
        content = {entry[0]: entry[1] for entry in _entries(schema)}
        record = json.loads(content["record"])
        made = dict(record["versions"])["scikit-learn"]
    except (KeyError, TypeError, ValueError) as error:
        raise ModelError(N_("it is no model of this program"), file=str(path), accepted=_ACCEPTED) from error
    here = version("scikit-learn")
    if made.split(".")[:2] != here.split(".")[:2]:
        raise ModelError(
            N_("it was trained with scikit-learn {made}; {here} is installed"),
            file=str(path),
            accepted=N_("the same version up to its second number, or a model trained again"),
            made=made,
            here=here,
        )


def _entries(schema: Any) -> list[tuple[str, Any]]:
    """(key, text) of the file's outermost dict whose values are texts, from skops' own description of it."""
    found = []
    for key, node in schema["content"].items():
        content = node.get("content") if isinstance(node, dict) else None
        if isinstance(content, str):
            try:
                found.append((key, json.loads(content)))
            except ValueError:
                continue
    return found


def _packed(blend: Blend | None) -> dict[str, Any] | None:
    if blend is None:
        return None
    return {"trees": blend.trees, "linear": blend.linear, "low": blend.low, "high": blend.high}


def _unpacked(content: Any) -> RiskModel:
    if not isinstance(content, dict) or content.get("what") != _MAGIC:
        raise ModelError(N_("it is no model of this program"), accepted=_ACCEPTED)
    if content["schema"] != SCHEMA:
        accepted = Message(N_("version {wanted}; train it again"), wanted=SCHEMA)
        raise ModelError(N_("its format has version {found}"), accepted=accepted, found=content["schema"])
    record: ModelRecord = _made(ModelRecord, json.loads(content["record"]))
    levels = content["levels"]
    return RiskModel(
        record=record,
        blend=_blend(content["blend"]) if content["blend"] else None,
        platt=Platt(*map(float, content["platt"])),
        replicates=tuple(
            Replicate(_blend(each["blend"]), Platt(*map(float, each["platt"]))) for each in content["replicates"]
        ),
        levels=None
        if levels is None
        else Levels(
            (_estimator(levels["trees"]), _estimator(levels["linear"])),
            np.asarray(levels["low"], dtype=float),
            np.asarray(levels["high"], dtype=float),
            float(levels["reach"]),
        ),
    )


def _blend(parts: dict[str, Any]) -> Blend:
    return Blend(
        trees=_estimator(parts["trees"]),
        linear=_estimator(parts["linear"]),
        low=np.asarray(parts["low"], dtype=float),
        high=np.asarray(parts["high"], dtype=float),
    )


def _estimator(found: Any) -> Any:
    if type(found).__name__ not in _ESTIMATORS:
        problem = N_("it holds the type {name} where a model of ours has none")
        raise ModelError(problem, accepted=_ACCEPTED, name=type(found).__name__)
    return found


def _made(kind: Any, value: Any) -> Any:
    """A frozen data class from what ``asdict`` and JSON made of it."""
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        if value is None:
            return None
        return _made(next(each for each in get_args(kind) if each is not type(None)), value)
    if origin is tuple:
        inside = get_args(kind)
        if len(inside) == 2 and inside[1] is Ellipsis:
            return tuple(_made(inside[0], each) for each in value)
        return tuple(_made(each, item) for each, item in zip(inside, value, strict=True))
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return kind(**{field.name: _made(hints[field.name], value[field.name]) for field in fields(kind)})  # type: ignore[operator]
    return kind(value)


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
