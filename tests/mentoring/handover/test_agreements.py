"""What was agreed follows into the next pairing, for whom it was handed over to."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mentoring.actions import create_pairing, log_session
from mentoring.handover.actions import name_receiver
from mentoring.models import Agreement, Pairing, Session
from people.models import Person, Place, Role
from tests.factories.mentoring import (
    caseworker_of,
    content_for,
    make_pairing,
    make_person,
    make_town,
    mentor_of,
    people_of,
    send,
)
from tests.mentoring.handover.doing import confirm_now, confirmed, member_of, sent, today

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


def write_again(session: Session, **said: Any) -> None:
    """Its author sends the session anew."""
    log_session(
        session.author,
        session.pairing,
        session_id=session.pk,
        version_id=uuid4(),
        parent_id=Session.objects.get(pk=session.pk).current_id,
        content=content_for(caseworker_of(session.pairing), **said),
        at=timezone.now(),
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


def test_what_the_leaving_mentor_had_promised_is_the_receivers(
    pairing: Pairing, taker: Person, agreement: Agreement
) -> None:
    caseworker = caseworker_of(pairing)
    send(pairing, at=timezone.now(), held_on=str(today()), next_owner=str(caseworker.pk))
    handover = sent(pairing, taker)
    agreement.refresh_from_db()
    assert agreement.owner == mentor_of(pairing)  # until it is confirmed

    confirm_now(handover)

    agreement.refresh_from_db()
    assert agreement.owner == taker
    assert Agreement.objects.exclude(pk=agreement.pk).get().owner == caseworker


def test_what_was_handed_over_stays_so_when_its_session_is_written_again(taker: Person) -> None:
    pairing = make_pairing(mentors=2)
    leaving, staying = people_of(pairing, "mentor")
    yesterday = str(today() - timedelta(days=1))
    agreed = {"held_on": yesterday, "next_owner": str(leaving.pk)}
    session = send(pairing, author=staying, at=timezone.now(), **agreed)
    confirmed(pairing, taker, member=member_of(pairing, leaving))

    write_again(session, went_well="Rettet.", **agreed)
    assert Agreement.objects.get().owner == taker

    write_again(session, held_on=yesterday, next_owner=str(staying.pk))
    assert Agreement.objects.get().owner == staying


def test_whoever_takes_over_instead_does_what_was_promised_too(
    pairing: Pairing, taker: Person, agreement: Agreement
) -> None:
    instead = make_person("travelling", name="Rejsende Anden")
    handover = confirmed(pairing, taker)

    name_receiver(handover, instead, at=timezone.now())

    agreement.refresh_from_db()
    assert agreement.owner == instead


def test_a_colleague_who_took_over_keeps_what_was_their_own(taker: Person) -> None:
    pairing = make_pairing(mentors=2)
    leaving, staying = people_of(pairing, "mentor")
    agreed = {"held_on": str(today()), "next_owner": str(staying.pk)}
    send(pairing, author=staying, at=timezone.now(), **agreed)
    handover = confirmed(pairing, staying, member=member_of(pairing, leaving))

    name_receiver(handover, taker, at=timezone.now())

    assert Agreement.objects.get().owner == staying


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


def test_whoever_took_it_over_finds_it_without_a_pairing_of_their_own(
    pairing: Pairing, taker: Person, agreement: Agreement, browse: Callable[[Person], Client]
) -> None:
    client, listed = browse(taker), reverse("mentoring:agreements")
    handover = sent(pairing, taker)
    assert client.get(listed).context["rows"] == []

    confirm_now(handover)

    assert [row.agreement for row in client.get(listed).context["rows"]] == [agreement]
    client.post(reverse("mentoring:agreement", args=[agreement.pk]), {"done": "1"})
    agreement.refresh_from_db()
    assert agreement.done_by == taker


def test_what_one_of_two_mentors_had_promised_is_found_while_the_pairing_goes_on(
    taker: Person, browse: Callable[[Person], Client]
) -> None:
    pairing = make_pairing(mentors=2)
    leaving, staying = people_of(pairing, "mentor")
    agreed = {"held_on": str(today()), "next_owner": str(leaving.pk)}
    send(pairing, author=staying, at=timezone.now(), **agreed)

    confirmed(pairing, taker, member=member_of(pairing, leaving))

    rows = browse(taker).get(reverse("mentoring:agreements")).context["rows"]
    assert [row.agreement.owner for row in rows] == [taker]
