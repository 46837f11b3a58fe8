"""The overview as a table to take along says what the list shows."""

import csv
import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from core.models import AccessLog
from core.periods import local_day
from courses.actions import mark_read, take_path
from tests.courses.coordination.people import (
    OVERVIEW,
    caseworker,
    many,
    walk,
)
from tests.factories.people import make_person, make_role, make_town

pytestmark = pytest.mark.django_db


# --- Tables to take along ---


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
