"""The register of rules, and what has become of them when the law changed."""

from rules.models.changes import Decision, Replacement, ReviewItem
from rules.models.register import Act, Rule, RuleQuerySet, RuleVersion

__all__ = [
    "Act",
    "Decision",
    "Replacement",
    "ReviewItem",
    "Rule",
    "RuleQuerySet",
    "RuleVersion",
]
