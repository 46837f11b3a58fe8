"""Who answers for what a municipality was before it got a new name, was divided or was joined."""

import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cooperation.dates import reports
from cooperation.models import HalfYearReport
from cooperation.reports.actions import begin_report
from cooperation.reports.content import Scope
from cooperation.reports.halves import HalfYear
from cooperation.reports.people import commenters
from cooperation.reports.permissions import readable_reports, writable_reports
from cooperation.reports.reminders import remind
from cooperation.reports.start import missing
from core.periods import local_day
from notices.models import Notice
from people.actions import New, change_organisations
from tests.factories.cooperation import make_initiative, make_organisation, standing
from tests.factories.mentoring import make_pairing, make_town
from tests.factories.people import make_person, make_role
from tests.factories.reports import make_coordinator, make_report, make_sessions
from tests.people.conftest import COMMAND_LINE

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def half(now):
    """The half-year before the change, which is not delivered yet."""
    return HalfYear.ended(at=now)


@pytest.fixture
def towns():
    return [make_town(name, "Avannaata Kommunia") for name in ("Upernavik", "Ilulissat")]


@pytest.fixture
def old(towns):
    return towns[0].municipality


@pytest.fixture
def coordinator(old):
    return make_coordinator(old)


def rename(old, at):
    parts = [New("Ny Kommune Demo")]
    return change_organisations([old], parts, on=local_day(at), by=COMMAND_LINE, at=at).main


def divide(old, towns, at):
    parts = [New("Nord Demo", towns[:1]), New("Syd Demo", towns[1:])]
    return change_organisations([old], parts, on=local_day(at), by=COMMAND_LINE, at=at).new


def join(old, other, at):
    parts = [New("Fælles Demo")]
    return change_organisations([old, other], parts, on=local_day(at), by=COMMAND_LINE, at=at).main


def browser(person) -> Client:
    client = Client()
    client.force_login(person.user)
    return client


def rows(report, section="sessions", figure="all"):
    return reverse("cooperation:report-rows", args=[report.pk, section, figure, "alle"])


def a_morning(now):
    """Now, at an hour in which people are told."""
    day = local_day(now)
    return datetime(day.year, day.month, day.day, 10, tzinfo=ZoneInfo("America/Nuuk"))


# --- Rows -----------------------------------------------------------------------------------------


def test_under_a_new_name_one_opens_what_one_has_opened_before(towns, old, coordinator, half, now):
    make_sessions(make_pairing(place=towns[0]), [half.starts_on] * 3)
    leader = make_person(make_role("leader", old), email=f"{uuid.uuid4()}@example.org")
    report = make_report(Scope(municipality=old), half, frozen=True, at=now)

    rename(old, now)

    client = browser(coordinator)
    assert rows(report) in client.get(report.get_absolute_url()).text
    assert client.get(rows(report)).context["page"].paginator.count == 3
    assert browser(leader).get(rows(report, "readiness", "late")).status_code == 200
    assert browser(leader).get(rows(report)).status_code == 404


@pytest.mark.parametrize("joined", [False, True])
def test_also_of_the_half_years_that_follow(towns, old, coordinator, now, joined):
    coming = HalfYear.of(local_day(now))
    other = make_town("Sisimiut", "Qeqqata Kommunia").municipality
    new = join(old, other, now) if joined else rename(old, now)

    report = make_report(Scope(municipality=new), coming, at=now)

    assert browser(coordinator).get(rows(report)).status_code == 200


def test_of_what_was_divided_whoever_has_all_parts_opens_it_and_nobody_else(
    towns, old, coordinator, half, now
):
    report = make_report(Scope(municipality=old), half, frozen=True, at=now)
    north, _south = divide(old, towns, now)

    assert browser(coordinator).get(rows(report)).status_code == 200
    client = browser(make_coordinator(north))
    page = client.get(report.get_absolute_url())
    assert page.status_code == 200
    assert "/tal/sessions/" not in page.text
    assert client.get(rows(report)).status_code == 404


def test_of_two_that_were_joined_the_rows_are_those_of_the_one(old, coordinator, half, now):
    other = make_town("Sisimiut", "Qeqqata Kommunia").municipality
    report = make_report(Scope(municipality=old), half, frozen=True, at=now)

    join(old, other, now)

    assert browser(coordinator).get(rows(report)).status_code == 200


def test_others_open_nothing_by_it(old, half, now):
    report = make_report(Scope(municipality=old), half, frozen=True, at=now)
    elsewhere = make_coordinator(make_town("Sisimiut", "Qeqqata Kommunia").municipality)

    rename(old, now)

    assert browser(elsewhere).get(rows(report)).status_code == 404


# --- Delivering -----------------------------------------------------------------------------------


def begin(client, municipality, half):
    return client.post(
        reverse("cooperation:report-begin"),
        {"halvaar": half.key, "om": "municipality", "id": str(municipality.pk)},
    )


def may_begin(client, half):
    page = client.get(reverse("cooperation:reports"), {"halvaar": half.key})
    return {row["name"] for row in page.context["municipalities"] if row["may_begin"]}


def test_under_a_new_name_one_begins_and_delivers_what_is_due(old, coordinator, half, now):
    new = rename(old, now)
    client = browser(coordinator)

    assert may_begin(client, half) == {"Avannaata Kommunia"}
    assert begin(client, new, half).status_code == 404
    assert begin(client, old, half).status_code == 302
    report = HalfYearReport.objects.get()
    assert report.municipality == old
    assert list(writable_reports(standing(coordinator, now))) == [report]
    assert client.get(reverse("cooperation:report-freeze", args=[report.pk])).status_code == 200


def test_a_draft_stays_its_owners_and_nobody_elses(old, coordinator, half, now):
    elsewhere = make_coordinator(make_town("Sisimiut", "Qeqqata Kommunia").municipality)
    report = begin_report(Scope(municipality=old), half, by=coordinator, at=now)

    rename(rename(old, now - timedelta(days=1)), now)

    assert list(writable_reports(standing(coordinator, now))) == [report]
    assert browser(coordinator).get(report.get_absolute_url()).status_code == 200
    assert browser(elsewhere).get(report.get_absolute_url()).status_code == 404
    assert begin(browser(elsewhere), old, half).status_code == 404


def test_they_are_reminded_and_find_it_on_their_first_page_and_in_the_calendar(
    old, coordinator, half, now
):
    rename(old, now)
    mine = standing(coordinator, now)
    since, until = half.due_on, half.due_on + timedelta(days=1)

    remind(a_morning(now))

    assert Notice.objects.filter(person=coordinator).count() == 1
    assert list(missing(mine)) == [old]
    assert [one.title for one in reports(mine, since, until)] != []
    make_report(Scope(municipality=old), half, frozen=True, at=now)
    assert not missing(mine).exists()
    assert list(reports(mine, since, until)) == []


def test_what_was_divided_is_delivered_by_whoever_coordinates_a_part(
    towns, old, coordinator, half, now
):
    north, south = divide(old, towns, now)
    others = [make_coordinator(north), make_coordinator(south)]

    remind(a_morning(now))

    told = set(Notice.objects.values_list("person", flat=True))
    assert told == {one.pk for one in (coordinator, *others)}
    for one in others:
        assert may_begin(browser(one), half) == {"Avannaata Kommunia"}
        assert list(missing(standing(one, now))) == [old]


def test_of_two_that_were_joined_the_one_delivers_for_both(old, coordinator, half, now):
    """What happened in their towns is counted where these lie now: a report of one has zero."""
    other = make_town("Sisimiut", "Qeqqata Kommunia").municipality
    draft = begin_report(Scope(municipality=old), half, by=coordinator, at=now)

    new = join(old, other, now)

    client = browser(coordinator)
    assert may_begin(client, half) == {"Fælles Demo"}
    assert list(missing(standing(coordinator, now))) == [new]
    assert client.get(draft.get_absolute_url()).status_code == 200
    assert not writable_reports(standing(coordinator, now)).exists()
    remind(a_morning(now))
    assert Notice.objects.filter(person=coordinator).count() == 1


def test_those_of_its_towns_read_along_under_the_new_name(towns, old, half, now):
    leader = make_person(make_role("leader", towns[0]), email=f"{uuid.uuid4()}@example.org")
    report = make_report(Scope(municipality=old), half, at=now)
    HalfYearReport.objects.filter(pk=report.pk).update(state="round", sent_round_at=now)
    report.refresh_from_db()

    rename(old, now)

    assert leader in commenters(report, on=local_day(now))
    assert list(readable_reports(standing(leader, now))) == [report]


def test_an_initiative_that_ended_with_the_old_name_is_reported_on(old, coordinator, half, now):
    ended = make_initiative(owner=old, starts_on=half.starts_on, ends_on=half.ends_on)
    other = make_initiative(owner=make_organisation(kind="municipality"))
    rename(old, now)
    client = browser(coordinator)

    page = client.get(reverse("cooperation:reports"), {"halvaar": half.key})

    keys = {row["key"] for row in page.context["initiatives"]}
    assert str(ended.pk) in keys
    assert str(other.pk) not in keys
