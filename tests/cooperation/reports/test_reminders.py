"""Those who have not delivered are told, once for each moment, and nobody else."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from cooperation.reports.content import Scope
from cooperation.reports.reminders import remind
from notices.models import Notice
from people.models import Organisation
from tests.factories.mentoring import make_town
from tests.factories.people import make_person, make_role
from tests.factories.reports import HALF, make_coordinator, make_report

pytestmark = pytest.mark.django_db


def morning(day):
    return datetime(day.year, day.month, day.day, 10, tzinfo=ZoneInfo("America/Nuuk"))


@pytest.fixture
def avannaata() -> Organisation:
    return make_town("Upernavik", "Avannaata Kommunia").municipality


@pytest.mark.parametrize(
    ("days_after_end", "days_before_due", "kind"),
    [
        (-1, None, None),
        (0, None, "report_over"),
        (None, 8, "report_over"),
        (None, 7, "report_soon"),
        (None, 0, "report_soon"),
        (None, -1, "report_late"),
        (None, -13, "report_late"),
        (None, -14, "report_late"),
    ],
)
def test_what_is_told_on_which_day(avannaata, days_after_end, days_before_due, kind):
    make_coordinator(avannaata)
    # The half-year before is another one: of it everything was delivered.
    make_report(Scope(municipality=avannaata), HALF.before, frozen=True)
    Notice.objects.all().delete()
    day = (
        HALF.ends_on + timedelta(days=days_after_end)
        if days_before_due is None
        else HALF.due_on - timedelta(days=days_before_due)
    )

    remind(morning(day))

    told = Notice.objects.values_list("kind", flat=True).distinct()
    assert list(told) == ([f"cooperation.{kind}"] if kind else [])


def test_each_moment_is_told_once(avannaata):
    coordinator = make_coordinator(avannaata)

    counts = [remind(morning(HALF.ends_on + timedelta(days=day))) for day in range(80)]

    assert counts.count(1) == 4
    assert sum(counts) == 4
    assert Notice.objects.filter(person=coordinator).count() == 4


def test_nobody_is_told_at_night(avannaata):
    make_coordinator(avannaata)

    assert remind(morning(HALF.ends_on) - timedelta(hours=8)) == 0
    assert not Notice.objects.exists()


def test_whoever_has_delivered_is_not_told_nor_are_others(avannaata):
    make_report(Scope(municipality=avannaata), frozen=True)
    qeqqata = make_town("Sisimiut", "Qeqqata Kommunia").municipality
    late = make_coordinator(qeqqata)
    make_person(make_role("leader", qeqqata))
    make_coordinator()
    Notice.objects.all().delete()

    remind(morning(HALF.ends_on))

    notice = Notice.objects.get()
    assert notice.person == late
    assert notice.facts == {"title": "Qeqqata Kommunia", "due_on": "2027-08-31"}


def test_where_nobody_coordinates_whoever_takes_over_is_told(avannaata):
    assert remind(morning(HALF.ends_on)) == 0

    coordinator = make_coordinator(avannaata)
    remind(morning(HALF.ends_on + timedelta(days=1)))

    assert Notice.objects.get().person == coordinator
