"""What events have in a person's calendar: the days one comes to, and answers one owes."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from cooperation.events.permissions import answered_invitations, own_participations
from cooperation.models import (
    Event,
    EventQuerySet,
    InvitationQuerySet,
    WorkshopWish,
    WorkshopWishQuerySet,
)
from core.calendars import Entry, deadline
from core.periods import midnight
from people.permissions import Standing


def events_between(standing: Standing, since: date, until: date) -> EventQuerySet:
    """The events one has a seat in, cancelled ones too."""
    own = own_participations(standing).filter(
        seated_at__isnull=False,
        invitation__event__ends_on__gt=since,
        invitation__event__starts_on__lt=until,
    )
    return Event.objects.announced().filter(pk__in=own.values("invitation__event"))


def coming(standing: Standing, since: date, until: date) -> Iterable[Entry]:
    """The events one has a seat in; one query."""
    events = events_between(standing, since, until)
    for event in events.select_related("place").order_by("starts_on", "pk"):
        if event.ends_on is not None:
            yield Entry(
                str(event.pk),
                event.title,
                event.starts_on,
                event.ends_on,
                changed_at=event.changed_at,
                kind=event.get_kind_display(),
                place=event.place.name,
                zone=event.place.time_zone,
                url=event.get_absolute_url(),
                sequence=event.sequence,
                is_cancelled=event.state == Event.State.CANCELLED,
            )


def seats_between(standing: Standing, since: date, until: date) -> WorkshopWishQuerySet:
    """The workshops one has a seat in."""
    if standing.person is None:
        return WorkshopWish.objects.none()
    return WorkshopWish.objects.standing().filter(
        participant__person=standing.person,
        seated_at__isnull=False,
        workshop__starts_at__gte=midnight(since),
        workshop__starts_at__lt=midnight(until),
    )


def workshops(standing: Standing, since: date, until: date) -> Iterable[Entry]:
    """The workshops one has a seat in; one query."""
    wishes = seats_between(standing, since, until).select_related("workshop__event__place")
    for wish in wishes.order_by("workshop__starts_at", "pk"):
        workshop, event = wish.workshop, wish.workshop.event
        yield Entry(
            str(workshop.pk),
            workshop.title,
            workshop.starts_at,
            workshop.ends_at,
            changed_at=event.changed_at,
            kind=_("Workshop"),
            place=event.place.name,
            zone=event.place.time_zone,
            url=event.get_absolute_url(),
            sequence=event.sequence,
            is_cancelled=event.state == Event.State.CANCELLED,
        )


def asked_between(standing: Standing, since: date, until: date) -> InvitationQuerySet:
    """The invitations that wait for an answer until one of those days."""
    waiting = answered_invitations(standing).unanswered()
    return waiting.filter(
        event__state=Event.State.OPEN, event__answer_by__gte=since, event__answer_by__lt=until
    )


def answers(standing: Standing, since: date, until: date) -> Iterable[Entry]:
    """The last days for answers to invitations that wait for one; one query."""
    asked = asked_between(standing, since, until)
    for invitation in asked.select_related("event").order_by("event__answer_by", "pk"):
        event = invitation.event
        yield deadline(
            str(invitation.pk),
            _("Who comes to %(title)s?") % {"title": event.title},
            event.answer_by,
            url=invitation.get_absolute_url(),
            is_late=event.answer_by < standing.day,
        )
