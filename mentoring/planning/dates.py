"""What side-by-side training has in a person's calendar: planned sessions, and what is due."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from core.calendars import Entry, deadline
from core.periods import midnight
from mentoring.models import (
    FollowUp,
    FollowUpQuerySet,
    PlannedSession,
    PlannedSessionQuerySet,
    ReadinessItem,
)
from mentoring.models.readiness import ReadinessQuerySet
from mentoring.permissions import owned_follow_ups, planned_sessions
from people.permissions import Standing


def plans_between(standing: Standing, since: date, until: date) -> PlannedSessionQuerySet:
    """The planned sessions of the present pairings, cancelled ones too."""
    return planned_sessions(standing).filter(
        starts_at__gte=midnight(since), starts_at__lt=midnight(until)
    )


def planned(standing: Standing, since: date, until: date) -> Iterable[Entry]:
    """The planned sessions of the present pairings; one query."""
    found = plans_between(standing, since, until)
    url = reverse("mentoring:plans")
    for plan in found.select_related("pairing__place").order_by("starts_at", "pk"):
        yield _of_plan(plan, url)


def _of_plan(plan: PlannedSession, url: str) -> Entry:
    place = plan.pairing.place
    return Entry(
        str(plan.pk),
        _("Session"),
        plan.starts_at,
        plan.starts_at + timedelta(minutes=plan.minutes),
        changed_at=plan.changed_at,
        kind=_("Session"),
        place=place.name,
        zone=place.time_zone,
        url=url,
        sequence=plan.sequence,
        is_cancelled=plan.cancelled_at is not None,
    )


def follow_ups_between(standing: Standing, since: date, until: date) -> FollowUpQuerySet:
    """The own follow-ups, while they are open."""
    return owned_follow_ups(standing).open().filter(due_on__gte=since, due_on__lt=until)


def follow_ups(standing: Standing, since: date, until: date) -> Iterable[Entry]:
    """The days of the own follow-ups; one query."""
    found = follow_ups_between(standing, since, until)
    for one in found.select_related("handover__member__pairing__place").soonest_first():
        yield _of_follow_up(one, standing.day)


def items_between(standing: Standing, since: date, until: date) -> ReadinessQuerySet:
    """What one makes ready before mentors arrive, while it is awaited."""
    if standing.person is None or not standing.roles:
        return ReadinessItem.objects.none()
    return ReadinessItem.objects.awaited().filter(
        owner=standing.person, due_on__gte=since, due_on__lt=until
    )


def to_make_ready(standing: Standing, since: date, until: date) -> Iterable[Entry]:
    """The days by which one makes something ready; one query."""
    items = items_between(standing, since, until)
    for item in items.select_related("need__place").order_by("due_on", "pk"):
        yield deadline(
            str(item.pk),
            _("Ready for arrival: %(what)s") % {"what": item.get_kind_display()},
            item.due_on,
            place=item.need.place.name,
            url=reverse("mentoring:ready"),
            is_late=item.is_late(on=standing.day),
        )


def _of_follow_up(one: FollowUp, today: date) -> Entry:
    return deadline(
        str(one.pk),
        _("Follow-up"),
        one.due_on,
        place=one.handover.member.pairing.place.name,
        url=reverse("mentoring:follow-up", args=[one.pk]),
        is_late=one.is_late(on=today),
    )
