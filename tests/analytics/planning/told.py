"""What a recommendation tells, in short."""

from smartpd_analytics.data import CompetencyEstimate


def kinds(recommendation) -> list[str]:
    return [action.kind for action in recommendation.actions]


def told(recommendation) -> set[str]:
    """Rules about the learner that fired."""
    return {firing.rule_id for firing in recommendation.trace if not firing.target}


def estimates(**values: float) -> tuple[CompetencyEstimate, ...]:
    return tuple(
        CompetencyEstimate(name[1] + "." + name[2], value, 0.1, "combined", 1) for name, value in values.items()
    )
