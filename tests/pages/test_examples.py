"""A lesson shows an example of good practice as the library says it now, and asks only then."""

import uuid

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from cooperation.models import Practice
from cooperation.practice.actions import (
    approve,
    practice_seen,
    save_practice,
    send_for_review,
    translate_practice,
    withdraw,
)
from pages.blocks import ExampleBlock, approved_examples
from pages.finding import find
from pages.models import LessonPage
from tests.factories.pages import block, in_kalaallisut, make_lesson_page, text
from tests.factories.people import AT, make_person, make_role, make_town

pytestmark = pytest.mark.django_db


def publish(title: str = "Sagslisten om mandagen", practice: Practice | None = None) -> Practice:
    """An approved example, or a new text of one."""
    author, reviewer = make_person(), make_person(make_role("reviewer"))
    practice = save_practice(
        practice.pk if practice is not None else uuid.uuid4(),
        seen=None,
        title_da=title,
        problem_da="Ingen vidste, hvad der lå stille.",
        done_da="Listen gennemgås sammen.",
        ask="Familieafdelingen",
        source="Opdigtet",
        organisation=make_town().municipality,
        initiatives=[],
        by=author,
        at=AT,
    )
    practice = send_for_review(practice, by=author, at=AT)
    return approve(practice, seen=practice_seen(practice), by=reviewer, at=AT)


def shown(client: Client, page: LessonPage) -> str:
    return client.get(page.url).content.decode()


def lesson_with(practice: Practice) -> LessonPage:
    return make_lesson_page(body=[text("<p>Før.</p>"), block("example", str(practice.pk))])


def test_a_lesson_shows_what_the_example_says_now(
    client: Client, django_capture_on_commit_callbacks
):
    practice = publish()
    page = lesson_with(practice)
    before = shown(client, page)

    with django_capture_on_commit_callbacks(execute=True):
        publish("Sagslisten om tirsdagen", practice)
    after = shown(client, page)

    assert "Sagslisten om mandagen" in before
    assert "Listen gennemgås sammen." in before
    assert practice.get_absolute_url() in before
    assert "Sagslisten om mandagen" not in after
    assert "Sagslisten om tirsdagen" in after


def test_off_the_shelf_it_is_shown_no_more_and_comes_back(
    client: Client, django_capture_on_commit_callbacks
):
    practice = publish()
    page = lesson_with(practice)

    with django_capture_on_commit_callbacks(execute=True):
        withdraw(practice, at=AT)
    gone = shown(client, page)
    with django_capture_on_commit_callbacks(execute=True):
        withdraw(practice, at=AT, back=True)

    assert "Sagslisten" not in gone
    assert "Før." in gone
    assert "Sagslisten" in shown(client, page)


def test_in_kalaallisut_it_says_its_own_text_or_danish_with_a_mark(
    client: Client, django_capture_on_commit_callbacks
):
    practice = publish()
    page = in_kalaallisut(lesson_with(practice))
    danish = shown(client, page)

    seen = practice_seen(Practice.objects.get(pk=practice.pk))
    with django_capture_on_commit_callbacks(execute=True):
        translate_practice(practice, seen=seen, by=make_person(), at=AT, title_kl="[kl] Suliat")

    assert '<span lang="da">Sagslisten om mandagen</span>' in danish
    assert "[kl] Suliat" in shown(client, page)


def test_a_page_is_found_by_what_its_example_says():
    page = lesson_with(publish())

    found = find("gennemgås", "da")

    assert [hit.url for hit in found.hits] == [page.url]


def test_only_approved_examples_are_offered_and_taken():
    approved = publish()
    withdrawn = withdraw(publish("Taget ned"), at=AT)
    block_ = ExampleBlock()

    assert approved_examples() == [(str(approved.pk), "Sagslisten om mandagen")]
    assert block_.clean(str(approved.pk)) == str(approved.pk)
    with pytest.raises(ValidationError):
        block_.clean(str(withdrawn.pk))
    assert block_.get_context("ingen nøgle")["text"] is None
