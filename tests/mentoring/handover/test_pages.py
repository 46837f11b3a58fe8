"""The pages of a handover: who sees what of it, and what they can do about it."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pypdfium2
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.models import AccessLog
from core.periods import local_day
from mentoring.actions import end_member
from mentoring.handover.actions import ask
from mentoring.handover.dossier import dossier_of
from mentoring.models import Handover, HandoverText, Pairing, Session
from people.contacts import Contact
from people.models import Person, Role
from tests.factories.mentoring import (
    caseworker_of,
    make_pairing,
    make_person,
    make_town,
    mentor_of,
    people_of,
    send,
)
from tests.mentoring.handover.conftest import confirmed, member_of, sent, write

pytestmark = pytest.mark.django_db
Browse = Callable[[Person], Client]
CPR = "-".join(["010190", "1234"])
SECRET = "Skabelonen virker godt."
OLD = "Den fjerde session."


def today() -> Any:
    return local_day(timezone.now())


@pytest.fixture(autouse=True)
def logged(pairing: Pairing) -> list[Session]:
    """Four sessions, of which the receiver reads three."""
    texts = [SECRET, "Den anden session.", "Den tredje session.", OLD]
    return [
        send(
            pairing,
            at=timezone.now(),
            held_on=str(today() - timedelta(days=number)),
            went_well=text,
            next_step="",
        )
        for number, text in enumerate(texts)
    ]


def page(handover: Handover) -> str:
    return reverse("mentoring:handover", args=[handover.pk])


def do(what: str, handover: Handover, *more: Any) -> str:
    return reverse(f"mentoring:{what}", args=[handover.pk, *more])


def writing(pairing: Pairing) -> str:
    return reverse("mentoring:write-handover", args=[pairing.pk])


# --- Who sees what --------------------------------------------------------------------------------


def test_receiver_reads_the_last_three_sessions_and_no_other_text(
    pairing: Pairing, receiver: Person, logged: list[Session], browse: Browse
) -> None:
    handover = sent(pairing, receiver)
    client = browse(receiver)

    said = client.get(page(handover)).content.decode()

    assert SECRET in said
    assert "Den tredje session." in said
    assert OLD not in said
    for session in logged:
        assert client.get(session.get_absolute_url()).status_code == 404
    assert SECRET not in client.get(reverse("mentoring:sessions")).content.decode()


def test_what_the_receiver_read_stands_in_the_access_log(
    pairing: Pairing, receiver: Person, logged: list[Session], browse: Browse
) -> None:
    handover = sent(pairing, receiver)
    browse(receiver).get(page(handover))

    seen = AccessLog.objects.filter(actor=receiver.user, action="view")
    assert set(seen.values_list("kind", "record_id")) == {
        ("mentoring.handover", str(handover.pk)),
        *(("mentoring.session", str(session.pk)) for session in logged[:3]),
        *(("people.person", str(one.pk)) for one in people_of(pairing, "caseworker")),
    }


def audience(pairing: Pairing) -> dict[str, Person]:
    place = pairing.place
    return {
        "another mentor": make_person("mentor", place=place),
        "another travelling": make_person("travelling", scope="country"),
        "a caseworker elsewhere": make_person("caseworker", place=place),
        "leader": make_person("leader", place=place),
        "coordinator": make_person("coordinator", place=place),
        "editor": make_person("editor", scope="country"),
        "administrator": make_person("administrator", scope="country"),
        "superuser": make_person(is_superuser=True),
    }


@pytest.mark.parametrize("state", ["sent", "confirmed"])
def test_nobody_else_finds_it(
    pairing: Pairing, receiver: Person, browse: Browse, state: str
) -> None:
    handover = (sent if state == "sent" else confirmed)(pairing, receiver)
    question = uuid.uuid4()

    for name, person in audience(pairing).items():
        client = browse(person)
        for address in (page(handover), do("handover-file", handover)):
            assert client.get(address).status_code == 404, name
        for address in (
            do("send-handover", handover),
            do("ask-mentor", handover),
            do("confirm-handover", handover),
            do("answer-receiver", handover, question),
        ):
            assert client.post(address, {"text": "Hej.", "seen": ""}).status_code == 404, name
        assert SECRET not in client.get(reverse("mentoring:handed-over")).content.decode()


def test_a_handover_that_is_prepared_is_the_mentors_alone(
    pairing: Pairing, receiver: Person, browse: Browse
) -> None:
    handover = write(pairing, receiver)

    assert browse(receiver).get(page(handover)).status_code == 404
    assert browse(caseworker_of(pairing)).get(page(handover)).status_code == 404
    assert browse(mentor_of(pairing)).get(page(handover)).status_code == 200


def test_a_caseworker_reads_the_own_part_and_what_is_said_of_the_team(
    pairing: Pairing, receiver: Person, browse: Browse
) -> None:
    first, second = people_of(pairing, "caseworker")
    handover = sent(
        pairing,
        receiver,
        notes={
            "team": "Hold fast i listen.",
            str(first.pk): "Øv afgørelsen.",
            str(second.pk): "Øv kvitteringen.",
        },
    )
    ask(handover, by=receiver, key=uuid.uuid4(), text="Hvad nu?", at=timezone.now())

    said = browse(first).get(page(handover)).content.decode()

    assert "Hold fast i listen." in said
    assert "Øv afgørelsen." in said
    for other in ("Øv kvitteringen.", "Hvad nu?", SECRET):
        assert other not in said
    paper = _text_of(browse(first).get(do("handover-file", handover)).content)
    assert "Øv afgørelsen." in paper
    assert "Øv kvitteringen." not in paper


@pytest.mark.parametrize("how", ["role", "place"])
def test_a_receiver_whose_role_has_ended_sees_nothing(
    pairing: Pairing, receiver: Person, browse: Browse, how: str
) -> None:
    handover = confirmed(pairing, receiver)
    client = browse(receiver)
    assert client.get(page(handover)).status_code == 200

    if how == "role":
        Role.objects.filter(person=receiver).update(ends_on=today())
    else:
        away = make_town("Sisimiut", "Qeqqata Kommunia")
        Role.objects.filter(person=receiver).update(municipality=away.municipality)

    assert client.get(page(handover)).status_code == 404
    assert client.get(do("handover-file", handover)).status_code == 404


@pytest.mark.parametrize("scope", ["town", "municipality", "country"])
def test_a_receiver_reads_it_by_a_role_of_any_scope_from_its_first_day(
    pairing: Pairing, browse: Browse, scope: str
) -> None:
    receiver = make_person("mentor", scope=scope, starts_on=today() + timedelta(days=1))
    handover = sent(pairing, receiver)
    assert browse(receiver).get(page(handover)).status_code == 404

    Role.objects.filter(person=receiver).update(starts_on=today())
    assert browse(receiver).get(page(handover)).status_code == 200


def test_a_mentor_whose_stay_has_ended_in_the_towns_time_zone_sees_nothing(
    pairing: Pairing,
    receiver: Person,
    logged: list[Session],
    browse: Browse,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    handover = sent(pairing, receiver)
    last = today()
    pairing.members.filter(side="mentor").update(ends_on=last + timedelta(days=1))
    mentor, record = browse(mentor_of(pairing)), set(Session.objects.values_list("pk", flat=True))
    addresses = [
        page(handover),
        do("handover-file", handover),
        logged[0].get_absolute_url(),
        writing(pairing),
    ]
    # Midnight of the town's last day is two or three o'clock by UTC.
    before = datetime(last.year, last.month, last.day, 23, 30, tzinfo=_zone())
    for moment, found in ((before, True), (before + timedelta(hours=1), False)):
        monkeypatch.setattr("django.utils.timezone.now", lambda moment=moment: moment)
        for address in addresses:
            status = mentor.get(address).status_code
            assert (status != 404) is found, (address, moment.astimezone(UTC))
        said = mentor.get(reverse("start")).content.decode()
        said += mentor.get(reverse("mentoring:handed-over")).content.decode()
        assert ("Upernavik" in said) is found

    assert browse(receiver).get(page(handover)).status_code == 200
    assert SECRET in browse(receiver).get(page(handover)).content.decode()
    assert set(Session.objects.values_list("pk", flat=True)) == record


def _zone() -> Any:
    from zoneinfo import ZoneInfo

    return ZoneInfo("America/Nuuk")


def test_after_confirming_the_mentor_sees_nothing_and_the_receiver_all(
    pairing: Pairing, receiver: Person, logged: list[Session], browse: Browse
) -> None:
    handover = confirmed(pairing, receiver)

    mentor = browse(mentor_of(pairing))
    for address in (page(handover), writing(pairing), logged[0].get_absolute_url()):
        assert mentor.get(address).status_code == 404
    assert SECRET in browse(receiver).get(page(handover)).content.decode()
    assert browse(caseworker_of(pairing)).get(logged[0].get_absolute_url()).status_code == 200


# --- The mentor who leaves ------------------------------------------------------------------------


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


# --- The receiver ---------------------------------------------------------------------------------


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


# --- On paper -------------------------------------------------------------------------------------


def _text_of(content: bytes) -> str:
    document = pypdfium2.PdfDocument(content)
    pages = [page.get_textpage().get_text_bounded() for page in document]
    return " ".join(" ".join(pages).replace("\ufffe", "").split())


@pytest.mark.parametrize("language", ["da", "kl"])
def test_the_file_says_what_the_page_says_in_the_readers_language(
    pairing: Pairing,
    receiver: Person,
    browse: Browse,
    monkeypatch: pytest.MonkeyPatch,
    language: str,
) -> None:
    card = Contact(
        name={"da": "Familieafdelingen", "kl": "[kl] Familieafdelingen"},
        phone="+299 12 34 56",
        email="familie@example.org",
        hours={"da": "Hverdage kl. 9–15", "kl": ""},
        checked_on=today(),
    )
    monkeypatch.setattr("mentoring.handover.dossier.contacts_of", lambda _place: [card])
    handover = confirmed(pairing, receiver)
    address = do("handover-file", handover).replace("/da/", f"/{language}/")

    response = browse(receiver).get(address)

    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'attachment; filename="overdragelse-upernavik.pdf"'
    assert "no-store" in response["Cache-Control"]
    text = _text_of(response.content)
    for said in (SECRET, "Hold fast i den ugentlige gennemgang.", "+299 12 34 56"):
        assert said in text
    assert OLD not in text
    assert ("[kl] Familieafdelingen" in text) is (language == "kl")
    assert pypdfium2.PdfDocument(response.content).is_tagged()
    assert f"({language})".encode() in response.content
    assert AccessLog.objects.filter(
        actor=receiver.user, kind="mentoring.handover", record_id=str(handover.pk)
    ).exists()


# --- The coordinator ------------------------------------------------------------------------------


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


# --- The start page -------------------------------------------------------------------------------


def test_start_asks_for_a_handover_in_time_and_shows_what_waits(
    pairing: Pairing, receiver: Person, browse: Browse
) -> None:
    start = reverse("start")
    mentor = browse(mentor_of(pairing))
    link = writing(pairing)
    pairing.members.filter(side="mentor").update(ends_on=today() + timedelta(days=43))
    assert link not in mentor.get(start).content.decode()
    pairing.members.filter(side="mentor").update(ends_on=today() + timedelta(days=42))
    assert link in mentor.get(start).content.decode()

    handover = sent(pairing, receiver)

    assert link not in mentor.get(start).content.decode()
    assert page(handover) in browse(receiver).get(start).content.decode()
    ask(handover, by=receiver, key=uuid.uuid4(), text="Hvad nu?", at=timezone.now())
    assert page(handover) in mentor.get(start).content.decode()


def test_pages_take_the_same_queries_for_one_and_for_many(
    pairing: Pairing, receiver: Person, count_queries: Callable[[Person, str], int]
) -> None:
    handover = sent(pairing, receiver)
    addresses = [reverse("mentoring:handed-over"), page(handover), reverse("start")]
    confirmed(make_pairing(place=pairing.place), receiver)
    for_one = [count_queries(receiver, address) for address in addresses]

    for number in range(5):
        ask(handover, by=receiver, key=uuid.uuid4(), text=f"Nr. {number}?", at=timezone.now())
        other = make_pairing(place=pairing.place)
        send(other, at=timezone.now(), held_on=str(today()))
        confirmed(other, receiver)
        sent(make_pairing(place=pairing.place), receiver)

    assert [count_queries(receiver, address) for address in addresses] == for_one
    assert max(for_one) <= 30


def test_dossier_of_one_that_is_sent_is_built_anew(pairing: Pairing, receiver: Person) -> None:
    handover = sent(pairing, receiver)
    before = dossier_of(handover).sha256
    send(pairing, at=timezone.now(), held_on=str(today()))
    assert dossier_of(handover).sha256 != before
