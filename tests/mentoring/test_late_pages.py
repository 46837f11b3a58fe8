"""A session that was being written when the stay ended is taken in, or given back with words."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.periods import local_day
from mentoring.actions import confirm_sessions
from mentoring.models import Pairing, Session, SessionVersion
from people.models import Person
from tests.factories.mentoring import (
    caseworker_of,
    make_pairing,
    make_town,
    mentor_of,
    people_of,
)
from tests.mentoring.test_writing_pages import LOG, filled

pytestmark = pytest.mark.django_db


@pytest.fixture
def mentor(pairing: Pairing, browse: Callable[[Person], Client]) -> Client:
    return browse(mentor_of(pairing))


def end_stay(pairing: Pairing, *, days_ago: int) -> None:
    """The stay and the role of the mentor end on that day, from which they hold no more."""
    ended_on = local_day(timezone.now()) - timedelta(days=days_ago)
    pairing.members.filter(person=mentor_of(pairing)).update(ends_on=ended_on)
    mentor_of(pairing).roles.update(ends_on=ended_on)


@pytest.mark.parametrize("days_ago", [0, 1])
def test_what_was_being_written_when_the_stay_ended_is_received(
    mentor: Client, pairing: Pairing, days_ago: int
) -> None:
    form = filled(pairing, held_on=str(local_day(timezone.now()) - timedelta(days=days_ago)))
    end_stay(pairing, days_ago=days_ago)

    response = mentor.post(reverse(LOG), form, follow=True)

    session = Session.objects.get()
    assert session.current.content["went_well"] == "Kollegaen førte ordet."
    assert response.redirect_chain == [(reverse("start"), 302)]
    assert caseworker_of(pairing).name not in response.content.decode()
    assert mentor.get(session.get_absolute_url()).status_code in {403, 404}


@pytest.mark.parametrize(
    ("days_ago", "changes"), [(5, {}), (1, {"minutes": ""}), (5, {"held_on": "i går"})]
)
def test_what_cannot_be_received_after_the_stay_is_given_back_and_names_nobody(
    mentor: Client, pairing: Pairing, days_ago: int, changes: dict[str, Any]
) -> None:
    form = filled(pairing, went_well="Hver linje.", **changes)
    if days_ago == 1:
        form["held_on"] = str(local_day(timezone.now()) - timedelta(days=2))
    end_stay(pairing, days_ago=days_ago)

    response = mentor.post(reverse(LOG), form)

    assert response.status_code == 422
    page = response.content.decode()
    assert "Hver linje." in page
    assert str(caseworker_of(pairing).pk) in page  # chosen once, sent again
    for one in (*people_of(pairing, "caseworker"), *people_of(pairing, "mentor")[1:]):
        assert one.name not in page
    assert not Session.objects.exists()


def test_the_form_of_a_stranger_s_pairing_is_no_page(
    pairing: Pairing, browse: Callable[[Person], Client]
) -> None:
    other = make_pairing(place=make_town("Uummannaq"))
    end_stay(other, days_ago=0)

    assert browse(mentor_of(other)).post(reverse(LOG), filled(pairing)).status_code == 404
    assert browse(caseworker_of(pairing)).post(reverse(LOG), filled(pairing)).status_code == 403


@pytest.mark.parametrize("name", ["session-edit", "amend"])
def test_a_change_that_was_being_written_when_the_stay_ended_is_not_lost(
    mentor: Client, pairing: Pairing, sent: Callable[..., Session], name: str
) -> None:
    session = sent()
    address = reverse(f"mentoring:{name}", args=[session.pk])
    if name == "amend":
        confirm_sessions(caseworker_of(pairing), [session.current_id], at=timezone.now())
    form = filled(
        pairing,
        session=session.pk,
        parent=session.current_id,
        went_well="Hver linje.",
        reason="text",
    )
    end_stay(pairing, days_ago=0)

    response = mentor.post(address, form, follow=True)

    session.refresh_from_db()
    if name == "amend":  # it is locked, and the others cannot be asked in the name of who has left
        assert response.status_code == 409
        page = response.content.decode()
        assert "Dit ophold er slut" in page
        assert "<h1>Ret en låst session</h1>" in page
        assert "Send rettelsen" not in page
        assert "Hver linje." in response.content.decode()
        assert session.versions.count() == 1
    else:
        assert response.redirect_chain == [(reverse("start"), 302)]
        assert session.current.content["went_well"] == "Hver linje."
    assert caseworker_of(pairing).name not in response.content.decode()


def test_a_change_of_what_was_locked_since_is_given_back_without_a_button(
    mentor: Client, pairing: Pairing, sent: Callable[..., Session]
) -> None:
    session = sent()
    form = filled(pairing, session=session.pk, parent=session.current_id, went_well="Hver linje.")
    confirm_sessions(caseworker_of(pairing), [session.current_id], at=timezone.now())
    end_stay(pairing, days_ago=0)

    address = reverse("mentoring:session-edit", args=[session.pk])
    response = mentor.post(address, form)

    page = response.content.decode()
    assert response.status_code == 409
    assert "Hver linje." in page
    assert "Alle har bekræftet sessionen" in page
    assert "Send session<" not in page


def test_two_versions_that_were_being_joined_when_the_stay_ended_become_one(
    mentor: Client, pairing: Pairing, sent: Callable[..., Session]
) -> None:
    session = sent()
    edit = reverse("mentoring:session-edit", args=[session.pk])
    begin = {"session": session.pk, "parent": session.current_id}
    mentor.post(edit, filled(pairing, **begin, minutes="45"))
    mentor.post(edit, filled(pairing, **begin, minutes="60"))
    session.refresh_from_db()
    beside = session.versions.exclude(pk=session.current_id).latest("number")
    joined = {"session": session.pk, "parent": session.current_id, "joins": beside.pk}
    end_stay(pairing, days_ago=0)

    address = reverse("mentoring:session-join", args=[session.pk, beside.pk])
    mentor.post(address, filled(pairing, **joined, minutes="75"))

    session.refresh_from_db()
    assert session.minutes == 75
    assert not SessionVersion.objects.unsettled().filter(session=session).exists()


def test_a_change_of_a_session_that_is_not_theirs_is_no_page(
    pairing: Pairing, sent: Callable[..., Session], browse: Callable[[Person], Client]
) -> None:
    session = sent()
    address = reverse("mentoring:session-edit", args=[session.pk])
    form = filled(pairing, session=session.pk, parent=session.current_id, minutes="15")
    other = make_pairing(place=make_town("Uummannaq"))

    assert browse(mentor_of(other)).post(address, form).status_code == 404
    assert browse(caseworker_of(pairing)).post(address, form).status_code == 403
    assert browse(people_of(pairing, "mentor")[1]).post(address, form).status_code == 422
    session.refresh_from_db()
    assert session.minutes == 90
