"""What goes live only after the law has changed is marked, or held back, as if it had been live."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone
from wagtail.models import Revision

from courses.models import Case
from notices.models import Notice
from pages.models import CasePage, InformationPage, LessonPage
from rules.law_changes import close_items
from rules.models import ReviewItem
from tests.factories.admin import make_user
from tests.factories.cases import make_case_page, told
from tests.factories.courses import make_rule
from tests.factories.law import DECIDED, decide_on
from tests.factories.pages import (
    block,
    edit,
    in_kalaallisut,
    make_home,
    make_lesson_page,
    put,
    text,
)

HELD_BACK = "pages.held_back"


def cite(rule: Any) -> dict[str, Any]:
    return block("rule", str(rule.pk))


def open_items() -> list[tuple[str, str, str]]:
    items = ReviewItem.objects.open().order_by("kind", "title", "language")
    return list(items.values_list("kind", "title", "language"))


def plan(page: Any) -> Revision:
    """Let ``page`` be published, by whoever wrote it, in an hour."""
    page.go_live_at = timezone.now() + timedelta(hours=1)
    revision = page.save_revision()
    revision.publish()
    return revision


def an_hour_later(*revisions: Revision) -> None:
    """The hour of these planned revisions has come, and the job that publishes them runs."""
    passed = timezone.now() - timedelta(minutes=1)
    for number, revision in enumerate(revisions):
        at = passed + timedelta(seconds=number)
        Revision.objects.filter(pk=revision.pk).update(
            approved_go_live_at=at, content={**revision.content, "go_live_at": at.isoformat()}
        )
    call_command("publish_scheduled", stdout=StringIO())


def change(rule: Any, **values: Any) -> None:
    decide_on(rule, "changed", **(values or {"deadline_da": "48 timer", "deadline_hours": 48}))


def is_live(page: Any) -> bool:
    return bool(type(page).objects.get(pk=page.pk).live)


# --- Planned --------------------------------------------------------------------------------------


def test_a_lesson_that_was_planned_before_the_change_goes_live_marked(client):
    rule = make_rule()
    page = make_lesson_page(title="Planlagt", body=[cite(rule)], live=False)
    planned = plan(page)
    change(rule)
    assert open_items() == []

    an_hour_later(planned)

    assert is_live(page)
    assert open_items() == [("lesson", "Planlagt", "da")]
    assert "En regel i lektionen er ændret" in client.get(page.url).content.decode()


def test_a_case_whose_deadline_the_change_made_wrong_is_held_back_and_the_reviewers_are_told():
    reviewer, away = make_user("reviewer"), make_user("editor")
    rule = make_rule()
    case = make_case_page(title="Fredag", told_da=told(rule), live=False)
    lesson = make_lesson_page(title="En anden", live=False)
    planned = plan(case)
    after_it = plan(lesson)
    change(rule)

    an_hour_later(planned, after_it)

    assert (is_live(case), is_live(lesson)) == (False, True)
    assert not Case.objects.filter(pk=case.translation_key, is_live=True).exists()
    assert open_items() == [("case", "Fredag", "da")]
    notice = Notice.objects.get(kind=HELD_BACK)
    assert notice.person == reviewer.person != away.person
    assert notice.facts == {"title": "Fredag"}
    call_command("publish_scheduled", stdout=StringIO())
    assert Notice.objects.filter(kind=HELD_BACK).count() == 1


def test_a_live_case_stays_as_it_is_where_its_next_version_is_held_back():
    rule = make_rule()
    case = make_case_page(title="Fredag", told_da=told(rule))
    case.title = "Mandag"
    planned = plan(case)
    change(rule)

    an_hour_later(planned)

    kept = CasePage.objects.get(pk=case.pk)
    assert (kept.live, kept.title) == (True, "Fredag")
    assert open_items() == [("case", "Fredag", "da")]  # marked when the rule changed, and once


def test_a_case_whose_figures_still_hold_goes_live_marked(client):
    rule = make_rule()
    case = make_case_page(title="Fredag", told_da=told(rule), live=False)
    planned = plan(case)
    change(rule, statement_da="Kommunen beslutter, hvad der skal ske.")

    an_hour_later(planned)

    assert is_live(case)
    assert open_items() == [("case", "Fredag", "da")]
    assert "En regel i sagen er ændret" in client.get(case.url).content.decode()
    assert not Notice.objects.filter(kind=HELD_BACK).exists()


def test_what_is_planned_and_still_right_is_neither_marked_nor_held_back():
    rule, other = make_rule(), make_rule()
    case = make_case_page(told_da=told(rule), live=False)
    planned = plan(case)
    change(other)
    decide_on(rule, "unchanged")

    an_hour_later(planned)

    assert is_live(case)
    assert open_items() == []


# --- Withdrawn, and published again ---------------------------------------------------------------


@pytest.mark.parametrize("kind", ["lesson", "case", "page"])
def test_what_was_withdrawn_when_the_rule_changed_is_marked_once_it_is_published_again(kind):
    rule = make_rule()
    page: Any
    if kind == "lesson":
        page = make_lesson_page(title="Igen", body=[cite(rule)])
    elif kind == "case":
        page = make_case_page(title="Igen", told_da=told(rule))
    else:
        page = put(make_home(), InformationPage(title="Igen", body=[cite(rule)]))
    page.unpublish()
    change(rule, statement_da="Kommunen beslutter, hvad der skal ske.")
    assert open_items() == []

    edit(page)

    assert open_items() == [(kind, "Igen", "da")]


def test_what_somebody_has_looked_through_is_not_marked_again():
    rule = make_rule()
    page = make_lesson_page(body=[cite(rule)])
    change(rule)
    close_items(ReviewItem.objects.values_list("pk", flat=True), "done", at=DECIDED, by=None)

    edit(page, title="Rettet")
    page.unpublish()
    edit(page)

    assert ReviewItem.objects.get().state == "done"


def test_what_was_written_after_the_change_is_not_marked():
    rule = make_rule()
    page = make_lesson_page(body=[text("<p>Uden reglen.</p>")])
    change(rule)
    page = LessonPage.objects.get(pk=page.pk)
    page.body = [cite(rule)]
    revision = page.save_revision()
    Revision.objects.filter(pk=revision.pk).update(created_at=DECIDED + timedelta(seconds=1))

    Revision.objects.get(pk=revision.pk).publish()

    assert open_items() == []


@pytest.mark.parametrize(("is_done", "languages"), [(False, ["da", "kl"]), (True, [])])
def test_a_translation_is_marked_while_the_page_that_it_translates_is(is_done, languages):
    rule = make_rule()
    page = make_lesson_page(title="Lektion", body=[cite(rule)])
    change(rule)
    if is_done:
        close_items(ReviewItem.objects.values_list("pk", flat=True), "done", at=DECIDED, by=None)
    alias = in_kalaallisut(page)
    alias.alias_of = None
    alias.save()
    alias.title = "[kl]"
    revision = alias.save_revision()
    Revision.objects.filter(pk=revision.pk).update(created_at=DECIDED + timedelta(days=1))

    Revision.objects.get(pk=revision.pk).publish()

    assert [language for _kind, _title, language in open_items()] == languages


def test_publishing_asks_once_where_nothing_has_changed(django_assert_max_num_queries):
    rule = make_rule()
    page = make_lesson_page(body=[cite(rule)])

    with django_assert_max_num_queries(300) as taken:
        edit(page, title="Ny titel")

    assert sum("rules_decision" in one["sql"] for one in taken.captured_queries) == 1
