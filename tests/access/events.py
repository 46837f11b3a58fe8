"""An event, an invitation and a participant for the addresses of events."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from cooperation.events import by_link
from cooperation.models import Event, EventSeries, Participant
from people.models import Person, Place


def event_of(town: Place, person: Person | None, *, is_announced: bool) -> dict[str, Any]:
    """An event that the town's municipality holds and is invited to; ``person`` is on the list."""
    today, at = timezone.localdate(), timezone.now()
    series = EventSeries.objects.create(
        title_da=f"Række i {town.name}", keeper=town.municipality, made_at=at
    )
    event = Event.objects.create(
        title_da=f"Seminar i {town.name}",
        host=town.municipality,
        place=town,
        seats=9,
        starts_on=today + timedelta(days=30),
        ends_on=today + timedelta(days=32),
        answer_by=today + timedelta(days=9),
        state=Event.State.OPEN if is_announced else Event.State.DRAFT,
        made_at=at,
        changed_at=at,
    )
    part = event.programme.create(
        title_da="Velkomst", starts_at=at + timedelta(days=30), minutes=30
    )
    invitation = event.invitations.create(
        organisation=town.municipality,
        role="caseworker",
        seats=2,
        sent_at=at if is_announced else None,
    )
    participant = invitation.participants.create(
        position=1,
        person=person,
        name=person.name if person else "Ukendt Deltager",
        sector="social",
        asked_on=today,
        seated_at=at,
    )
    output = event.outputs.create(text="En fælles skabelon.", written_at=at)
    return {
        "output": output.pk,
        "event": event.pk,
        "invitation": invitation.pk,
        "participant": participant.pk,
        "part": part.pk,
        "series": series.pk,
    }


def begun_event(town: Place, person: Person | None) -> dict[str, dict[str, Any]]:
    """The addresses that are there only once an event has begun, with one that ended yesterday."""
    ids = event_of(town, person, is_announced=True)
    today = timezone.localdate()
    Event.objects.filter(pk=ids["event"]).update(
        starts_on=today - timedelta(days=2),
        ends_on=today,
        answer_by=today - timedelta(days=20),
    )
    begin = "da/samarbejde/seminarer/<uuid:event>/"
    participant = Participant.objects.create(
        invitation_id=ids["invitation"],
        position=2,
        name="Ukendt Gæst",
        email="gaest@example.org",
        sector="social",
        asked_on=today - timedelta(days=30),
        seated_at=timezone.now(),
    )
    return {
        "da/samarbejde/seminarer/hvordan-var-det/": {"token": by_link.token_of(participant)},
        f"{begin}fremmoede/": {"event": ids["event"]},
        f"{begin}evaluering/": {"event": ids["event"]},
    }
