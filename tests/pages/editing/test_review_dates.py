"""A page is to be read again after its months; who reads it says so, and reviewers are reminded."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from wagtail.models import PageLogEntry

from core.periods import local_day
from pages.digest import remind_reviewers
from pages.editing.conditions import confirm, months_after
from pages.models import PageCondition
from tests.factories.admin import admin_browser, make_user
from tests.factories.courses import AT
from tests.factories.pages import edit, in_kalaallisut, make_lesson_page
from tests.factories.people import make_person, make_role

TODAY = date(2027, 3, 1)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 11, 26), 12, date(2027, 11, 26)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2026, 12, 31), 24, date(2028, 12, 31)),
    ],
)
def test_months_end_on_the_same_day_or_the_last_one(day: date, months: int, expected: date):
    assert months_after(day, months) == expected


@pytest.mark.parametrize("months", [3, 12])
def test_publishing_begins_the_months_of_the_page(months: int):
    page = make_lesson_page(review_months=months)

    assert page.condition.review_by == months_after(local_day(timezone.now()), months)


def test_a_page_gets_twelve_months_unless_told_otherwise():
    assert make_lesson_page().review_months == 12


def test_publishing_anew_counts_as_reading():
    page = make_lesson_page()
    PageCondition.objects.update(review_by=TODAY)
    reviewer = make_user("reviewer")

    page.save_revision(user=reviewer).publish(user=reviewer)

    condition = PageCondition.objects.get(page=page.pk)
    assert condition.review_by == months_after(local_day(timezone.now()), 12)
    assert condition.reviewed_by == reviewer.person


@pytest.mark.parametrize(("days", "overdue"), [(-1, True), (0, False), (1, False)])
def test_it_is_late_from_the_day_after(days: int, overdue: bool):
    page = make_lesson_page()
    PageCondition.objects.filter(page=page.pk).update(review_by=TODAY + timedelta(days=days))

    found = PageCondition.objects.overdue(on=TODAY).filter(page=page.pk)

    assert found.exists() is overdue


def test_what_nobody_reads_is_not_late():
    withdrawn, copied = make_lesson_page(), make_lesson_page()
    withdrawn.unpublish()
    PageCondition.objects.update(review_by=TODAY)
    PageCondition.objects.create(page_id=in_kalaallisut(copied).pk, review_by=TODAY)

    late = {one.page_id for one in PageCondition.objects.overdue(on=TODAY + timedelta(days=1))}

    assert copied.pk in late
    assert withdrawn.pk not in late
    assert in_kalaallisut(copied).pk not in late


def test_a_reviewer_says_that_a_page_is_still_right():
    page = make_lesson_page(title="Kvitteringen", review_months=6)
    PageCondition.objects.filter(page=page.pk).update(review_by=TODAY - timedelta(days=900))
    browser = admin_browser("reviewer")
    address = reverse("pages_list", args=["laes-igen"])
    assert "Kvitteringen" in browser.get(address).content.decode()

    answer = browser.post(reverse("pages_confirm", args=[page.pk]), follow=True)

    assert "skal læses igen om 6 måneder" in answer.content.decode()
    assert PageCondition.objects.get(page=page.pk).review_by == months_after(
        local_day(timezone.now()), 6
    )
    assert PageLogEntry.objects.filter(page=page.pk, action="pages.confirm").count() == 1


@pytest.mark.parametrize("role", ["editor", "translator"])
def test_nobody_else_says_so(role: str):
    page = make_lesson_page()
    PageCondition.objects.filter(page=page.pk).update(review_by=TODAY)

    answer = admin_browser(role).post(reverse("pages_confirm", args=[page.pk]), follow=True)

    assert answer.status_code == 404
    with pytest.raises(PermissionDenied):
        confirm(page, user=make_user(role), by=None, at=timezone.now())
    assert PageCondition.objects.get(page=page.pk).review_by == TODAY


def test_a_look_changes_nothing_and_a_draft_cannot_be_confirmed():
    page, draft = make_lesson_page(), make_lesson_page(live=False)
    browser = admin_browser("reviewer")

    assert browser.get(reverse("pages_confirm", args=[page.pk])).status_code == 405
    assert browser.post(reverse("pages_confirm", args=[draft.pk]), follow=True).status_code == 404
    assert (
        browser.post(reverse("pages_confirm", args=[page.pk + 9_999]), follow=True).status_code
        == 404
    )


def test_the_weekly_mail_counts_the_pages(django_capture_on_commit_callbacks: Any):
    make_person(make_role("reviewer"), email="godkender@example.org")
    page = make_lesson_page(title="Hemmelig titel")
    PageCondition.objects.exclude(page=page.pk).update(review_by=AT.date() + timedelta(days=1))
    PageCondition.objects.filter(page=page.pk).update(review_by=AT.date() - timedelta(days=1))

    with django_capture_on_commit_callbacks(execute=True):
        assert remind_reviewers(AT) == 1

    body = mail.outbox[0].body
    assert "1 side skulle være læst igen" in body
    assert reverse("pages_list", args=["laes-igen"]) in body
    assert "Hemmelig titel" not in body


def test_an_old_version_brings_no_old_day_back():
    page = make_lesson_page(review_months=12)
    first = page.get_latest_revision()
    edit(page, title="Ny")
    day = PageCondition.objects.get(page=page.pk).review_by

    first.publish()

    assert PageCondition.objects.get(page=page.pk).review_by == day
