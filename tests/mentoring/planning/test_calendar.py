"""The calendar: read by two programs that know nothing of ours, right on both clocks, nameless."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from mentoring.models import CalendarAddress, PairingMember, PlannedSession
from mentoring.planning.actions import cancel_session, hash_of, plan_session, renew_address
from mentoring.planning.calendar import calendar, invitation
from mentoring.planning.clock import moment
from people.models import Person
from tests.factories.mentoring import caseworker_of, make_pairing, make_town, mentor_of

pytestmark = pytest.mark.django_db
ZONES = {"Nuuk": "America/Nuuk", "Ittoqqortoormiit": "America/Scoresbysund"}
#: The days on which the clocks change in Greenland, 2026 to 2028.
CHANGES = [
    date(2026, 3, 28), date(2026, 10, 24), date(2027, 3, 27), date(2027, 10, 30),
    date(2028, 3, 25), date(2028, 10, 28),
]  # fmt: skip


def read_by_icalendar(text: str) -> list[dict[str, Any]]:
    events = icalendar.Calendar.from_ical(text).walk("VEVENT")
    return [
        {
            "uid": str(event["UID"]),
            "starts": event["DTSTART"].dt,
            "ends": event["DTEND"].dt,
            "summary": str(event["SUMMARY"]),
            "location": str(event["LOCATION"]),
            "description": str(event["DESCRIPTION"]),
            "sequence": int(event["SEQUENCE"]),
            "status": str(event["STATUS"]),
        }
        for event in events
    ]


def read_by_vobject(text: str) -> list[dict[str, Any]]:
    return [
        {
            "uid": event.uid.value,
            "starts": event.dtstart.value,
            "ends": event.dtend.value,
            "summary": event.summary.value,
            "location": event.location.value,
            "description": event.description.value,
            "sequence": int(event.sequence.value),
            "status": event.status.value,
        }
        for event in vobject.readOne(text).contents.get("vevent", [])
    ]


READERS = [read_by_icalendar, read_by_vobject]


def planned(town: str, starts_at: datetime, **more: Any) -> PlannedSession:
    place = make_town(town, "Kommuneqarfik Sermersooq")
    place.time_zone = ZONES.get(town, "America/Nuuk")
    place.save()
    pairing = make_pairing(place=place)
    at = starts_at - timedelta(days=1)
    return plan_session(mentor_of(pairing), pairing, starts_at=starts_at, minutes=90, at=at, **more)


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize("town", ZONES)
@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_local_times_are_right_before_and_after_the_clock_changes(
    read: Any, town: str, change: date
):
    zone = ZoneInfo(ZONES[town])
    for days in (-1, 1):
        day = change + timedelta(days=days)
        plan = planned(town, moment(day, time(13), zone))

        (event,) = read(calendar([plan], language="da"))

        assert event["starts"].astimezone(zone).replace(tzinfo=None) == datetime.combine(
            day, time(13)
        )
        assert event["ends"] - event["starts"] == timedelta(minutes=90)
        assert f"kl. 13.00 ({town})" in event["description"]


def test_the_days_of_change_are_those_of_the_clocks():
    for zone in map(ZoneInfo, ZONES.values()):
        for change in CHANGES:
            before, after = (
                datetime.combine(change + timedelta(days=days), time(13), zone).utcoffset()
                for days in (0, 1)
            )
            assert before != after


@pytest.mark.parametrize("read", READERS)
def test_an_entry_says_time_town_and_session_and_nothing_else(read: Any):
    plan = planned("Nuuk", datetime(2027, 6, 15, 15, tzinfo=UTC), purpose="Handleplanen.")
    people = Person.objects.values_list("name", flat=True)

    text = calendar([plan], language="da")

    (event,) = read(text)
    assert (event["summary"], event["location"]) == ("Session", "Nuuk")
    assert not any(name in text for name in people)
    assert "Handleplanen" not in text


@pytest.mark.parametrize("read", READERS)
def test_a_change_and_a_cancelling_have_a_higher_sequence(read: Any):
    plan = planned("Nuuk", datetime(2027, 6, 15, 15, tzinfo=UTC))
    (first,) = read(invitation(plan, language="da").content)
    cancelled = cancel_session(plan.made_by, plan, sequence=0, at=plan.made_at)

    file = invitation(cancelled, language="da")

    (last,) = read(file.content)
    assert file.mime_type == "text/calendar; method=CANCEL"
    assert "METHOD:CANCEL\r\n" in file.content
    assert first["uid"] == last["uid"]
    assert (first["status"], last["status"]) == ("CONFIRMED", "CANCELLED")
    assert last["sequence"] > first["sequence"]


@pytest.mark.parametrize("read", READERS)
def test_long_lines_and_marks_come_back_as_they_were(read: Any):
    plan = planned("Nuuk", datetime(2027, 6, 15, 15, tzinfo=UTC))
    name = "Ittoqqortoormiit; æøå, \\ ĸ " * 4
    plan.pairing.place.name = name.strip()

    text = calendar([plan], language="da")

    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    (event,) = read(text)
    assert event["location"] == name.strip()


# --- The secret address ---------------------------------------------------------------------------


def feed_of(person: Person) -> str:
    return f"/kalender/{renew_address(person, at=timezone.now())}.ics"


@pytest.mark.parametrize("read", READERS)
def test_whoever_knows_the_address_reads_the_plans_of_its_person(read: Any):
    soon = timezone.now().replace(microsecond=0) + timedelta(days=2)
    plan, _of_others = planned("Nuuk", soon), planned("Nuuk", soon)

    response = Client().get(feed_of(caseworker_of(plan.pairing)))

    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert "no-store" in response["Cache-Control"]
    assert [event["uid"] for event in read(response.content.decode())] == [f"{plan.pk}@sidemand"]


def test_the_secret_is_kept_as_its_hash_and_a_new_one_ends_the_old():
    plan = planned("Nuuk", timezone.now() + timedelta(days=2))
    person = caseworker_of(plan.pairing)
    first = feed_of(person)
    token = first.removeprefix("/kalender/").removesuffix(".ics")

    assert CalendarAddress.objects.get().token_hash == hash_of(token) != token
    second = feed_of(person)

    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 200
    assert len(token) == 40
    assert token.isalpha()


def test_a_closed_account_an_ended_membership_and_a_stopped_address_give_nothing():
    plan = planned("Nuuk", timezone.now() + timedelta(days=2))
    person = caseworker_of(plan.pairing)
    address = feed_of(person)

    PairingMember.objects.filter(person=person).update(ends_on=date(2021, 1, 1))
    assert read_by_icalendar(Client().get(address).content.decode()) == []
    assert person.user is not None
    person.user.is_active = False
    person.user.save()
    assert Client().get(address).status_code == 404
    person.user.is_active = True
    person.user.save()
    client = Client()
    client.force_login(person.user)
    client.post("/da/sidemand/planer/kalender/", {"stop": ""})
    assert Client().get(address).status_code == 404
    assert Client().get("/kalender/abc.ics").status_code == 404


def test_the_address_is_shown_once_and_stands_in_no_log(caplog: pytest.LogCaptureFixture):
    plan = planned("Nuuk", timezone.now() + timedelta(days=2))
    person = caseworker_of(plan.pairing)
    assert person.user is not None
    client = Client()
    client.force_login(person.user)

    shown = client.post("/da/sidemand/planer/kalender/").context["new"]
    again = client.get("/da/sidemand/planer/kalender/").content.decode()
    with caplog.at_level("DEBUG"):
        Client().get(shown.replace("http://localhost:8000", ""))

    token = shown.rpartition("/")[2].removesuffix(".ics")
    assert token not in again
    said = "\n".join(f"{record.getMessage()} {vars(record)}" for record in caplog.records)
    assert "kalender/<slug:token>.ics" in said
    ours = [record for record in caplog.records if record.name.startswith("sidemand")]
    assert not any(token in str(vars(record)) for record in ours)


def test_a_feed_takes_as_many_queries_for_one_as_for_many(django_assert_num_queries):
    soon = timezone.now() + timedelta(days=2)
    plan = planned("Nuuk", soon)
    address = feed_of(mentor_of(plan.pairing))
    client = Client()
    client.get(address)

    def ask(count: int) -> None:
        # The address, the roles, which of all there is (one query for every app); the plans.
        with django_assert_num_queries(4):
            text = client.get(address).content.decode()
        assert text.count("BEGIN:VEVENT") == count

    ask(1)
    for minutes in range(1, 40):
        plan_session(
            mentor_of(plan.pairing),
            plan.pairing,
            starts_at=soon + timedelta(minutes=minutes),
            minutes=30,
            at=timezone.now(),
        )
    ask(40)
    cache.clear()
