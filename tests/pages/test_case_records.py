"""A case as a page and its record: what is frozen, moved, withdrawn, translated and cited."""

from typing import Any

import pytest
from wagtail.models import Page

from courses.actions import begin_case, choose
from courses.models import Case
from pages import records
from pages.cases import Draft
from pages.citations import CaseSource
from people.models import Person
from rules.citations import citing
from rules.models import Rule
from tests.factories.cases import (
    blocks_of,
    choice,
    make_case_page,
    span,
    told,
)
from tests.factories.courses import AT, make_rule
from tests.factories.law import decide_on
from tests.factories.pages import (
    block,
    edit,
    in_kalaallisut,
    make_lesson_page,
    make_module_page,
    translate,
)
from tests.factories.translating import make_staff, publish, write
from tests.pages.case_forms import edit_address


@pytest.fixture(autouse=True)
def _no_second_factor(settings: Any) -> None:
    """Signing in is proven elsewhere."""
    settings.SIDEMAND_SECOND_FACTOR = False


def test_publishing_a_case_freezes_what_its_page_tells():
    rule = make_rule()
    page = make_case_page(told_da=told(rule), minutes=9, introduction="En opringning.")

    case = Case.objects.get(pk=page.translation_key)

    assert (case.minutes, case.number, case.titles["da"]) == (9, 1, "Fredag kl. 15.40")
    assert case.paths["da"] == page.url
    version = case.versions.get(is_current=True)
    assert version.content["begins"] == {"weekday": 4, "minute": 940}
    assert version.content["deadlines"][0]["length"] == span(24, "hours")
    assert version.content["steps"][0]["choices"][0] == {
        **choice("spoerg", "notat"),
        "text": {"da": "Vælg spoerg"},
        "consequence": {"da": "Følgen af spoerg"},
    }
    assert list(version.rules.all()) == [rule]


def test_the_length_of_a_limit_is_the_rules_whatever_was_typed():
    parts = told(make_rule(deadline_hours=None, deadline_days=7, deadline_da="1 uge"))
    parts["deadlines"][0]["stated"] = span(1, "weeks")

    page = make_case_page(told_da=parts)

    kept = Case.objects.get(pk=page.translation_key).versions.get().content["deadlines"][0]
    assert (kept["stated"], kept["length"]) == (span(1, "weeks"), span(7, "days"))


def test_moving_and_withdrawing_a_case_keeps_what_was_played(learner: Person):
    module = make_module_page()
    page = make_case_page(module)
    case = Case.objects.get(pk=page.translation_key)
    play = begin_case(play_id=page.translation_key, case=case, person=learner, at=AT)
    other = make_module_page(module.get_parent().specific)

    Page.objects.get(pk=page.pk).move(other, pos="last-child")
    case.refresh_from_db()
    assert (case.module_id, case.number) == (other.translation_key, 1)

    Page.objects.get(pk=page.pk).specific.unpublish()
    case.refresh_from_db()
    assert (case.number, case.paths) == (None, {})
    in_kalaallisut(page).delete()
    Page.objects.get(pk=page.pk).delete()
    assert choose(play, turn=0, step="opkald", choice="spoerg", at=AT).turn == 1
    assert case.versions.count() == 1


def reorder(page: Any) -> None:
    neighbour = make_lesson_page(page.get_parent().specific)
    Page.objects.get(pk=neighbour.pk).move(page, pos="left")


def move_elsewhere(page: Any) -> None:
    Page.objects.get(pk=page.pk).move(make_module_page(), pos="last-child")


def rename_the_module(page: Any) -> None:
    edit(page.get_parent().specific, slug="et-andet-sted")


def rename_the_course(page: Any) -> None:
    edit(page.get_parent().get_parent().specific, slug="et-andet-sted")


@pytest.mark.parametrize("do", [reorder, move_elsewhere, rename_the_module, rename_the_course])
def test_a_changed_rule_is_not_written_into_a_case_by_moving_or_renaming(
    do: Any, django_capture_on_commit_callbacks: Any
):
    rule = make_rule()
    page = make_case_page(told_da=told(rule))
    decide_on(rule, "changed", deadline_da="48 timer", deadline_hours=48)

    with django_capture_on_commit_callbacks(execute=True):
        do(page)

    case = Case.objects.get(pk=page.translation_key)
    here = Page.objects.get(pk=page.pk)
    assert (case.paths["da"], case.position) == (here.url, records.position_of(here))
    assert case.module_id == here.get_parent().translation_key
    version = case.versions.get()
    assert version.content["deadlines"][0]["length"] == span(24, "hours")
    assert case.said["da"]["deadlines"][0]["length"] == span(24, "hours")


def test_a_case_that_is_published_anew_says_what_the_rule_says_by_then():
    rule = make_rule()
    page = make_case_page(told_da=told(rule))
    decide_on(rule, "changed", deadline_da="48 timer", deadline_hours=48)
    anew = told(rule)
    anew["deadlines"][0]["stated"] = span(48, "hours")

    edit(page, **blocks_of(anew))

    current = Case.objects.get(pk=page.translation_key).versions.get(is_current=True)
    assert (current.number, current.content["deadlines"][0]["length"]) == (2, span(48, "hours"))


def test_a_translation_gives_words_by_block_and_nothing_else():
    rule = make_rule()
    page = make_case_page(told_da=told(rule))
    words = told(rule)
    words["steps"][0] |= {"heading": "[kl] sianerneq", "key": "noget-andet"}
    words["steps"][0]["choices"][0]["text"] = "[kl] aperi"

    translate(in_kalaallisut(page), **blocks_of(words))

    first = (
        Case.objects.get(pk=page.translation_key).versions.get(is_current=True).content["steps"][0]
    )
    assert first["heading"] == {"da": "Trin opkald", "kl": "[kl] sianerneq"}
    assert (first["key"], first["choices"][0]["text"]["kl"]) == ("opkald", "[kl] aperi")
    assert set(first["text"]) == {"da"}


def test_wagtail_localize_offers_the_words_and_leaves_keys_numbers_and_rules():
    from wagtail_localize.models import StringSegment, TranslationSource

    page = make_case_page()
    source, _created = TranslationSource.update_or_create_from_instance(page)
    source.update_from_db()

    texts = set(StringSegment.objects.filter(source=source).values_list("string__data", flat=True))

    assert {"Trin opkald", "Det sker i opkald.", "Vælg spoerg", "Følgen af spoerg"} <= texts
    assert {"Beslutning", "Husk godt."} <= texts
    assert not texts & {"opkald", "spoerg", "notat", "beslut", "good", "hours", "minutes", "24"}


def test_a_translated_page_keeps_the_ids_keys_and_rules_of_the_danish_one(
    django_capture_on_commit_callbacks: Any,
):
    page = make_case_page()
    with django_capture_on_commit_callbacks(execute=True):
        write(page, {"Trin opkald": "[kl] sianerneq"}, None)
    with django_capture_on_commit_callbacks(execute=True):
        publish(page, make_staff("reviewer"))

    case = Case.objects.get(pk=page.translation_key)
    current = case.versions.get(is_current=True).content
    assert current["steps"][0]["heading"] == {"da": "Trin opkald", "kl": "[kl] sianerneq"}
    danish, translated = (Draft.of(one).told for one in (page, in_kalaallisut(page)))
    for left, right in zip(danish["steps"], translated["steps"], strict=True):
        assert [left["id"], left["key"]] == [right["id"], right["key"]]
        assert [(c["id"], c["to"], c["rule"], c["takes"]) for c in left["choices"]] == [
            (c["id"], c["to"], c["rule"], c["takes"]) for c in right["choices"]
        ]


def test_a_case_that_rests_on_a_rule_is_named_once_when_the_rule_changes():
    rule, other = make_rule(), make_rule()
    page = make_case_page(told_da=told(rule), title="Sag A")
    make_case_page(told_da=told(other), title="Sag B", body=[block("rule", str(rule.pk))])
    make_case_page(told_da=told(other), live=False)

    def cited_by(one: Rule) -> list[tuple[str, str, str]]:
        return sorted(
            (source.kind, citation.title, citation.language) for source, citation in citing(one)
        )

    assert cited_by(rule) == [("case", "Sag A", "da"), ("case", "Sag B", "da")]
    assert cited_by(other) == [("case", "Sag B", "da")]
    addresses = CaseSource().edit_addresses({(page.translation_key, "da")})
    assert list(addresses.values()) == [edit_address(page)]
