"""Files of pairs, written for a test."""

from pathlib import Path


def write_pairs(path: Path, header: str, *rows: str, encoding: str = "utf-8") -> Path:
    path.write_bytes("\n".join([header, *rows, ""]).encode(encoding))
    return path


def learners(*pairs: tuple[float, float], more: str = "") -> list[str]:
    """Rows of learner, score before and after."""
    return [f"t{number:03d},{before},{after}{more}" for number, (before, after) in enumerate(pairs, start=1)]
