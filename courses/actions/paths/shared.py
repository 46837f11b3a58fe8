"""What all actions on paths share: whose they are, days, the line in the access log."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.utils.translation import gettext as _

from core import access_log
from core.periods import local_day
from courses.actions.refusals import LearningRefused
from courses.models import PathRule
from courses.permissions import overseen_people
from people.models import Person
from people.permissions import TRAINING_ROLES, Standing

LONGEST_DUE = timedelta(days=5 * 365)


def must_oversee(by: Standing, people: Collection[Person]) -> None:
    wanted = {person.pk for person in people}
    if overseen_people(by).filter(pk__in=wanted).count() != len(wanted):
        raise PermissionDenied


def must_coordinate(by: Standing, rule: PathRule) -> None:
    if rule.role_key not in TRAINING_ROLES or not by.coordinates(
        rule.scope, municipality=rule.municipality, place=rule.place
    ):
        raise PermissionDenied


def refuse_due(due_on: date | None, at: datetime) -> None:
    today = local_day(at)
    if due_on is not None and not today <= due_on <= today + LONGEST_DUE:
        raise LearningRefused(_("Choose today or a later day, within five years."), code="due")


def log(by: Standing, action: str, records: Iterable[Model], *, at: datetime) -> None:
    actor = by.person.user if by.person is not None else None
    access_log.record(actor, action, records, at=at)
