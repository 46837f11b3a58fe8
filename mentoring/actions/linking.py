"""Two logs of the same hour: found, linked so that the hour counts once, and let apart again."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from mentoring.actions.outcomes import SessionRefused
from mentoring.models import PairingMember, SameHour, Session, SessionParticipant, SessionQuerySet
from people.models import Person


def same_hour_as(session: Session) -> SessionQuerySet:
    """Logs of others in the pairing, of the same day, with a caseworker who took part in it.

    The session itself is not among them, nor what was logged by mistake.
    """
    side = PairingMember.Side.CASEWORKER
    here = SessionParticipant.objects.filter(session=session, side=side).values("person")
    both = SessionParticipant.objects.filter(session=OuterRef("pk"), side=side, person__in=here)
    return (
        Session.objects.happened()
        .filter(Exists(both), pairing=session.pairing_id, held_on=session.held_on)
        .exclude(pk=session.pk)
        .exclude(author=session.author_id)
    )


@transaction.atomic
def link(session: Session, other: Session, *, by: Person, at: datetime) -> SameHour:
    """Say that both are of one hour; the one that arrived first is counted. Twice is once.

    So is what a page that is no longer fresh asks for: two that are linked with a third already
    are of one hour, and the link of the later one is the answer.

    Raises:
        SessionRefused: With code "not_found" if they are not logs of one day by two people with a
            colleague in common.
    """
    both = (
        Session.objects.happened()
        .select_for_update(no_key=True)
        .filter(pk__in=[session.pk, other.pk])
        .order_by("pk")
    )
    found = sorted(both, key=lambda one: (one.received_at, one.pk))
    if len(found) != 2 or not same_hour_as(found[0]).filter(pk=found[1].pk).exists():
        raise SessionRefused(_("The session was not found."), code="not_found")
    first, second = (_counted(one) for one in found)
    if first == second:
        return SameHour.objects.get(session=[one for one in found if one != first][-1])
    first, second = sorted((first, second), key=lambda one: (one.received_at, one.pk))
    SameHour.objects.filter(counted=second).update(counted=first)
    return SameHour.objects.create(session=second, counted=first, linked_by=by, linked_at=at)


def _counted(session: Session) -> Session:
    """The log that stands for the hour of ``session``: itself, unless it is linked."""
    linked = SameHour.objects.filter(session=session).select_related("counted").first()
    return linked.counted if linked else session


@transaction.atomic
def unlink(session: Session) -> None:
    """Let a session stand for its own hour again; those linked to it stay linked to each other."""
    forget_links(session)


def forget_links(session: Session) -> None:
    """Take the session out of the hour it is linked in: because somebody said so, or its day moved.

    Where it was the one that counted, the first of the others counts from now on.
    """
    SameHour.objects.filter(session=session).delete()
    rest = list(
        SameHour.objects.filter(counted=session)
        .select_related("session")
        .order_by("session__received_at", "session")
    )
    if not rest:
        return
    heir = rest[0]
    heir.delete()
    SameHour.objects.filter(pk__in=[one.pk for one in rest[1:]]).update(counted=heir.session)


def linked_with(session: Session) -> SessionQuerySet:
    """The other logs of its hour."""
    counted = SameHour.objects.filter(session=session).values("counted")
    return Session.objects.filter(
        Q(pk__in=counted) | Q(same_hour__counted__in=counted) | Q(same_hour__counted=session)
    ).exclude(pk=session.pk)
