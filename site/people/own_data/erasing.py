"""A wish to be erased, and how it is carried out: by what each app declares, in one transaction."""

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from core import access_log, telling
from core.declarations import DataDeclaration, Fate, Records, all_declarations, all_records
from core.periods import local_day
from people.actions.shared import PeopleRefused, refuse_if_last_administrator
from people.models import DataExport, ErasureWish, Person, Role
from people.models.own_data import REGRET_FOR
from people.own_data.exporting import forget_export
from people.own_data.rows import rows
from people.permissions import Standing, standing_on


@dataclass(frozen=True, slots=True)
class Happening:
    """What will happen to the records of one declaration: how many get which fate."""

    declaration: DataDeclaration
    counts: tuple[tuple[str, int], ...]


# --- The wish -------------------------------------------------------------------------------------


@transaction.atomic
def ask_for_erasure(person: Person, *, by: Standing, at: datetime) -> ErasureWish:
    """Keep that ``person`` wants to be erased; asking twice gives the open wish.

    Asked by the person, or written down by an administrator for somebody who has said so.
    Administrators are told. It may be taken back until it is carried out.

    Raises:
        PermissionDenied: If ``by`` is neither.
        PeopleRefused: With code "erased" if it has been done.
    """
    person = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    if person != by.person and not by.may_erase(person):
        raise PermissionDenied
    if person.erased_at is not None:
        raise PeopleRefused(_("The person has been deleted already."), code="erased")
    wish = ErasureWish.objects.open().filter(person=person).first()
    if wish is not None:
        return wish
    wish = ErasureWish.objects.create(
        person=person,
        entered_by=None if person == by.person else by.person,
        asked_at=at,
        from_at=at + REGRET_FOR,
    )
    access_log.record(by.person.user if by.person else None, "ask_erasure", person, at=at)
    day = local_day(at)
    administrators = Role.objects.valid_on(day).filter(key=Role.Key.ADMINISTRATOR)
    for one in Person.objects.filter(pk__in=administrators.values("person")).exclude(pk=person.pk):
        telling.tell(one, "people.erasure_asked", {}, url="people:erasures")
    return wish


@transaction.atomic
def take_back(person: Person, *, by: Standing, at: datetime) -> bool:
    """Take the open wish of ``person`` back; whether there was one.

    Raises:
        PermissionDenied: As for asking.
    """
    if person != by.person and not by.may_erase(person):
        raise PermissionDenied
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    taken = ErasureWish.objects.open().filter(person=person).update(withdrawn_at=at)
    if taken:
        access_log.record(by.person.user if by.person else None, "keep_after_all", person, at=at)
    return bool(taken)


# --- Carrying it out ------------------------------------------------------------------------------


def what_will_happen(person: Person) -> list[Happening]:
    """For each declaration, how many records of ``person`` get which fate; without the zeros."""
    happenings = []
    for declaration in all_declarations():
        counts = dict.fromkeys(Fate, 0)
        for records in declaration.records:
            if records.mine:
                counts[records.fate] += rows(records, records.mine, person).count()
        shown = tuple((str(fate.label), count) for fate, count in counts.items() if count)
        if shown:
            happenings.append(Happening(declaration, shown))
    return happenings


@transaction.atomic
def erase(person: Person, *, by: Standing, at: datetime) -> None:
    """Carry the open wish of ``person`` out. Nothing says any more who it was.

    Args:
        by: An administrator; nobody erases oneself.

    Raises:
        PermissionDenied: If ``by`` may not erase the person.
        PeopleRefused: With code "no_wish" without an open wish, "early" while it can be taken
            back, "last" if nobody would be left to look after accounts. Nothing is changed.
    """
    person = (
        Person.objects.select_for_update(of=("self",), no_key=True)
        .select_related("user")
        .get(pk=person.pk)
    )
    if not by.may_erase(person):
        raise PermissionDenied
    wish = ErasureWish.objects.select_for_update(no_key=True).open().filter(person=person).first()
    if wish is None:
        raise PeopleRefused(_("Nobody has asked for this."), code="no_wish")
    if not wish.is_due(at=at):
        raise PeopleRefused(_("The wish can still be taken back."), code="early")
    if person.user is not None and standing_on(person.user, local_day(at)).has(
        Role.Key.ADMINISTRATOR
    ):
        refuse_if_last_administrator(person, local_day(at))
    for export in DataExport.objects.filter(person=person):
        forget_export(export)
    for records in in_order():
        _erase_rows(records, person, by=by, at=at)
    wish.done_at, wish.done_by = at, by.person
    wish.save(update_fields=["done_at", "done_by"])
    access_log.record(by.person.user if by.person else None, "erase", person, at=at)


def in_order() -> list[Records]:
    """What belongs to a part comes before its whole; the person and the account come last."""
    declared = [records for records in all_records() if records.mine]

    def rank(records: Records) -> tuple[bool, int]:
        depth = max(lookup.count("__") for lookup in records.mine)
        return records.model in {"people.Person", "people.User"}, -depth

    return sorted(declared, key=rank)


def _erase_rows(records: Records, person: Person, *, by: Standing, at: datetime) -> None:
    if records.work:
        import_string(records.work)(person, by=by.person, at=at)
        return
    if records.fate == Fate.KEPT:
        return
    for lookup in records.let_go:
        rows(records, (lookup,), person).update(**{lookup: None})
    mine = tuple(lookup for lookup in records.mine if lookup not in records.let_go)
    if records.fate == Fate.ERASED:
        rows(records, mine, person).delete()
    elif records.blank:
        rows(records, mine, person).update(**records.blank)
