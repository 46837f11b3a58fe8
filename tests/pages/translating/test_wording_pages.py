"""The page of a text outside pages, the queue and the list, as translators use them."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone

from core.periods import local_day
from pages.models import GlossaryTerm, TranslationOrder, Wording
from pages.translating import orders, proposing, wordings
from pages.translating.records import KINDS
from pages.translating.states import State
from rules.models import Rule
from tests.factories.courses import make_question, make_rule
from tests.factories.translating import make_staff
from tests.pages.editing.test_shared import make_word
from tests.pages.translating.doing import (
    QUESTIONS,
    RULES,
    browser,
    press,
    propose,
    send_on,
    standing,
)

# --- The page -----------------------------------------------------------------------------------


def test_the_whole_way_on_the_page(one, two):
    rule = make_rule(statement_da="Underret straks.")
    make_word("underret", term_kl="[kl] ord", kl_state="confirmed")

    press(one, RULES, rule, "take")
    page = browser(one).get(standing(RULES, rule).url).content.decode()
    assert "[kl] ord" in page
    press(one, RULES, rule, "submit", statement="[kl] regel")
    own = browser(one).get(standing(RULES, rule).url).content.decode()
    assert "Frigiv den til læserne" not in own
    press(two, RULES, rule, "approve")

    assert Rule.objects.get().statement_kl == "[kl] regel"
    after = browser(one).get(standing(RULES, rule).url).content.decode()
    assert f"frigivet af {two}" in after
    assert f"Oversat af {one}" in after


def test_what_was_typed_stays_when_it_is_refused(one):
    rule = make_rule()
    propose(RULES, rule, one, {"statement": "[kl] første"})

    answer = browser(one).post(
        standing(RULES, rule).do_url,
        {"do": "write", "seen": "gammel", "statement": "[kl] anden"},
    )

    assert answer.status_code == 422
    assert "[kl] anden" in answer.content.decode()
    again = BeautifulSoup(answer.content, "html.parser").select_one("[name=seen]")["value"]
    browser(one).post(
        standing(RULES, rule).do_url, {"do": "write", "seen": again, "statement": "[kl] anden"}
    )
    assert dict(Wording.objects.get().texts)["statement"] == "[kl] anden"


def test_a_number_that_looks_like_a_citizens_is_refused_at_its_field(one):
    rule = make_rule()
    press(one, RULES, rule, "take")

    answer = press(one, RULES, rule, "write", statement="Ring til 010190-1234")

    assert answer.status_code == 422
    assert not Wording.objects.exists()


@pytest.mark.parametrize(
    ("role", "do", "may"),
    [
        ("editor", "take", True),
        ("reviewer", "take", False),
        ("reviewer", "write", False),
        ("editor", "approve", False),
        ("editor", "send_back", False),
        ("mentor", "take", False),
    ],
)
def test_who_may_press_what(role, do, may):
    rule = make_rule()
    now = standing(RULES, rule)

    answer = browser(make_staff(role)).post(now.do_url, {"do": do})

    assert (answer.status_code == 302 and answer.url == now.url) is may
    assert TranslationOrder.objects.exists() is may


def test_a_translator_changes_no_record(one):
    client = browser(one)
    rule, question, word = make_rule(), make_question(), make_word()

    for address, record in (
        ("wagtailsnippets_rules_rule:edit", rule),
        ("wagtailsnippets_courses_question:edit", question),
        ("wagtailsnippets_pages_glossaryterm:edit", word),
    ):
        assert client.get(reverse(address, args=[record.pk])).status_code == 302


def test_what_is_not_in_use_has_no_page(one):
    rule = make_rule()
    address = standing(RULES, rule).url.replace(str(rule.pk), str(one.pk))

    assert browser(one).get(address, follow=True).status_code == 404


# --- The queue and the list ---------------------------------------------------------------------


def test_texts_stand_in_the_queue_beside_pages(lesson, one, two):
    at, today = timezone.now(), local_day(timezone.now())
    mine, free, sent = (make_rule(key=key, statement_da=f"Regel {key}.") for key in "abc")
    due = today - timedelta(days=1)
    orders.order(mine.pk, "kl", at=at, by=one, owner=one, due_on=due, kind="regler")
    orders.order(free.pk, "kl", at=at, by=one, kind="regler")
    orders.order(lesson.translation_key, "kl", at=at, by=one)
    send_on(RULES, sent, two, {"statement": "[kl] regel"})

    queue = wordings.queue_of(one, "kl", today=today, most=50)
    page = browser(one).get(reverse("translation_queue")).content.decode()
    start = browser(one).get("/da/start/").content.decode()

    assert [row.title for row in queue.mine] == ["Regel a."]
    assert {row.title for row in queue.free} == {"Regel b.", "Titel"}
    assert [row.title for row in queue.review] == ["Regel c."]
    for title in ("Regel a.", "Regel b.", "Regel c."):
        assert title in page
        assert title in start
    assert "Over tid" in page


@pytest.mark.parametrize("count", [1, 5])
def test_list_and_queue_take_the_same_queries_at_any_size(one, count, django_assert_num_queries):
    for number in range(count):
        rule = make_rule(key=f"regel-{number}")
        question = make_question(key=f"spoergsmaal-{number}")
        proposing.take(RULES, rule.pk, "kl", one, at=timezone.now())
        proposing.take(QUESTIONS, question.pk, "kl", one, at=timezone.now())
    today = local_day(timezone.now())

    with django_assert_num_queries(14):
        wordings.counts("kl", today=today)
    with django_assert_num_queries(12):
        wordings.queue_of(one, "kl", today=today, most=50)


def test_what_came_by_a_file_is_told_apart_once_its_danish_changes(one):
    word = make_word(term_kl="[kl] ord", kl_state="seen", kl_source="Kilde")

    assert proposing.keep_what_is_live(at=timezone.now()) == 1
    assert proposing.keep_what_is_live(at=timezone.now()) == 0
    GlossaryTerm.objects.filter(pk=word.pk).update(term_da="tidsfrist")

    assert standing(KINDS["ord"], word).state == State.OUTDATED
    assert Wording.objects.get().released_by is None
