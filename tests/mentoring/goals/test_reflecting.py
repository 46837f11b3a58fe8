"""What a caseworker says after a session: only if they like, and never in the way of the lock."""

from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone

from competences.models import Rating
from core.periods import local_day
from mentoring.actions import LookAgain, confirm_sessions, erase_session
from mentoring.goals.actions import GoalRefused, reflect
from mentoring.goals.listing import practised_in
from mentoring.models import Pairing, Reflection, Session
from people.models import Person
from tests.factories.goals import competence
from tests.factories.mentoring import caseworker_of, make_pairing, mentor_of, people_of, send

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def session(pairing: Pairing) -> Session:
    practised = [
        {"competence": str(competence(key).pk), "observed": "mostly"}
        for key in ("receipt", "decision_24h")
    ]
    return send(pairing, at=NOW, held_on=str(local_day(NOW)), competences=practised)


@pytest.fixture
def person(pairing: Pairing) -> Person:
    return caseworker_of(pairing)


def address(session: Session) -> str:
    return reverse("mentoring:reflect", args=[session.pk])


def fields(**changes: Any) -> dict[str, Any]:
    return {"text": "", "seen": "0", **changes}


def ratings(person: Person) -> dict[str, str]:
    found = Rating.objects.current().filter(person=person)
    return dict(found.values_list("competence__key", "level"))


# --- The rules ------------------------------------------------------------------------------------


def test_a_reflection_follows_the_lock_and_leaves_it_as_it_is(person: Person, session: Session):
    confirm_sessions(person, [session.current_id], at=NOW)
    session.refresh_from_db()
    locked_at = session.locked_at

    kept = reflect(person, session, "Jeg vil spørge mere åbent.", seen=0, at=NOW)

    session.refresh_from_db()
    assert locked_at is not None
    assert session.locked_at == locked_at
    assert kept is not None
    assert (kept.text, kept.number) == ("Jeg vil spørge mere åbent.", 1)


def test_a_session_is_confirmed_and_locked_without_one(person: Person, session: Session):
    reflect(person, session, "Jeg er ikke færdig.", seen=0, at=NOW)
    assert Session.objects.get().locked_at is None

    confirm_sessions(person, [session.current_id], at=NOW)

    assert Session.objects.get().locked_at == NOW


def test_it_is_changed_and_taken_back_by_who_wrote_it(person: Person, session: Session):
    reflect(person, session, "Først.", seen=0, at=NOW)
    changed = reflect(person, session, "Så.", seen=1, at=NOW + timedelta(days=1))
    assert changed is not None
    assert (changed.text, changed.number, changed.written_at) == ("Så.", 2, NOW)

    assert reflect(person, session, "  ", seen=2, at=NOW) is None
    assert not Reflection.objects.exists()


def test_sending_twice_is_once_and_of_two_devices_the_second_sees_the_first(
    person: Person, session: Session
):
    for _ in range(2):
        reflect(person, session, "Det samme.", seen=0, at=NOW)

    with pytest.raises(GoalRefused) as refusal:
        reflect(person, session, "Noget andet.", seen=0, at=NOW)

    assert refusal.value.code == "changed"
    assert Reflection.objects.get().text == "Det samme."


def test_who_did_not_take_part_as_a_caseworker_writes_none(pairing: Pairing, session: Session):
    others = [mentor_of(pairing), people_of(pairing, "caseworker")[1]]
    for other in others:
        with pytest.raises(GoalRefused) as refusal:
            reflect(other, session, "Set udefra.", seen=0, at=NOW)
        assert refusal.value.code == "not_participant"


@pytest.mark.parametrize("text", ["Ring 010190-1234.", "x" * 501])
def test_a_text_that_cannot_be_kept_is_refused_without_being_repeated(
    person: Person, session: Session, text: str
):
    with pytest.raises(GoalRefused) as refusal:
        reflect(person, session, text, seen=0, at=NOW)

    assert list(refusal.value.error_dict) == ["text"]
    assert "1234" not in str(refusal.value)


def test_what_could_show_who_somebody_is_is_pointed_out(person: Person, session: Session):
    with pytest.raises(LookAgain):
        reflect(person, session, "Pigen på 9 år.", seen=0, at=NOW)

    kept = reflect(person, session, "Pigen på 9 år.", seen=0, at=NOW, looked_again=True)
    assert kept is not None


def test_it_goes_with_the_text_of_the_session(person: Person, session: Session):
    reflect(person, session, "Jeg vil spørge mere åbent.", seen=0, at=NOW)

    erase_session(session, by=None, reason="identifies", at=NOW)

    assert not Reflection.objects.exists()
    with pytest.raises(GoalRefused) as refusal:
        reflect(person, session, "Igen.", seen=0, at=NOW)
    assert refusal.value.code == "erased"


def test_a_session_asks_about_what_it_names_else_about_its_steps(
    pairing: Pairing, person: Person, session: Session
):
    day = local_day(NOW)
    by_steps = send(pairing, at=NOW, held_on=str(day), topics=["report_in"])

    assert [text.key for text in practised_in(session, on=day)] == ["receipt", "decision_24h"]
    assert [text.key for text in practised_in(by_steps, on=day)] == ["report_in"]


# --- The page -------------------------------------------------------------------------------------


def test_text_and_ratings_are_kept_together_and_may_both_be_left_out(
    browse, person: Person, session: Session
):
    client, page = browse(person), address(session)
    receipt, decision = competence("receipt").pk, competence("decision_24h").pk

    assert client.post(page, fields()).status_code == 302
    assert (ratings(person), Reflection.objects.count()) == ({}, 0)

    response = client.post(
        page, fields(text="Åbne spørgsmål.", **{f"k-{receipt}": "alone", f"k-{decision}": ""})
    )
    assert response["Location"] == session.get_absolute_url()
    assert ratings(person) == {"receipt": "alone"}
    assert "Åbne spørgsmål." in client.get(session.get_absolute_url()).content.decode()
    filled = client.get(page).content.decode()
    assert "Åbne spørgsmål." in filled
    chosen = BeautifulSoup(filled, "html.parser").select_one(f"[name='k-{receipt}'][checked]")
    assert chosen is not None
    assert chosen["value"] == "alone"


def test_the_members_read_it_and_nobody_else(browse, pairing: Pairing, person: Person, session):
    reflect(person, session, "Kun for os.", seen=0, at=NOW)
    stranger = mentor_of(make_pairing())

    for member in people_of(pairing, "mentor") + people_of(pairing, "caseworker"):
        assert "Kun for os." in browse(member).get(session.get_absolute_url()).content.decode()
    assert browse(stranger).get(session.get_absolute_url()).status_code == 404


def test_only_who_was_trained_gets_the_page(browse, pairing: Pairing, session: Session):
    colleague = people_of(pairing, "caseworker")[1]
    for other in (mentor_of(pairing), colleague, mentor_of(make_pairing())):
        assert browse(other).get(address(session)).status_code == 404
        assert browse(other).post(address(session), fields(text="Nej.")).status_code == 404
    assert not Reflection.objects.exists()


def test_a_refused_text_stays_in_the_field_and_the_ratings_are_not_kept(
    browse, person: Person, session: Session
):
    receipt = competence("receipt").pk
    response = browse(person).post(
        address(session), fields(text="Ring 010190-1234.", **{f"k-{receipt}": "alone"})
    )

    assert response.status_code == 422
    assert ratings(person) == {}
    assert list(response.context["form"].errors) == ["text"]


def test_what_another_device_wrote_is_shown_and_then_may_be_replaced(
    browse, person: Person, session: Session
):
    client = browse(person)
    reflect(person, session, "Fra telefonen.", seen=0, at=NOW)

    response = client.post(address(session), fields(text="Fra computeren."))

    page = response.content.decode()
    assert response.status_code == 422
    assert "Fra telefonen." in page
    assert "Fra computeren." in page
    assert (
        client.post(address(session), fields(text="Fra computeren.", seen="1")).status_code == 302
    )
    assert Reflection.objects.get().text == "Fra computeren."


def test_looking_again_lets_the_very_same_text_through(browse, person: Person, session: Session):
    client = browse(person)
    first = client.post(address(session), fields(text="Pigen på 9 år."))
    assert first.status_code == 422
    assert b"<mark>" in first.content
    seen = first.context["form"].texts_seen

    other = client.post(address(session), fields(text="Drengen på 9 år.", as_it_is=seen))
    assert other.status_code == 422
    assert (
        client.post(address(session), fields(text="Pigen på 9 år.", as_it_is=seen)).status_code
        == 302
    )


def test_the_receipt_of_confirming_leads_to_it(browse, person: Person, session: Session):
    client = browse(person)
    response = client.post(
        reverse("mentoring:confirm"), {"version": str(session.current_id)}, follow=True
    )

    assert address(session) in response.content.decode()
