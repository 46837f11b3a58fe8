"""The reviewer's list of what follows from decisions: closing, filters, paging, CSV."""

import csv
import io
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import override

from rules.models import ReviewItem, Rule
from rules.review import Row
from tests.factories.admin import admin_browser
from tests.factories.courses import make_question, make_rule
from tests.factories.law import decide_on, new_version
from tests.rules.reading import soup

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("base")]
TODAY = timezone.localdate()


def titles(client: Client, **query: object) -> list[str]:
    page = soup(client, reverse("rules_review"), **query)
    return [cell.get_text(strip=True) for cell in page.select("td.title .title-wrapper")]


def test_the_list_holds_everything_that_waits_with_the_difference(reviewer):
    rule = make_rule()
    question = make_question(rule=rule, text_da="Hvor lang tid har I?")
    decide_on(rule, "changed", deadline_da="48 timer")

    page = soup(reviewer, reverse("rules_review"))

    assert titles(reviewer) == ["Hvor lang tid har I?"]
    assert [one.get_text() for one in page.select("del, ins")] == ["24", "48"]
    address = reverse("wagtailsnippets_courses_question:edit", args=[question.pk])
    assert page.find("a", href=address) is not None


def test_one_press_closes_an_item_and_another_opens_it_again(reviewer):
    rule = make_rule()
    make_question(rule=rule)
    decide_on(rule, "gone")
    item = ReviewItem.objects.get()
    back = reverse("rules_review") + "?slags=question"

    response = reviewer.post(
        reverse("rules_close_items"), {"item": item.pk, "state": "done", "next": back}
    )

    item.refresh_from_db()
    assert (response["Location"], item.state) == (back, "done")
    assert item.closed_by.name == "Reviewer Demo"
    assert titles(reviewer) == []
    assert len(titles(reviewer, tilstand="closed")) == 1
    reviewer.post(reverse("rules_close_items"), {"item": item.pk, "state": "open"})
    assert len(titles(reviewer)) == 1


@pytest.mark.parametrize("item", ["", "x", "9" * 40, "-1"])
def test_an_item_that_is_none_changes_nothing(reviewer, item):
    response = reviewer.post(reverse("rules_close_items"), {"item": item, "state": "done"})

    assert response.status_code == 302


def test_an_editor_closes_nothing():
    rule = make_rule()
    make_question(rule=rule)
    decide_on(rule, "gone")

    admin_browser("editor").post(
        reverse("rules_close_items"), {"item": ReviewItem.objects.get().pk, "state": "done"}
    )

    assert ReviewItem.objects.get().state == "open"


def test_the_list_is_filtered_by_act_kind_language_age_and_state(reviewer):
    old, other = make_rule(), make_rule(act=None)
    make_question(rule=old, text_da="Gammel")
    make_question(rule=other, text_da="Ny")
    decide_on(old, "gone", at=timezone.now() - timedelta(days=31))
    decide_on(other, "gone", at=timezone.now())
    ReviewItem.objects.filter(title="Ny").update(language="kl", kind="lesson")

    assert titles(reviewer) == ["Gammel", "Ny"]
    assert titles(reviewer, lov=str(old.act_id)) == ["Gammel"]
    assert titles(reviewer, slags="question") == ["Gammel"]
    assert titles(reviewer, sprog="kl") == ["Ny"]
    assert titles(reviewer, alder="30") == ["Gammel"]
    assert titles(reviewer, alder="90") == []
    assert titles(reviewer, tilstand="closed") == []
    assert titles(reviewer, lov="x", slags="x", sprog="x", alder="x", tilstand="x", p="x") == [
        "Gammel",
        "Ny",
    ]


@pytest.mark.parametrize("count", [1, 60])
def test_the_list_is_paged_and_takes_the_same_queries(reviewer, count):
    rule = make_rule()
    for _number in range(count):
        make_question(rule=rule)
    decide_on(rule, "gone")
    make_rule(checked_on=TODAY - timedelta(days=9), review_by=TODAY - timedelta(days=1))
    new_version(rule.act, in_force_from=TODAY)
    reviewer.get(reverse("rules_review"))

    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        shown = titles(reviewer)
    of_ours = [one for one in asked if "rules_" in one["sql"] or "courses_" in one["sql"]]
    # acts; acts with rules that wait; overdue; how many items; the items; where questions are;
    # whether the weekly mail is stopped; the decisions of late; the certificates they meet
    assert (len(shown), len(of_ours)) == (min(count, 50), 9)
    if count > 50:
        assert len(titles(reviewer, p="2")) == count - 50


def test_rules_that_wait_or_are_overdue_are_on_the_list_too(reviewer):
    late = make_rule(checked_on=TODAY - timedelta(days=9), review_by=TODAY - timedelta(days=1))
    rule = make_rule(review_by=TODAY + timedelta(days=900), statement_da="Den venter.")
    Rule.objects.filter(pk=late.pk).update(act=None)
    new = new_version(rule.act, in_force_from=TODAY)

    page = soup(reviewer, reverse("rules_review"))

    assert page.find("a", href=reverse("rules_decide", args=[late.pk])) is not None
    assert page.find("a", href=reverse("rules_worklist", args=[new.pk])) is not None
    assert "1 regel venter" in page.get_text()


def read_csv(client: Client, **query: object) -> list[list[str]]:
    response = client.get(reverse("rules_review_csv"), query)
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


def test_the_whole_list_comes_as_csv(reviewer):
    rule = make_rule()
    make_question(rule=rule, text_da="=1+1")
    decide_on(rule, "changed", deadline_da="48 timer", at=timezone.now())
    new_version(rule.act, in_force_from=TODAY)

    header, item, waiting = read_csv(reviewer)

    assert len(header) == len(item) == len(waiting) == 13
    assert item[:2] == ["Spørgsmål", "'=1+1"]
    assert item[6:8] == ["24 timer", "48 timer"]
    assert waiting[5] == "Skal efterses mod en ny lov"
    assert read_csv(reviewer, slags="lesson") == [header]


def test_the_csv_names_what_a_new_law_may_change_too(reviewer):
    make_rule(key="kvittering", act=None, paragraph="", checked_on=TODAY - timedelta(days=90))
    new_version(make_rule().act, in_force_from=TODAY)

    _header, _waiting, unseen = read_csv(reviewer)

    assert (unseen[3], unseen[4], unseen[5]) == ("kvittering", "", "Skal efterses mod en ny lov")


def test_what_was_marked_in_the_evening_waits_from_that_day(reviewer):
    rule = make_rule()
    make_question(rule=rule)
    evening = datetime.combine(TODAY, time(23, 30), ZoneInfo(settings.TIME_ZONE))
    decide_on(rule, "gone", at=evening)
    ReviewItem.objects.update(marked_at=evening, state="done", closed_at=evening)
    item = ReviewItem.objects.get()

    _header, row, *_ = read_csv(reviewer, tilstand="closed")

    assert Row(item, "", "", TODAY).days == 0
    assert (row[9], row[12]) == (TODAY.isoformat(), TODAY.isoformat())
    with override(ZoneInfo("Europe/Copenhagen")):  # as in Wagtail's admin, for whoever chose it
        assert not ReviewItem.objects.marked_before(TODAY).exists()
        assert ReviewItem.objects.marked_before(TODAY + timedelta(days=1)).exists()


def test_the_start_page_of_a_reviewer_counts_what_waits(reviewer):
    rule = make_rule()
    make_question(rule=rule)
    decide_on(rule, "gone")
    waiting = make_rule(review_by=TODAY + timedelta(days=900))
    new_version(waiting.act, in_force_from=TODAY)

    start = reviewer.get("/da/start/").content.decode()

    assert "1 sted skal gennemgås efter en lovændring" in start
    assert "1 regel skal efterses mod en ny lov" in start
