"""Telling learners of their paths: what is new, what is due, and what somebody reminds them of.

Each is told once: a :class:`Reminder` per kind and the day it is about, and a mail with a key of
its own. Whoever has stopped a kind is not told that way. Nothing is sent at night.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils.translation import override

from core import access_log
from core.bilingual import Text
from core.languages import human_date
from core.mail import absolute_url
from core.periods import is_working_hour, local_day
from courses.models import Assignment, Reminder, ReminderStop, Told
from courses.permissions import overseen_people
from notices.mail import send
from people.models import Person
from people.permissions import Standing

Kind, Channel = Reminder.Kind, ReminderStop.Channel
#: A coordinator reminds a person of a path once in so long.
ASK_AGAIN_AFTER = timedelta(days=7)
#: An assignment may be undone before anybody is told of it.
TELL_AFTER = timedelta(minutes=15)
TELL_UNTIL = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Reminded:
    """Who was reminded, and who was not: it is done, or somebody did it within a week."""

    told: tuple[Assignment, ...]
    left_out: tuple[Assignment, ...]


def may_be_reminded(assignments: Collection[Assignment], *, at: datetime) -> set[UUID]:
    """Which of these a coordinator may remind of now; one query."""
    asked = Reminder.objects.filter(
        assignment=OuterRef("pk"), kind=Kind.ASKED, made_at__gt=at - ASK_AGAIN_AFTER
    )
    keys = [one.pk for one in assignments]
    free = Assignment.objects.unfinished().filter(~Exists(asked), pk__in=keys)
    return set(free.values_list("pk", flat=True))


@transaction.atomic
def remind(assignments: Collection[Assignment], *, by: Standing, at: datetime) -> Reminded:
    """Remind the people of ``assignments``, in the name of ``by``; at most once a week each.

    Raises:
        PermissionDenied: If one of them is outside the scope of ``by``.
    """
    people = {one.person_id for one in assignments}
    if overseen_people(by).filter(pk__in=people).count() != len(people):
        raise PermissionDenied
    locked = Assignment.objects.select_for_update(of=("self",), no_key=True).filter(
        pk__in=[one.pk for one in assignments]
    )
    current = list(locked.select_related("path", "person").order_by("pk"))
    free = may_be_reminded(current, at=at)
    told = [one for one in current if one.pk in free]
    _tell(told, Kind.ASKED, by=by.person, at=at)
    if told:
        actor = by.person.user if by.person is not None else None
        access_log.record(actor, "remind", told, at=at)
    return Reminded(tuple(told), tuple(one for one in current if one.pk not in free))


def tell_all(at: datetime) -> int:
    """Tell everybody what is new and what is due; how many were told. Runs again and again."""
    if not is_working_hour(at):
        return 0
    return sum(_tell(list(found), kind, by=None, at=at) for kind, found in _to_tell(at))


def _to_tell(at: datetime) -> Iterable[tuple[str, Iterable[Assignment]]]:
    """The assignments that each kind has still to be told of."""
    today, day = local_day(at), timedelta(days=1)
    open_ = Assignment.objects.unfinished().select_related("path", "person").order_by("pk")
    told = Reminder.objects.filter(assignment=OuterRef("pk"))
    yield (
        Kind.ASSIGNED,
        open_.exclude(origin=Assignment.Origin.SELF).filter(
            ~Exists(told.filter(kind=Kind.ASSIGNED)),
            assigned_at__lte=at - TELL_AFTER,
            assigned_at__gt=at - TELL_UNTIL,
        ),
    )
    about_due = told.filter(about_on=OuterRef("due_on"))
    zone = ZoneInfo(settings.TIME_ZONE)
    begun = open_.annotate(begun_on=TruncDate("assigned_at", tzinfo=zone))
    yield (
        Kind.WEEK,
        begun.filter(  # who got it within that week has just been told when it is due
            ~Exists(about_due.filter(kind__in=[Kind.WEEK, Kind.DAY])),
            due_on__gt=today + day,
            due_on__lte=today + 7 * day,
            begun_on__lt=today,
        ),
    )
    yield (
        Kind.DAY,
        open_.filter(
            ~Exists(about_due.filter(kind=Kind.DAY)), due_on__gte=today, due_on__lte=today + day
        ),
    )
    yield (
        Kind.AFTER,
        open_.filter(
            ~Exists(about_due.filter(kind=Kind.AFTER)),
            due_on__lt=today,
            due_on__gte=today - 7 * day,
        ),
    )


@transaction.atomic
def _tell(
    assignments: Collection[Assignment], kind: str, *, by: Person | None, at: datetime
) -> int:
    if not assignments:
        return 0
    stops = set(
        ReminderStop.objects.filter(
            person__in={one.person_id for one in assignments}, kind=kind
        ).values_list("person_id", "channel")
    )
    today = local_day(at)
    about = {
        one.pk: one.due_on
        if one.due_on is not None and kind in {Kind.WEEK, Kind.DAY, Kind.AFTER}
        else today
        for one in assignments
    }
    Reminder.objects.bulk_create(
        (
            Reminder(
                assignment=one,
                kind=kind,
                about_on=about[one.pk],
                made_by=by,
                made_at=at,
                seen_at=at if (one.person_id, Channel.SITE) in stops else None,
            )
            for one in assignments
        ),
        ignore_conflicts=True,
        batch_size=500,
    )
    for one in assignments:
        if (one.person_id, Channel.MAIL) not in stops:
            key = f"learning:{kind}:{one.pk}:{about[one.pk].isoformat()}"
            send(
                one.person, "courses/mail/reminder", _said(one, kind, by), key=key, stops="laering"
            )
    return len(assignments)


def _said(assignment: Assignment, kind: str, by: Person | None) -> dict[str, str]:
    """What the mail says, in the language of its reader."""
    language, path = assignment.person.language, assignment.path
    with override(language):
        return {
            "kind": str(kind),
            "title": str(Text.choose({"da": path.title_da, "kl": path.title_kl}, language)),
            "due": human_date(assignment.due_on) if assignment.due_on else "",
            "sender": by.name if by is not None else "",
            "link": absolute_url(reverse("courses:path", args=[path.key])),
            "choose": absolute_url(reverse("people:me")) + "#paamindelser",
        }


# --- The learner's own ----------------------------------------------------------------------------


def stopping(kind: str, channel: str, person: str = "person") -> Exists:
    """For a query of records: whether the person they belong to has stopped this.

    Args:
        person: The field of the record that names the person.
    """
    stops = ReminderStop.objects.filter(kind=kind, channel=channel)
    return Exists(stops.filter(person=OuterRef(person)))


def wants(person: Person, kind: str, channel: str) -> bool:
    """Whether ``person`` still wants to be told of this, by mail or on the site; one query."""
    stops = ReminderStop.objects.filter(person=person, kind=kind, channel=channel)
    return not stops.exists()


def reminders_of(person: Person | None) -> "QuerySet[Reminder]":
    """What ``person`` was told on the site and has not put away."""
    own = Assignment.objects.unfinished().filter(person=person)
    return Reminder.objects.filter(assignment__in=own, seen_at=None)


def unseen_reminders(person: Person) -> list[Reminder]:
    """The newest of :func:`reminders_of`; one query."""
    found = reminders_of(person).select_related("assignment__path", "made_by")
    return list(found.order_by("-made_at", "pk")[:5])


def see_reminder(key: UUID, person: Person, *, at: datetime) -> bool:
    """Put a reminder away; whether there was one of ``person``."""
    own = Reminder.objects.filter(pk=key, assignment__person=person)
    own.filter(seen_at=None).update(seen_at=at)
    return own.exists()


def stop_mail(person: Person) -> None:
    """Send ``person`` no more reminders by mail; those on the site stay as they are."""
    stopped = ReminderStop.objects.filter(person=person, channel=Channel.SITE)
    on_site = set(Told.values) - set(stopped.values_list("kind", flat=True))
    choose_reminders(person, {(kind, Channel.SITE.value) for kind in on_site})


@transaction.atomic
def choose_reminders(person: Person, wanted: Collection[tuple[str, str]]) -> None:
    """Keep which kinds ``person`` wants to be told, and how; all others are stopped."""
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    every = {(kind, channel) for kind in Told.values for channel in Channel.values}
    stopped = every - set(wanted)
    own = ReminderStop.objects.filter(person=person)
    present = set(own.values_list("kind", "channel"))
    for kind, channel in present - stopped:
        own.filter(kind=kind, channel=channel).delete()
    ReminderStop.objects.bulk_create(
        (
            ReminderStop(person=person, kind=kind, channel=channel)
            for kind, channel in stopped - present
        ),
        ignore_conflicts=True,
    )
