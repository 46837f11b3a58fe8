"""The one way to change the register; :mod:`rules.law_changes` does what a new law asks for."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from core.periods import local_day
from people.models import Person
from rules.citations import Citation, citing
from rules.differences import is_another_rule
from rules.models import Act, Decision, RegisterStamp, ReviewItem, Rule, RuleVersion
from rules.signals import review_changed, rule_changed, rule_decided


@transaction.atomic
def save_rule(
    rule: Rule,
    *,
    at: datetime,
    by: Person | None = None,
    is_from_file: bool = False,
    marks_citing: bool = False,
) -> Rule:
    """Save ``rule`` and keep what it says in its history, if that has changed.

    A check that only moves the dates is kept too: it is part of what a lesson shows. Everyone
    who cites the rule hears of it by ``rule_changed``, within this transaction. Which act the rule
    is to be checked against is left as it is: a form opened before cannot take the mark away.

    Args:
        at: Aware moment the version is recorded with.
        by: Who saved it, where that is known.
        is_from_file: That no person wrote it: the data command loaded it.
        marks_citing: That everything that cites the rule is to be looked through, if the rule now
            says something else; without it the change is a correction.

    Raises:
        ValidationError: When the rule breaks a rule of its own. Nothing is saved.
    """
    kept = Rule.objects.select_for_update(no_key=True).filter(pk=rule.pk).first()
    if kept is not None:
        rule.awaiting_act_id = kept.awaiting_act_id
    before = latest_version(rule) if kept is not None else None
    if kept is not None and marks_citing:
        set_translation_aside(rule, vars(kept))
    after = write_version(rule, at=at, by=by, is_from_file=is_from_file)
    if kept is not None and after == before and rule.made_from != kept.made_from:
        _tell(rule)  # its translation was looked at anew and stays as it is
    if (
        marks_citing
        and before is not None
        and after != before
        and is_another_rule(before.content, after.content)
    ):
        decision = Decision.objects.create(
            rule=rule,
            kind=Decision.Kind.CHANGED,
            before=before,
            after=after,
            holds_from=local_day(at),
            decided_at=at,
            decided_by=by,
        )
        mark_citing(decision)
    return rule


def set_translation_aside(rule: Rule, before: Mapping[str, Any]) -> None:
    """What is law now is read in Danish until somebody has translated it anew.

    A text whose Danish says something else than ``before`` loses its Kalaallisut, which the
    history keeps, unless that was written anew, too.
    """
    for name in ("statement", "deadline", "deadline_starts"):
        danish, other = f"{name}_da", f"{name}_kl"
        if getattr(rule, danish) != before.get(danish) and getattr(rule, other) == before.get(
            other
        ):
            setattr(rule, other, "")


def latest_version(rule: Rule) -> RuleVersion | None:
    """What the rule says last in its history."""
    return rule.versions.order_by("-number").first()


def write_version(
    rule: Rule, *, at: datetime, by: Person | None = None, is_from_file: bool = False
) -> RuleVersion:
    """Save ``rule``, whose row is locked; its newest version, new or as it was.

    Raises:
        ValidationError: When the rule breaks a rule of its own. Nothing is saved.
    """
    rule.full_clean()
    rule.save()
    latest = latest_version(rule)
    content = _content(rule)
    if latest is not None and latest.content == content:
        return latest
    version = RuleVersion.objects.create(
        rule=rule,
        number=latest.number + 1 if latest else 1,
        content=content,
        recorded_at=at,
        recorded_by=by,
        is_from_file=is_from_file,
    )
    _tell(rule)
    return version


def _tell(rule: Rule) -> None:
    """Let what shows ``rule`` be drawn anew."""
    RegisterStamp.grow()
    rule_changed.send(sender=Rule, rule=rule)


def mark_citing(decision: Decision) -> None:
    """Mark everything that cites the rule of ``decision`` now, and tell whoever listens.

    The marks carry the moment of the decision. One that a rule was left as it is marks nothing.
    """
    if decision.kind in Decision.CHANGES:
        found = {
            (source.kind, citation.object_id, citation.language): citation
            for source, citation in citing(decision.rule)
        }
        ReviewItem.objects.bulk_create(
            _item(decision, kind, citation, at=decision.decided_at)
            for (kind, _object_id, _language), citation in found.items()
        )
        review_changed.send(sender=ReviewItem, keys=list(found))
    rule_decided.send(sender=Decision, decision=decision)


@transaction.atomic
def mark_late(
    kind: str, citation: Citation, decisions: Collection[Decision], *, at: datetime
) -> None:
    """Mark what could not be read yet when ``decisions`` changed rules that it cites.

    Args:
        at: Aware moment from which it is known to wait.
    """
    if not decisions:
        return
    ReviewItem.objects.bulk_create(
        [_item(decision, kind, citation, at=at) for decision in decisions], ignore_conflicts=True
    )
    key = (kind, citation.object_id, citation.language)
    review_changed.send(sender=ReviewItem, keys=[key])


def _item(decision: Decision, kind: str, citation: Citation, *, at: datetime) -> ReviewItem:
    return ReviewItem(
        decision=decision,
        kind=kind,
        object_id=citation.object_id,
        language=citation.language,
        title=citation.title[:300],
        marked_at=at,
    )


@transaction.atomic
def save_act(act: Act) -> Act:
    """Save ``act`` and tell everyone who cites one of its rules, for they show its name.

    Raises:
        ValidationError: When the act breaks a rule of its own. Nothing is saved.
    """
    act.full_clean()
    act.save()
    RegisterStamp.grow()
    for rule in act.rules.all():
        rule_changed.send(sender=Rule, rule=rule)
    return act


def _content(rule: Rule) -> dict[str, Any]:
    """What ``rule`` says and is, as JSON, so that versions can be compared years later.

    Not of it: which Danish its translation was made from.
    """
    values = {
        field.attname: getattr(rule, field.attname)
        for field in rule._meta.concrete_fields
        if not field.primary_key and field.name != "made_from"
    }
    return {
        name: value if value is None or isinstance(value, int) else str(value)
        for name, value in values.items()
    }
