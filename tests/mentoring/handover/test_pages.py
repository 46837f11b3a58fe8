"""What those a handover concerns can do about it on its pages."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.models import AccessLog
from mentoring.actions import end_member
from mentoring.models import Handover, HandoverText, Pairing
from people.models import Person
from tests.factories.mentoring import (
    caseworker_of,
    make_pairing,
    make_person,
    make_town,
    mentor_of,
    people_of,
    send,
)
from tests.mentoring.handover.doing import (
    CPR,
    SECRET,
    confirmed,
    do,
    member_of,
    page,
    sent,
    today,
    writing,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("logged")]
Browse = Callable[[Person], Client]


def fields(pairing: Pairing, receiver: Person, **changes: Any) -> dict[str, Any]:
    return {"receiver": str(receiver.pk), "team": "Hold fast.", "seen": ""} | changes


def test_mentor_prepares_checks_and_sends(
    pairing: Pairing, receiver: Person, browse: Browse
) -> None:
    client = browse(mentor_of(pairing))
    form = client.get(writing(pairing)).context["form"]
    about = [name for name in form.fields if name.startswith("about_")]
    assert len(about) == 2

    response = client.post(
        writing(pairing),
        fields(pairing, receiver, **{about[0]: "Øv afgørelsen."}),
        follow=True,
    )

    handover = Handover.objects.get()
    assert response.redirect_chain == [(page(handover), 302)]
    assert "Øv afgørelsen." in response.content.decode()
    assert response.context["may_send"]
    response = client.post(do("send-handover", handover), follow=True)
    handover.refresh_from_db()
    assert handover.state == "sent"
    assert response.context["may_take_back"]
    assert client.get(writing(pairing))["Location"] == page(handover)
    client.post(do("send-handover", handover), {"back": "1"})
    assert client.get(writing(pairing)).context["form"].initial["team"] == "Hold fast."


def test_no_field_about_a_person_looks_like_a_number(pairing: Pairing, browse: Browse) -> None:
    form = browse(mentor_of(pairing)).get(writing(pairing)).context["form"]
    assert not any(letter.isdigit() for name in form.fields for letter in name)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("team", "x" * 501),
        ("team", CPR),
        ("team", "a\x00"),
        ("receiver", "x"),
        ("receiver", "00000000-0000-4000-8000-000000000001"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_every_letter_stays(
    pairing: Pairing, receiver: Person, browse: Browse, field: str, value: str
) -> None:
    sent_fields = fields(pairing, receiver) | {field: value}
    response = browse(mentor_of(pairing)).post(writing(pairing), sent_fields)

    assert response.status_code == 422
    assert field in response.context["form"].errors
    if value != CPR:
        assert response.context["form"]["team"].value() == sent_fields["team"]
    assert not Handover.objects.exists()


def test_what_could_show_a_citizen_is_shown_to_its_author_who_decides(
    pairing: Pairing, receiver: Person, browse: Browse
) -> None:
    client = browse(mentor_of(pairing))
    given = fields(pairing, receiver, team="Talte om drengen på 8 år.")

    response = client.post(writing(pairing), given)

    assert response.status_code == 422
    assert [one["passage"] for one in response.context["passages"]] == ["8 år"]
    seen = response.context["form"].texts_seen
    assert client.post(writing(pairing), given | {"as_it_is": "noget andet"}).status_code == 422
    assert client.post(writing(pairing), given | {"as_it_is": seen}).status_code == 302


def test_two_windows_both_texts_are_shown(
    pairing: Pairing, receiver: Person, browse: Browse
) -> None:
    client = browse(mentor_of(pairing))
    client.post(writing(pairing), fields(pairing, receiver, team="Fra det ene vindue."))

    response = client.post(writing(pairing), fields(pairing, receiver, team="Fra det andet."))

    assert response.status_code == 422
    said = response.content.decode()
    assert "Fra det ene vindue." in said
    assert "Fra det andet." in said
    data = {name: response.context["form"][name].value() for name in ("receiver", "team", "seen")}
    assert client.post(writing(pairing), data).status_code == 302
    assert HandoverText.objects.get().text == "Fra det andet."


@pytest.mark.parametrize("who", ["caseworker", "other mentor", "coordinator", "receiver"])
def test_only_a_mentor_of_the_pairing_prepares(
    pairing: Pairing, receiver: Person, browse: Browse, who: str
) -> None:
    person = {
        "caseworker": lambda: caseworker_of(pairing),
        "other mentor": lambda: mentor_of(make_pairing(place=make_town("Uummannaq"))),
        "coordinator": lambda: make_person("coordinator"),
        "receiver": lambda: receiver,
    }[who]()
    assert browse(person).get(writing(pairing)).status_code == 404
    assert browse(person).post(writing(pairing), fields(pairing, receiver)).status_code == 404


def test_receiver_asks_mentor_answers_receiver_confirms(
    pairing: Pairing, receiver: Person, browse: Browse
) -> None:
    handover = sent(pairing, receiver)
    mentor, other = browse(mentor_of(pairing)), browse(receiver)
    key = str(other.get(page(handover)).context["asking"].initial["key"])
    asked = {"text": "Hvad med tolken?", "key": key}
    for refused in ({"text": "", "key": key}, {"text": CPR, "key": key}):
        assert other.post(do("ask-mentor", handover), refused).status_code == 422
    for _press in range(2):
        assert other.post(do("ask-mentor", handover), asked).status_code == 302
    question = HandoverText.objects.get(kind="question")

    address = do("answer-receiver", handover, question.pk)
    assert other.post(address, {"text": "Ikke mig."}).status_code == 404
    assert mentor.post(address, {"text": CPR}).status_code == 422
    response = mentor.post(address, {"text": "Spørg om drengen på 8 år."})
    assert response.status_code == 422
    assert "Spørg om drengen på " in response.content.decode()
    assert mentor.post(address, {"text": "Bestil ugen før."}).status_code == 302

    response = other.get(page(handover))
    assert "Bestil ugen før." in response.content.decode()
    confirming = {"seen": response.context["sha256"]}
    for _press in range(2):
        assert other.post(do("confirm-handover", handover), confirming).status_code == 302
    handover.refresh_from_db()
    pairing.refresh_from_db()
    assert (handover.state, pairing.state) == ("confirmed", "closed")


def test_a_log_that_has_changed_is_read_once_more(
    pairing: Pairing, receiver: Person, browse: Browse
) -> None:
    handover = sent(pairing, receiver)
    client = browse(receiver)
    seen = client.get(page(handover)).context["sha256"]
    send(pairing, at=timezone.now(), held_on=str(today()), went_well="Helt nyt.")

    response = client.post(do("confirm-handover", handover), {"seen": seen})

    assert response.status_code == 422
    assert "Helt nyt." in response.content.decode()
    again = {"seen": response.context["sha256"]}
    assert client.post(do("confirm-handover", handover), again).status_code == 302


@pytest.mark.parametrize("name", ["send-handover", "ask-mentor", "confirm-handover"])
def test_nothing_is_changed_by_reading(
    pairing: Pairing, receiver: Person, browse: Browse, name: str
) -> None:
    handover = sent(pairing, receiver)
    for person in (receiver, mentor_of(pairing)):
        assert browse(person).get(do(name, handover)).status_code == 405
    handover.refresh_from_db()
    assert handover.state == "sent"


def test_the_list_shows_what_waits_what_was_taken_over_and_what_is_left(
    pairing: Pairing, receiver: Person, browse: Browse
) -> None:
    waiting = sent(pairing, receiver)
    done = confirmed(make_pairing(place=make_town("Uummannaq")), receiver)
    address = reverse("mentoring:handed-over")

    context = browse(receiver).get(address).context
    assert (context["waiting"], list(context["page"])) == ([waiting], [done])
    own = browse(mentor_of(pairing)).get(address).context["own"]
    assert [(one.pairing, one.handover, one.days) for one in own] == [(pairing, waiting, 10)]
    about = browse(caseworker_of(pairing)).get(address).context["about"]
    assert about == [waiting]


@pytest.fixture
def coordinator(pairing: Pairing) -> Person:
    return make_person("coordinator", place=pairing.place)


def from_log(pairing: Pairing) -> str:
    return reverse("mentoring:close-from-log", args=[pairing.pk])


def test_coordinator_closes_from_the_log_sees_the_gap_and_no_text(
    pairing: Pairing, receiver: Person, coordinator: Person, browse: Browse
) -> None:
    client = browse(coordinator)
    assert client.get(from_log(pairing)).context["members"] == []
    given = {"reason": "Rejst før tid.", "receiver": ""}
    assert client.post(from_log(pairing), given).status_code == 422
    end_member(member_of(pairing), on=today())
    assert from_log(pairing) in client.get(pairing.get_absolute_url()).content.decode()
    for reason in ("", CPR, "x" * 501, "Se sag nr. 12."):
        assert client.post(from_log(pairing), given | {"reason": reason}).status_code == 422

    response = client.post(from_log(pairing), given, follow=True)

    pairing.refresh_from_db()
    assert pairing.state == "closed"
    said = response.content.decode()
    assert "Rejst før tid." in said
    assert SECRET not in said
    handover = Handover.objects.get()
    assert client.get(page(handover)).status_code == 404
    assert client.post(from_log(pairing), given).status_code == 302
    assert Handover.objects.count() == 1
    assert AccessLog.objects.filter(action="close_from_log", actor=coordinator.user).count() == 1


def test_coordinator_names_another_receiver(
    pairing: Pairing, receiver: Person, coordinator: Person, browse: Browse
) -> None:
    handover = sent(pairing, receiver)
    other = make_person("travelling", name="Rejsende Anden")
    address = reverse("mentoring:name-receiver", args=[pairing.pk, handover.pk])
    client = browse(coordinator)
    assert client.post(address, {"receiver": ""}).status_code == 422
    assert client.post(address, {"receiver": str(caseworker_of(pairing).pk)}).status_code == 422

    assert client.post(address, {"receiver": str(other.pk)}).status_code == 302

    assert browse(receiver).get(page(handover)).status_code == 404
    assert browse(other).get(page(handover)).status_code == 200


def test_the_coordinators_pages_are_for_the_own_scope(
    pairing: Pairing, receiver: Person, browse: Browse
) -> None:
    handover = sent(pairing, receiver)
    addresses = [
        from_log(pairing),
        reverse("mentoring:name-receiver", args=[pairing.pk, handover.pk]),
    ]
    away = browse(make_person("coordinator", place=make_town("Uummannaq")))
    for address in addresses:
        assert away.get(address).status_code == 404
        assert away.post(address, {"reason": "Rejst."}).status_code == 404
        for person in (receiver, mentor_of(pairing), make_person("leader")):
            assert browse(person).get(address).status_code == 403


def test_the_pairing_shows_how_far_its_mentors_are(
    receiver: Person, coordinator: Person, browse: Browse
) -> None:
    pairing = make_pairing(mentors=3)
    first, second, third = (member_of(pairing, one) for one in people_of(pairing, "mentor"))
    confirmed(pairing, receiver, member=first)
    end_member(second, on=today())

    response = browse(coordinator).get(pairing.get_absolute_url())

    steps = [(one.member, one.is_due, one.is_gap) for one in response.context["handing_over"]]
    assert sorted(steps, key=lambda one: one[0].person.name) == [
        (first, False, False),
        (second, True, True),
        (third, True, False),
    ]
    assert response.context["is_gap"]
