"""What goes wrong in real logs, done to a share of the lines: the parser must cope, and the truth counts it.

No act of a learner is lost: a line is repeated, delayed or loses its username, or a broken one stands
beside it.
"""

from __future__ import annotations

from ._learner import random_of
from ._plan import SimulationPlan

__all__ = ["ODDITIES", "Oddities"]

#: Name, and share among the oddities.
ODDITIES = {
    "repeated": 0.40,
    "late": 0.25,
    "nameless": 0.10,
    "cut_copy": 0.10,
    "blank": 0.06,
    "comment": 0.05,
    "noise": 0.04,
}
#: A late or repeated line comes up to this many lines after its place.
_DELAY = 40

Line = tuple[int, str, str]


class Oddities:
    """Goes once through all lines in order; the same seed gives the same oddities, however they are cut in parts."""

    def __init__(self, plan: SimulationPlan) -> None:
        self._share = plan.oddities
        self._random = random_of(plan.seed, 5).random
        self._later: list[tuple[int, Line]] = []
        self._seen = 0

    def of(self, lines: list[Line]) -> list[Line]:
        """The lines as they stand in the log; some of them may still be to come."""
        if not self._share:
            return lines
        out: list[Line] = []
        for line in lines:
            self._seen += 1
            if self._later and self._later[0][0] <= self._seen:
                out.append(self._later.pop(0)[1])
            if self._random() < self._share:
                self._odd(line, out)
            else:
                out.append(line)
        return out

    def rest(self) -> list[Line]:
        """What is still to come when no more lines do."""
        lines, self._later = [line for _, line in self._later], []
        return lines

    def _odd(self, line: Line, out: list[Line]) -> None:
        time_us, text, verdict = line
        what = self._kind()
        if what == "late":
            self._delay(line)
            return
        if what == "nameless":
            # The user id still says who it was.
            before, name, after = text.partition('"username": "')
            if '"user_id": null' not in before:
                _, quote, rest = after.partition('"')
                text = f"{before}{name}{quote}{rest}"
        out.append((time_us, text, verdict))
        if what == "repeated":
            self._delay((time_us, text, "duplicate" if verdict.startswith("+") else verdict))
        elif what == "cut_copy":
            # Within a string that is never empty: the name of the first field is past, its value is not.
            cut = text.index('{"name": "') + 12
            out.append((time_us, f"{text[:cut]}\n", "truncated"))
        elif what == "blank":
            out.append((time_us, "\n", "blank"))
        elif what == "comment":
            out.append((time_us, "# simulated\n", "comment"))
        elif what == "noise":
            out.append((time_us, "Traceback (most recent call last):\n", "not_json"))

    def _delay(self, line: Line) -> None:
        due = self._seen + 1 + int(self._random() * _DELAY)
        if self._later:
            due = max(due, self._later[-1][0])
        self._later.append((due, line))

    def _kind(self) -> str:
        at = self._random()
        for name, share in ODDITIES.items():
            at -= share
            if at < 0:
                return name
        return "repeated"
