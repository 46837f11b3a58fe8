"""What events have to say: on the first page of the cooperation, and on everybody's start page."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from cooperation.events.permissions import answered_invitations, own_participations, readable_events
from cooperation.models import Event, Invitation, InvitationQuerySet, ParticipantQuerySet
from core.start_page import Section
from people.permissions import Standing

SHOWN = 5


def next_events(_request: HttpRequest, standing: Standing) -> Section | None:
    """The next events, and the invitations that wait for an answer; a few queries."""
    day = standing.day
    coming = readable_events(standing).standing().to_come(on=day).select_related("place")
    events = list(coming.order_by("starts_on", "title_da", "pk")[:SHOWN])
    return Section(
        _("Seminars and conferences"),
        "cooperation/events/section.html",
        {
            "events": events,
            "asked": _shown(standing),
            "day": day,
        },
        order=5,
    )


def signed_up(standing: Standing) -> ParticipantQuerySet:
    """Where one is signed up; also what is over, which one may say something about."""
    return own_participations(standing).filter(invitation__event__state=Event.State.OPEN)


def asked_for(standing: Standing) -> InvitationQuerySet:
    """The invitations that wait for one's answer."""
    waiting = answered_invitations(standing).unanswered()
    return waiting.filter(event__starts_on__gt=standing.day, event__state=Event.State.OPEN)


def my_events(_request: HttpRequest, standing: Standing) -> Section | None:
    """What one is asked for, comes to, or may say something about; two queries."""
    if standing.person is None:
        return None
    day = standing.day
    own = signed_up(standing).select_related("invitation__event__place")
    coming, to_evaluate = [], []
    for participant in own.order_by("invitation__event__starts_on", "pk"):
        event = participant.invitation.event
        if not event.is_over(on=day):
            coming.append(participant)
        elif (
            participant.seated_at is not None
            and participant.evaluated_on is None
            and event.is_evaluated(on=day)
        ):
            to_evaluate.append(event)
    invitations = _shown(standing)
    if not invitations and not coming and not to_evaluate:
        return None
    return Section(
        _("Seminars and conferences"),
        "cooperation/events/start.html",
        {
            "asked": invitations,
            "coming": coming[:SHOWN],
            "to_evaluate": to_evaluate[:SHOWN],
            "day": day,
        },
        order=8,
    )


def _shown(standing: Standing) -> list[Invitation]:
    asked = asked_for(standing).select_related("event__place", "organisation")
    return list(asked.order_by("event__answer_by", "pk")[:SHOWN])
