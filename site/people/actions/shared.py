"""What all changes of people share: the standing they ask, the refusal, the line in the log."""

from collections.abc import Iterable
from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model, Q
from django.utils.translation import gettext_lazy as _

from core import access_log
from core.periods import local_day
from people.models import Person, Role
from people.permissions import Standing


class PeopleRefused(ValidationError):
    """What was asked is not possible as things stand; nothing was saved."""


def command_line(at: datetime) -> Standing:
    """The standing of whoever types commands on the server."""
    return Standing(person=None, day=local_day(at), is_superuser=True)


def must_manage(by: Standing, person: Person) -> None:
    today = by.day
    current = person.roles.filter(Q(ends_on=None) | Q(ends_on__gt=today)).select_related(
        "municipality", "place"
    )
    if not by.may_manage(person, current):
        raise PermissionDenied


def refuse_if_last_administrator(person: Person, day: date) -> None:
    administrators = Role.objects.select_for_update(of=("self",), no_key=True).filter(
        key=Role.Key.ADMINISTRATOR, ends_on=None, person__user__is_active=True
    )
    if all(role.person_id == person.pk for role in administrators.valid_on(day)):
        raise PeopleRefused(
            _("Give somebody else the role first: nobody would be left to look after accounts."),
            code="last",
        )


def log(by: Standing, action: str, records: "Model | Iterable[Model]", *, at: datetime) -> None:
    actor = by.person.user if by.person is not None else None
    access_log.record(actor, action, records, at=at)
