"""Small instruments of each kind, as an institution might write them, for a framework of two areas."""

from smartpd_analytics.frameworks import parse_framework


def words(stem):
    return {"en": f"{stem} en", "ru": f"{stem} ру", "uz": f"{stem} uz"}


def option(name, **more):
    return {"id": name, "text": words(name), **more}


FRAMEWORK = {
    "id": "national",
    "version": "2026",
    "title": words("title"),
    "source": "a decree",
    "areas": [
        {
            "id": area,
            "title": words(area),
            "description": words(area),
            "competencies": [
                {"id": f"{area}.{n}", "title": words("c"), "description": words("c")} for n in range(1, count + 1)
            ],
        }
        for area, count in (("A", 2), ("B", 1))
    ],
    "levels": [{"id": level, "name": words(level), "description": words(level)} for level in ("L1", "L2", "L3")],
}


def national():
    return parse_framework(FRAMEWORK)


def head(kind, **more):
    return {
        "id": f"own_{kind}",
        "version": "1",
        "kind": kind,
        "title": words("title"),
        "intro": words("intro"),
        "minutes": 5,
        **more,
    }


def knowledge_test():
    return head(
        "knowledge_test",
        framework="national",
        cut_scores=[0, 2, 4],
        ability_cuts=[-0.5, 0.5],
        missing={"policy": "zero"},
        items=[
            {
                "id": "one",
                "competency": "A.1",
                "level": "L2",
                "text": words("one"),
                "options": [option(name, points=int(name == "c")) for name in "abcd"],
                "irt": {"discrimination": 1.2, "difficulty": -0.4, "guessing": 0.2},
            },
            {
                "id": "some",
                "competency": "A.2",
                "type": "multiple",
                "scenario": words("scenario"),
                "text": words("some"),
                "options": [option(name, points=int(name in "bd")) for name in "abcde"],
                "worth": 2,
                "scoring": "partial",
                "irt": {"discrimination": 1, "thresholds": [-0.5, 0.75], "provisional": False},
            },
            {
                "id": "order",
                "competency": "B.1",
                "type": "order",
                "text": words("order"),
                "options": [option(name) for name in "dbac"],
                "worth": 2,
                "scoring": "partial",
                "irt": {"discrimination": 0.9, "thresholds": [0.1, 1]},
            },
        ],
    )


def scales(*names):
    return [{"id": name, "title": words(name), "description": words(name)} for name in names]


def needs_survey():
    return head(
        "needs_survey",
        scales=scales("work", "means"),
        option_sets={"often": [option("never"), option("weekly"), option("daily")]},
        items=[
            {"id": "hours", "scale": "work", "type": "number", "text": words("hours"), "least": 0, "most": 40},
            {
                "id": "tools",
                "scale": "means",
                "type": "multiple",
                "text": words("tools"),
                "most": 2,
                "options": [option("pc"), option("phone"), option("board"), option("none", exclusive=True)],
            },
            {"id": "online", "scale": "means", "type": "rating", "text": words("online"), "options": "often"},
            {"id": "mode", "scale": "work", "type": "choice", "text": words("mode"), "options": "often"},
            {
                "id": "first",
                "scale": "work",
                "type": "order",
                "text": words("first"),
                "options": [option(name) for name in "abc"],
            },
            {"id": "wish", "scale": "work", "type": "text", "text": words("wish"), "most": 100, "required": False},
        ],
    )


def motivation():
    return head(
        "motivation",
        scales=scales("value", "calm"),
        missing={"policy": "person_mean", "least_share": 0.5},
        option_sets={"agree": [option(str(n), points=n) for n in range(1, 8)]},
        items=[
            {"id": "m1", "scale": "value", "text": words("m1"), "options": "agree"},
            {"id": "m2", "scale": "value", "text": words("m2"), "options": "agree"},
            {"id": "m3", "scale": "calm", "text": words("m3"), "options": "agree", "reverse": True},
            {"id": "m4", "scale": "calm", "text": words("m4"), "options": "agree", "active": False},
        ],
    )


def self_assessment():
    return head(
        "self_assessment",
        framework="national",
        cut_scores=[0, 2, 4],
        norms={"source": "a sample", "areas": [{"area": "A", "sd": 1.5, "alpha": 0.8}]},
        items=[
            {
                "id": f"s{number}",
                "competency": competency,
                "text": words(f"s{number}"),
                "help": words("help"),
                "options": [option(str(n), points=n) for n in range(3)],
            }
            for number, competency in enumerate(("A.1", "A.2", "B.1"), start=1)
        ],
    )


KINDS = {made.__name__: made for made in (self_assessment, knowledge_test, needs_survey, motivation)}
FRAMEWORKED = ("self_assessment", "knowledge_test")
