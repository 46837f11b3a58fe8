"""The reviewer reads at each decision how many certificates it meets, and what becomes of them."""

import csv
import datetime as dt
import io

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from courses.certificates.changed_law import told_of_certificates
from courses.models import Certificate, CertificateRule
from rules.law_changes import take_back_decision
from rules.models import Decision
from tests.factories.admin import admin_browser
from tests.factories.certificates import make_certificate
from tests.factories.courses import make_rule
from tests.factories.law import decide_on, new_version
from tests.factories.people import make_person, make_role

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("base")]
DAY = dt.timedelta(days=1)
TODAY = timezone.localdate()
EARLY = TODAY + 60 * DAY


@pytest.fixture
def reviewer(base):
    return admin_browser("reviewer")


def cited(*rules, **fields):
    """A certificate of last month that rests on ``rules``."""
    fields = {"issued_at": timezone.now() - 30 * DAY, "issued_on": TODAY - 30 * DAY} | fields
    made = make_certificate(make_person(make_role("caseworker")), **fields)
    CertificateRule.objects.bulk_create(
        CertificateRule(certificate=made, rule=rule) for rule in rules
    )
    return made


def change(rule, statement="Nu siger den noget andet."):
    return decide_on(rule, "changed", statement_da=statement, at=timezone.now())


def lines(client, address, **query):
    page = BeautifulSoup(client.get(address, query).content, "html.parser").main
    return [" ".join(found.get_text(" ").split()) for found in page.select("section li, tbody td")]


def test_a_decision_says_how_many_end_early_and_how_many_have_been_renewed():
    rule, other = make_rule(), make_rule()
    for _number in range(3):
        cited(rule)
    cited(rule, revoked_at=timezone.now(), revoked_for="mistake")  # counts for nothing
    cited(rule, ends_on=TODAY, expires_on=TODAY)  # was over before
    cited(rule, replaced_at=timezone.now() - DAY)  # was replaced before
    cited(other)
    decision = change(rule)
    later = cited(rule, issued_at=timezone.now() + DAY)  # learnt the new rule
    renewed = CertificateRule.objects.filter(rule=rule).exclude(certificate=later).first()
    Certificate.objects.filter(pk=renewed.certificate_id).update(
        replaced_at=timezone.now() + DAY, replaced_by=later
    )

    said = told_of_certificates([decision])

    assert set(said) == {decision.pk}
    first, early, anew = said[decision.pk].split(" · ")
    assert first == "3 beviser hviler på den"
    assert early.startswith("2 udløber før tid, senest ")
    assert str(EARLY.year) in early
    assert anew == "1 er fornyet"


def test_two_decisions_on_one_rule_are_counted_apart_and_changed_back_is_no_change():
    rule = make_rule()
    said = rule.statement_da
    cited(rule)
    first = change(rule)
    second = change(rule, said)

    told = told_of_certificates([first, second])

    assert told == dict.fromkeys([first.pk, second.pk], "1 bevis hviler på den")


def test_a_decision_that_meets_none_says_nothing(reviewer):
    rule = make_rule()
    change(rule)

    assert told_of_certificates(list(Decision.objects.all())) == {}
    assert lines(reviewer, reverse("rules_review")) == []


def test_the_reviewer_reads_it_on_the_list_the_work_list_and_in_the_file(reviewer):
    rule = make_rule(paragraph="§ 19, stk. 1")
    cited(rule)
    new = new_version(rule.act, in_force_from=TODAY)
    decision = change(rule)
    wanted = "1 bevis hviler på den · 1 udløber før tid, senest"

    listed = [one for one in lines(reviewer, reverse("rules_review")) if wanted in one]
    worked = [
        one for one in lines(reviewer, reverse("rules_worklist", args=[new.pk])) if wanted in one
    ]
    text = b"".join(reviewer.get(reverse("rules_review_csv")).streaming_content).decode("utf-8-sig")
    header, *rows = csv.reader(io.StringIO(text), delimiter=";")
    filed = [row for row in rows if wanted in row[1]]

    assert len(listed) == len(worked) == len(filed) == 1
    assert listed[0].startswith("§ 19, stk. 1 , børnestøtteloven (2027): Ændret")
    assert filed[0][3] == "§ 19, stk. 1"
    assert len(header) == len(filed[0])
    assert wanted not in str(lines(reviewer, reverse("rules_review"), lov=str(make_rule().act_id)))

    take_back_decision(decision, at=timezone.now(), by=None)

    assert wanted not in str(lines(reviewer, reverse("rules_review")))


def test_nobody_is_named(reviewer):
    rule = make_rule()
    holder = cited(rule).person.name
    change(rule)

    assert holder not in reviewer.get(reverse("rules_review")).content.decode()


@pytest.mark.parametrize("count", [1, 12])
def test_both_lists_take_the_same_queries(reviewer, count):
    rules = [make_rule() for _number in range(count)]
    cited(*rules)
    new = new_version(rules[0].act, in_force_from=TODAY)
    for rule in rules:
        change(rule)
    taken = {}
    for address in (reverse("rules_review"), reverse("rules_worklist", args=[new.pk])):
        reviewer.get(address)
        with CaptureQueriesContext(connection) as asked:
            told = [one for one in lines(reviewer, address) if "hviler på den" in one]
        assert len(told) == count
        taken[address] = len([one for one in asked if "certificate" in str(one["sql"])])

    assert set(taken.values()) == {1}
