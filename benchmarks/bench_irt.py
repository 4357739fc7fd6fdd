"""Calibration of the LSAT's section 6 (Bock & Lieberman 1970) beside the published estimates.

The data are patterns of five items with counts of 1,000 persons, in ``irt/lsat6.csv`` of the folder of
development data: ``SMARTPD_SHARED`` names it, or a folder ``shared/data`` beside the repository has it.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from smartpd_analytics import pipeline

from benchmarks.figure import Figure

FILE = Path("irt") / "lsat6.csv"
#: Estimates by marginal maximum likelihood, as published with R's package ltm.
RASCH_SLOPE = 0.7551
RASCH_DIFFICULTY = (-3.6153, -1.3224, -0.3176, -1.7301, -2.7802)
RASCH_LOG_LIKELIHOOD = -2466.938
TWO_PL_DIFFICULTY = (-3.359, -1.371, -0.280, -1.866, -3.126)


def shared(file: Path) -> Path | None:
    """The file in the folder of development data, where that is there."""
    named = os.environ.get("SMARTPD_SHARED")
    beside = [parent / "shared" / "data" for parent in Path(__file__).resolve().parents]
    folders = ([Path(named), Path(named) / "data"] if named else []) + beside
    return next((folder / file for folder in folders if (folder / file).is_file()), None)


def measure() -> list[Figure]:
    path = shared(FILE)
    if path is None:
        print(f"no {FILE}: set SMARTPD_SHARED to the folder of development data; figure left out", file=sys.stderr)
        return []
    responses = pipeline.read_responses(path)
    rasch = pipeline.calibrate(responses, model="1pl")
    two = pipeline.calibrate(responses, model="2pl")
    assert rasch.converged
    assert two.converged
    off = [abs(item.discrimination - RASCH_SLOPE) for item in rasch.bank("lsat6").items] + [
        abs(item.difficulty - published)
        for bank, difficulties in ((rasch.bank("lsat6"), RASCH_DIFFICULTY), (two.bank("lsat6"), TWO_PL_DIFFICULTY))
        for item, published in zip(bank.items, difficulties, strict=True)
    ]
    return [
        Figure(
            "irt_lsat_parameters",
            max(off),
            must=0.01,
            aim=0.002,
            unit="largest difference of a parameter from the published one (1PL and 2PL)",
        ),
        Figure(
            "irt_lsat_log_likelihood",
            abs(rasch.log_likelihood - RASCH_LOG_LIKELIHOOD),
            must=0.01,
            aim=0.002,
            unit="difference of the 1PL log-likelihood from the published one",
        ),
    ]
