"""The register in the admin: what must be checked again, and what a rule said before."""

from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from people.actions import sync_groups
from people.models import Person
from rules.actions import save_rule
from rules.history import history_of
from tests.factories.courses import make_rule
from tests.factories.people import make_person, make_role

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("base")]
LIST = "wagtailsnippets_rules_rule:list"


def signed_in(person: Person) -> Client:
    sync_groups(at=timezone.now())
    client = Client()
    client.force_login(person.user)
    return client


@pytest.fixture
def reviewer(base: None) -> Person:
    return make_person(make_role("reviewer"), name="Faglig Godkender Demo")


def test_a_reviewer_is_told_of_overdue_rules_and_led_to_them(reviewer: Person) -> None:
    today = timezone.localdate()
    late = make_rule(checked_on=today - timedelta(days=400), review_by=today - timedelta(days=1))
    fine = make_rule(checked_on=today, review_by=today)
    client = signed_in(reviewer)

    start = BeautifulSoup(client.get("/da/start/").content, "html.parser")
    link = start.find("a", string="1 regel skulle være kontrolleret igen")
    assert link is not None

    shown = client.get(str(link["href"])).content.decode()
    assert (late.statement_da in shown, str(late.pk) in shown) == (True, True)
    assert str(fine.pk) not in shown
    assert str(fine.pk) in client.get(reverse(LIST)).content.decode()


def test_without_overdue_rules_nothing_is_said(reviewer: Person) -> None:
    today = timezone.localdate()
    make_rule(checked_on=today, review_by=today + timedelta(days=1))

    assert b"kontrolleret igen" not in signed_in(reviewer).get("/da/start/").content


def test_the_history_tells_what_changed_when_and_by_whom(reviewer: Person) -> None:
    rule = make_rule(paragraph="", review_by=date(2027, 6, 15))
    save_rule(rule, at=timezone.now(), by=reviewer)
    rule.paragraph, rule.state = "§ 19, stk. 1", "press"
    save_rule(rule, at=timezone.now(), by=reviewer)

    newest, *_rest, first = history_of(rule)

    assert [(one.label, one.before, one.after) for one in newest.changes] == [
        ("paragraf", "–", "§ 19, stk. 1"),
        ("tilstand", "Kontrolleret", "Kendes kun fra pressen"),
    ]
    assert first.changes == []
    address = reverse("wagtailsnippets_rules_rule:inspect", args=[rule.pk])
    page = BeautifulSoup(signed_in(reviewer).get(address).content, "html.parser")
    told = " ".join(page.select_one("#history").get_text(" ").split())
    assert "Faglig Godkender Demo" in told
    assert "Paragraf – § 19, stk. 1" in told
    assert "None" not in page.main.get_text()
