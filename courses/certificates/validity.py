"""How long a certificate is valid: two years, or shorter once the rules behind it change."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, timedelta
from uuid import UUID

from core.periods import local_day
from courses.models import Certificate, CertificateRule
from rules.differences import is_another_rule
from rules.models import Decision

#: How long after a change of its rules one has to catch up with it.
TO_CATCH_UP = timedelta(days=60)
YEARS = 2


def end_of(issued_on: date) -> date:
    """The first day on which a certificate of ``issued_on`` is valid no more."""
    try:
        return issued_on.replace(year=issued_on.year + YEARS)
    except ValueError:  # the 29th of February
        return issued_on.replace(year=issued_on.year + YEARS, month=3, day=1)


def changes_behind(certificates: Collection[Certificate]) -> dict[UUID, list[Decision]]:
    """The decisions since each of ``certificates`` was issued that changed a rule behind it.

    What was changed and changed back is no change. Two queries, whatever there is.
    """
    pairs = CertificateRule.objects.filter(
        certificate__in=[one.pk for one in certificates],
        rule__in=Decision.objects.changes().values("rule"),
    )
    rules: dict[UUID, list[UUID]] = defaultdict(list)
    for certificate, rule in pairs.values_list("certificate", "rule"):
        rules[certificate].append(rule)
    by_rule: dict[UUID, list[Decision]] = defaultdict(list)
    cited = {rule for found in rules.values() for rule in found}
    if cited:
        decisions = Decision.objects.changes().filter(rule__in=cited)
        for decision in decisions.select_related("before", "after").order_by("decided_at", "pk"):
            by_rule[decision.rule_id].append(decision)
    return {
        one.pk: [
            decision
            for rule in rules[one.pk]
            for decision in _net(
                [each for each in by_rule[rule] if each.decided_at > one.issued_at]
            )
        ]
        for one in certificates
    }


def _net(decisions: list[Decision]) -> list[Decision]:
    if not decisions or not is_another_rule(
        decisions[0].before.content, decisions[-1].after.content
    ):
        return []
    return decisions


def expiry(certificate: Certificate, decisions: Iterable[Decision]) -> date:
    """The first day without validity, with ``decisions`` having changed rules behind it."""
    changed_on = [max(local_day(one.decided_at), one.holds_from) for one in decisions]
    early = min(changed_on) + TO_CATCH_UP if changed_on else certificate.ends_on
    return max(min(certificate.ends_on, early), certificate.issued_on)
