"""Who takes part, as lists: by sector, with needs, as a table to take along."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from cooperation.models import Event, Participant, ParticipantNeeds, Sector, WorkshopWish
from core.spreadsheets import Cell


def participants_of(event: Event) -> QuerySet[Participant]:
    """Everybody who is signed up, by organisation and in the delegation's own order."""
    found = Participant.objects.signed_up().filter(invitation__event=event)
    return found.select_related("invitation__organisation").order_by(
        "invitation__organisation__name", "invitation__role", "position", "pk"
    )


def by_sector(people: Sequence[Participant]) -> list[tuple[str, int, int]]:
    """Sector, how many have a seat, how many wait: in the order of the sectors."""
    seated: Counter[str] = Counter(one.sector for one in people if one.seated_at)
    waiting: Counter[str] = Counter(one.sector for one in people if not one.seated_at)
    return [
        (str(sector.label), seated[sector.value], waiting[sector.value])
        for sector in Sector
        if seated[sector.value] or waiting[sector.value]
    ]


def workshops_by_person(event: Event) -> dict[Any, list[str]]:
    """For each participant the titles of the workshops with a seat; one query."""
    wishes = WorkshopWish.objects.standing().filter(workshop__event=event, seated_at__isnull=False)
    found: dict[Any, list[str]] = {}
    for wish in wishes.select_related("workshop").order_by("workshop__starts_at", "pk"):
        found.setdefault(wish.participant_id, []).append(str(wish.workshop.title))
    return found


def needs_of(event: Event) -> list[ParticipantNeeds]:
    """What participants with a seat have said they need."""
    found = ParticipantNeeds.objects.filter(
        participant__invitation__event=event,
        participant__cancelled_at__isnull=True,
        participant__invitation__withdrawn_at__isnull=True,
        participant__seated_at__isnull=False,
    )
    return list(
        found.select_related("participant__invitation__organisation").order_by(
            "participant__invitation__organisation__name", "participant__position", "participant"
        )
    )


def header() -> list[str]:
    """The columns of the table: never what somebody needs."""
    return [
        _("Organisation"),
        _("Invited as"),
        _("Name"),
        _("As what"),
        _("Sector"),
        _("E-mail"),
        _("Seat"),
        _("Workshops"),
        _("Days there"),
    ]


def rows(event: Event) -> Iterator[list[Cell]]:
    """One row for each participant."""
    workshops = workshops_by_person(event)
    days: Counter[Any] = Counter(
        participants_of(event).filter(attended__isnull=False).values_list("pk", flat=True)
    )
    seat, waits = _("has a seat"), _("waits")
    for one in participants_of(event):
        yield [
            one.invitation.organisation.name,
            one.invitation.get_role_display(),
            one.name,
            one.title,
            one.get_sector_display(),
            one.email,
            seat if one.seated_at else waits,
            ", ".join(workshops.get(one.pk, [])),
            days[one.pk],
        ]
