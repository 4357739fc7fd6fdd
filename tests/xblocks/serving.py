"""The demo host as a process of its own, on the database of the tests: ``python -m tests.xblocks.serving PORT``."""

from __future__ import annotations

import os
import sys


def main(port: int) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "demo.settings"
    import django

    django.setup()
    from demo.start import server

    serving = server(port)
    print("serving", flush=True)
    serving.serve_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]))
