"""A log of three learners and a teacher."""

import sys

from tests.analytics.features.raw_lines import checks, enrols, opens, plays, teaches

SMARTPD = [sys.executable, "-c", "from smartpd_analytics.cli import main; main()"]


def small_log() -> list[str]:
    return [
        enrols("ona"),
        enrols("bek"),
        enrols("lola"),
        opens("ona", "u1", 1),
        plays("ona", "v1", 2),
        *(checks("ona", "p1", False, minute, title="Shifr [bold]") for minute in (4, 6, 8)),
        opens("bek", "u1", 3),
        checks("bek", "p1", True, 5, title="Shifr [bold]"),
        enrols("bek", 60, leaves=True),
        teaches("boss", 1),
    ]
