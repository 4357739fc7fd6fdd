"""One person is one learner, whether a line carries the id, the username, or both.

A line that carries both ties them together. The newest username of an id counts (people are renamed), and
the newest id of a username. Written once, in Narwhals, for the table in memory and for the store.
"""

from __future__ import annotations

from typing import Any

__all__ = ["known_people", "with_known", "with_person"]


def known_people(pairs: Any, *, within: tuple[str, ...] = ()) -> tuple[Any, Any]:
    """Which name belongs to an id, and which id to a name.

    Args:
        pairs: a lazy frame with ``user_id``, ``username`` and ``seen`` (the time of a line with both), and the
            columns of ``within``; rows without id or name, and repeated pairs, do no harm.
        within: columns that say for what an id stands for one person: none for the events of one site. The logs of
            several sites together have one id for different people, but a course has only one site.

    Returns:
        A frame with ``person_id``, ``known_name`` and one with ``username``, ``known_id``, each with ``within``.
    """
    import narwhals as nw

    pairs = (
        pairs.filter(~nw.col("user_id").is_null(), nw.col("username") != "")
        .group_by(*within, "user_id", "username")
        .agg(nw.col("seen").max())
    )
    names = (
        pairs.filter(nw.col("seen") == nw.col("seen").max().over(*within, "user_id"))
        .group_by(*within, "user_id")
        .agg(nw.col("username").min().alias("known_name"))
        .rename({"user_id": "person_id"})
    )
    ids = (
        pairs.filter(nw.col("seen") == nw.col("seen").max().over(*within, "username"))
        .group_by(*within, "username")
        .agg(nw.col("user_id").max().alias("known_id"))
    )
    return names, ids


def with_known(events: Any, names: Any, ids: Any, *, within: tuple[str, ...] = ()) -> Any:
    """The events with the person of each.

    ``username`` becomes the newest of the person, or stays empty; ``person_id`` is the numeric id or -1;
    ``nameless_id`` is the numeric id where no line tells a username, else -1. ``user_id`` goes.
    """
    import narwhals as nw

    events = events.join(ids, on=[*within, "username"], how="left").with_columns(
        nw.coalesce(nw.col("user_id"), nw.col("known_id"), nw.lit(-1)).cast(nw.Int64).alias("person_id")
    )
    events = events.join(names, on=[*within, "person_id"], how="left").with_columns(
        nw.coalesce(nw.col("known_name"), nw.col("username")).alias("username")
    )
    nameless = nw.when(nw.col("username") == "").then(nw.col("person_id")).otherwise(nw.lit(-1))
    return events.with_columns(nameless.cast(nw.Int64).alias("nameless_id")).drop("user_id", "known_id", "known_name")


def with_person(events: Any) -> Any:
    """``with_known``, from what the events of each course tell; they may be of several sites."""
    import narwhals as nw

    within = ("course_key",)
    pairs = events.select(*within, "user_id", "username", nw.col("time_us").alias("seen"))
    return with_known(events, *known_people(pairs, within=within), within=within)
