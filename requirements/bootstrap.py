"""Make the environment: the first thing that runs on a fresh machine, so it says plainly what is missing.

Usage: python3 requirements/bootstrap.py .venv
"""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
import time
from pathlib import Path

NEEDED_PYTHON = (3, 11)
NEEDED_MEGABYTES = 1500
ROOT = Path(__file__).resolve().parent.parent


def missing() -> str:
    """What this machine lacks, as one line; empty when nothing."""
    found = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < NEEDED_PYTHON:
        return f"Python 3.11 or newer is needed, this is {found}: make PYTHON=python3.12 …"
    for module, package in (
        ("ensurepip", "python3-venv"),
        ("venv", "python3-venv"),
        ("sqlite3", "a Python with sqlite3"),
    ):
        if importlib.util.find_spec(module) is None:
            return f"Python {found} here lacks {module!r}: apt-get install {package}"
    free = shutil.disk_usage(ROOT).free // 2**20
    if free < NEEDED_MEGABYTES:
        return f"{free} MB free on the disk of {ROOT}, about {NEEDED_MEGABYTES} MB are needed"
    return ""


def install(venv: Path) -> int:
    """Create `venv` and install the checkout into it; the exit status of the step that failed, or 0."""
    python = str(venv / "bin" / "python")
    packages = ["-e", ".[demo,test]", "-r", "requirements/dev.txt"]
    steps = [
        ("Creating the environment", [sys.executable, "-m", "venv", str(venv)]),
        ("Updating pip", [python, "-m", "pip", "install", "--upgrade", "pip"]),
        ("Installing openedx-smartpd and what it needs (a minute or two)", [python, "-m", "pip", "install", *packages]),
        # As pip does with a wheel; otherwise each command reads the sources first where bytecode may not be written.
        ("Compiling its modules", [python, "-m", "compileall", "-q", "analytics", "xblocks", "openedx_plugin"]),
    ]
    for number, (words, command) in enumerate(steps, start=1):
        print(f"[{number}/{len(steps)}] {words} …", flush=True)
        started = time.monotonic()
        status, tail = follow(command)
        if status:
            print("  failed:", *tail, sep="\n    ", file=sys.stderr)
            return status
        print(f"      done in {time.monotonic() - started:.0f} s", flush=True)
    return 0


def follow(command: list[str]) -> tuple[int, list[str]]:
    """Run `command`, showing on a terminal how far it is; its exit status and its last five lines."""
    tail: list[str] = []
    collected = 0
    live = sys.stdout.isatty()
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        for line in process.stdout or ():
            words = line.strip()
            tail = [*tail, words][-5:] if words else tail
            collected += words.startswith("Collecting ")
            if live and words.startswith(("Collecting ", "Installing collected")):
                stage = f"{collected} packages found" if words.startswith("Collecting") else "putting them in place"
                print(f"\r      {stage:<40}", end="", flush=True)
        if live and collected:
            print("\r" + " " * 46 + "\r", end="")
    return process.returncode, tail


def main() -> int:
    lack = missing()
    if lack:
        print(lack, file=sys.stderr)
        return 1
    try:
        return install(ROOT / sys.argv[1])
    except KeyboardInterrupt:
        print("\nStopped. The next run starts over where needed.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
