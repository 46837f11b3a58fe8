"""The table of who gets what is whole: a new address stays out of it until somebody looked."""

from django.urls import URLPattern, path
from django.views.generic import View

from tests.access.matrix import (
    GONE,
    NEWEST,
    TABLE,
    asked,
    patterns,
    people_of,
    read,
    reviewed_table,
    unreviewed,
)

REVIEWED = reviewed_table()
PEOPLE = [
    "anonymous",
    "caseworker",
    "mentor",
    "travelling",
    "leader",
    "coordinator of the own municipality",
    "coordinator of another municipality",
    "editor",
    "translator",
    "reviewer",
    "administrator",
    "a role that ended",
    "a closed account",
    "a mentor whose stay has ended",
    "a superuser who is an administrator",
]


def test_every_address_is_reviewed_and_none_that_is_gone():
    assert unreviewed(REVIEWED) == set()


def test_a_new_address_fails_until_it_is_reviewed():
    new: URLPattern = path("nyt/<int:pk>/", View.as_view())

    assert unreviewed(REVIEWED, [*patterns(), str(new.pattern)]) == {
        "GET nyt/<int:pk>/",
        "POST nyt/<int:pk>/",
    }


def test_an_address_that_is_gone_fails_until_it_leaves_the_table():
    rest = [pattern for pattern in patterns() if pattern != "healthz"]

    assert unreviewed(REVIEWED, rest) == {"GET healthz", "POST healthz"}


def test_a_record_is_asked_for_as_ones_own_as_another_persons_and_as_missing():
    new = "da/sidemand/noter/<uuid:session>/"

    assert unreviewed(REVIEWED, [*patterns(), new]) == {
        f"{method} {new}{of}"
        for method in ("GET", "POST")
        for of in ("", " (of others)", " (missing)")
    }


def test_what_a_device_puts_is_asked_for_too_and_no_form_is():
    put = {str(row) for row, method in asked() if method == "PUT"}

    assert {
        f"api/v1/{place}{of}"
        for place in ("sessions/<uuid:session>", "records/<uuid:record>")
        for of in ("", " (of others)", " (missing)")
    } <= put
    assert [label for label in put if not label.startswith(("api/v1/", "admin/localize/"))] == []


def test_everybody_has_a_column():
    for table in TABLE, NEWEST:
        assert people_of(table.read_text(encoding="utf-8")) == PEOPLE
    assert {len(letters) for letters in REVIEWED.values()} == {len(PEOPLE)}


def test_no_answer_is_a_fault():
    assert [key for key, letters in REVIEWED.items() if "!" in letters] == []


def test_the_newest_wagtail_differs_in_its_administration_alone():
    table = read(NEWEST.read_text(encoding="utf-8"))

    assert [pattern for pattern, _method in table if not pattern.startswith("admin/")] == []
    assert {len(letters) for letters in table.values() if letters != GONE} == {len(PEOPLE)}
