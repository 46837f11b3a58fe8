"""What the catalogue of pages shows of events, beside what the demo brings."""

from datetime import date, datetime, timedelta
from typing import Any

from cooperation.events import by_link
from cooperation.models import Event, EventSeries, Participant
from demo.content import demo_id
from people.models import Organisation, Person, Place


def seminars(demo: dict[str, Person], *, at: datetime, today: date) -> dict[str, Any]:
    """A full one to come, one that is over, an empty draft, one to answer and one to evaluate."""
    coming = Event.objects.get(pk=demo_id("event", "fra-underretning-til-handleplan"))
    over = Event.objects.get(pk=demo_id("event", "barnet-skal-hoeres"))
    qeqqata = Organisation.objects.get(key="qeqqata")
    delegation = coming.invitations.get(organisation=qeqqata)
    unanswered = coming.invitations.get(organisation__key="kujalleq")
    own = Participant.objects.get(invitation=delegation, person=demo["sagsbehandler1"])

    def made(title: str, starts: int, **fields: Any) -> Event:
        starts_on = today + timedelta(days=starts)
        return Event.objects.create(
            title_da=title,
            host=qeqqata,
            place=Place.objects.get(key="sisimiut"),
            seats=20,
            starts_on=starts_on,
            ends_on=starts_on + timedelta(days=1),
            answer_by=starts_on - timedelta(days=10),
            made_at=at,
            changed_at=at,
            **fields,
        )

    draft = made("Et seminar i kladde", 90)
    cancelled = made("Et aflyst seminar", 40, state="cancelled", cancelled_reason="Vejret.")
    fresh = made("Overblik i hverdagen", 20, state="open")
    to_evaluate = made("Tolkning i praksis", -1, state="open")
    asked = fresh.invitations.create(
        organisation=qeqqata, role="leader", seats=2, sent_at=at, contact=demo["sagsbehandler1"]
    )
    to_evaluate.invitations.create(
        organisation=qeqqata, role="caseworker", seats=2, sent_at=at
    ).participants.create(
        position=1,
        person=demo["sagsbehandler1"],
        name=demo["sagsbehandler1"].name,
        sector="social",
        asked_on=today - timedelta(days=30),
        seated_at=at,
    )
    fresh_link, used_link = (
        _link(to_evaluate, qeqqata, at=at, **answered) for answered in ({}, {"evaluated_on": today})
    )
    empty = EventSeries.objects.create(
        title_da="En række uden seminarer", keeper=qeqqata, made_at=at
    )
    return {
        "seminar": coming.pk,
        "over_seminar": over.pk,
        "draft_seminar": draft.pk,
        "cancelled_seminar": cancelled.pk,
        "fresh_seminar": fresh.pk,
        "evaluated_seminar": to_evaluate.pk,
        "delegation": delegation.pk,
        "unanswered_invitation": unanswered.pk,
        "asked_delegation": asked.pk,
        "leader_to_send": demo["teamleder1"].pk,
        "participant": own.pk,
        "part": coming.programme.in_order()[2].pk,
        "output": over.outputs.filter(decision=None, action=None)[0].pk,
        "evaluation_link": fresh_link,
        "used_evaluation_link": used_link,
        "event_series": demo_id("series", "kommuneseminar"),
        "empty_series": empty.pk,
    }


def _link(event: Event, sender: Organisation, *, at: datetime, **fields: Any) -> str:
    """The secret of the link to somebody without an account."""
    invitation, _is_new = event.invitations.get_or_create(
        organisation=sender, role="leader", defaults={"seats": 2, "sent_at": at}
    )
    participant = invitation.participants.create(
        position=invitation.participants.count() + 1,
        name="Deltager uden konto",
        email="uden.konto@example.org",
        sector="social",
        asked_on=event.answer_by,
        seated_at=at,
        **fields,
    )
    return by_link.token_of(participant)
