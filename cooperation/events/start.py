"""What events have to say: on the first page of the cooperation, and on everybody's start page."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from cooperation.events.permissions import answered_invitations, own_participations, readable_events
from cooperation.models import Event
from core.start_page import Section
from people.permissions import Standing

SHOWN = 5


def next_events(_request: HttpRequest, standing: Standing) -> Section | None:
    """The next events, and the invitations that wait for an answer; a few queries."""
    day = standing.day
    coming = readable_events(standing).standing().to_come(on=day).select_related("place")
    asked = (
        answered_invitations(standing)
        .unanswered()
        .filter(event__starts_on__gt=day, event__state=Event.State.OPEN)
        .select_related("event__place", "organisation")
    )
    events = list(coming.order_by("starts_on", "title_da", "pk")[:SHOWN])
    return Section(
        _("Seminars and conferences"),
        "cooperation/events/section.html",
        {
            "events": events,
            "asked": list(asked.order_by("event__answer_by", "pk")[:SHOWN]),
            "day": day,
        },
        order=5,
    )


def my_events(_request: HttpRequest, standing: Standing) -> Section | None:
    """What one is asked for, comes to, or may say something about; two queries."""
    if standing.person is None:
        return None
    day = standing.day
    asked = (
        answered_invitations(standing)
        .unanswered()
        .filter(event__starts_on__gt=day, event__state=Event.State.OPEN)
        .select_related("event__place", "organisation")
    )
    own = (
        own_participations(standing)
        .filter(invitation__event__state=Event.State.OPEN)
        .select_related("invitation__event__place")
        .order_by("invitation__event__starts_on", "pk")
    )
    coming, to_evaluate = [], []
    for participant in own:
        event = participant.invitation.event
        if not event.is_over(on=day):
            coming.append(participant)
        elif (
            participant.seated_at is not None
            and participant.evaluated_on is None
            and event.is_evaluated(on=day)
        ):
            to_evaluate.append(event)
    invitations = list(asked.order_by("event__answer_by", "pk")[:SHOWN])
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
