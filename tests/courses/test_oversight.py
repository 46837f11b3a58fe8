"""Coordinators see what is assigned, due and done, by name in their scope; leaders read totals."""

import csv
import io
import re
import uuid
from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from core.models import AccessLog
from core.periods import local_day
from courses.actions import mark_read, submit_quiz, take_path
from courses.models import Assignment, PathRule
from people.models import Person, Role
from tests.factories.courses import (
    chosen,
    make_course,
    make_lesson,
    make_module,
    make_path,
    make_question,
)
from tests.factories.people import SINCE, make_person, make_role, make_town

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _password_alone(settings):
    settings.SIDEMAND_SECOND_FACTOR = False


@pytest.fixture
def path():
    module = make_module(make_course())
    make_lesson(module, questions=[make_question().pk])
    return make_path(module)


@pytest.fixture
def coordinator(client):
    person = make_person(
        make_role("coordinator", make_town().municipality), name="Koordinator Demo 1"
    )
    client.force_login(person.user)
    return person


def caseworker(name, town="Upernavik"):
    return make_person(make_role("caseworker", make_town(town)), name=name)


def walk(person, path, *, assigned=1, due=None, last=None, done=None):
    """An assignment so many days ago, due in so many days."""
    now, today = timezone.now(), local_day(timezone.now())
    return Assignment.objects.create(
        path=path,
        person=person,
        origin="coordinator",
        assigned_at=now - assigned * DAY,
        due_on=None if due is None else today + due * DAY,
        last_at=None if last is None else now - last * DAY,
        completed_at=None if done is None else now - done * DAY,
        step_count=1,
        done_count=0 if done is None else 1,
    )


def of(response):
    return BeautifulSoup(response.content, "html.parser")


def words(element):
    return re.sub(r"\s+", " ", element.get_text(" ")).strip()


def listed(page):
    return [words(row.th).removeprefix("Vælg ") for row in page.select("main form tbody tr")]


OVERVIEW = "/da/laering/overblik/"


@pytest.fixture
def everybody(path):
    """One in each state, and one elsewhere."""
    walk(caseworker("Anna Sen"), path, due=-1, last=1)
    walk(caseworker("Bo Fast"), path, assigned=20)
    caseworker("Cecilie Uden")
    walk(caseworker("Dines Færdig"), path, done=1)
    walk(caseworker("Else Undervejs"), path, due=3, last=1)
    walk(caseworker("Frank Fjern", "Sisimiut"), path, due=-1)


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
    tabs = [words(link) for link in page.select(".section-nav a")][2:]
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


def many(path, how_many, town):
    """So many people on the path, written at once."""
    people = Person.objects.bulk_create(
        Person(name=f"Opdigtet {number:05}") for number in range(how_many)
    )
    Role.objects.bulk_create(
        Role(person=person, key="caseworker", scope="town", place=town, starts_on=SINCE)
        for person in people
    )
    Assignment.objects.bulk_create(
        Assignment(
            path=path,
            person=person,
            origin="rule",
            assigned_at=timezone.now() - 30 * DAY,
            due_on=local_day(timezone.now()) - DAY,
            step_count=1,
        )
        for person in people
    )


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


# --- Assigning ---


def test_several_people_are_chosen_confirmed_assigned_and_undone(client, coordinator, path):
    people = [caseworker("Anna Ny"), caseworker("Bo Ny")]
    ids = [str(person.pk) for person in people]

    form = of(client.post(reverse("courses:assign"), {"person": ids}))
    assert [words(item) for item in form.select("main li")] == ["Anna Ny", "Bo Ny"]
    assert not Assignment.objects.exists()
    sent = {
        field["name"]: field.get("value", "")
        for field in form.select("main form input[type=hidden]")
        if field["name"] != "person"
    } | {"person": ids, "path": path.key, "due_on": ""}
    done = client.post(reverse("courses:assign"), sent, follow=True)
    client.post(reverse("courses:assign"), sent)

    assert Assignment.objects.active().count() == 2
    page = of(done)
    assert "2 personer har fået forløbet." in words(page.main)
    undone = client.post(page.select_one("form[action$='/fortryd/']")["action"], follow=True)
    assert "Forløbet er taget tilbage fra 2 personer." in words(of(undone).main)
    assert not Assignment.objects.exists()


def test_rows_that_were_ticked_choose_their_people(client, coordinator, path):
    row = walk(caseworker("Anna Sen"), path)

    form = of(client.post(reverse("courses:assign"), {"valgt": [str(row.pk)]}))

    assert [words(item) for item in form.select("main li")] == ["Anna Sen"]


def test_whoever_is_outside_the_scope_cannot_be_chosen(client, coordinator, path):
    far = caseworker("Frank Fjern", "Sisimiut")
    sent = {"person": [str(far.pk)], "path": path.key, "batch": str(uuid.uuid4())}

    client.post(reverse("courses:assign"), sent)

    assert not Assignment.objects.exists()


@pytest.mark.parametrize(
    ("fields", "said"),
    [({"path": ""}, "Læringsforløb"), ({"due_on": "2020-01-01"}, "Vælg i dag eller en senere dag")],
)
def test_what_is_wrong_is_said_at_the_field_and_the_people_stay(
    client, coordinator, path, fields, said
):
    person = caseworker("Anna Ny")
    batch = str(uuid.uuid4())
    sent = {"person": [str(person.pk)], "batch": batch, "path": path.key, "due_on": ""} | fields

    response = client.post(reverse("courses:assign"), sent)

    page = of(response)
    assert response.status_code == 422
    assert said in words(page.select_one(".error-summary"))
    assert page.select_one("input[name=batch]")["value"] == batch
    assert page.select_one("input[name=person]")["value"] == str(person.pk)


def test_choosing_nobody_says_so(client, coordinator):
    page = of(client.post(reverse("courses:assign"), {"person": ["x"]}, follow=True))

    assert "Vælg mindst én person." in words(page.main)


# --- Rules ---


def test_a_rule_is_made_in_ones_own_scope_and_ended(client, coordinator, path):
    caseworker("Anna Ny")
    page = of(client.get(reverse("courses:rules")))
    offered = [option.get_text() for option in page.select("select[name=where] option")]
    assert "Upernavik" in offered
    assert "Sisimiut" not in offered
    where = f"municipality:{make_town().municipality_id}"
    sent = {"path": path.key, "role_key": "caseworker", "where": where, "due_days": "14"}

    made = client.post(reverse("courses:rules"), sent, follow=True)
    assert "1 person har fået forløbet." in words(of(made).main)
    again = client.post(reverse("courses:rules"), sent)
    assert again.status_code == 422

    rule = PathRule.objects.get()
    assert (rule.role_key, rule.due_days, rule.made_by) == ("caseworker", 14, coordinator)
    client.post(reverse("courses:end-rule", args=[rule.pk]))
    rule.refresh_from_db()
    assert rule.ended_at is not None


def test_a_rule_of_another_municipality_is_neither_seen_nor_ended(client, coordinator, path):
    elsewhere = PathRule.objects.create(
        path=path,
        role_key="caseworker",
        scope="municipality",
        municipality=make_town("Sisimiut").municipality,
        made_at=timezone.now(),
    )

    page = of(client.get(reverse("courses:rules")))
    assert "Ingen regel endnu" in words(page.main)
    assert client.post(reverse("courses:end-rule", args=[elsewhere.pk])).status_code == 404


def test_the_rules_take_as_many_queries_for_one_as_for_many(client, coordinator, path):
    def add(number):
        PathRule.objects.create(
            path=make_path(path.steps.get().module),
            role_key="caseworker",
            scope="town",
            place=make_town(),
            made_at=timezone.now() + number * DAY,
        )

    def count():
        client.get(reverse("courses:rules"))
        with CaptureQueriesContext(connection) as taken:
            client.get(reverse("courses:rules"))
        return len(taken)

    add(0)
    for_one = count()
    for number in range(1, 20):
        add(number)

    assert count() == for_one


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


# --- Tables to take along -------------------------------------------------------------------------


def table(response):
    raw = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(raw), delimiter=";"))


def test_the_table_is_what_the_list_shows(client, coordinator, everybody):
    response = client.get(reverse("courses:export-csv"), {"tilstand": "sen"})
    header, *rows = table(response)

    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert re.fullmatch(
        r'attachment; filename="laering-\d{4}-\d\d-\d\d\.csv"', response["Content-Disposition"]
    )
    assert header[:6] == ["Navn", "Rolle", "By", "Kommune", "Læringsforløb", "Tilstand"]
    assert [row[:4] + row[5:6] for row in rows] == [
        ["Anna Sen", "Sagsbehandler", "Upernavik", "Avannaata Kommunia", "For sent"]
    ]


def test_every_state_is_named_and_nobody_elsewhere(client, coordinator, everybody):
    rows = table(client.get(reverse("courses:export-csv")))[1:]

    assert {row[0]: row[5] for row in rows} == {
        "Anna Sen": "For sent",
        "Bo Fast": "Sidder fast",
        "Dines Færdig": "Gennemført",
        "Else Undervejs": "Undervejs",
    }


def test_of_one_path_each_step_has_its_day(client, coordinator, path):
    person = caseworker("Anna Sen")
    take_path(path, person, at=timezone.now())
    mark_read(path.steps.get().module.lessons.get(), person, at=timezone.now())

    header, row = table(client.get(reverse("courses:export-csv"), {"forloeb": path.key}))

    assert header[-1] == "Modul 1"
    assert row[-1] == f"{local_day(timezone.now()):%d-%m-%Y}"


def test_the_workbook_says_the_same(client, coordinator, everybody):
    response = client.get(reverse("courses:export-xlsx"))
    sheet = load_workbook(io.BytesIO(b"".join(response.streaming_content))).active

    assert response["Content-Disposition"].endswith('.xlsx"')
    names = {row[0].value for row in sheet.iter_rows(min_row=2)}
    assert names == {"Anna Sen", "Bo Fast", "Dines Færdig", "Else Undervejs"}


def test_a_name_that_is_a_formula_is_none_in_the_table(client, coordinator, path):
    walk(caseworker("=HYPERLINK(1)"), path)

    assert table(client.get(reverse("courses:export-csv")))[1][0] == "'=HYPERLINK(1)"


def test_taking_the_table_leaves_a_line_for_each_person(client, coordinator, everybody):
    table(client.get(reverse("courses:export-csv")))

    assert AccessLog.objects.filter(action="export", actor=coordinator.user).count() == 4


@pytest.mark.parametrize("key", ["caseworker", "leader", "administrator"])
def test_nobody_else_takes_the_table(client, everybody, key):
    client.force_login(make_person(make_role(key)).user)

    for name in ("export-csv", "export-xlsx"):
        assert client.get(reverse(f"courses:{name}")).status_code == 403


def test_the_table_takes_as_many_queries_for_one_as_for_thousands(client, coordinator, path):
    def count():
        with CaptureQueriesContext(connection) as taken:
            response = client.get(reverse("courses:export-csv"), {"forloeb": path.key})
            rows = table(response)
        inserts = [query for query in taken if query["sql"].startswith("INSERT")]
        return len(taken) - len(inserts), len(rows) - 1

    walk(caseworker("Anna Sen"), path)
    count()
    for_one, rows = count()
    assert rows == 1
    many(path, 2500, make_town())

    assert count() == (for_one, 2501)


@pytest.mark.parametrize("text", ["\x00", "'; --", "å" * 5000, "<b>", "%00", "ĸ"])
def test_a_hostile_address_only_narrows_nothing(client, coordinator, everybody, text):
    narrow = dict.fromkeys(
        ["tilstand", "by", "forloeb", "rolle", "sorter", "page", "tildelt"], text
    )

    assert client.get(OVERVIEW, narrow).status_code == 200
    assert len(table(client.get(reverse("courses:export-csv"), narrow))) == 5
    assert client.get("/da/laering/", {"forladt": text, "left": text}).status_code == 200
