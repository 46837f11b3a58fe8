"""Coordinators assign, take back, and make rules, from the pages of the overview."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from courses.models import Assignment, PathRule
from tests.courses.coordination.people import DAY, caseworker, of, walk, words
from tests.factories.courses import (
    make_path,
)
from tests.factories.people import make_town

pytestmark = pytest.mark.django_db


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
