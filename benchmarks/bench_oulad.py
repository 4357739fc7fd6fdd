"""Risk of not completing on OULAD: trained on earlier presentations, tested on a later one, without the click stream.

``python -m benchmarks oulad`` trains on 2013B and 2013J and tests on 2014B, among students still registered at 25% of
the course. For another test, such as one on 2014J:

    python -m benchmarks.bench_oulad --data DIR --train 2013B 2013J 2014B --test 2014J
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from smartpd_analytics import pipeline

from benchmarks import oulad
from benchmarks.figure import Figure

CUTS = (0.0, 0.1, 0.25, 0.5, 0.75)
TRAIN, TEST = ("2013B", "2013J"), ("2014B",)
SEED = 0
#: At the other cuts the yardsticks are what the number of missing assessments alone, and gradient boosting, reached on
#: 2014J after training on 2013B to 2014B.
MUST = {0.0: 0.492, 0.1: 0.586, 0.25: 0.76, 0.5: 0.737, 0.75: 0.823}
AIM = {0.0: 0.645, 0.1: 0.699, 0.25: 0.80, 0.5: 0.840, 0.75: 0.914}


def measured(
    data: oulad.Oulad, cut: float, train: Sequence[str], test: Sequence[str], *, demographics: bool = False
) -> tuple[float, str]:
    """AUC on the test presentations, and a line that tells the rest."""
    features, outcomes = oulad.tables(data, cut, train, demographics=demographics)
    model = pipeline.train_risk(features, outcomes, seed=SEED, replicates=0, with_demographics=demographics)
    found = pipeline.evaluate_risk(model, *oulad.tables(data, cut, test, demographics=demographics))
    assert found.auc is not None
    assert found.auc_low is not None
    assert found.auc_high is not None
    beside = ", ".join(
        f"{each.kind}{' ' + each.feature if each.feature else ''} {each.auc:.3f}" for each in model.record.performances
    )
    return found.auc, (
        f"{'+'.join(train)} -> {'+'.join(test)} at {cut:.0%}{' with demographics' if demographics else ''}: {found.n} "
        f"students, AUC {found.auc:.4f} (95% {found.auc_low:.4f} to {found.auc_high:.4f}), Brier {found.brier:.4f}, "
        f"precision at the top 20% {found.precision_top:.3f}; verdict {model.record.verdict}; "
        f"within training, earlier to later: {beside or 'none'}"
    )


def measure() -> list[Figure]:
    where = oulad.folder()
    if where is None:
        print("oulad: no data (shared/data/oulad, or SMARTPD_OULAD=DIR); skipped", file=sys.stderr)
        return []
    data = oulad.read(where)
    figures = []
    for cut in CUTS:
        auc, line = measured(data, cut, TRAIN, TEST)
        print(line, file=sys.stderr, flush=True)
        figures.append(
            Figure(
                f"risk_oulad_auc_{round(cut * 100)}",
                auc,
                must=MUST[cut],
                aim=AIM[cut],
                unit=f"AUC on 2014B of not completing, at {cut:.0%} of the course, no demographics",
                better="more",
            )
        )
    print(measured(data, 0.25, TRAIN, TEST, demographics=True)[1], file=sys.stderr, flush=True)
    return figures


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bench_oulad", description=__doc__)
    parser.add_argument("--data", type=Path, default=oulad.folder(), help="folder with the tables, .csv or .csv.gz")
    parser.add_argument("--train", nargs="+", default=TRAIN, metavar="PRESENTATION")
    parser.add_argument("--test", nargs="+", default=TEST, metavar="PRESENTATION")
    parser.add_argument("--cut", type=float, nargs="+", default=[0.25], metavar="SHARE")
    parser.add_argument("--demographics", action="store_true", help="learn from columns about the person as well")
    given = parser.parse_args(arguments)
    if given.data is None:
        parser.error("no data found: give --data DIR")
    data = oulad.read(given.data)
    for cut in given.cut:
        print(measured(data, cut, given.train, given.test, demographics=given.demographics)[1], flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
