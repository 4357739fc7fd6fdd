"""Kills runs at random points: ``python killed_runs.py SOURCE FOLDER COUNT SEED``; prints the stores that were made.

A process of its own, in which everything is loaded and no thread runs: each run is a fork of it.
"""

import json
import os
import random
import signal
import sys
import time
from pathlib import Path

from smartpd_analytics.store import StoreOptions, ingest, open_store

from tests.analytics.store.inside_engine import SMALL


def fork(log, store):
    child = os.fork()
    if child == 0:
        for module, name, value in SMALL:
            setattr(module, name, value)
        ingest([log], store, options=StoreOptions(identified=True))
        os._exit(0)
    return child


def main(log, folder, count, seed):
    began = time.monotonic()
    os.waitpid(fork(log, folder / "timed"), 0)
    takes = time.monotonic() - began
    chance, stores, after_commit = random.Random(seed), [folder / "0"], 0  # noqa: S311
    for number in range(1, count + 1):
        child = fork(log, stores[-1])
        time.sleep(takes * chance.uniform(0, 1))
        os.kill(child, signal.SIGKILL)
        killed = os.waitpid(child, 0)[1] != 0
        if (stores[-1] / "manifest.json").exists():
            after_commit += killed and open_store(stores[-1]).generation > 0
            account = open_store(stores[-1]).account()
            assert account.read == account.accepted + account.duplicate + account.ignored + account.quarantined
        if not killed:
            stores.append(folder / str(number))
    os.waitpid(fork(log, stores[-1]), 0)
    print(json.dumps({"stores": [str(store) for store in stores], "after_commit": after_commit}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
