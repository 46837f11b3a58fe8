"""A rule changes: every page that cites it is marked, and a lesson says so until it is done."""

import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from courses.actions import begin_case
from courses.models import Case
from pages.models import InformationPage
from rules.actions import save_act, save_rule
from rules.citations import edit_addresses
from rules.law_changes import close_items, take_back_decision
from rules.models import ReviewItem
from tests.factories.cases import make_case_page, told
from tests.factories.courses import make_learner, make_question, make_rule
from tests.factories.law import DECIDED, decide_on, new_version
from tests.factories.pages import (
    block,
    edit,
    in_kalaallisut,
    make_catalogue,
    make_course_page,
    make_home,
    make_lesson_page,
    make_module_page,
    put,
    text,
    translate,
)

BANNER = "En regel i lektionen er ændret fra 6. september 2027."


def cite(rule: Any) -> dict[str, Any]:
    return block("rule", str(rule.pk))


def marked() -> set[tuple[str, str, str]]:
    return set(ReviewItem.objects.open().values_list("kind", "title", "language"))


def lesson_with(rule: Any, title: str = "De første 24 timer", **fields: Any) -> Any:
    return make_lesson_page(title=title, body=[text("<p>Tekst.</p>"), cite(rule)], **fields)


def body_of(client: Client, page: Any) -> str:
    return client.get(page.url).content.decode()


@pytest.mark.parametrize("kind", ["changed", "gone"])
def test_everything_that_cites_the_rule_is_marked_and_nothing_else(kind):
    rule, other = make_rule(), make_rule()
    lesson_with(rule)
    lesson_with(other, title="En anden lektion")
    lesson_with(rule, title="En kladde", live=False)
    put(make_home(), InformationPage(title="Om reglerne", body=[cite(rule)]))
    put(make_home(), InformationPage(title="Om andet", body=[cite(other)]))
    make_module_page(title="Et modul", body=[cite(rule)])
    make_question(rule=rule, text_da="Hvor lang tid har I?")
    new_version(rule.act)

    decide_on(rule, kind, **({"deadline_da": "48 timer"} if kind == "changed" else {}))

    assert marked() == {
        ("lesson", "De første 24 timer", "da"),
        ("page", "Om reglerne", "da"),
        ("page", "Et modul", "da"),
        ("question", "Hvor lang tid har I?", ""),
    }


def test_each_language_is_marked_once_it_is_a_page_of_its_own():
    rule = make_rule()
    lesson = lesson_with(rule)
    copied = lesson_with(rule, title="Kun på dansk")
    translate(in_kalaallisut(lesson), title="[kl] Ulloq siulleq")

    decide_on(rule, "gone")

    assert marked() == {
        ("lesson", "De første 24 timer", "da"),
        ("lesson", "[kl] Ulloq siulleq", "kl"),
        ("lesson", copied.title, "da"),
    }


def test_what_is_marked_leads_to_where_it_is_edited():
    rule = make_rule()
    page = lesson_with(rule)
    question = make_question(rule=rule)
    decide_on(rule, "gone")

    found = edit_addresses(ReviewItem.objects.values_list("kind", "object_id", "language"))

    assert found == {
        ("lesson", page.translation_key, "da"): f"/admin/pages/{page.pk}/edit/",
        ("question", question.pk, ""): f"/admin/snippets/courses/question/edit/{question.pk}/",
    }


@pytest.mark.parametrize("state", ["done", "not_affected"])
def test_a_lesson_says_so_until_somebody_has_looked_through_it(client, state):
    rule = make_rule()
    page = lesson_with(rule)
    assert BANNER not in body_of(client, page)

    decide_on(rule, "changed", deadline_da="48 timer")

    shown = body_of(client, page)
    assert (BANNER in shown, "48 timer" in shown) == (True, True)
    assert "er ændret fra" in body_of(client, in_kalaallisut(page))  # a copy of the Danish page
    close_items(ReviewItem.objects.values_list("pk", flat=True), state, at=DECIDED, by=None)
    assert BANNER not in body_of(client, page)


def test_a_translation_says_so_until_it_was_looked_through_itself(client):
    rule = make_rule()
    page = lesson_with(rule)
    translation = translate(in_kalaallisut(page), title="[kl]")
    decide_on(rule, "gone")

    danish = ReviewItem.objects.get(language="da")
    close_items([danish.pk], "done", at=DECIDED, by=None)

    assert BANNER not in body_of(client, page)
    assert "er ændret fra" in body_of(client, translation)


CASE_BANNER = "En regel i sagen er ændret fra 6. september 2027."


@pytest.mark.parametrize("language", ["da", "kl"])
def test_a_case_says_so_until_somebody_has_looked_through_it(client, language):
    rule = make_rule()
    case = make_case_page(told_da=told(rule))
    page = (
        case if language == "da" else translate(in_kalaallisut(case), title="[kl] Tallimanngorneq")
    )
    kept = client.get(page.url)
    banner = CASE_BANNER if language == "da" else "er ændret fra"
    assert banner not in kept.content.decode()

    decide_on(rule, "changed", deadline_da="48 timer", deadline_hours=48)

    again = client.get(page.url, headers={"if-none-match": kept["ETag"]})
    assert (again.status_code, banner in again.content.decode()) == (200, True)
    close_items(ReviewItem.objects.values_list("pk", flat=True), "done", at=DECIDED, by=None)
    assert banner not in body_of(client, page)


def test_a_play_that_goes_on_says_so_too(client):
    rule = make_rule()
    page = make_case_page(told_da=told(rule))
    learner = make_learner()
    case = Case.objects.get(pk=page.translation_key)
    play = begin_case(play_id=uuid.uuid4(), case=case, person=learner, at=timezone.now())
    client.force_login(learner.user)
    address = reverse("courses:case_play", args=[play.pk])
    assert CASE_BANNER not in client.get(address).content.decode()

    decide_on(rule, "gone")

    assert CASE_BANNER in client.get(address).content.decode()


def test_a_reader_who_has_the_page_is_sent_the_banner_too(client):
    rule = make_rule()
    page = lesson_with(rule)
    kept = client.get(page.url)

    decide_on(rule, "gone")

    again = client.get(page.url, headers={"if-none-match": kept["ETag"]})
    assert (again.status_code, BANNER in again.content.decode()) == (200, True)


def test_a_decision_taken_back_takes_the_banner_along(client):
    rule = make_rule()
    page = lesson_with(rule)
    decision = decide_on(rule, "gone")

    take_back_decision(decision, at=DECIDED, by=None)

    assert BANNER not in body_of(client, page)
    assert rule.statement_da in body_of(client, page)


def test_until_somebody_looked_the_rule_box_says_it_is_being_checked(client):
    rule = make_rule()
    page = lesson_with(rule)
    assert "kontrolleres mod den nye lov" not in body_of(client, page)

    new_version(rule.act)

    shown = body_of(client, page)
    assert ("kontrolleres mod den nye lov" in shown, rule.statement_da in shown) == (True, True)
    decide_on(rule, "unchanged")
    assert "kontrolleres mod den nye lov" not in body_of(client, page)
    assert BANNER not in body_of(client, page)


def test_a_rule_that_holds_no_longer_is_not_shown_as_one(client):
    rule = make_rule()
    page = lesson_with(rule)

    decide_on(rule, "gone")

    shown = body_of(client, page)
    assert "Reglen gælder ikke længere siden 6. september 2027." in shown
    assert (rule.statement_da in shown, rule.deadline_starts_da in shown) == (False, False)


def test_marking_takes_the_same_queries_at_one_and_many(django_assert_max_num_queries):
    one, many = make_rule(), make_rule()
    lesson_with(one)
    module = make_module_page()
    for number in range(8):
        lesson_with(many, title=f"Lektion {number}", module=module)

    with django_assert_max_num_queries(70) as few:
        decide_on(one, "gone")
    with django_assert_max_num_queries(70) as more:
        decide_on(many, "gone")

    lessons = 7  # each lesson that is marked says so on its own page: one write each
    assert len(more) == len(few) + lessons
    assert len(marked()) == 9


def test_editing_the_lesson_leaves_the_mark_until_it_is_taken_away():
    rule = make_rule()
    page = lesson_with(rule)
    decide_on(rule, "gone")

    edit(page, body=[text("<p>Uden reglen.</p>")])

    assert marked() == {("lesson", "De første 24 timer", "da")}


PAGES_WITH_A_RULE = ["home", "catalogue", "course", "module", "case", "information"]


def page_with(kind: str, rule: Any) -> Any:
    """A page of that kind that shows ``rule`` in its own text."""
    body = [cite(rule)]
    if kind == "home":
        return edit(make_home(), body=body)
    if kind == "catalogue":
        return edit(make_catalogue(), body=body)
    if kind == "course":
        return make_course_page(body=body)
    if kind == "module":
        return make_module_page(body=body)
    if kind == "case":
        return make_case_page(body=body)
    return put(make_home(), InformationPage(title="Om reglerne", body=body))


@pytest.mark.parametrize("kind", PAGES_WITH_A_RULE)
@pytest.mark.parametrize("change", ["rule", "act", "retired"])
def test_a_page_with_a_rule_shows_the_change_at_once(client: Client, kind: str, change: str):
    rule = make_rule(statement_da="Beslut straks.")
    page = page_with(kind, rule)
    first = client.get(page.url)
    assert "Beslut straks." in first.content.decode()

    if change == "rule":
        rule.statement_da = "Beslut inden to døgn."
        save_rule(rule, at=timezone.now())
    elif change == "act":
        rule.act.short_name = "loven om støtte til børn"
        save_act(rule.act)
    else:
        new_version(rule.act)
        decide_on(rule, "gone")

    second = client.get(page.url, headers={"if-none-match": first["ETag"]})
    wanted = {
        "rule": "Beslut inden to døgn.",
        "act": "Loven om støtte til børn",
        "retired": "Reglen gælder ikke længere",
    }
    assert second.status_code == 200
    assert wanted[change] in second.content.decode()


@pytest.mark.parametrize("kind", [kind for kind in PAGES_WITH_A_RULE if kind != "information"])
def test_the_number_of_changes_comes_with_the_page(
    client: Client, django_assert_max_num_queries, kind: str
):
    address = page_with(kind, make_rule()).url
    client.get(address)

    with django_assert_max_num_queries(20) as taken:
        client.get(address)

    asking = [one["sql"] for one in taken.captured_queries if "registerstamp" in one["sql"]]
    assert len(asking) == 1
    assert asking[0].count("wagtailcore_page") > 1  # the query that finds the page
