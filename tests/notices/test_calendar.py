"""One calendar: what is a person's own, on a page and at a secret address, and nobody's name."""

from datetime import UTC, date, datetime, timedelta

import icalendar
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core import calendars
from core.calendars import Entry, as_document, deadline
from courses.models import Assignment, LearningPath
from mentoring.models import FollowUp, Handover, ReadinessItem
from mentoring.planning.actions import plan_session, renew_address
from people.models import Person
from people.permissions import standing_of
from tests.factories.mentoring import make_pairing, make_person, make_town, mentor_of
from tests.factories.rounds import make_need, make_round

pytestmark = pytest.mark.django_db

NOON = datetime(2027, 6, 15, 15, tzinfo=UTC)
TODAY = date(2027, 6, 15)


@pytest.fixture(autouse=True)
def _in_june(settings, monkeypatch):
    settings.SIDEMAND_SECOND_FACTOR = False
    monkeypatch.setattr(timezone, "now", lambda: NOON)


def everything_of(person: Person, days: int = 5) -> None:
    """A session, a follow-up, something to make ready and a path, on the same day."""
    day = TODAY + timedelta(days=days)
    pairing = make_pairing(place=make_town())
    plan_session(
        mentor_of(pairing), pairing, starts_at=NOON + timedelta(days=days), minutes=90, at=NOON
    )
    pairing.members.create(person=person, side="mentor", starts_on=date(2027, 1, 1))
    member = pairing.members.get(person=mentor_of(pairing))
    handover = Handover.objects.create(member=member, begun_at=NOON)
    FollowUp.objects.create(handover=handover, months=1, due_on=day, owner=person)
    need = make_need(make_round(pairing.place), pairing.place)
    need.items.all().delete()
    ReadinessItem.objects.create(need=need, kind="housing", due_on=day, owner=person)
    path, _new = LearningPath.objects.get_or_create(
        key=f"sti-{LearningPath.objects.count()}", defaults={"title_da": "Første uge"}
    )
    Assignment.objects.create(
        path=path, person=person, origin="self", assigned_at=NOON, due_on=day, step_count=1
    )


def browser(person: Person) -> Client:
    client = Client()
    assert person.user is not None
    client.force_login(person.user)
    return client


def test_the_page_shows_what_is_ones_own_on_its_day():
    person, other = make_person("mentor"), make_person("mentor")
    everything_of(person)

    page = browser(person).get(reverse("my-calendar"))

    ((day, some),) = page.context["days"]
    assert day == TODAY + timedelta(days=5)
    titles = [str(entry.title) for entry in some]
    assert titles[0] == "Session"
    assert sorted(titles[1:]) == [
        "Klar til ankomst: Bolig er fundet",
        "Læringsforløb: Første uge",
        "Opfølgning",
    ]
    assert browser(other).get(reverse("my-calendar")).context["days"] == []


def test_everything_on_the_page_opens_for_whoever_it_belongs_to():
    person = make_person("travelling")
    everything_of(person)
    client = browser(person)
    ((_day, some),) = client.get(reverse("my-calendar")).context["days"]

    answers = {str(entry.title): client.get(entry.url).status_code for entry in some if entry.url}

    assert len(answers) == 4
    assert set(answers.values()) == {200}


def test_what_is_late_stands_above_and_goes_when_it_is_done():
    person = make_person("mentor")
    everything_of(person, days=5)
    FollowUp.objects.update(due_on=TODAY - timedelta(days=1))
    client = browser(person)

    assert len(client.get(reverse("my-calendar")).context["late"]) == 1

    FollowUp.objects.update(done_on=TODAY, done_by=person)
    assert client.get(reverse("my-calendar")).context["late"] == []


@pytest.mark.parametrize(
    ("asked", "month"),
    [("2027-07", date(2027, 7, 1)), ("", None), ("x", None), ("2027-13", None), ("1999-01", None)],
)
def test_a_month_of_the_address(asked, month):
    page = browser(make_person("mentor")).get(reverse("my-calendar"), {"maaned": asked})

    assert page.status_code == 200
    assert page.context["month"] == month


def test_the_feed_holds_the_same_and_names_nobody():
    person = make_person("mentor")
    everything_of(person)
    names = list(Person.objects.values_list("name", flat=True))

    text = Client().get(f"/kalender/{renew_address(person, at=NOON)}.ics").text

    events = list(icalendar.Calendar.from_ical(text).walk("VEVENT"))
    assert {str(event["SUMMARY"]) for event in events} == {
        "Session",
        "Opfølgning",
        "Klar til ankomst: Bolig er fundet",
        "Læringsforløb: Første uge",
    }
    assert len({str(event["UID"]) for event in events}) == 4
    assert not any(name in text for name in names)


def test_page_and_feed_ask_as_much_for_one_as_for_many(django_assert_max_num_queries):
    person = make_person("mentor")
    address, client = f"/kalender/{renew_address(person, at=NOON)}.ics", browser(person)
    counts = []
    for _ in range(2):
        everything_of(person)
        client.get(reverse("my-calendar"))
        with django_assert_max_num_queries(16) as asked:
            client.get(reverse("my-calendar"))
            Client().get(address)
        counts.append(len(asked))
        everything_of(person, days=9)

    assert counts[0] == counts[1]


def test_without_a_person_there_is_no_calendar():
    assert Client().get(reverse("my-calendar")).status_code == 302


# --- The register ---------------------------------------------------------------------------------


def test_entries_come_by_day_those_with_a_time_first(monkeypatch):
    monkeypatch.setattr(calendars, "_providers", {})
    late, early = NOON + timedelta(hours=2), NOON
    found = [
        deadline("c", "Frist", TODAY),
        Entry("b", "Sent", late, late, changed_at=NOON),
        Entry("a", "Tidligt", early, early, changed_at=NOON),
        deadline("d", "I går", TODAY - timedelta(days=1)),
    ]
    calendars.register(lambda _standing, _since, _until: found)
    person = make_person("mentor")
    assert person.user is not None

    entries = calendars.entries(standing_of(person.user), since=TODAY, until=TODAY)

    assert [entry.uid for entry in entries] == ["d", "a", "b", "c"]


def test_a_day_is_that_of_the_town_s_clock():
    at = datetime(2027, 6, 16, 0, 30, tzinfo=UTC)  # 23.30 the day before in Nuuk

    assert Entry("a", "Sent", at, at, changed_at=at, zone="America/Nuuk").day == TODAY


def test_a_deadline_is_a_day_and_takes_no_time():
    text = as_document([deadline("a", "Frist; nu, her", TODAY)], address=str)

    (event,) = icalendar.Calendar.from_ical(text).walk("VEVENT")
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (TODAY, TODAY + timedelta(days=1))
    assert str(event["SUMMARY"]) == "Frist; nu, her"
    assert str(event["TRANSP"]) == "TRANSPARENT"
