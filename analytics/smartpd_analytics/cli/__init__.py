"""The command line: ``smartpd``. It needs the extra ``[pipeline]`` and says so where that is missing."""

from __future__ import annotations

import sys

from ..errors import MissingExtraError
from ..reports.words import said
from ._language import language_of

__all__ = ["main"]


def main() -> None:
    """Run the command line on ``sys.argv`` and leave with its exit status."""
    try:
        from ._run import run
    except KeyboardInterrupt:
        sys.exit(130)
    except MissingExtraError as error:
        sys.exit(_without(error))
    except ModuleNotFoundError as error:
        sys.exit(_without(MissingExtraError("pipeline", error.name or "?")))
    sys.exit(run(sys.argv[1:]))


def _without(error: MissingExtraError) -> int:
    print(f"smartpd: {said(str(error), language_of(sys.argv[1:]))}", file=sys.stderr)
    return 2
