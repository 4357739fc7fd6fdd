"""``python -m demo``: prepare what is not prepared yet, and serve.

Plain enough for an old Python to get as far as saying what it lacks.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036
    sys.exit("Python 3.11 or newer is needed, this is %d.%d: make run PYTHON=python3.12" % sys.version_info[:2])  # noqa: UP031

from demo.start import main

if __name__ == "__main__":
    sys.exit(main())
