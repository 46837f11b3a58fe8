"""Reviewers are reminded once a week while something waits, until they stop it."""

from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.urls import reverse

from notices.due import _jobs
from pages.digest import remind_reviewers
from rules.models import DigestStop
from tests.factories.admin import admin_browser
from tests.factories.courses import AT, make_question, make_rule
from tests.factories.law import decide_on, new_version
from tests.factories.people import make_person, make_role

DAY = timedelta(days=1)
MONDAY = AT + timedelta(days=6)  # 21 June 2027


@pytest.fixture
def overdue() -> Any:
    return make_rule(checked_on=AT.date() - 9 * DAY, review_by=AT.date() - DAY)


def remind(capture: Any, at: Any) -> int:
    with capture(execute=True):
        return remind_reviewers(at)


def test_each_reviewer_of_today_gets_one_mail_a_week(overdue, django_capture_on_commit_callbacks):
    reviewer = make_person(make_role("reviewer"), email="godkender@example.org")
    make_person(make_role("editor"))
    make_person(make_role("reviewer", ends_on=AT.date()))
    make_person(make_role("reviewer"), account=False)
    closed = make_person(make_role("reviewer"))
    closed.user.is_active = False
    closed.user.save()

    sent = [
        remind(django_capture_on_commit_callbacks, at)
        for at in (AT, AT + DAY, MONDAY, MONDAY + DAY)
    ]

    assert sent == [1, 0, 1, 0]
    assert [one.to for one in mail.outbox] == [[reviewer.email]] * 2
    text = mail.outbox[0].body
    assert "1 regel skulle være kontrolleret igen" in text
    assert reverse("rules_review") in text
    assert overdue.statement_da not in text


def test_the_mail_counts_what_a_new_law_asks_for(django_capture_on_commit_callbacks):
    make_person(make_role("reviewer"))
    changed, waiting = make_rule(), make_rule()
    make_question(rule=changed)
    decide_on(changed, "gone")
    new_version(waiting.act)

    remind(django_capture_on_commit_callbacks, AT)

    text = mail.outbox[0].body
    assert "1 regel skal efterses mod en ny lov" in text
    assert "1 sted skal gennemgås efter en lovændring" in text
    assert "kontrolleret igen" not in text


def test_the_mail_counts_what_a_new_law_may_change_too(django_capture_on_commit_callbacks):
    make_person(make_role("reviewer"))
    make_rule(act=None, paragraph="")
    new_version(make_rule().act, in_force_from=AT.date())

    remind(django_capture_on_commit_callbacks, AT)

    assert "2 regler skal efterses mod en ny lov" in mail.outbox[0].body


def test_nothing_waits_and_nothing_is_sent(django_capture_on_commit_callbacks):
    make_person(make_role("reviewer"))
    make_rule()

    assert remind(django_capture_on_commit_callbacks, AT) == 0
    assert mail.outbox == []


def test_a_reviewer_stops_it_and_starts_it_again(overdue, django_capture_on_commit_callbacks):
    browser = admin_browser("reviewer")
    address = reverse("rules_weekly_mail")

    browser.post(address, {"mail": "stop"})
    browser.post(address, {"mail": "stop"})
    assert DigestStop.objects.count() == 1
    assert b'value="start"' in browser.get(reverse("rules_review")).content
    assert remind(django_capture_on_commit_callbacks, AT) == 0

    browser.post(address, {"mail": "start"})
    assert remind(django_capture_on_commit_callbacks, AT) == 1


def test_one_press_in_the_mail_stops_it(overdue, client, django_capture_on_commit_callbacks):
    make_person(make_role("reviewer"), email="godkender@example.org")
    remind(django_capture_on_commit_callbacks, AT)
    address = mail.outbox[0].extra_headers["List-Unsubscribe"].strip("<>")
    assert address in mail.outbox[0].body

    client.get(address)
    assert not DigestStop.objects.exists()
    client.post(address, {"List-Unsubscribe": "One-Click"})

    assert DigestStop.objects.count() == 1
    assert remind(django_capture_on_commit_callbacks, MONDAY) == 0


def test_an_editor_has_no_such_mail():
    assert admin_browser("editor").post(reverse("rules_weekly_mail")).status_code in {302, 403}
    assert not DigestStop.objects.exists()


def test_it_is_among_the_recurring_work():
    assert _jobs["pages.remind_reviewers"].every == DAY


@pytest.mark.parametrize("count", [1, 20])
def test_the_queries_stay_the_same(overdue, count, django_assert_num_queries):
    for _number in range(count):
        make_person(make_role("reviewer"))
        make_rule(act=None, paragraph="")
    new = make_rule().act
    for number in range(count):
        begins = AT.date() + number * DAY
        new = new_version(new, in_force_from=begins, number=f"{number}/2027")

    # four counts, the new acts and what they may change, the reviewers, what was sent this week
    with django_assert_num_queries(8):
        assert remind_reviewers(AT) == count


def test_the_mail_is_stopped_and_started_on_ones_own_page():
    client = admin_browser("reviewer")

    def offered():
        page = BeautifulSoup(client.get("/da/personer/mig/").content, "html.parser")
        return [form.button["value"] for form in page.select(f"form[action='{address}']")]

    address = reverse("rules_weekly_mail")
    assert offered() == ["stop"]
    client.post(address, {"mail": "stop"})
    assert offered() == ["start"]
    client.post(address, {"mail": "start"})
    assert offered() == ["stop"]


def test_nobody_but_reviewers_is_offered_the_mail():
    html = admin_browser("editor").get("/da/personer/mig/").content.decode()

    assert "Ugentlig mail" not in html
