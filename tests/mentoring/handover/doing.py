"""What tests of handovers do with them."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from core.periods import local_day
from mentoring.handover.actions import HandoverRefused, confirm, send_handover, write_handover
from mentoring.handover.dossier import dossier_of
from mentoring.models import Handover, Pairing, PairingMember
from notices.models import Notice
from people.models import Person

CPR = "-".join(["010190", "1234"])
#: What the sessions of ``logged`` say: the latest, and the one that no receiver reads.
SECRET = "Skabelonen virker godt."
OLD = "Den fjerde session."


def today() -> date:
    return local_day(timezone.now())


def refused(work: Callable[..., Any], *arguments: Any, **options: Any) -> str:
    """The code of the refusal."""
    with pytest.raises(HandoverRefused) as refusal:
        work(*arguments, **options)
    return refusal.value.code


def told(person: Person) -> list[str]:
    """The kinds of messages, by name."""
    return sorted(Notice.objects.filter(person=person).values_list("kind", flat=True))


def page(handover: Handover) -> str:
    return reverse("mentoring:handover", args=[handover.pk])


def do(what: str, handover: Handover, *more: Any) -> str:
    return reverse(f"mentoring:{what}", args=[handover.pk, *more])


def writing(pairing: Pairing) -> str:
    return reverse("mentoring:write-handover", args=[pairing.pk])


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
