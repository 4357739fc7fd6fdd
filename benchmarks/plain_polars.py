"""The table ``learners`` as one would write it by hand in Polars: the peer of ``bench_features``.

The same definitions (docs/features.md), in Polars' own idioms: lazy frames, categories for the long keys, windows
and groups; no course map.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl
from smartpd_analytics.features import FEATURES

US_DAY, US_MIN, GAP = 86_400_000_000, 60_000_000, 1_800_000_000
WHO = ["course_key", "learner"]
VIDEO_ENDS = ["complete_video", "load_video", "pause_video", "stop_video"]
PRACTICE = ["problem", "diagnosis", "matrix", "pres"]
CONTAINERS = ["chapter", "course", "sequential", "vertical"]
POSTS = ["edx.forum.thread.created", "edx.forum.response.created", "edx.forum.comment.created"]
COLUMNS = [
    *("time_us", "name", "kind", "source", "user_id", "username", "course_key", "usage_key", "block_type"),
    *("unit_key", "earned", "attempt", "correct", "client"),
]


def learners(path: Path) -> pl.DataFrame:
    """The features of every learner in every course of a Parquet file, at the newest event of each course."""
    keys = ("course_key", "usage_key", "unit_key", "name", "kind", "source", "block_type", "client")
    raw = pl.scan_parquet(path).select(COLUMNS).with_columns(pl.col(key).cast(pl.Categorical) for key in keys)
    events = _personal(raw.collect())
    end = events.group_by("course_key").agg(pl.col("time_us").max().alias("end_us"))
    people = events.group_by(WHO).agg((pl.col("kind") == "staff").any().alias("is_staff"))
    staff = people.filter("is_staff").select(WHO)
    events = events.join(staff, on=WHO, how="anti").join(end, on="course_key")
    timed = _timed(events)
    parts = [_days(timed), _units(timed), _blocks(timed)]
    table = parts[0]
    for part in parts[1:]:
        table = table.join(part, on=WHO, how="left")
    return _features(table)


def _personal(events: pl.DataFrame) -> pl.DataFrame:
    pairs = events.filter(pl.col("user_id").is_not_null() & (pl.col("username") != ""))
    pairs = pairs.group_by("user_id", "username").agg(pl.col("time_us").max().alias("seen"))
    newest = pl.col("seen") == pl.col("seen").max()
    names = pairs.filter(newest.over("user_id")).group_by("user_id").agg(pl.col("username").min().alias("known"))
    ids = pairs.filter(newest.over("username")).group_by("username").agg(pl.col("user_id").max().alias("known_id"))
    events = events.join(ids, on="username", how="left")
    events = events.with_columns(pl.coalesce("user_id", "known_id").alias("person"))
    events = events.join(names, left_on="person", right_on="user_id", how="left")
    name = pl.coalesce("known", "username")
    events = events.filter((name != "") | pl.col("person").is_not_null())
    learner = pl.when(name != "").then(name).otherwise(pl.format("user:{}", "person"))
    events = events.with_columns(learner.cast(pl.Categorical).alias("learner"))
    inside = events.filter(
        (pl.col("usage_key") != "") & (pl.col("unit_key") != "") & (pl.col("usage_key") != pl.col("unit_key"))
    )
    block = ["course_key", "usage_key"]
    homes = inside.group_by(*block, "unit_key").agg(pl.len().alias("lines"))
    homes = homes.filter(pl.col("lines") == pl.col("lines").max().over(block))
    homes = homes.group_by(block).agg(pl.col("unit_key").cast(pl.String).min().cast(pl.Categorical).alias("home"))
    types = events.group_by(block).agg(pl.col("block_type").cast(pl.String).max().cast(pl.Categorical).alias("type"))
    events = events.join(homes, on=block, how="left").join(types, on=block, how="left")
    return events.with_columns(
        pl.when(pl.col("unit_key") != "").then("unit_key").otherwise(pl.col("home")).alias("unit"),
        ((pl.col("usage_key") != "") & (pl.col("usage_key") != pl.col("unit_key"))).alias("inside"),
    )


def _timed(events: pl.DataFrame) -> pl.DataFrame:
    kind, name = pl.col("kind"), pl.col("name")
    present = ~kind.is_in(["enrolment", "grade", "staff"]) & (pl.col("source") != "task")
    graded = (kind == "problem") & pl.col("correct").is_not_null()
    part = (
        pl.when((kind == "video") & ~name.is_in(VIDEO_ENDS)).then(1)
        .when(kind.is_in(PRACTICE)).then(2)
        .when(kind == "forum").then(3)
        .otherwise(0)
    )  # fmt: skip
    events = events.with_columns(
        present.alias("present"),
        part.cast(pl.Int8).alias("part"),
        (graded & pl.col("correct")).alias("right"),
        (graded & ~pl.col("correct")).alias("wrong"),
        ((kind == "completion") & (pl.col("earned") >= 1)).fill_null(False).alias("mark"),
    ).sort(*WHO, "present", "time_us", "right", "wrong", "mark", "part", "usage_key", "unit", "name")
    run = [*WHO, "present"]
    events = events.with_columns(
        pl.col("time_us").shift(1).over(run).alias("t1"),
        pl.col("time_us").shift(2).over(run).alias("t2"),
        pl.col("mark").shift(1).over(run).alias("m1"),
        pl.col("mark").shift(2).over(run).alias("m2"),
        pl.col("time_us").shift(-1).over(run).alias("next"),
        pl.col("part").shift(-1).over(run).alias("then"),
        pl.col("unit").shift(1).over(run).alias("unit_before"),
    )
    stays = ((pl.col("next") - pl.col("time_us")) <= GAP).fill_null(False)
    then = pl.when(stays).then("then").otherwise(0)
    medium = (
        pl.when(pl.col("part") == 1).then(1)
        .when(then == 2).then(2)
        .when((pl.col("part") == 3) | (then == 3)).then(3)
        .when(pl.col("part") == 2).then(2)
        .otherwise(0)
    )  # fmt: skip
    since = (
        pl.when(~pl.col("m1")).then(pl.col("time_us") - pl.col("t1"))
        .when(~pl.col("m2")).then(pl.col("time_us") - pl.col("t2"))
    )  # fmt: skip
    changed = pl.col("unit").ne_missing(pl.col("unit_before"))
    return events.with_columns(
        pl.when(stays).then(pl.col("next") - pl.col("time_us")).otherwise(US_MIN).alias("spent"),
        medium.alias("medium"),
        (pl.col("present") & ~((pl.col("time_us") - pl.col("t1")) <= GAP).fill_null(False)).alias("starts"),
        pl.when(pl.col("present") & (since <= GAP)).then(since).alias("since"),
        (changed & (pl.col("name") == "page_view")).alias("visit"),
        (pl.col("time_us") // US_DAY).cast(pl.Int32).alias("day"),
        (pl.col("time_us") // (US_DAY // 24) % 24).cast(pl.Int8).alias("hour"),
        (pl.col("end_us") // US_DAY).cast(pl.Int32).alias("end_day"),
    )


def _days(timed: pl.DataFrame) -> pl.DataFrame:
    here, hour, name = pl.col("present"), pl.col("hour"), pl.col("name")
    answer = pl.col("right") | pl.col("wrong")
    recent = pl.col("day") > pl.col("end_day") - 14
    before = (pl.col("day") > pl.col("end_day") - 28) & ~recent
    spent = pl.when(here).then("spent").otherwise(0)
    helped = (name == "showanswer") | (name == "edx.problem.hint.demandhint_displayed")
    read = name.is_in(["edx.forum.thread.viewed", "edx.forum.searched"])
    helped |= read
    vote = name.is_in(["edx.forum.thread.voted", "edx.forum.response.voted", "edx.forum.thread.followed"])
    matrix = name.is_in(["smartpd.matrix.cell_marked", "smartpd.matrix.cell_rated"])
    joined = name.is_in(POSTS) | vote | (name == "smartpd.pres.submitted") | matrix

    def halves(what: pl.Expr, label: str) -> list[pl.Expr]:
        return [
            pl.when(period).then(what).otherwise(0).sum().alias(f"{label}_{mark}")
            for mark, period in (("r", recent), ("b", before))
        ]

    def of(medium: int) -> pl.Expr:
        return pl.when(here & (pl.col("medium") == medium)).then("spent").otherwise(0)

    left = name == "edx.course.enrollment.deactivated"
    enrolment = (name == "edx.course.enrollment.activated") | left
    graded = (name == "edx.grades.course.grade_calculated") & pl.col("earned").is_not_null()
    total = timed.group_by(WHO).agg(
        pl.col("end_us").first(),
        pl.col("end_day").first(),
        here.sum().alias("acts"),
        pl.col("starts").sum().alias("sessions"),
        spent.sum().alias("us"),
        *(of(number).sum().alias(label) for number, label in enumerate(("text", "video", "practice", "forum"))),
        (here & hour.is_between(5, 11)).sum().alias("morning"),
        (here & hour.is_between(12, 17)).sum().alias("afternoon"),
        (here & hour.is_between(18, 22)).sum().alias("evening"),
        (here & ((hour < 5) | (hour >= 23))).sum().alias("night"),
        (here & (pl.col("client") == "mobile")).sum().alias("mobile"),
        answer.sum().alias("answers"),
        pl.col("right").sum().alias("rights"),
        pl.when(answer).then("since").sum().alias("since"),
        (answer & pl.col("since").is_not_null()).sum().alias("timed"),
        (name == "edx.problem.hint.demandhint_displayed").sum().alias("hints"),
        (name == "showanswer").sum().alias("answers_shown"),
        read.sum().alias("forum_reads"),
        name.is_in(POSTS).sum().alias("forum_posts"),
        vote.sum().alias("forum_votes"),
        (name == "smartpd.pres.submitted").sum().alias("pres_texts"),
        matrix.sum().alias("matrix_marks"),
        (name == "smartpd.diagnosis.answered").sum().alias("diagnosis_answers"),
        pl.col("time_us").min().alias("first_any"),
        pl.col("time_us").max().alias("last_any"),
        pl.col("time_us").filter(here).min().alias("first_us"),
        pl.col("time_us").filter(here).max().alias("last_us"),
        (pl.col("time_us") * 2 + ~left).filter(enrolment).max().alias("enrolment"),
        (pl.col("time_us") // 1000 * 1_000_001 + (pl.col("earned") * 1e6 + 0.5).floor().cast(pl.Int64))
        .filter(graded).max().alias("graded"),
        pl.col("day").min().alias("first_day"),
        *halves(spent, "us"),
        *halves(of(0), "text"),
        *halves(of(1), "video"),
        *halves(of(2), "practice"),
        *halves(pl.col("starts").cast(pl.Int64), "starts"),
        *halves(answer.cast(pl.Int64), "answered"),
        *halves(helped.cast(pl.Int64), "helped"),
        *halves(joined.cast(pl.Int64), "joined"),
    )  # fmt: skip
    days = timed.filter(here).select(*WHO, "day", "end_day").unique().sort(*WHO, "day")
    gap = pl.col("day").diff().over(WHO)
    days = days.with_columns(gap.alias("gap"), (gap != 1).fill_null(True).cum_sum().over(WHO).alias("run"))
    streaks = days.group_by(*WHO, "run").len().group_by(WHO).agg(pl.col("len").max().alias("longest_streak"))
    active = days.group_by(WHO).agg(
        pl.len().alias("active_days"),
        ((pl.col("day") + 3) // 7).n_unique().alias("active_weeks"),
        ((pl.col("day") + 3) % 7 < 5).sum().alias("weekdays"),
        pl.col("day").min().alias("first_active"),
        pl.col("day").max().alias("last_active"),
        pl.col("gap").max().alias("longest_between"),
        recent.sum().alias("days_r"),
        before.sum().alias("days_b"),
    )
    return total.join(active, on=WHO, how="left").join(streaks, on=WHO, how="left")


def _units(timed: pl.DataFrame) -> pl.DataFrame:
    shown = timed.filter(
        "present", pl.col("unit").is_not_null() & (pl.col("unit") != ""), pl.col("name") != "page_close"
    )
    start = timed.group_by(WHO).agg(pl.col("time_us").min().alias("start"))
    units = shown.group_by(*WHO, "unit").agg(
        pl.col("time_us").min().alias("first_us"),
        pl.col("time_us").max().alias("last_us"),
        pl.col("visit").sum().alias("visits"),
        pl.col("day").min().alias("first_day"),
        pl.col("end_day").first(),
    )
    order = (
        units.join(start, on=WHO)
        .group_by("course_key", "unit")
        .agg((pl.col("first_us") - pl.col("start")).median().alias("since"))
    )
    order = order.with_columns(pl.col("unit").cast(pl.String).alias("text")).sort("course_key", "since", "text")
    order = order.with_columns(
        pl.int_range(1, pl.len() + 1).over("course_key").alias("place"), pl.len().over("course_key").alias("size")
    )
    units = units.join(order.select("course_key", "unit", "place"), on=["course_key", "unit"])
    recent = pl.col("first_day") > pl.col("end_day") - 14
    before = (pl.col("first_day") > pl.col("end_day") - 28) & ~recent
    found = (
        units.sort("last_us", "place")
        .group_by(WHO, maintain_order=True)
        .agg(
            pl.len().alias("units_opened"),
            recent.sum().alias("units_r"),
            before.sum().alias("units_b"),
            (pl.col("visits").cast(pl.Int64) - 1).clip(0).sum().alias("returns"),
            pl.col("place").max().alias("far_place"),
            pl.col("place").last().alias("stop_place"),
            pl.col("unit").last().alias("stopped_at"),
        )
    )
    sizes = order.group_by("course_key").agg(pl.col("size").first().alias("units_in_course"))
    everybody = timed.select(WHO).unique()
    return everybody.join(found, on=WHO, how="left").join(sizes, on="course_key", how="left")


def _blocks(timed: pl.DataFrame) -> pl.DataFrame:
    leaf = timed.filter("inside", ~pl.col("type").is_in(CONTAINERS))
    name, time = pl.col("name"), pl.col("time_us")
    answer = pl.col("right") | pl.col("wrong")
    done = pl.col("right") | pl.col("mark") | name.is_in(["complete_video", "stop_video"])
    sure = (pl.col("attempt").is_null() | (pl.col("attempt") <= 1)).cast(pl.Int64)
    right = pl.col("right").cast(pl.Int64)
    blocks = leaf.group_by(*WHO, "usage_key").agg(
        (time * 4 + sure * 2 + right).filter(answer).min().alias("first"),
        (time * 2 + right).filter(answer).max().alias("last"),
        time.filter(done).min().alias("done"),
        (name == "play_video").any().alias("played"),
        (pl.col("type") == "video").any().alias("video"),
        pl.col("end_day").first(),
    )
    tried = pl.col("first").is_not_null()
    known = tried & (pl.col("first") // 2 % 2 == 1)
    hit = known & (pl.col("first") % 2 == 1)
    finished = pl.col("done").is_not_null()

    def halves(what: pl.Expr, day: pl.Expr, label: str) -> list[pl.Expr]:
        recent = day > pl.col("end_day") - 14
        before = (day > pl.col("end_day") - 28) & ~recent
        return [(what & recent).sum().alias(f"{label}_r"), (what & before).sum().alias(f"{label}_b")]

    found = blocks.group_by(WHO).agg(
        tried.sum().alias("problems_tried"),
        (tried & (pl.col("last") % 2 == 1)).sum().alias("problems_solved"),
        (tried & (pl.col("last") % 2 == 0)).sum().alias("problems_failing"),
        known.sum().alias("known"),
        hit.sum().alias("hit"),
        finished.sum().alias("blocks_done"),
        pl.col("played").sum().alias("videos_played"),
        (finished & pl.col("video")).sum().alias("videos_completed"),
        *halves(known, pl.col("first") // 4 // US_DAY, "known"),
        *halves(hit, pl.col("first") // 4 // US_DAY, "hit"),
        *halves(finished, pl.col("done") // US_DAY, "done"),
    )
    ever = blocks.filter(finished).group_by("course_key").agg(pl.col("usage_key").n_unique().alias("ever"))
    return timed.select(WHO).unique().join(found, on=WHO, how="left").join(ever, on="course_key", how="left")


def _share(part: str | pl.Expr, of: str | pl.Expr) -> pl.Expr:
    part, of = (pl.col(each) if isinstance(each, str) else each for each in (part, of))
    return pl.when(of > 0).then(part.cast(pl.Float64) / of.cast(pl.Float64))


def _change(name: str) -> pl.Expr:
    recent, before = pl.col(f"{name}_r").cast(pl.Int64), pl.col(f"{name}_b").cast(pl.Int64)
    return _share(recent - before, recent + before)


def _moved(name: str) -> pl.Expr:
    return _share(f"{name}_r", "us_r") - _share(f"{name}_b", "us_b")


def _features(table: pl.DataFrame) -> pl.DataFrame:
    counts = [name for name, kind in table.schema.items() if kind in (pl.UInt32, pl.Int64)]
    optional = {"enrolment", "graded", "first_us", "last_us", "longest_between", "stop_place", "far_place"}
    table = table.with_columns(pl.col(name).cast(pl.Int64).fill_null(0) for name in counts if name not in optional)
    since = pl.col("end_us") - pl.coalesce("first_us", "first_any")
    weeks = pl.when(since > 7 * US_DAY).then(since / (7.0 * US_DAY)).otherwise(1.0)
    table = table.with_columns(
        (pl.col("units_opened") / weeks).alias("units_per_week"),
        (pl.col("us") / US_MIN / weeks).alias("minutes_per_week"),
    )

    def beside(name: str) -> pl.Expr:
        some = pl.when(pl.col(name) > 0).then(name)
        median = some.median().over("course_key")
        return pl.when(some.count().over("course_key") >= 3).then(pl.col(name).cast(pl.Float64) / median)

    table = table.with_columns(beside("units_per_week").alias("pace"), beside("us").alias("minutes_vs_median"))
    active = pl.col("active_days") > 0
    columns = {
        "minutes": pl.col("us") / US_MIN,
        "minutes_per_session": pl.when(pl.col("sessions") > 0).then(pl.col("us") / US_MIN / pl.col("sessions")),
        "minutes_14d": pl.col("us_r") / US_MIN,
        "days_since_start": (pl.col("end_us") - pl.col("first_any")) / US_DAY,
        "days_silent": (pl.col("end_us") - pl.coalesce("last_us", "last_any")) / US_DAY,
        "enrolled": pl.col("enrolment") % 2,
        "active_share": pl.col("active_days") / (pl.col("end_day") - pl.col("first_day") + 1).cast(pl.Float64),
        "mean_gap": pl.when(pl.col("active_days") > 1).then(
            (pl.col("last_active") - pl.col("first_active")).cast(pl.Float64) / (pl.col("active_days") - 1)
        ),
        "longest_gap": pl.when(active).then(
            pl.max_horizontal("longest_between", pl.col("end_day") - pl.col("last_active"))
        ),
        "weekday_share": _share("weekdays", "active_days"),
        **{f"{band}_share": _share(band, "acts") for band in ("morning", "afternoon", "evening", "night", "mobile")},
        "right_share": _share("rights", "answers"),
        "first_try_share": _share("hit", "known"),
        "answers_per_problem": _share("answers", "problems_tried"),
        "seconds_per_answer": _share("since", pl.col("timed") * 1_000_000),
        "course_grade": (pl.col("graded") % 1_000_001) / 1e6,
        "video_share": _share("video", "us"),
        "text_share": _share("text", "us"),
        "practice_share": _share("practice", "us"),
        "discussion_share": _share("forum", "us"),
        "help_per_problem": _share(pl.col("hints") + pl.col("answers_shown"), "problems_tried"),
        "progress": _share("units_opened", "units_in_course"),
        "completion": _share("blocks_done", "ever"),
        "stopping_position": _share("stop_place", "units_in_course"),
        "furthest_position": _share("far_place", "units_in_course"),
        "active_days_14d": pl.col("days_r"),
        "units_14d": pl.col("units_r"),
        "due_passed": pl.lit(0),
        "missed_share": pl.lit(None),
        "late_share": pl.lit(None),
        "days_before_due": pl.lit(None),
        "trend_minutes": _change("us"),
        "trend_active_days": _change("days"),
        "trend_sessions": _change("starts"),
        "trend_units": _change("units"),
        "trend_answers": _change("answered"),
        "trend_first_try": _share("hit_r", "known_r") - _share("hit_b", "known_b"),
        "trend_done": _change("done"),
        "trend_video": _moved("video"),
        "trend_text": _moved("text"),
        "trend_practice": _moved("practice"),
        "trend_help": _change("helped"),
        "trend_social": _change("joined"),
    }
    typed = [
        columns.get(each.name, pl.col(each.name)).cast(pl.Int64 if each.whole else pl.Float64).alias(each.name)
        for each in FEATURES
    ]
    text = [pl.col(name).cast(pl.String) for name in WHO]
    stopped = pl.col("stopped_at").cast(pl.String).fill_null("")
    return table.select(*text, "end_us", stopped, *typed).sort(WHO)
