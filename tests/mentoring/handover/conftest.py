"""A pairing of today with a log, and somebody to take over."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from core.periods import local_day
from mentoring.handover.actions import confirm, send_handover, write_handover
from mentoring.handover.dossier import dossier_of
from mentoring.models import Handover, Pairing, PairingMember
from people.models import Person
from tests.factories.mentoring import make_pairing, make_person


@pytest.fixture
def pairing(db: None) -> Pairing:
    """One mentor, two caseworkers; the mentor leaves in ten days."""
    made = make_pairing(caseworkers=2)
    made.members.filter(side="mentor").update(
        ends_on=local_day(timezone.now()) + timedelta(days=10)
    )
    return made


@pytest.fixture
def receiver(pairing: Pairing) -> Person:
    return make_person(
        "travelling", scope="municipality", place=pairing.place, name="Rejsende Demo"
    )


def member_of(pairing: Pairing, person: Person | None = None) -> PairingMember:
    """The membership of that mentor, or of the first."""
    members = pairing.members.filter(side="mentor").select_related("person", "pairing__place")
    if person is not None:
        members = members.filter(person=person)
    found = members.order_by("person__name").first()
    assert found is not None
    return found


def write(pairing: Pairing, receiver: Person | None, **changes: Any) -> Handover:
    """Prepared by the first mentor."""
    return write_handover(
        changes.pop("member", None) or member_of(pairing),
        receiver=receiver,
        **{
            "notes": {"team": "Hold fast i den ugentlige gennemgang."},
            "seen": "",
            "at": timezone.now(),
            **changes,
        },
    )


def sent(pairing: Pairing, receiver: Person, **changes: Any) -> Handover:
    """Prepared and sent."""
    return send_handover(write(pairing, receiver, **changes), at=timezone.now())


def confirmed(pairing: Pairing, receiver: Person, **changes: Any) -> Handover:
    """Prepared, sent, read and confirmed."""
    return confirm_now(sent(pairing, receiver, **changes))


def confirm_now(handover: Handover) -> Handover:
    """Confirmed by its receiver as it stands."""
    handover = Handover.objects.select_related("member__pairing__place").get(pk=handover.pk)
    assert handover.receiver is not None
    return confirm(
        handover,
        by=handover.receiver,
        seen=dossier_of(handover).sha256,
        at=timezone.now(),
    )
