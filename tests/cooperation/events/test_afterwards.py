"""Attendance, evaluation and what came of an event."""

import re
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cooperation.models import EvaluationAnswer, Event, EventAttendance, Participant
from core.periods import local_day
from tests.cooperation.events.browsing import address, browse, soon
from tests.factories.cooperation import make_body
from tests.factories.events import make_invitation
from tests.factories.people import make_person, make_role, make_town

pytestmark = pytest.mark.django_db


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

    tick(client, page, drawn(client, page), people[0], people[1], "not a key")
    tick(client, page, drawn(client, page), people[1], str(uuid.uuid4()))

    [noted] = EventAttendance.objects.all()
    assert (noted.participant, noted.held_on) == (people[1], event.starts_on)


def drawn(client, page):
    """What the page says of the boxes as it was drawn."""
    [said] = re.findall(r'name="var" value="([^"]*)"', client.get(page).text)
    return said


def tick(client, page, said, *people):
    return client.post(page, {"var": said, "der": [getattr(one, "pk", one) for one in people]})


def test_what_two_tick_at_two_doors_is_kept_and_twice_is_once(host):
    event = held()
    seat(event, 4)
    first, second, third, _fourth = Participant.objects.order_by("position")
    page = f"{address('event-attendance', event.pk)}?dag={event.starts_on}"
    client = browse(host)
    empty = drawn(client, page)

    tick(client, page, empty, first, second)
    for _time in range(2):
        tick(client, page, empty, second, third)
    all_three = drawn(client, page)
    tick(client, page, all_three, first, second)
    tick(client, page, all_three, second, third)

    there = EventAttendance.objects.values_list("participant__name", flat=True)
    assert list(there) == [second.name]


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
