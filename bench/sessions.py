"""So many sessions all over the country, written in bulk: most of long ago, a few that wait.

Twenty-five sessions make a pairing. One pairing of ten is active, the others are closed; of an
active one's sessions one of ten waits for its confirmation, some of them for more than a week.
"""

import uuid
from collections.abc import Container
from datetime import date, datetime, timedelta

from django.db import transaction

from bench.statistics import refresh_statistics
from core.canonical import content_hash
from core.periods import local_day
from mentoring.models import (
    Confirmation,
    Pairing,
    PairingMember,
    Session,
    SessionParticipant,
    SessionVersion,
)
from people.models import Person, Place

IN_A_PAIRING = 25
ACTIVE_OF, OPEN_OF = 10, 10


def add_sessions(count: int, *, at: datetime) -> None:
    """Bring the sessions of the country to ``count``."""
    towns = list(Place.objects.order_by("key"))
    there = Session.objects.count()
    for number in range(there // IN_A_PAIRING, count // IN_A_PAIRING):
        _add_pairing(number, towns[number % len(towns)], at=at)
    refresh_statistics()


@transaction.atomic
def _add_pairing(number: int, town: Place, *, at: datetime) -> None:
    today = local_day(at)
    is_active = number % ACTIVE_OF == 0
    last = today - timedelta(days=number % 20 if is_active else 200)
    begins = last - timedelta(days=2 * IN_A_PAIRING)
    mentor, caseworker = Person.objects.bulk_create(
        Person(name=f"Opdigtet {who} {number}") for who in ("Mentor", "Kollega")
    )
    pairing = Pairing.objects.create(
        place=town,
        kind="on_site",
        state=Pairing.State.ACTIVE if is_active else Pairing.State.CLOSED,
        starts_on=begins,
        ends_on=None if is_active else last + timedelta(days=1),
    )
    members = ((mentor, "mentor"), (caseworker, "caseworker"))
    PairingMember.objects.bulk_create(
        PairingMember(
            pairing=pairing, person=person, side=side, starts_on=begins, ends_on=pairing.ends_on
        )
        for person, side in members
    )
    days = [last - timedelta(days=2 * n) for n in range(IN_A_PAIRING)]
    waiting = set(range(IN_A_PAIRING // OPEN_OF)) if is_active else set()
    add_held(pairing, mentor, caseworker, days, waiting, at=at)


def add_held(
    pairing: Pairing,
    mentor: Person,
    caseworker: Person,
    days: list[date],
    waiting: Container[int],
    *,
    at: datetime,
) -> None:
    """A session on each of the days; all but the ``waiting`` are confirmed and locked."""
    sessions, versions = [], []
    for day in days:
        facts = {"minutes": 60, "mode": "beside", "topics": ["receipt"]}
        content = {
            **facts,
            "schema": 1,
            "held_on": day.isoformat(),
            "place": pairing.place.key,
            "participants": sorted([str(mentor.pk), str(caseworker.pk)]),
            "went_well": "Øvede beslutningen på et opdigtet eksempel.",
            "next_step": "Kvitteringsbrev på grønlandsk.",
            "languages": ["da"],
            "interpreter": "",
            "tools": "",
        }
        version = SessionVersion(
            id=uuid.uuid4(), session_id=uuid.uuid4(), number=1, content=content,
            sha256=content_hash(content), author=mentor, received_at=at,
        )  # fmt: skip
        versions.append(version)
        sessions.append(
            Session(
                id=version.session_id, pairing=pairing, author=mentor, received_at=at,
                current_id=version.pk, place=pairing.place, held_on=day,
                **facts,
            )
        )  # fmt: skip
    Session.objects.bulk_create(sessions)
    SessionVersion.objects.bulk_create(versions)
    SessionParticipant.objects.bulk_create(
        SessionParticipant(session=session, person=person, side=side)
        for session in sessions
        for person, side in ((mentor, "mentor"), (caseworker, "caseworker"))
    )
    # Confirmed, then locked: nothing is added to a session that is locked.
    locked = [session for n, session in enumerate(sessions) if n not in waiting]
    Confirmation.objects.bulk_create(
        Confirmation(version_id=session.current_id, person=caseworker, confirmed_at=at)
        for session in locked
    )
    Session.objects.filter(pk__in=[session.pk for session in locked]).update(locked_at=at)
