"""The command line as a person calls it."""

from __future__ import annotations

import subprocess
import sys


def run_smartpd(*arguments: object) -> tuple[int, str, str]:
    """Exit status, standard output and error stream of ``smartpd`` with ``arguments``, in English."""
    command = [sys.executable, "-c", "from smartpd_analytics.cli import main; main()", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={"LANG": "C.UTF-8", "PATH": ""})
    return done.returncode, done.stdout, done.stderr
