"""The expert system: rules as data, forward chaining with certainty factors, explanations.

How it works: docs/how-recommendations-are-made.md. How to write a rule: docs/how-to-write-a-rule.md.
"""

from ._conditions import MAX_LENGTH, Condition
from ._facts import FACTS, WORDS, Fact, FactValue
from ._inference import Inference, Verdict, combine_certainty, infer, judge
from ._reading import load_rules
from ._rules import Conclusion, Rule, RuleSet
from ._sentences import fill, number_with, plural_form

__all__ = [
    "FACTS",
    "MAX_LENGTH",
    "WORDS",
    "Conclusion",
    "Condition",
    "Fact",
    "FactValue",
    "Inference",
    "Rule",
    "RuleSet",
    "Verdict",
    "combine_certainty",
    "fill",
    "infer",
    "judge",
    "load_rules",
    "number_with",
    "plural_form",
]
