"""What must be in order before arrival: whose it is, by when, done and undone, and reminders."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from core.periods import is_working_hour, local_day
from core.telling import tell
from mentoring.actions.due import TOLD, note_told, to_be_told_of
from mentoring.models import Need, Pairing, ReadinessItem, ReadinessStop
from people.models import Person

#: How many days before arrival each thing must be in order.
DUE_BEFORE = {
    ReadinessItem.Kind.CASES: 14,
    ReadinessItem.Kind.TRANSLATIONS: 28,
    ReadinessItem.Kind.INTERPRETER: 21,
    ReadinessItem.Kind.ACCOUNTS: 7,
    ReadinessItem.Kind.WORKPLACE: 7,
    ReadinessItem.Kind.HOUSING: 42,
    ReadinessItem.Kind.LEADER: 28,
    ReadinessItem.Kind.INTRODUCTION: 7,
}
#: Nobody needs a bed for somebody on a screen.
ON_SITE_ONLY = {ReadinessItem.Kind.HOUSING, ReadinessItem.Kind.WORKPLACE}


# --- The list of a need ---------------------------------------------------------------------------


def begin_list(need: Need) -> None:
    """Put on the list of a new need what must be ready before somebody comes in its form."""
    _put_on_the_list(need, _to_be_ready(need.kind))


def follow_need(need: Need, arrival: date, form: str, owner: UUID | None) -> None:
    """Let the list of a need follow it, which had this arrival, form and local owner before.

    What is not done is due as many days before the arrival as it was. What the former form alone
    asked for leaves the list unless it is done; what the new one asks for comes onto it. What was
    the former owner's or nobody's is the new one's, who is told of it anew; what somebody else
    was given stays theirs.
    """
    if arrival != need.starts_on:
        items = list(need.items.filter(done_at__isnull=True))
        for item in items:
            item.due_on += need.starts_on - arrival
        ReadinessItem.objects.bulk_update(items, ["due_on"])
    if owner != need.owner_id:
        theirs = need.items.filter(Q(owner=None) | Q(owner=owner), done_at__isnull=True)
        theirs.update(owner=need.owner, told_of=None, told_late_of=None)
    before, now = _to_be_ready(form), _to_be_ready(need.kind)
    need.items.filter(kind__in=before - now, done_at__isnull=True).delete()
    there = set(need.items.values_list("kind", flat=True))
    _put_on_the_list(need, now - before - there)


def _to_be_ready(form: str) -> set[str]:
    left_out = ON_SITE_ONLY if form == Pairing.Kind.REMOTE else set()
    return {str(kind) for kind in DUE_BEFORE if kind not in left_out}


def _put_on_the_list(need: Need, kinds: Iterable[str]) -> None:
    ReadinessItem.objects.bulk_create(
        ReadinessItem(
            need=need,
            kind=kind,
            owner=need.owner,
            due_on=need.starts_on - timedelta(days=DUE_BEFORE[ReadinessItem.Kind(kind)]),
        )
        for kind in sorted(kinds)
    )


# --- One item -------------------------------------------------------------------------------------


@transaction.atomic
def add_item(
    need: Need, *, title: str, due_on: date, owner: Person | None = None, key: UUID | None = None
) -> ReadinessItem:
    """Add something of the place's own to what must be ready; sent twice, it is added once."""
    item = ReadinessItem(
        need=need, kind=ReadinessItem.Kind.OWN, title=title, due_on=due_on, owner=owner
    )
    if key is not None:
        if (known := ReadinessItem.objects.filter(pk=key, need=need).first()) is not None:
            return known
        item.pk = key
    item.full_clean()
    item.save(force_insert=True)
    return item


@transaction.atomic
def edit_item(item: ReadinessItem, *, owner: Person | None, due_on: date) -> ReadinessItem:
    """Give an item another owner or another day."""
    item = ReadinessItem.objects.select_for_update(of=("self",), no_key=True).get(pk=item.pk)
    if item.owner != owner:
        item.told_of = item.told_late_of = None  # the new one has not been told
    item.owner, item.due_on = owner, due_on
    item.save(update_fields=["owner", "due_on", "told_of", "told_late_of"])
    return item


def tick(item: ReadinessItem, *, by: Person, at: datetime) -> None:
    """It is done; who was first stays."""
    ReadinessItem.objects.filter(pk=item.pk, done_at=None).update(done_at=at, done_by=by)


def untick(item: ReadinessItem) -> None:
    """It is not done after all."""
    ReadinessItem.objects.filter(pk=item.pk).update(done_at=None, done_by=None)


# --- Reminders ------------------------------------------------------------------------------------


def stop_reminders(person: Person, *, at: datetime) -> None:
    """Tell this person no more about readiness; the lists on the site stay."""
    ReadinessStop.objects.get_or_create(person=person, defaults={"stopped_at": at})


def resume_reminders(person: Person) -> None:
    """Tell this person about readiness again."""
    ReadinessStop.objects.filter(person=person).delete()


@transaction.atomic
def remind_owners(at: datetime) -> int:
    """Tell owners what is due within a week and what is late; how many owners. Runs again.

    Each item is told of once before and once after each due day, all of a person's at once.
    """
    if not is_working_hour(at):
        return 0
    today = local_day(at)
    found = list(
        ReadinessItem.objects.awaited()
        .select_for_update(of=("self",), no_key=True)
        .filter(to_be_told_of(today), owner__isnull=False)
        .select_related("owner")
        .order_by("due_on", "pk")
    )
    stopped = set(ReadinessStop.objects.values_list("person_id", flat=True))
    of_owner: dict[Person, list[ReadinessItem]] = defaultdict(list)
    for item in found:
        if item.owner is not None:
            of_owner[item.owner].append(item)
            note_told(item, on=today)
    ReadinessItem.objects.bulk_update(found, TOLD)
    told = 0
    for owner, items in of_owner.items():
        if owner.pk not in stopped:
            _tell(owner, items, today=today)
            told += 1
    return told


def _tell(owner: Person, items: list[ReadinessItem], *, today: date) -> None:
    late = sum(item.due_on < today for item in items)
    kind = "mentoring.ready_late" if late else "mentoring.ready_soon"
    tell(owner, kind, {"late": late, "soon": len(items) - late}, url="mentoring:ready")
