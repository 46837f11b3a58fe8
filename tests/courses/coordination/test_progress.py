"""How far everybody in the scope is, by town and by path, in numbers that lead to the people."""

import csv
from io import BytesIO, StringIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from courses.coordination.progress import by_path, by_town
from people.permissions import standing_of
from tests.courses.coordination.people import caseworker, listed, many, of, walk, words
from tests.factories.courses import make_path
from tests.factories.people import make_person, make_role, make_town

pytestmark = pytest.mark.django_db

PROGRESS = "/da/laering/overblik/fremdrift/"


def numbers(lines):
    return {
        str(line.name): (
            line.people, line.waiting, line.going, line.late, line.stuck, line.done
        )
        for line in lines
    }  # fmt: skip


def read(lines, coordinator):
    return numbers(lines(standing_of(coordinator.user), at=timezone.now()))


def test_each_town_counts_its_own(coordinator, path, everybody):
    walk(caseworker("Gerda By", "Ilulissat"), path, done=1)

    assert read(by_town, coordinator) == {
        "Ilulissat": (1, 0, 0, 0, 0, 1),
        "Upernavik": (5, 1, 3, 1, 1, 1),
    }


def test_a_person_with_two_roles_in_a_town_counts_once_there(coordinator, path):
    both = make_person(
        make_role("caseworker", make_town()), make_role("mentor", make_town()), name="Begge Dele"
    )
    walk(both, path, due=-1, last=1)
    walk(both, make_path(path.steps.get().module, key="andet", title_da="Andet"), last=1)

    assert read(by_town, coordinator) == {"Upernavik": (1, 0, 2, 1, 0, 0)}
    assert read(by_path, coordinator)["Andet"] == (1, None, 1, 0, 0, 0)


def test_a_role_for_the_whole_municipality_stands_in_a_line_of_its_own(coordinator, path):
    walk(make_person(make_role("travelling", make_town().municipality)), path, last=1)

    assert read(by_town, coordinator) == {"Avannaata Kommunia, hele kommunen": (1, 0, 1, 0, 0, 0)}


def test_a_path_counts_those_of_the_scope_and_is_there_before_anybody_walks_it(
    coordinator, path, everybody
):
    make_path(path.steps.get().module, key="tomt", title_da="Tomt forløb")
    make_path(path.steps.get().module, key="lukket", title_da="Lukket", is_offered=False)

    assert read(by_path, coordinator) == {
        str(path.title): (4, None, 3, 1, 1, 1),
        "Tomt forløb": (0, None, 0, 0, 0, 0),
    }


def test_each_line_leads_to_the_people_behind_it(client, coordinator, path, everybody):
    walk(caseworker("Gerda By", "Ilulissat"), path, done=1)
    page = of(client.get(PROGRESS))

    town = page.find("a", string="Ilulissat")["href"]
    whole = page.find("a", string=str(path.title))["href"]

    assert listed(of(client.get(town))) == ["Gerda By"]
    assert len(listed(of(client.get(whole)))) == 5


def test_each_number_is_that_of_the_list_it_opens(client, coordinator, path, everybody):
    municipality = make_town().municipality
    for number in range(2):
        walk(make_person(make_role("travelling", municipality)), path, due=-number - 1, last=1)
    make_person(make_role("travelling", municipality))
    make_person(make_role("caseworker", make_town("Ilulissat")), make_role("mentor", municipality))
    walk(caseworker("Gerda By", "Ilulissat"), path, done=1)
    page = of(client.get(PROGRESS))

    seen = {}
    for row in page.select("tbody tr"):
        for cell in row.select("td"):
            if link := cell.a:
                lists = listed(of(client.get(link["href"])))
                assert len(lists) == int(words(cell)), (words(row), cell["data-label"])
                seen[words(row.th), cell["data-label"]] = len(lists)
        whole = listed(of(client.get(row.th.a["href"])))
        going, done = (
            row.select_one(f"[data-label={name}]") for name in ("Undervejs", "Gennemført")
        )
        assert len(whole) == int(words(going)) + int(words(done))

    whole = "Avannaata Kommunia, hele kommunen"
    assert {name: seen[name, "Uden forløb"] for name in ("Upernavik", "Ilulissat", whole)} == {
        "Upernavik": 1, "Ilulissat": 1, whole: 2,
    }  # fmt: skip
    assert seen[whole, "For sent"] == 2


@pytest.mark.parametrize(
    ("where", "offered"),
    [
        ("country", ["hele-avannaata-kommunia", "hele-landet"]),
        ("municipality", ["hele-avannaata-kommunia"]),
        ("town", []),
    ],
)
def test_a_coordinator_narrows_the_list_to_what_the_own_scope_holds(client, where, offered):
    town = make_town()
    own = {"country": None, "municipality": town.municipality, "town": town}[where]
    client.force_login(make_person(make_role("coordinator", own)).user)

    page = of(client.get("/da/laering/overblik/"))

    keys = [option["value"] for option in page.select("select[name=by] option")]
    assert keys == ["", "upernavik", *offered]


def test_without_anybody_the_page_is_a_beginning(client, coordinator):
    assert "Ingen i dit område er under oplæring endnu" in words(of(client.get(PROGRESS)).main)


@pytest.mark.parametrize("key", ["caseworker", "mentor", "leader", "editor", "administrator"])
def test_nobody_else_opens_it(client, everybody, key):
    client.force_login(make_person(make_role(key)).user)

    for address in (PROGRESS, f"{PROGRESS}by.csv", f"{PROGRESS}forloeb.xlsx"):
        assert client.get(address).status_code == 403


def test_a_table_is_taken_along_as_a_danish_excel_reads_it(client, coordinator, everybody):
    text = b"".join(client.get(f"{PROGRESS}by.csv")).decode()
    book = b"".join(client.get(f"{PROGRESS}by.xlsx"))
    sheet = load_workbook(BytesIO(book)).active

    assert text.startswith("\ufeff")
    assert list(csv.reader(StringIO(text[1:]), delimiter=";")) == [
        ["By", "Personer", "Uden forløb", "Undervejs", "For sent", "Sidder fast", "Gennemført"],
        ["Upernavik", "5", "1", "3", "1", "1", "1"],
    ]
    assert [cell.value for cell in sheet[2]] == ["Upernavik", 5, 1, 3, 1, 1, 1]
    assert client.get(f"{PROGRESS}findes-ikke.csv").status_code == 404


def test_it_takes_as_many_queries_for_one_as_for_thousands(client, coordinator, path):
    def count():
        client.get(PROGRESS)
        with CaptureQueriesContext(connection) as taken:
            assert client.get(PROGRESS).status_code == 200
        return len(taken)

    walk(caseworker("Anna Sen"), path, due=-1)
    for_one = count()
    many(path, 3000, make_town("Ilulissat"))

    assert count() == for_one
    assert for_one <= 8
