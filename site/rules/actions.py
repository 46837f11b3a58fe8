"""The one way to change the register."""

from datetime import datetime
from typing import Any

from django.db import transaction

from people.models import Person
from rules.models import Act, Rule, RuleVersion
from rules.signals import rule_changed


@transaction.atomic
def save_rule(
    rule: Rule, *, at: datetime, by: Person | None = None, is_from_file: bool = False
) -> Rule:
    """Save ``rule`` and keep what it says in its history, if that has changed.

    A check that only moves the dates is kept too: it is part of what a lesson shows. Everyone
    who cites the rule hears of it by ``rule_changed``, within this transaction.

    Args:
        at: Aware moment the version is recorded with.
        by: Who saved it, where that is known.
        is_from_file: That no person wrote it: the data command loaded it.

    Raises:
        ValidationError: When the rule breaks a rule of its own. Nothing is saved.
    """
    rule.full_clean()
    rule.save()
    Rule.objects.select_for_update().get(pk=rule.pk)  # versions are numbered one at a time
    latest = rule.versions.order_by("-number").first()
    content = _content(rule)
    if latest is not None and latest.content == content:
        return rule
    RuleVersion.objects.create(
        rule=rule,
        number=latest.number + 1 if latest else 1,
        content=content,
        recorded_at=at,
        recorded_by=by,
        is_from_file=is_from_file,
    )
    rule_changed.send(sender=Rule, rule=rule)
    return rule


@transaction.atomic
def save_act(act: Act) -> Act:
    """Save ``act`` and tell everyone who cites one of its rules, for they show its name.

    Raises:
        ValidationError: When the act breaks a rule of its own. Nothing is saved.
    """
    act.full_clean()
    act.save()
    for rule in act.rules.all():
        rule_changed.send(sender=Rule, rule=rule)
    return act


def _content(rule: Rule) -> dict[str, Any]:
    """Every field of ``rule`` as JSON, so that versions can be compared years later."""
    values = {
        field.attname: getattr(rule, field.attname)
        for field in rule._meta.concrete_fields
        if not field.primary_key
    }
    return {
        name: value if value is None or isinstance(value, int) else str(value)
        for name, value in values.items()
    }
