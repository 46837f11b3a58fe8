"""Changes of the organisations that people come from and work at."""

from collections.abc import Iterable
from datetime import date, datetime
from itertools import count

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from people import register
from people.actions.shared import PeopleRefused, log
from people.models import Organisation
from people.permissions import Standing


@transaction.atomic
def create_organisation(
    by: Standing, *, kind: str, name: str, starts_on: date, at: datetime
) -> Organisation:
    """Enter an organisation that people come from or work at.

    Raises:
        PermissionDenied: If ``by`` does not look after organisations.
        PeopleRefused: With code "taken" if one of that name exists on the first day.
    """
    if not by.manages_organisations:
        raise PermissionDenied
    organisation = Organisation(key=_free_key(name), kind=kind, name=name, starts_on=starts_on)
    _refuse_taken_name(organisation)
    organisation.full_clean()
    organisation.save()
    log(by, "create", organisation, at=at)
    return organisation


@transaction.atomic
def edit_organisation(
    organisation: Organisation,
    by: Standing,
    *,
    kind: str,
    name: str,
    starts_on: date,
    ends_on: date | None,
    successors: Iterable[Organisation],
    at: datetime,
) -> None:
    """Correct an organisation, or note that it ended and what came after it.

    A new name is a new organisation: what was written then still says the name of then.

    Raises:
        PermissionDenied: If ``by`` does not look after organisations.
        PeopleRefused: With code "file" for one that comes with the release, "taken" if
            another of that name exists in the period, "successor" if it would follow itself,
            or has a successor and no end.
    """
    if not by.manages_organisations:
        raise PermissionDenied
    if organisation.key in register.organisation_keys():
        raise PeopleRefused(_("This one comes with the product and follows it."), code="file")
    organisation = Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    successors = list(successors)
    if organisation in successors:
        raise PeopleRefused(_("An organisation cannot come after itself."), code="successor")
    if successors and ends_on is None:
        raise PeopleRefused(
            _("Write the last day, when another organisation comes after it."), code="successor"
        )
    organisation.kind, organisation.name = kind, name
    organisation.starts_on, organisation.ends_on = starts_on, ends_on
    _refuse_taken_name(organisation)
    organisation.full_clean()
    organisation.save()
    organisation.successors.set(successors)
    log(by, "change", organisation, at=at)


def _free_key(name: str) -> str:
    base = slugify(name)[:40] or "organisation"
    taken = set(Organisation.objects.filter(key__startswith=base).values_list("key", flat=True))
    numbered = (f"{base}-{number}" for number in count(2))
    return base if base not in taken else next(key for key in numbered if key not in taken)


def _refuse_taken_name(organisation: Organisation) -> None:
    others = Organisation.objects.exclude(pk=organisation.pk).filter(
        Q(ends_on=None) | Q(ends_on__gt=organisation.starts_on), name__iexact=organisation.name
    )
    if organisation.ends_on is not None:
        others = others.filter(starts_on__lt=organisation.ends_on)
    if others.exists():
        raise PeopleRefused(_("There is an organisation of that name."), code="taken")
