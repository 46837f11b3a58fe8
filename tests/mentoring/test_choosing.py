"""Two versions whose mentors have left: who was there chooses, and can confirm the session."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.models import AccessLog
from core.periods import local_day
from mentoring.actions import (
    SessionRefused,
    ask_for_change,
    choose_version,
    erase_session,
)
from mentoring.models import Agreement, Pairing, Session, SessionVersion
from mentoring.personal_data import erase_texts
from people.models import Person, User
from tests.at_once import at_once
from tests.factories.mentoring import (
    add_version,
    caseworker_of,
    make_pairing,
    make_town,
    mentor_of,
    people_of,
)

pytestmark = pytest.mark.django_db


def leave(pairing: Pairing) -> None:
    """The mentors of the pairing left yesterday."""
    yesterday = local_day(timezone.now()) - timedelta(days=1)
    pairing.members.filter(side="mentor").update(ends_on=yesterday)


@pytest.fixture
def two(pairing: Pairing, sent: Callable[..., Session]) -> tuple[Session, SessionVersion]:
    """A session of two days ago with a version beside the one that holds; its mentors have left."""
    day = str(local_day(timezone.now()) - timedelta(days=2))
    session = sent(held_on=day)
    add_version(session, minutes=45, went_well="Den ene skrev dette.")
    beside = add_version(session, minutes=50, went_well="Den anden skrev dette.")
    leave(pairing)
    session.refresh_from_db()
    return session, beside


@pytest.fixture
def caseworker(pairing: Pairing, browse: Callable[[Person], Client]) -> Client:
    return browse(caseworker_of(pairing))


def address_of(beside: SessionVersion) -> str:
    return reverse("mentoring:choose-version", args=[beside.session_id, beside.pk])


def choice(session: Session, chosen: Any, **changes: Any) -> dict[str, Any]:
    return {"id": uuid.uuid4(), "current": session.current_id, "chosen": chosen, **changes}


def test_caseworker_reads_both_and_chooses_one_and_confirms_it(
    caseworker: Client, pairing: Pairing, two: tuple[Session, SessionVersion]
) -> None:
    session, beside = two
    person = caseworker_of(pairing)
    before = session.current
    page = caseworker.get(session.get_absolute_url()).content.decode()
    assert address_of(beside) in page
    assert "Noget passer ikke" not in page  # there is something to choose first

    page = caseworker.get(address_of(beside)).content.decode()
    assert "Den ene skrev dette." in page
    assert "Den anden skrev dette." in page
    response = caseworker.post(address_of(beside), choice(session, beside.pk), follow=True)

    session.refresh_from_db()
    assert session.minutes == 50
    assert (session.current.parent, session.current.joins) == (before, beside)
    assert session.current.content == beside.content
    assert session.current.sha256 == beside.sha256
    assert "Udgaven er valgt" in response.content.decode()
    assert not session.current.confirmations.exists()  # choosing confirms nothing
    assert response.context["sending"] == beside  # its mentor did, by sending it
    assert (session.current.author, session.current.chosen_by) == (session.author, person)
    caseworker.post(reverse("mentoring:confirm"), {"version": session.current_id})
    session.refresh_from_db()
    assert session.locked_at is not None


def test_the_one_that_holds_can_be_chosen_and_the_other_stays_readable(
    caseworker: Client, two: tuple[Session, SessionVersion]
) -> None:
    session, beside = two

    caseworker.post(address_of(beside), choice(session, session.current_id))

    session.refresh_from_db()
    assert session.minutes == 45
    page = caseworker.get(session.get_absolute_url()).content.decode()
    assert "Den anden skrev dette." in page


def test_reading_both_leaves_a_line_in_the_log(
    caseworker: Client, two: tuple[Session, SessionVersion]
) -> None:
    session, beside = two

    caseworker.get(address_of(beside))

    assert AccessLog.objects.filter(action="read", record_id=str(session.pk)).count() == 1


def test_pressed_twice_it_is_chosen_once(
    caseworker: Client, two: tuple[Session, SessionVersion]
) -> None:
    session, beside = two
    sent = choice(session, beside.pk)

    pages = [caseworker.post(address_of(beside), sent, follow=True) for _time in range(2)]

    assert session.versions.filter(joins=beside).count() == 1
    assert all("Udgaven er valgt" in page.content.decode() for page in pages)


def test_who_goes_back_and_presses_the_other_one_is_not_told_that_it_is_chosen(
    caseworker: Client, two: tuple[Session, SessionVersion]
) -> None:
    session, beside = two
    page = caseworker.get(address_of(beside))
    ids = [told["id"] for told in page.context["both"]]
    assert len(set(ids)) == 2
    first, second = (
        choice(session, told["version"].pk, id=told["id"]) for told in page.context["both"]
    )
    caseworker.post(address_of(beside), first, follow=True)

    for sent in (second, second | {"id": first["id"]}):
        answer = caseworker.post(address_of(beside), sent, follow=True).content.decode()
        assert "Udgaven er valgt" not in answer
    session.refresh_from_db()
    assert session.minutes == 45


def test_who_chose_a_version_without_them_reads_on_and_may_press_twice(
    caseworker: Client, pairing: Pairing, sent: Callable[..., Session]
) -> None:
    mine, other = people_of(pairing, "caseworker")
    session = sent(held_on=str(local_day(timezone.now()) - timedelta(days=2)))
    add_version(session, minutes=45)
    beside = add_version(session, minutes=50, participants=[str(other.pk)])
    leave(pairing)
    session.refresh_from_db()
    chosen = choice(session, beside.pk)

    pages = [caseworker.post(address_of(beside), chosen, follow=True) for _time in range(2)]

    assert all("Udgaven er valgt" in page.content.decode() for page in pages)
    assert pages[0].context["sending"] == beside
    assert f"valgt af {mine.name}" in pages[0].content.decode()


def test_choosing_is_not_writing(
    caseworker: Client, pairing: Pairing, sent: Callable[..., Session]
) -> None:
    """Whoever chose and is erased takes no text along that others wrote about others."""
    both = people_of(pairing, "caseworker")
    day = str(local_day(timezone.now()) - timedelta(days=2))
    session = sent(held_on=day, participants=[str(one.pk) for one in both])
    add_version(session, minutes=45)
    beside = add_version(session, minutes=50, next_step="Skriv brevet.")
    leave(pairing)
    session.refresh_from_db()
    caseworker.post(address_of(beside), choice(session, beside.pk))
    session.refresh_from_db()

    erase_texts(both[0], by=None, at=timezone.now())

    session.refresh_from_db()
    assert session.erased_at is None


def test_what_was_pointed_at_is_shown_until_who_did_confirms(
    caseworker: Client, pairing: Pairing, two: tuple[Session, SessionVersion]
) -> None:
    session, beside = two
    ask_for_change(caseworker_of(pairing), session.current_id, "time", at=timezone.now())
    caseworker.post(address_of(beside), choice(session, session.current_id))
    session.refresh_from_db()
    pointed = "peger på noget, der ikke passer"
    assert pointed in caseworker.get(session.get_absolute_url()).content.decode()

    caseworker.post(reverse("mentoring:confirm"), {"version": session.current_id})

    assert pointed not in caseworker.get(session.get_absolute_url()).content.decode()


def test_of_an_erased_session_nobody_chooses(
    caseworker: Client, two: tuple[Session, SessionVersion]
) -> None:
    session, _beside = two
    erase_session(session, by=session.author, reason="mistake", at=timezone.now())

    page = caseworker.get(session.get_absolute_url()).content.decode()

    assert "To udgaver" not in page


def test_what_changed_meanwhile_is_read_first(
    caseworker: Client, two: tuple[Session, SessionVersion]
) -> None:
    session, beside = two
    stale = choice(session, session.current_id)
    caseworker.post(address_of(beside), choice(session, beside.pk))

    response = caseworker.post(address_of(beside), stale, follow=True)

    session.refresh_from_db()
    assert "imens" in response.content.decode()
    assert session.minutes == 50
    assert caseworker.get(address_of(beside)).headers["Location"] == session.get_absolute_url()


@pytest.mark.parametrize("chosen", ["", "not an id", "an earlier version"])
def test_only_one_of_the_two_can_be_chosen(
    caseworker: Client, two: tuple[Session, SessionVersion], chosen: str
) -> None:
    session, beside = two
    if chosen == "an earlier version":
        chosen = str(session.versions.get(number=1).pk)

    response = caseworker.post(address_of(beside), choice(session, chosen), follow=True)

    session.refresh_from_db()
    assert session.minutes == 45
    assert "Vælg en af de to udgaver" in response.content.decode()


def test_agreement_and_who_took_part_are_those_of_the_chosen_version(
    caseworker: Client, pairing: Pairing, sent: Callable[..., Session]
) -> None:
    other = people_of(pairing, "caseworker")[1]
    session = sent(held_on=str(local_day(timezone.now()) - timedelta(days=2)))
    add_version(session, minutes=45)
    both = sorted([*session.current.content["participants"], str(other.pk)])
    promise = {"next_step": "Skriv brevet.", "next_owner": str(other.pk)}
    beside = add_version(session, participants=both, **promise)
    leave(pairing)
    session.refresh_from_db()

    caseworker.post(address_of(beside), choice(session, beside.pk))

    took_part = session.participants.values_list("person", "side")
    assert (other.pk, "caseworker") in set(took_part)
    assert len(took_part) == 3
    assert Agreement.objects.get(session=session).owner == other


def test_as_long_as_a_mentor_who_was_there_can_choose_nobody_else_does(
    caseworker: Client, pairing: Pairing, two: tuple[Session, SessionVersion]
) -> None:
    session, beside = two
    pairing.members.filter(person=session.author).update(ends_on=None)

    page = caseworker.get(session.get_absolute_url()).content.decode()

    assert "en mentor vælger" in page.lower()
    assert caseworker.get(address_of(beside)).headers["Location"] == session.get_absolute_url()
    response = caseworker.post(address_of(beside), choice(session, beside.pk), follow=True)
    assert "venter ikke længere på dit valg" in response.content.decode()
    session.refresh_from_db()
    assert session.minutes == 45


def test_what_is_confirmed_meanwhile_is_chosen_no_more_and_the_page_says_so(
    caseworker: Client, two: tuple[Session, SessionVersion]
) -> None:
    session, beside = two
    stale = choice(session, session.current_id)
    caseworker.post(address_of(beside), choice(session, beside.pk))
    session.refresh_from_db()
    caseworker.post(reverse("mentoring:confirm"), {"version": session.current_id})

    response = caseworker.post(address_of(beside), stale, follow=True)

    assert response.status_code == 200
    assert "venter ikke længere på dit valg" in response.content.decode()
    session.refresh_from_db()
    assert session.minutes == 50


@pytest.mark.parametrize("gone", ["role", "moved", "account"])
def test_a_mentor_without_a_role_or_an_account_can_choose_no_more(
    caseworker: Client, two: tuple[Session, SessionVersion], pairing: Pairing, gone: str
) -> None:
    session, beside = two
    pairing.members.filter(person=session.author).update(ends_on=None)
    assert caseworker.get(address_of(beside)).status_code == 302
    if gone == "role":
        session.author.roles.update(ends_on=local_day(timezone.now()))
    elif gone == "moved":
        session.author.roles.update(place=make_town("Nuuk", "Kommuneqarfik Sermersooq"))
    else:
        User.objects.filter(person=session.author).update(is_active=False)

    assert caseworker.get(address_of(beside)).status_code == 200


def test_who_was_not_there_does_not_choose(
    pairing: Pairing, two: tuple[Session, SessionVersion], browse: Callable[[Person], Client]
) -> None:
    session, beside = two
    for person in (
        people_of(pairing, "caseworker")[1],  # of the pairing, not of this session
        mentor_of(pairing),  # who has left
        caseworker_of(make_pairing()),
    ):
        client = browse(person)
        assert client.get(address_of(beside)).status_code in {403, 404}
        assert client.post(address_of(beside), choice(session, beside.pk)).status_code in {403, 404}
    assert not session.versions.exclude(joins=None).exists()


@pytest.mark.django_db(transaction=True)
def test_two_who_choose_at_once_make_one_choice(
    pairing: Pairing, sent: Callable[..., Session]
) -> None:
    caseworkers = people_of(pairing, "caseworker")
    everybody = [str(one.pk) for one in caseworkers]
    session = sent(
        held_on=str(local_day(timezone.now()) - timedelta(days=2)), participants=everybody
    )
    add_version(session, minutes=45)
    beside = add_version(session, minutes=50)
    leave(pairing)
    session.refresh_from_db()
    versions = [session.current_id, beside.pk]

    def choose(number: int) -> Any:
        return choose_version(
            caseworkers[number],
            session,
            version_id=uuid.uuid4(),
            current_id=session.current_id,
            beside_id=beside.pk,
            chosen_id=versions[number],
            at=timezone.now(),
        )

    answers = at_once(2, choose, refusals=(SessionRefused,))

    assert [one.code for one in answers if isinstance(one, SessionRefused)] == ["changed"]
    assert session.versions.exclude(joins=None).count() == 1
