"""Coordinators see what is assigned, due and done, by name in their scope; leaders read totals."""

import uuid
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.models import AccessLog
from core.periods import local_day
from courses.actions import submit_quiz, take_path
from courses.coordination.oversight import Report
from people.models import Person
from people.permissions import standing_of
from tests.courses.coordination.people import (
    DAY,
    OVERVIEW,
    caseworker,
    listed,
    many,
    of,
    walk,
    words,
)
from tests.factories.courses import (
    chosen,
    make_path,
)
from tests.factories.people import make_person, make_role, make_town

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("state", "names"),
    [
        ("sen", ["Anna Sen"]),
        ("staar", ["Bo Fast"]),
        ("uden", ["Cecilie Uden"]),
        ("i-gang", ["Anna Sen", "Else Undervejs", "Bo Fast"]),
        ("faerdig", ["Dines Færdig"]),
        ("", ["Anna Sen", "Else Undervejs", "Bo Fast", "Dines Færdig"]),
    ],
)
def test_each_state_lists_its_own(client, coordinator, everybody, state, names):
    page = of(client.get(OVERVIEW, {"tilstand": state}))

    assert listed(page) == names
    tabs = [words(link) for link in page.select(".section-nav a")][3:]
    assert tabs == [
        "For sent (1)",
        "Sidder fast (1)",
        "Uden forløb (1)",
        "Undervejs (3)",
        "Gennemført (1)",
        "Alle (4)",
    ]


def test_what_was_shown_stands_in_the_access_log(client, coordinator, everybody):
    client.get(OVERVIEW, {"tilstand": "sen"})

    seen = AccessLog.objects.filter(action="list", actor=coordinator.user)
    assert [line.record_id for line in seen] == [str(Person.objects.get(name="Anna Sen").pk)]


@pytest.mark.parametrize(
    ("narrow", "names"),
    [
        ({"by": "ilulissat"}, ["Gerda By"]),
        ({"rolle": "mentor"}, ["Hans Mentor"]),
        ({"forloeb": "andet"}, ["Gerda By"]),
        ({"by": "sisimiut"}, ["Gerda By", "Hans Mentor"]),  # outside the scope: not a filter
        ({"rolle": "administrator"}, ["Gerda By", "Hans Mentor"]),
        ({"sorter": "navn"}, ["Gerda By", "Hans Mentor"]),
        ({"sorter": "sidst"}, ["Hans Mentor", "Gerda By"]),
    ],
)
def test_the_list_is_narrowed_and_ordered(client, coordinator, path, narrow, names):
    other = make_path(path.steps.get().module, key="andet", position=0)
    walk(caseworker("Gerda By", "Ilulissat"), other, last=1)
    mentor = make_person(make_role("mentor", make_town()), name="Hans Mentor")
    walk(mentor, path, last=3)

    assert listed(of(client.get(OVERVIEW, narrow))) == names


def test_a_name_is_searched_by_post_and_stands_in_no_address(client, coordinator, everybody):
    page = of(client.post(OVERVIEW, {"q": "fast"}))

    assert listed(page) == ["Bo Fast"]
    assert not [link for link in page.select("a[href]") if "fast" in link["href"]]


def test_a_number_like_a_cpr_number_is_refused_in_the_search(client, coordinator, everybody):
    response = client.post(OVERVIEW, {"q": "0101" + "70-" + "1234"})

    assert response.status_code == 422
    assert listed(of(response)) == []


@pytest.mark.parametrize("key", ["caseworker", "mentor", "editor", "reviewer", "administrator"])
def test_nobody_else_opens_it(client, everybody, key):
    client.force_login(make_person(make_role(key)).user)

    for address in (OVERVIEW, reverse("courses:rules")):
        assert client.get(address).status_code == 403


def test_a_role_that_has_ended_shows_nobody(client, everybody):
    over = make_role("coordinator", ends_on=date(2021, 1, 1))
    client.force_login(make_person(over).user)

    assert client.get(OVERVIEW).status_code == 403


def test_whoever_no_longer_works_there_is_not_listed(client, coordinator, path):
    gone = make_person(
        make_role("caseworker", make_town(), ends_on=local_day(timezone.now())), name="Ib Væk"
    )
    walk(gone, path)

    assert listed(of(client.get(OVERVIEW))) == []
    assert client.get(reverse("courses:learner", args=[gone.pk])).status_code == 404


@pytest.mark.parametrize("state", ["", "sen", "staar", "uden"])
def test_the_list_takes_as_many_queries_for_one_as_for_thousands(client, coordinator, path, state):
    def count():
        client.get(OVERVIEW, {"tilstand": state})
        with CaptureQueriesContext(connection) as taken:
            assert client.get(OVERVIEW, {"tilstand": state}).status_code == 200
        return len(taken)

    walk(caseworker("Anna Sen"), path, assigned=30, due=-1)
    caseworker("Cecilie Uden")
    for_one = count()
    many(path, 3000, make_town())
    for number in range(30):
        caseworker(f"Ny {number}")

    assert count() == for_one
    assert for_one <= 12


def test_a_page_holds_twenty_five(client, coordinator, path):
    many(path, 30, make_town())

    assert len(listed(of(client.get(OVERVIEW)))) == 25
    assert len(listed(of(client.get(OVERVIEW, {"page": "2"})))) == 5


@pytest.mark.parametrize("state", ["", "i-gang", "sen", "staar", "faerdig"])
@pytest.mark.parametrize("sort", ["frist", "navn", "sidst", "naaet"])
def test_pages_follow_one_another_without_a_gap(client, coordinator, path, state, sort):
    for number in range(70):
        walk(
            caseworker(f"Opdigtet {number * 37 % 70:02}"),
            path,
            assigned=30,
            due=None if number % 7 == 0 else number % 5 - 3,
            last=None if number % 3 else number % 20,
            done=number % 4 if number % 6 == 0 else None,
        )
    report = Report.asked(
        standing_of(coordinator.user), {"tilstand": state, "sorter": sort}, at=timezone.now()
    )
    whole = [one.person.name for one in report.shown()]

    pages = []
    for number in range(-(-len(whole) // 25)):
        wanted = {"tilstand": state, "sorter": sort, "page": number + 1}
        pages += listed(of(client.get(OVERVIEW, wanted)))

    assert pages == whole
    assert len(whole) == report.counts()[report.state] > 0


# --- One person ---


def test_the_page_of_a_person_shows_what_is_done_and_never_an_answer(client, coordinator, path):
    person = caseworker("Anna Sen")
    take_path(path, person, at=timezone.now())
    lesson = path.steps.get().module.lessons.get()
    attempt = submit_quiz(
        attempt_id=uuid.uuid4(),
        lesson=lesson,
        person=person,
        answers=chosen(lesson.questions.get(), 1),
        language="da",
        at=timezone.now(),
    )

    page = of(client.get(reverse("courses:learner", args=[person.pk])))

    assert words(page.h1) == "Anna Sen"
    assert "I gang" in words(page.main)
    for secret in ("Svar 2", "Ikke rigtigt", "0 af 1 rigtige", str(attempt.pk)):
        assert secret not in page.decode()
    assert AccessLog.objects.filter(action="view", record_id=str(person.pk)).exists()


def test_somebody_outside_the_scope_looks_like_nobody(client, coordinator, path):
    own = walk(caseworker("Frank Fjern", "Sisimiut"), path)

    for name, args in [
        ("learner", [own.person_id]),
        ("due", [own.pk]),
    ]:
        assert client.get(reverse(f"courses:{name}", args=args)).status_code == 404
    for name in ("due", "take-off", "put-back"):
        assert client.post(reverse(f"courses:{name}", args=[own.pk])).status_code == 404
    own.refresh_from_db()
    assert own.withdrawn_at is None


def test_a_path_is_taken_off_and_put_back_with_one_press_each(client, coordinator, path):
    own = walk(caseworker("Anna Sen"), path)

    page = of(client.post(reverse("courses:take-off", args=[own.pk]), follow=True))
    own.refresh_from_db()
    assert own.withdrawn_at is not None
    undo = page.select_one("form[action$='/tilbage/']")

    client.post(undo["action"])
    own.refresh_from_db()
    assert own.withdrawn_at is None


def test_the_day_is_changed_and_a_day_that_is_over_refused(client, coordinator, path):
    own = walk(caseworker("Anna Sen"), path, due=-3)
    address = reverse("courses:due", args=[own.pk])
    tomorrow = local_day(timezone.now()) + DAY

    refused = client.post(address, {"due_on": (tomorrow - 2 * DAY).isoformat()})
    assert refused.status_code == 422
    assert "Vælg i dag eller en senere dag" in words(of(refused).select_one(".error-summary"))
    assert client.post(address, {"due_on": tomorrow.isoformat()}).status_code == 302

    own.refresh_from_db()
    assert own.due_on == tomorrow


# --- Leaders ---


def test_a_leader_reads_totals_and_no_name(client, path):
    for number in range(5):
        walk(caseworker(f"Navngiven {number}"), path, assigned=20, due=-1)
    leader = make_person(make_role("leader", make_town()), name="Leder Demo 1")
    client.force_login(leader.user)

    page = of(client.get(OVERVIEW))

    cells = [words(cell) for cell in page.select("tbody tr td")]
    assert cells == ["5", "0", "5", "5"]
    assert "Navngiven" not in page.decode()
    assert not page.select("main input[type=checkbox]")


def test_fewer_than_five_are_too_few_to_show(client, path):
    for number in range(4):
        walk(caseworker(f"Navngiven {number}"), path, due=-1)
    walk(caseworker("Frank Fjern", "Sisimiut"), path, due=-1)
    client.force_login(make_person(make_role("leader", make_town())).user)

    page = of(client.get(OVERVIEW))

    assert [words(cell) for cell in page.select("tbody tr td")] == ["For få at vise"]


@pytest.mark.parametrize("name", ["assign", "rules"])
def test_a_leader_assigns_nothing(client, name):
    client.force_login(make_person(make_role("leader", make_town())).user)

    assert client.post(reverse(f"courses:{name}")).status_code == 403


@pytest.mark.usefixtures("base")
def test_the_start_page_of_a_coordinator_counts_late_stuck_and_without(
    client, coordinator, everybody
):
    page = of(client.get("/da/start/"))

    section = page.find("h2", string="Læring i dit område").parent
    assert [words(item) for item in section.select("li")] == [
        "For sent 1",
        "Sidder fast 1",
        "Uden forløb 1",
    ]
