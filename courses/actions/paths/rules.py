"""Rules that give a path to whoever holds a role in a place."""

import uuid
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from core.periods import local_day
from courses.actions.paths.completing import AT_ONCE, refresh
from courses.actions.paths.shared import log, must_coordinate
from courses.actions.refusals import LearningRefused
from courses.models import Assignment, LearningPath, PathRule
from courses.permissions import holders
from people.models import Person, Role
from people.permissions import Standing


@transaction.atomic
def make_rule(rule: PathRule, *, by: Standing, at: datetime) -> tuple[PathRule, int]:
    """Keep the not yet saved ``rule`` and give the path to everybody it speaks of now.

    Returns:
        The rule, and how many got the path by it.

    Raises:
        PermissionDenied: If the rule reaches further than the scope of ``by``.
        LearningRefused: With code "closed" for a path that is not offered, "same" if there is
            such a rule.
    """
    must_coordinate(by, rule)
    path = LearningPath.objects.select_for_update(no_key=True).get(pk=rule.path_id)
    if not path.is_open_on(local_day(at)):
        raise LearningRefused(_("This path is not offered any more."), code="closed")
    same = PathRule.objects.filter(
        path=path,
        role_key=rule.role_key,
        scope=rule.scope,
        municipality=rule.municipality,
        place=rule.place,
        ended_at=None,
    )
    if same.exists():
        raise LearningRefused(_("There is such a rule already."), code="same")
    rule.made_by, rule.made_at = by.person, at
    rule.save()
    log(by, "create", [rule], at=at)
    return rule, apply_rules(at, rules=[rule])


@transaction.atomic
def end_rule(rule: PathRule, *, by: Standing, at: datetime) -> None:
    """Let ``rule`` give the path to nobody more. Whoever has got it keeps it.

    Raises:
        PermissionDenied: If the rule reaches further than the scope of ``by``.
    """
    must_coordinate(by, rule)
    if PathRule.objects.filter(pk=rule.pk, ended_at=None).update(ended_at=at):
        log(by, "change", [rule], at=at)


@transaction.atomic
def apply_rules(
    at: datetime,
    *,
    rules: Iterable[PathRule] | None = None,
    person: Person | None = None,
) -> int:
    """Give every path that a rule asks for and that nobody has had; how many were given.

    Whoever has had the path in any way, also withdrawn, does not get it again. It is due so many
    days after the role began or the rule was made, whichever is later.

    Args:
        rules: Only these; by default all that hold.
        person: Only for this person.
    """
    today = local_day(at)
    if rules is None:
        rules = PathRule.objects.filter(ended_at=None).select_related("path").order_by("pk")
    made: list[Assignment] = []
    for rule in rules:
        if not rule.path.is_open_on(today):
            continue
        wanted = holders(rule.role_key, rule.scope, rule.place_id, rule.municipality_id)
        roles = Role.objects.valid_on(today).filter(wanted)
        if person is not None:
            roles = roles.filter(person=person)
        had = Assignment.objects.filter(path=rule.path).values("person")
        first: dict[UUID, date] = {}
        for holder, starts_on in roles.exclude(person__in=had).values_list("person", "starts_on"):
            first[holder] = min(starts_on, first.get(holder, starts_on))
        batch = uuid.uuid4()
        Assignment.objects.bulk_create(
            (
                Assignment(
                    path=rule.path,
                    person_id=holder,
                    origin=Assignment.Origin.RULE,
                    assigned_by=rule.made_by,
                    rule=rule,
                    batch=batch,
                    assigned_at=at,
                    due_on=_due_by(rule, starts_on),
                )
                for holder, starts_on in first.items()
            ),
            ignore_conflicts=True,
            batch_size=AT_ONCE,
        )
        if first:
            made += Assignment.objects.filter(batch=batch)
    refresh(made)
    return len(made)


def _due_by(rule: PathRule, starts_on: date) -> date | None:
    if rule.due_days is None:
        return None
    return max(starts_on, local_day(rule.made_at)) + timedelta(days=rule.due_days)
