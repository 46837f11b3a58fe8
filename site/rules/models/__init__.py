"""The register of rules, and what has become of them when the law changed."""

from rules.models.changes import Decision, DigestStop, Replacement, ReviewItem
from rules.models.register import Act, RegisterStamp, Rule, RuleQuerySet, RuleVersion

__all__ = [
    "Act",
    "Decision",
    "DigestStop",
    "RegisterStamp",
    "Replacement",
    "ReviewItem",
    "Rule",
    "RuleQuerySet",
    "RuleVersion",
]
