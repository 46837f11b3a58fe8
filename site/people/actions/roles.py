"""Giving and ending roles, and Wagtail's groups, which follow them."""

from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from core.periods import local_day
from people import groups
from people.actions.shared import PeopleRefused, log, refuse_if_last_administrator
from people.models import Person, Role, User
from people.permissions import Standing
from people.signals import role_given


@transaction.atomic
def give_role(person: Person, role: Role, *, by: Standing, at: datetime) -> Role:
    """Give ``person`` the not yet saved ``role``, and its Wagtail group if it has begun.

    Raises:
        PermissionDenied: If the role or its scope is wider than that of ``by``, or the person
            is oneself or was erased.
        PeopleRefused: With code "held" if the person holds the same role for the same place in
            a period that overlaps.
        ValidationError: If the role is not valid in itself.
    """
    if not by.may_give_like(role) or (by.person is not None and by.person == person):
        raise PermissionDenied
    if Person.objects.select_for_update(no_key=True).get(pk=person.pk).erased_at is not None:
        raise PermissionDenied
    role.person, role.given_by, role.given_at = person, by.person, at
    role.full_clean()
    same = person.roles.filter(
        key=role.key, scope=role.scope, municipality=role.municipality, place=role.place
    ).filter(Q(ends_on=None) | Q(ends_on__gt=role.starts_on))
    if role.ends_on is not None:
        same = same.filter(starts_on__lt=role.ends_on)
    if same.exists():
        raise PeopleRefused(_("The person already holds this role in that time."), code="held")
    role.save()
    sync_groups_of(person, at=at)
    log(by, "give_role", [person, role], at=at)
    role_given.send(Person, person=person, role=role, at=at)
    return role


@transaction.atomic
def end_role(role: Role, by: Standing, *, ends_on: date | None, at: datetime) -> None:
    """Let ``role`` end before the day ``ends_on``, or go on without an end.

    Ending today takes the Wagtail group away at once. What has ended stays as it was.

    Raises:
        PermissionDenied: If ``by`` may not give such a role.
        PeopleRefused: With code "over" if it has ended already, "past" for a day before today,
            "last" if nobody would be left to look after accounts.
    """
    if not by.may_give_like(role):
        raise PermissionDenied
    today = local_day(at)
    role = Role.objects.select_for_update(no_key=True).get(pk=role.pk)
    if role.ends_on is not None and role.ends_on <= today:
        raise PeopleRefused(_("The role has already ended."), code="over")
    if ends_on is not None and ends_on < today:
        raise PeopleRefused(_("Choose a day that is not over."), code="past")
    if ends_on is not None and role.key == Role.Key.ADMINISTRATOR:
        refuse_if_last_administrator(role.person, today)
    role.ends_on = None if ends_on is None else max(ends_on, role.starts_on)
    role.full_clean()
    role.save(update_fields=["ends_on"])
    sync_groups_of(role.person, at=at)
    log(by, "end_role", [role.person, role], at=at)


def sync_groups(*, at: datetime) -> int:
    """Bring every account's Wagtail groups in step with the roles that hold at ``at``.

    Returns:
        How many memberships were added or removed.
    """
    return _sync(User.objects.all(), at=at)


def sync_groups_of(person: Person, *, at: datetime) -> None:
    if person.user_id is not None:
        _sync(User.objects.filter(pk=person.user_id), at=at)


def _sync(users: "QuerySet[User]", *, at: datetime) -> int:
    by_key = groups.ensure()
    through = User.groups.through
    held = Role.objects.valid_on(local_day(at)).filter(
        key__in=groups.NAMES, person__user__in=users, person__user__is_active=True
    )
    wanted = {(user_id, by_key[key].pk) for user_id, key in held.values_list("person__user", "key")}
    rows = through.objects.filter(user__in=users, group__in=by_key.values())
    present = set(rows.values_list("user_id", "group_id"))
    for user_id, group_id in present - wanted:
        rows.filter(user_id=user_id, group_id=group_id).delete()
    through.objects.bulk_create(
        [through(user_id=user_id, group_id=group_id) for user_id, group_id in wanted - present],
        ignore_conflicts=True,
    )
    return len(wanted ^ present)
