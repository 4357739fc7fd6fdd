"""The needs diagnostic's page and server time, beside xblock-poll's survey and the SDK's sample in the same runtime.

The survey asks as many questions, in the same words. Times are medians of CPU time in one process (``blocks_there``),
so that what else the machine does counts little.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.figure import Figure

ROOT = Path(__file__).resolve().parents[1]
PEERS = ROOT / "build" / "blocks"


def blocks() -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        own = {"SMARTPD_VAR": folder, "SMARTPD_DATABASE_URL": "", "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", "benchmarks.blocks_there"]
        done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT, env={**os.environ, **own})
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def measure() -> list[Figure]:
    if not PEERS.is_dir():
        print("xblock-poll is not there: make bench puts it into build/blocks", file=sys.stderr)
        return []
    found = blocks()
    ours, survey, sample = found["needs"], found["survey"], found["sample"]
    return [
        Figure(
            "block_first_screen",
            ours["wire"],
            must=20_000,
            aim=10_000,
            unit="bytes over the wire, gzip, with the block's own scripts and styles",
        ),
        Figure(
            "block_first_screen_over_survey",
            ours["wire"] / survey["wire"],
            must=1,
            aim=0.5,
            unit="times the bytes of xblock-poll's survey",
        ),
        Figure(
            "block_view_over_survey",
            ours["view"] / survey["view"],
            must=1,
            aim=0.5,
            unit="times the CPU time of the survey's student view",
        ),
        Figure(
            "block_view_over_sample",
            ours["view"] / sample["view"],
            must=8,
            aim=1.5,
            unit="times the CPU time of the student view of the SDK's sample",
        ),
        Figure(
            "block_save_over_survey",
            ours["save"] / survey["save"],
            must=1,
            aim=0.5,
            unit="times the CPU time of the survey's vote, for an answer on the way",
        ),
        Figure(
            "block_save_over_sample",
            ours["save"] / sample["save"],
            must=5,
            aim=1.5,
            unit="times the CPU time of the vote of the SDK's sample",
        ),
    ]
