"""Events as people open them: who sees what, what is refused, how many queries it takes."""

import io
import uuid
from datetime import UTC, datetime, timedelta

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cooperation.events.actions.registering import say_needs
from cooperation.events.offers import offered_events
from cooperation.models import EvaluationAnswer, Event, EventAttendance, Invitation, Participant
from core.models import AccessLog
from core.periods import local_day
from tests.factories.cooperation import make_body, make_initiative
from tests.factories.events import (
    coordinator_of,
    entries,
    make_event,
    make_invitation,
    make_invited,
    make_workshop,
    register,
)
from tests.factories.people import make_person, make_role, make_town

pytestmark = pytest.mark.django_db


def soon(days=30, **fields):
    """An event some days from now; answers are taken until a week before."""
    today = local_day(timezone.now())
    starts_on = today + timedelta(days=days)
    return make_event(
        starts_on=starts_on,
        ends_on=starts_on + timedelta(days=2),
        answer_by=fields.pop("answer_by", starts_on - timedelta(days=7)),
        **fields,
    )


def browse(person):
    client = Client()
    client.force_login(person.user)
    return client


def address(name, *args):
    return reverse(f"cooperation:{name}", args=args)


@pytest.fixture
def host():
    """A coordinator of the municipality that holds the events."""
    return coordinator_of(make_town("Ilulissat").municipality)


def queries(person, where):
    client = browse(person)
    client.get(where)
    with CaptureQueriesContext(connection) as taken:
        assert client.get(where).status_code == 200
    return len(taken)


# --- Who sees an event ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "role", "where", "status"),
    [
        ("open", "caseworker", "own", 200),
        ("draft", "caseworker", "own", 404),
        ("draft", "coordinator", "own", 200),
        ("draft", "coordinator", None, 200),
        ("draft", "coordinator", "other", 404),
        ("draft", "coordinator", "town", 404),
    ],
)
def test_a_draft_is_for_those_who_plan_it(state, role, where, status):
    event = soon(state=state)
    places = {
        "own": event.host,
        "other": make_town("Sisimiut").municipality,
        "town": event.place,
        None: None,
    }
    person = make_person(make_role(role, places[where]))

    assert browse(person).get(event.get_absolute_url()).status_code == status


def test_whoever_is_on_a_list_opens_the_event_without_any_role():
    event = soon()
    person, stranger = make_person(), make_person()
    [anna] = register(make_invitation(event), "Anna", at=timezone.now())
    Participant.objects.filter(pk=anna.pk).update(person=person)

    assert browse(person).get(event.get_absolute_url()).status_code == 200
    assert browse(stranger).get(event.get_absolute_url()).status_code == 403


KEEPERS_PAGES = [
    "edit-event", "programme", "create-part", "invitations", "create-invitation", "participants",
    "participants-csv", "participants-xlsx", "all-needs", "questions", "outputs", "cancel-event",
]  # fmt: skip


@pytest.mark.parametrize("name", KEEPERS_PAGES)
def test_pages_of_those_who_hold_it_are_not_there_for_others(host, name):
    event = soon()
    other = coordinator_of(make_town("Sisimiut").municipality)
    caseworker = make_person(make_role("caseworker", event.place))

    response = browse(host).get(address(name, event.pk))
    assert response.status_code == 200
    if response.streaming:
        b"".join(response)  # to its end, so that its file is closed
    assert browse(other).get(address(name, event.pk)).status_code == 404
    assert browse(caseworker).get(address(name, event.pk)).status_code == 403


@pytest.mark.parametrize("name", ["delegation", "register", "decline"])
def test_a_delegation_is_for_those_who_answer_for_it(host, name):
    event = soon()
    invitation = make_invitation(event, make_town("Sisimiut").municipality)
    register(invitation, "Anna Anonym", at=timezone.now())
    page = address(name, event.pk, invitation.pk)
    own = coordinator_of(invitation.organisation)
    other = coordinator_of(make_invited())
    caseworker = make_person(make_role("caseworker", make_town("Sisimiut")))

    for person in (own, host, coordinator_of()):
        assert browse(person).get(page).status_code == 200
    for person in (other, caseworker):
        response = browse(person).get(page)
        assert response.status_code == 404
        assert b"Anna Anonym" not in response.content


def test_the_contact_answers_alone_for_whoever_has_no_role():
    invitation = make_invitation(soon(), contact=make_person())
    page = invitation.get_absolute_url()

    assert browse(invitation.contact).get(page).status_code == 200
    unsent = make_invitation(invitation.event, contact=invitation.contact, sent_at=None)
    assert browse(invitation.contact).get(unsent.get_absolute_url()).status_code == 404


def test_whoever_reads_names_leaves_a_line_in_the_log(host):
    event = soon()
    invitation = make_invitation(event)
    [anna] = register(invitation, "Anna", at=timezone.now())
    client = browse(host)

    for name in ("participants", "participants-csv", "invitations"):
        before = AccessLog.objects.count()
        response = client.get(address(name, event.pk))
        b"".join(response) if response.streaming else response.content
        assert AccessLog.objects.count() == before + 1, name
    client.get(address("needs", event.pk, anna.pk))
    last = AccessLog.objects.order_by("-pk")[0]
    assert (last.kind, last.record_id) == ("cooperation.participant", str(anna.pk))


# --- Needs ------------------------------------------------------------------------------------


def test_needs_are_read_by_oneself_the_delegation_and_the_host_and_by_nobody_else(host):
    event = soon()
    invitation = make_invitation(event)
    anna, bo = register(invitation, "Anna", "Bo", at=timezone.now())
    own, colleague = make_person(), make_person()
    Participant.objects.filter(pk=anna.pk).update(person=own)
    Participant.objects.filter(pk=bo.pk).update(person=colleague)
    say_needs(anna, lodging=False, travel="", diet="Ingen fisk", access="", at=timezone.now())
    page = address("needs", event.pk, anna.pk)

    for person in (own, coordinator_of(invitation.organisation), host):
        assert b"Ingen fisk" in browse(person).get(page).content
    for person in (colleague, coordinator_of(make_invited())):
        assert browse(person).get(page).status_code == 404
    assert b"Ingen fisk" in browse(host).get(address("all-needs", event.pk)).content


def test_needs_stand_in_no_file(host):
    event = soon()
    [anna] = register(make_invitation(event), "Anna", at=timezone.now())
    say_needs(
        anna, lodging=True, travel="Båd", diet="Ingen fisk", access="Rampe", at=timezone.now()
    )

    text = b"".join(browse(host).get(address("participants-csv", event.pk))).decode()

    assert "Anna" in text
    assert not any(word in text for word in ("Båd", "Ingen fisk", "Rampe"))


# --- Writing ----------------------------------------------------------------------------------


def event_form(event=None, **changes):
    town = make_town("Ilulissat")
    return {
        "key": str(event.pk if event else uuid.uuid4()),
        "seen": str(event.version) if event else "",
        "title_da": "Seminar",
        "kind": "seminar",
        "host": str(town.municipality.pk),
        "place": str(town.pk),
        "starts_on": "2030-05-06",
        "last_day": "2030-05-07",
        "answer_by": "2030-04-01",
        "seats": "20",
        **changes,
    }


def test_a_seminar_is_planned_announced_and_stands_in_the_catalogue(host):
    client = browse(host)
    data = event_form()

    for _time in range(2):  # a double press makes one
        assert client.post(address("create-event"), data).status_code == 302
    event = Event.objects.get()
    assert (event.state, event.last_day.isoformat()) == ("draft", "2030-05-07")
    assert list(offered_events(None, local_day(timezone.now()))) == []

    client.post(address("announce-event", event.pk))

    [offer] = offered_events(None, local_day(timezone.now()))
    assert (offer.title, offer.url, offer.size) == (
        "Seminar",
        event.get_absolute_url(),
        "2 dage i Ilulissat fra mandag den 6. maj 2030",
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"last_day": "2030-05-05"},
        {"answer_by": "2030-05-06"},
        {"seats": "0"},
        {"title_da": ""},
        {"title_da": "Om 010170-1234"},
        {"host": str(uuid.uuid4())},
    ],
)
def test_what_does_not_hold_is_said_and_every_letter_stays(host, changes):
    response = browse(host).post(
        address("create-event"), event_form(about_da="Det handler om børn", **changes)
    )

    assert response.status_code == 422
    assert not Event.objects.exists()
    assert "Det handler om børn" in response.content.decode()


def test_a_host_outside_the_own_scope_cannot_be_chosen(host):
    other = make_town("Sisimiut").municipality

    response = browse(host).post(address("create-event"), event_form(host=str(other.pk)))

    assert response.status_code == 422


def test_the_second_of_two_editors_is_told_and_may_then_insist(host):
    event = soon()
    client = browse(host)
    mine, theirs = event_form(event, title_da="Mit"), event_form(event, title_da="Deres")
    client.post(address("edit-event", event.pk), theirs)

    response = client.post(address("edit-event", event.pk), mine)
    assert response.status_code == 422
    event.refresh_from_db()
    assert event.title_da == "Deres"

    mine["seen"] = str(response.context["form"].data["seen"])
    assert client.post(address("edit-event", event.pk), mine).status_code == 302
    event.refresh_from_db()
    assert event.title_da == "Mit"


def delegation_form(invitation, *names, **more):
    data = {"seen": str(invitation.version)}
    for n, entry in enumerate(entries(*names, emails=False), start=1):
        data |= {f"key_{n}": str(entry.key), f"name_{n}": entry.name, f"sector_{n}": "social"}
    return data | more


def test_a_delegation_is_registered_by_one_person_and_twice_is_once():
    invitation = make_invitation(soon())
    client = browse(coordinator_of(invitation.organisation))
    data = delegation_form(invitation, "Anna", "Bo", "Camilla")

    first = client.post(address("register", invitation.event_id, invitation.pk), data)
    again = client.post(address("register", invitation.event_id, invitation.pk), data)

    assert first.status_code == 302
    assert again.status_code == 422  # another version by now: told, and nothing twice
    people = invitation.participants.signed_up().in_order()
    assert [(one.name, one.seated_at is not None) for one in people] == [
        ("Anna", True),
        ("Bo", True),
        ("Camilla", False),
    ]


def test_colleagues_with_an_account_are_ticked(host):
    invitation = make_invitation(soon(), make_town("Ilulissat").municipality)
    colleague = make_person(make_role("caseworker", make_town("Ilulissat")), name="Kollega Demo")
    colleague.email = "kollega@example.org"
    colleague.save()
    colleague.affiliations.create(
        organisation=invitation.organisation, profession="caseworker", starts_on="2020-01-01"
    )
    page = address("register", invitation.event_id, invitation.pk)
    data = delegation_form(invitation, "Anna", colleagues=[str(colleague.pk)])

    assert b"Kollega Demo" in browse(host).get(page).content
    assert browse(host).post(page, data).status_code == 302

    assert invitation.participants.get(person=colleague).name == "Kollega Demo"


@pytest.mark.parametrize(
    "changes",
    [
        {"name_1": "", "title_1": "Leder"},
        {"sector_1": ""},
        {"email_1": "anna"},
        {"name_1": "Anna 010170-1234"},
        {"name_1": "", "sector_1": ""},
    ],
)
def test_a_line_that_does_not_hold_is_said(changes):
    invitation = make_invitation(soon())
    client = browse(coordinator_of(invitation.organisation))
    data = delegation_form(invitation, "Anna", **changes)

    response = client.post(address("register", invitation.event_id, invitation.pk), data)

    assert response.status_code == 422
    assert not Participant.objects.exists()


def test_nothing_changes_on_get(host):
    event = soon()
    invitation = make_invitation(event)
    [anna] = register(invitation, "Anna", at=timezone.now())
    client = browse(host)

    for name, args in (
        ("announce-event", [event.pk]),
        ("send-invitations", [event.pk]),
        ("withdraw-invitation", [event.pk, invitation.pk]),
        ("sign-off", [event.pk, invitation.pk, anna.pk]),
    ):
        assert client.get(address(name, *args)).status_code == 405


# --- Lists take the same queries however long they are ----------------------------------------


def fill(event, how_many):
    for number in range(how_many):
        invitation = make_invitation(event, seats=1)
        people = register(invitation, f"A{number}", f"B{number}", at=timezone.now())
        for one in people:
            say_needs(one, lodging=True, travel="", diet="", access="", at=timezone.now())


@pytest.mark.parametrize(
    "name", ["participants", "invitations", "all-needs", "event-seats", "event"]
)
def test_pages_of_an_event_take_the_same_queries_for_one_and_for_many(host, name):
    event = soon(seats=50)
    make_workshop(event, starts_at=datetime(2030, 1, 1, tzinfo=UTC))
    fill(event, 1)
    for_one = queries(host, address(name, event.pk))

    fill(event, 8)
    make_workshop(event, starts_at=datetime(2030, 1, 1, tzinfo=UTC))

    assert queries(host, address(name, event.pk)) == for_one <= 14


def test_the_list_of_events_takes_the_same_queries_for_one_and_for_many(host):
    soon()
    for_one = queries(host, address("events"))
    for days in range(10):
        soon(40 + days)
        make_invitation(soon(60 + days))

    assert queries(host, address("events")) == for_one <= 14


# --- Files ------------------------------------------------------------------------------------


def test_the_list_of_participants_opens_right_and_runs_no_formula(host):
    event = soon()
    register(
        make_invitation(event, make_invited("Kommune Æøå")), "=HYPERLINK(1)", at=timezone.now()
    )

    text = b"".join(browse(host).get(address("participants-csv", event.pk))).decode("utf-8-sig")
    rows = [line.split(";") for line in text.splitlines()]
    assert rows[0][:3] == ["Organisation", "Inviteret som", "Navn"]
    assert rows[1][0] == "Kommune Æøå"
    assert rows[1][2] == "'=HYPERLINK(1)"

    response = browse(host).get(address("participants-xlsx", event.pk))
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(response))).active
    assert sheet["C2"].value == "'=HYPERLINK(1)"
    assert sheet["C2"].data_type == "s"


# --- Afterwards -------------------------------------------------------------------------------


def held(**fields):
    """An event that ended yesterday."""
    return soon(-2, **fields)


def seat(event, how_many):
    invitation = make_invitation(event, seats=10)
    people = []
    for number in range(how_many):
        person = make_person()
        invitation.participants.create(
            position=number,
            name=f"Deltager {number}",
            sector="social",
            person=person,
            asked_on=event.answer_by,
            seated_at=timezone.now(),
        )
        people.append(person)
    return people


def test_attendance_is_ticked_day_by_day(host):
    event = held()
    seat(event, 3)
    people = list(Participant.objects.order_by("position"))
    page = f"{address('event-attendance', event.pk)}?dag={event.starts_on}"
    client = browse(host)

    client.post(page, {"der": [str(people[0].pk), str(people[1].pk), "not a key"]})
    client.post(page, {"der": [str(people[1].pk), str(uuid.uuid4())]})

    [noted] = EventAttendance.objects.all()
    assert (noted.participant, noted.held_on) == (people[1], event.starts_on)


def test_there_is_no_attendance_before_it_begins(host):
    assert browse(host).get(address("event-attendance", soon().pk)).status_code == 404


def answer(person, event, **answers):
    return browse(person).post(address("evaluate", event.pk), answers)


def test_an_answer_is_kept_once_and_leads_to_nobody():
    event = held()
    [person] = seat(event, 1)

    answer(person, event, q_1="5", q_5="Øvelserne")
    answer(person, event, q_1="1")

    found = EvaluationAnswer.objects.order_by("question__position")
    assert [(one.score, one.words) for one in found] == [(5, ""), (None, "Øvelserne")]
    fields = {field.name for field in EvaluationAnswer._meta.get_fields()}
    assert fields == {"id", "question", "score", "words"}


def test_only_whoever_had_a_seat_answers_and_only_afterwards():
    event = held()
    seat(event, 1)
    coming = soon()
    [early] = seat(coming, 1)
    stranger = make_person(make_role("caseworker", event.place))

    assert answer(stranger, event, q_1="5").status_code == 404
    assert browse(early).get(address("evaluate", coming.pk)).status_code == 404
    answer(early, coming, q_1="5")
    assert not EvaluationAnswer.objects.exists()


@pytest.mark.parametrize(("how_many", "is_shown"), [(4, False), (5, True)])
def test_results_are_shown_of_five_and_only_when_all_have_answered(host, how_many, is_shown):
    event = held()
    people = seat(event, how_many)
    for person in people:
        answer(person, event, q_1="4", q_5="Gruppearbejdet var godt")
    page = address("results", event.pk)
    assert b"Gruppearbejdet" not in browse(host).get(page).content  # answers still come in
    Event.objects.filter(pk=event.pk).update(
        starts_on=event.starts_on - timedelta(days=30),
        ends_on=event.ends_on - timedelta(days=30),
        answer_by=event.answer_by - timedelta(days=30),
    )

    for person in (host, people[0]):
        text = browse(person).get(page).content.decode()
        assert ("Gruppearbejdet var godt" in text) is is_shown
        assert ('viewBox="0 0 320 120"' in text) is is_shown
        assert ("4,0 i gennemsnit" in text) is is_shown
    stranger = make_person(make_role("caseworker", event.place))
    assert browse(stranger).get(page).status_code == 404


def test_questions_stay_as_they_are_once_somebody_has_answered(host):
    event = held()
    [person] = seat(event, 1)
    answer(person, event, q_1="5")
    until = (event.ends_on + timedelta(days=5)).isoformat()

    response = browse(host).post(
        address("questions", event.pk),
        {"evaluate_until": until, "da_1": "Noget andet?", "kind_1": "scale"},
    )

    assert response.status_code == 422
    assert event.questions.first().text_da != "Noget andet?"


def test_an_output_is_kept_once(host):
    event = held()
    data = {"key": str(uuid.uuid4()), "text": "En fælles skabelon på begge sprog."}

    for _time in range(2):
        browse(host).post(address("outputs", event.pk), data)

    assert [one.text for one in event.outputs.all()] == [data["text"]]
    reader = make_person(make_role("caseworker", event.place))
    assert data["text"] in browse(reader).get(event.get_absolute_url()).content.decode()


def test_an_invitation_is_written_sent_and_taken_back(host):
    event = soon()
    client = browse(host)
    organisation = make_invited()
    data = {
        "key": str(uuid.uuid4()), "seen": "", "organisation": str(organisation.pk),
        "role": "head", "seats": "2", "contact": "",
    }  # fmt: skip

    for _time in range(2):
        assert client.post(address("create-invitation", event.pk), data).status_code == 302
    invitation = Invitation.objects.get()
    assert invitation.sent_at is None
    client.post(address("send-invitations", event.pk))
    invitation.refresh_from_db()
    assert invitation.sent_at is not None
    client.post(address("withdraw-invitation", event.pk, invitation.pk))
    invitation.refresh_from_db()
    assert invitation.withdrawn_at is not None
    assert client.get(invitation.get_absolute_url()).status_code == 404


# --- What an output becomes -------------------------------------------------------------------


def an_output(host, event, text="En fælles skabelon.\nPå begge sprog."):
    browse(host).post(address("outputs", event.pk), {"key": str(uuid.uuid4()), "text": text})
    return event.outputs.get()


def test_an_output_becomes_a_decision_once(host):
    event = held()
    body, output = make_body(event.host), an_output(host, event)
    page = address("become-decision", event.pk, output.pk)
    data = {"body": str(body.pk), "title_da": "Fælles skabelon", "decided_on": "2020-01-02"}

    for _time in range(2):
        browse(host).post(page, data)

    [decision] = body.decisions.all()
    assert (decision.title_da, decision.text_da) == ("Fælles skabelon", output.text)
    assert decision.source == event.title_da
    output.refresh_from_db()
    assert output.decision == decision
    assert browse(host).get(page).status_code == 404  # it has become something


def test_an_output_becomes_an_action_of_its_owner(host):
    event = held()
    body, output = make_body(event.host), an_output(host, event)
    due_on = (local_day(timezone.now()) + timedelta(days=20)).isoformat()
    data = {"body": str(body.pk), "text": "Lav skabelonen", "owner": str(host.pk), "due_on": due_on}

    response = browse(host).post(address("become-action", event.pk, output.pk), data)

    assert response.status_code == 302
    [action] = body.actions.all()
    assert (action.text, action.owner, action.source) == ("Lav skabelonen", host, event.title_da)
    decision = address("become-decision", event.pk, output.pk)
    assert browse(host).get(decision).status_code == 404


def test_an_output_becomes_the_draft_of_an_example(host):
    event = held()
    output = an_output(host, event)

    response = browse(host).post(address("become-practice", event.pk, output.pk))

    output.refresh_from_db()
    assert response["Location"] == reverse("cooperation:write-practice", args=[output.practice_id])
    assert (output.practice.title_da, output.practice.organisation) == (
        "En fælles skabelon.",
        event.host,
    )
    assert output.practice.state == "draft"


def test_a_group_that_one_does_not_run_cannot_decide_it(host):
    event = held()
    other = make_body(make_town("Sisimiut").municipality)
    output = an_output(host, event)
    data = {"body": str(other.pk), "title_da": "Fælles skabelon", "decided_on": "2020-01-02"}

    response = browse(host).post(address("become-decision", event.pk, output.pk), data)

    assert response.status_code == 422
    assert not other.decisions.exists()


# --- What it serves ----------------------------------------------------------------------------


def test_an_event_serves_initiatives_and_stands_on_their_pages(host):
    initiative = make_initiative()
    data = event_form(initiatives=[str(initiative.pk)])

    browse(host).post(address("create-event"), data)
    event = Event.objects.get()
    browse(host).post(address("announce-event", event.pk))

    assert list(event.initiatives.all()) == [initiative]
    page = browse(host).get(initiative.get_absolute_url()).content.decode()
    assert event.get_absolute_url() in page
