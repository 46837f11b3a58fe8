"""The pages of a meeting: who reads them, who writes, and what they cost."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cooperation.meetings import actions
from cooperation.meetings.forms import AttendanceForm
from cooperation.models import Body, Meeting
from people.models import Person
from tests.cooperation.meeting import plan, promise, put, write
from tests.factories.cooperation import make_body, make_member
from tests.factories.people import AT, make_person, make_role, make_town

pytestmark = pytest.mark.django_db
TODAY = AT.date()
State = Meeting.State


@pytest.fixture
def body() -> Body:
    return make_body()


@pytest.fixture
def chair(body: Body) -> Person:
    return make_member(body, role="chair").person


def at_the_door(person: Person) -> Client:
    client = Client()
    client.force_login(person.user)
    return client


@pytest.mark.parametrize("state", ["held", "sent"])
def test_members_read_minutes_once_they_are_sent(body, state):
    now = timezone.now()
    chair, member = (make_member(body, role=role).person for role in ("chair", "member"))
    meeting = plan(body, now - timedelta(hours=1))
    item = put(meeting)
    actions.begin(meeting, by=chair, at=now)
    write(item, minutes="Kun for formanden endnu.")
    if state == "sent":
        actions.send_minutes(meeting, by=chair, at=now)

    pages = {
        name: at_the_door(person).get(meeting.get_absolute_url()).content.decode()
        for name, person in (("chair", chair), ("member", member))
    }

    assert "Kun for formanden endnu." in pages["chair"]
    assert ("Kun for formanden endnu." in pages["member"]) == (state == "sent")


def test_others_find_no_meeting_and_members_cannot_write(body):
    meeting = plan(body, timezone.now() + timedelta(days=3))
    item = put(meeting)
    member = at_the_door(make_member(body).person)
    other = at_the_door(make_person(make_role("coordinator", make_town("Sisimiut").municipality)))
    own = [meeting.pk]
    addresses = [
        reverse("cooperation:edit-meeting", args=own),
        reverse("cooperation:cancel-meeting", args=own),
        reverse("cooperation:create-item", args=own),
        reverse("cooperation:edit-item", args=[*own, item.pk]),
        reverse("cooperation:write-item", args=[*own, item.pk]),
        reverse("cooperation:attendance", args=own),
        reverse("cooperation:put-meeting-paper", args=own),
        reverse("cooperation:create-meeting", args=[body.pk]),
    ]

    assert member.get(meeting.get_absolute_url()).status_code == 200
    assert {member.get(address).status_code for address in addresses} == {404}
    assert {other.get(address).status_code for address in addresses} == {404}
    assert other.get(meeting.get_absolute_url()).status_code == 404
    for step in ("kald", "begynd", "send", "godkend", "nyt"):
        address = reverse("cooperation:meeting-step", args=[meeting.pk, step])
        assert member.post(address).status_code == 404
    meeting.refresh_from_db()
    assert meeting.state == State.PLANNED


def test_an_agenda_leads_to_the_one_where_what_is_open_is_taken_up(body, chair):
    soon, later = (plan(body, timezone.now() + timedelta(days=days)) for days in (3, 90))
    promise(body, chair, "Skriv til kommunerne")
    client = at_the_door(chair)

    pages = [client.get(one.get_absolute_url()).content.decode() for one in (soon, later)]

    assert ["Skriv til kommunerne" in page for page in pages] == [True, False]
    taken_up = "Det, der er åbent fra tidligere møder, tages op her:"
    assert [taken_up in page for page in pages] == [False, True]
    assert f'<a href="{soon.get_absolute_url()}">' in pages[1]


def test_a_chair_plans_writes_sends_and_approves_from_the_pages(body):
    chair = make_member(body, role="chair").person
    client = at_the_door(chair)
    day = timezone.localdate()
    sent = client.post(
        reverse("cooperation:create-meeting", args=[body.pk]),
        {
            "key": str(uuid.uuid4()),
            "held_on": day.isoformat(),
            "begins": "00:00",
            "duration_minutes": "90",
            "place": make_town("Upernavik").pk,
            "room": "Rådhuset",
        },
    )
    meeting = Meeting.objects.get()
    assert sent["Location"] == meeting.get_absolute_url()
    client.post(
        reverse("cooperation:create-item", args=[meeting.pk]),
        {"key": str(uuid.uuid4()), "title": "Tolkning", "text": "Hvad mangler?"},
    )
    client.post(reverse("cooperation:meeting-step", args=[meeting.pk, "begynd"]))
    item = meeting.items.get()
    form = client.get(reverse("cooperation:write-item", args=[meeting.pk, item.pk]))
    client.post(
        reverse("cooperation:write-item", args=[meeting.pk, item.pk]),
        {
            "seen": form.context["form"].initial["seen"],
            "minutes": "Der mangler tolke i to byer.",
            "outcome": "dealt",
        },
    )
    client.post(reverse("cooperation:meeting-step", args=[meeting.pk, "send"]))
    page = client.get(meeting.get_absolute_url())
    client.post(
        reverse("cooperation:meeting-step", args=[meeting.pk, "godkend"]),
        {"seen": page.context["seen"]},
    )

    meeting.refresh_from_db()
    assert meeting.state == State.APPROVED
    assert meeting.content["items"][0]["minutes"] == "Der mangler tolke i to byer."
    assert "Der mangler tolke i to byer." in client.get(meeting.get_absolute_url()).content.decode()


def test_a_number_like_a_persons_is_refused_in_minutes_and_the_rest_stays(body):
    chair = make_member(body, role="chair").person
    meeting = plan(body, timezone.now() - timedelta(hours=1))
    item = put(meeting)
    actions.begin(meeting, by=chair, at=timezone.now())
    number = "0101" + "01" + "-" + "1234"

    answer = at_the_door(chair).post(
        reverse("cooperation:write-item", args=[meeting.pk, item.pk]),
        {"seen": actions.item_seen(item), "minutes": f"Sagen {number} blev nævnt."},
    )

    assert answer.status_code == 422
    item.refresh_from_db()
    assert item.minutes == ""


@pytest.mark.parametrize("count", [1, 9])
def test_a_meeting_asks_the_same_however_long_its_agenda_is(body, count, django_assert_num_queries):
    now = timezone.now()
    chair = make_member(body, role="chair").person
    earlier = plan(body, now - timedelta(days=9))
    meeting = plan(body, now + timedelta(days=3))
    for number in range(count):
        put(earlier, f"Gammelt {number}")
        put(meeting, f"Nyt {number}")
        promise(body, chair, f"Aktion {number}", at=now, due_on=timezone.localdate())
    client = at_the_door(chair)
    client.get(meeting.get_absolute_url())

    with django_assert_num_queries(12):
        # account, roles, seat; the meeting, whether one runs it, papers, items; what
        # comes first, and what is open (items, decisions, actions); the line in the log
        page = client.get(meeting.get_absolute_url())

    assert len(page.context["carried"]) == 2 * count


def answered(client: Client, page: str) -> dict[str, str]:
    """The page of who was there, as a browser would send it back."""
    form = client.get(page).context["form"]
    return {name: form[name].value() for name in form.fields}


@pytest.fixture
def written(body, chair) -> Meeting:
    """A meeting of three whose minutes are being written."""
    make_member(body)
    make_member(body)
    now = timezone.now()
    return actions.begin(plan(body, now - timedelta(hours=1)), by=chair, at=now)


def presence(meeting: Meeting) -> dict[str, str]:
    return {
        AttendanceForm.field_of(one.member): one.presence
        for one in meeting.attendances.select_related("member")
    }


def test_what_two_write_of_who_was_there_is_kept_and_twice_is_once(written, chair):
    client, page = at_the_door(chair), reverse("cooperation:attendance", args=[written.pk])
    drawn = answered(client, page)
    one, two, three = (name for name in drawn if name.startswith("seat_"))

    assert client.post(page, {**drawn, one: "present"}).status_code == 302
    for _time in range(2):
        assert client.post(page, {**drawn, two: "excused"}).status_code == 302
    both = answered(client, page)
    client.post(page, {**both, two: ""})
    client.post(page, {**both, three: "absent"})

    assert presence(written) == {one: "present", three: "absent"}


def test_two_who_say_otherwise_of_the_same_person_are_told_and_may_insist(written, chair):
    client, page = at_the_door(chair), reverse("cooperation:attendance", args=[written.pk])
    drawn = answered(client, page)
    one, two, three = (name for name in drawn if name.startswith("seat_"))
    client.post(page, {**drawn, one: "present", two: "present"})

    refused = client.post(page, {**drawn, one: "excused", three: "absent"})
    assert refused.status_code == 422
    assert presence(written) == {one: "present", two: "present"}
    again = {name: refused.context["form"][name].value() for name in drawn}

    assert client.post(page, again).status_code == 302
    assert presence(written) == {one: "excused", two: "present", three: "absent"}


def test_a_page_that_does_not_say_what_it_showed_takes_nothing_away(written, chair):
    client, page = at_the_door(chair), reverse("cooperation:attendance", args=[written.pk])
    drawn = answered(client, page)
    one, two, _three = (name for name in drawn if name.startswith("seat_"))
    client.post(page, {**drawn, one: "present"})

    client.post(page, {two: "present"})

    assert presence(written) == {one: "present", two: "present"}
