"""What was agreed follows into the next pairing, for whom it was handed over to."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mentoring.actions import create_pairing
from mentoring.models import Agreement, Pairing
from people.models import Person, Place, Role
from tests.factories.mentoring import (
    caseworker_of,
    make_person,
    make_town,
    mentor_of,
    people_of,
    send,
)
from tests.mentoring.handover.doing import confirm_now, confirmed, sent, today

pytestmark = pytest.mark.django_db


@pytest.fixture
def taker(pairing: Pairing) -> Person:
    """The next mentor, whose role reaches the town."""
    return make_person("mentor", place=pairing.place, name="Næste Demo")


@pytest.fixture
def agreement(pairing: Pairing) -> Agreement:
    """By the mentor who leaves, in the fifth last session."""
    owner = str(mentor_of(pairing).pk)
    for days in range(5):
        agreed = {"next_owner": owner} if days == 4 else {"next_step": ""}
        held_on = str(today() - timedelta(days=days))
        send(pairing, at=timezone.now(), held_on=held_on, **agreed)
    return Agreement.objects.get()


def next_round(mentor: Person, *caseworkers: Person, place: Place | None = None) -> Pairing:
    return create_pairing(
        place or make_town(),
        kind="on_site",
        starts_on=today(),
        ends_on=None,
        mentors=[mentor],
        caseworkers=caseworkers,
        by=None,
        at=timezone.now(),
        state=Pairing.State.ACTIVE,
    )


def shown(client: Client, pairing: Pairing) -> list[str]:
    """What stands on top of the log of that pairing, on the page and on the device alike."""
    page = client.get(f"{reverse('mentoring:log')}?forloeb={pairing.pk}")
    found = [str(row.agreement.pk) for row in page.context["open_agreements"]]
    kit = client.get("/api/v1/device/kit/log/").json()
    (own,) = [one for one in kit["pairings"] if one["id"] == str(pairing.pk)]
    assert [one[0] for one in own["agreements"]] == found
    return found


def test_the_next_mentor_finds_it_on_top_and_marks_it_as_done(
    pairing: Pairing, taker: Person, agreement: Agreement, browse: Callable[[Person], Client]
) -> None:
    caseworker, client = caseworker_of(pairing), browse(taker)
    after = next_round(taker, caseworker)
    handover = sent(pairing, taker)
    assert shown(client, after) == []  # nothing is handed over yet

    confirm_now(handover)

    assert shown(client, after) == [str(agreement.pk)]
    send(
        after,
        author=taker,
        caseworkers=[caseworker],
        at=timezone.now(),
        held_on=str(today()),
        done=[agreement.pk],
    )
    agreement.refresh_from_db()
    assert (agreement.done_on, agreement.done_by) == (today(), taker)
    assert shown(client, after) == []


@pytest.mark.parametrize("who", ["another mentor", "another caseworker", "another town"])
def test_nobody_else_finds_it(
    who: str,
    pairing: Pairing,
    taker: Person,
    agreement: Agreement,
    browse: Callable[[Person], Client],
) -> None:
    confirmed(pairing, taker)
    mentor, caseworker, place = taker, caseworker_of(pairing), make_town("Uummannaq")
    Role.objects.filter(person__in=[taker, caseworker]).update(
        scope="municipality", place=None, municipality=place.municipality
    )
    if who == "another mentor":
        mentor = make_person("mentor", place=pairing.place)
    if who == "another caseworker":
        caseworker = people_of(pairing, "caseworker")[1]  # took part in none of it
    after = next_round(mentor, caseworker, place=place if who == "another town" else pairing.place)

    assert shown(browse(mentor), after) == []
    send(
        after,
        author=mentor,
        caseworkers=[caseworker],
        at=timezone.now(),
        held_on=str(today()),
        done=[agreement.pk],
    )
    agreement.refresh_from_db()
    assert agreement.done_on is None
