"""From draft over review to the reader, through Wagtail's own pages."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page
from wagtail_localize.models import Translation, TranslationSource

from courses.actions import bring_back_question, retire_question
from courses.models import Lesson, Question
from pages import setup
from pages.blocks import LessonBody
from pages.models import LessonPage
from pages.models.base import SCHEDULED, PublishingRefused
from rules.models import Rule
from tests.factories.admin import admin_browser, make_user
from tests.factories.courses import make_question, make_rule
from tests.factories.pages import (
    block,
    in_kalaallisut,
    make_home,
    make_lesson_page,
    text,
    translate,
)
from tests.pages.test_richtext import form_of


@pytest.fixture(autouse=True)
def _no_second_factor(settings: Any) -> None:
    """Signing in is proven elsewhere."""
    settings.SIDEMAND_SECOND_FACTOR = False


def edit_address(page: Page) -> str:
    """Where ``page`` is edited."""
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def rule_form(page: LessonPage, rule: Any) -> dict[str, str]:
    """The editor's form with one rule in it."""
    return form_of(page, [("rule", str(rule.pk))])


def quiz_form(page: LessonPage, question: Question) -> dict[str, str]:
    """The editor's form with a quiz that asks ``question``."""
    asked = "body-0-value-questions"
    return form_of(page, [("quiz", "")]) | {
        f"{asked}-count": "1",
        f"{asked}-0-deleted": "",
        f"{asked}-0-order": "0",
        f"{asked}-0-id": "",
        f"{asked}-0-value": str(question.pk),
        "body-0-value-pass_percent": "80",
    }


def test_an_unverified_rule_can_be_drafted():
    page = make_lesson_page(live=False)
    rule = make_rule(state="unverified")

    answer = admin_browser("editor").post(edit_address(page), rule_form(page, rule))

    assert answer.status_code == 302
    draft = LessonPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    assert [child.value for child in draft.body] == [rule]


@pytest.mark.parametrize(
    ("role", "action"), [("reviewer", "action-publish"), ("editor", "action-submit")]
)
def test_an_unverified_rule_is_neither_published_nor_sent_to_review(role: str, action: str):
    setup.create_workflow(make_home())
    page = make_lesson_page(live=False)
    rule = make_rule(state="unverified", paragraph="§ 46")

    answer = admin_browser(role).post(edit_address(page), {**rule_form(page, rule), action: "1"})

    assert answer.status_code == 200
    html = answer.content.decode()
    assert "Disse regler er ikke kontrolleret" in html
    assert "46: Kommunen beslutter" in html
    assert not LessonPage.objects.get(pk=page.pk).live


def test_a_verified_rule_is_published():
    page = make_lesson_page(live=False)
    form = rule_form(page, make_rule())

    admin_browser("reviewer").post(edit_address(page), {**form, "action-publish": "1"})

    assert LessonPage.objects.get(pk=page.pk).live


def test_no_other_door_publishes_an_unverified_rule():
    page = make_lesson_page(live=False)
    page.body = [block("rule", str(make_rule(state="unverified").pk))]
    revision = page.save_revision()

    with pytest.raises(PublishingRefused):
        revision.publish()

    assert not LessonPage.objects.get(pk=page.pk).live


@pytest.mark.parametrize(
    ("role", "action"), [("reviewer", "action-publish"), ("editor", "action-submit")]
)
def test_a_question_that_rests_on_an_unverified_rule_is_drafted_and_no_more(role: str, action: str):
    setup.create_workflow(make_home())
    page = make_lesson_page(live=False)
    question = make_question(rule=make_rule())
    Rule.objects.update(state="unverified")
    browser, form = admin_browser(role), quiz_form(page, question)

    assert browser.post(edit_address(page), form).status_code == 302
    answer = browser.post(edit_address(page), {**form, action: "1"})

    assert answer.status_code == 200
    assert "Disse regler er ikke kontrolleret" in answer.content.decode()
    assert not LessonPage.objects.get(pk=page.pk).live


@pytest.mark.parametrize(
    ("role", "action"), [("reviewer", "action-publish"), ("editor", "action-submit")]
)
def test_a_retired_question_is_refused_at_its_field(role: str, action: str):
    setup.create_workflow(make_home())
    page = make_lesson_page(live=False)
    question = make_question(text_da="Hvem ringer du til?")
    retire_question(question, at=timezone.now())
    browser, form = admin_browser(role), quiz_form(page, question)

    assert browser.post(edit_address(page), form).status_code == 302
    answer = browser.post(edit_address(page), {**form, action: "1"})

    assert answer.status_code == 200
    assert answer.content.decode().count("Hvem ringer du til?") > 1
    assert not LessonPage.objects.get(pk=page.pk).live
    bring_back_question(question)
    assert browser.post(edit_address(page), {**form, action: "1"}).status_code == 302


def test_no_other_door_asks_a_retired_question_again():
    page = make_lesson_page()
    kept, retired = make_question(), make_question()
    page.body = [block("quiz", {"questions": [str(kept.pk), str(retired.pk)]})]
    page.save_revision().publish()
    page.unpublish()
    retire_question(retired, at=timezone.now())
    revision = LessonPage.objects.get(pk=page.pk).save_revision()

    with pytest.raises(PublishingRefused) as refusal:
        revision.publish()
    assert str(retired) in " ".join(refusal.value.messages)

    revision.publish(log_action=SCHEDULED)  # it had been checked before it was retired
    lesson = Lesson.objects.get(pk=page.translation_key)
    assert (lesson.is_live, list(lesson.questions.all())) == (True, [kept])


def test_no_other_door_publishes_a_question_that_rests_on_one():
    page = make_lesson_page(live=False)
    question = make_question(rule=make_rule())
    Rule.objects.update(state="unverified")
    page.body = [block("quiz", {"questions": [str(question.pk)]})]
    revision = page.save_revision()

    with pytest.raises(PublishingRefused):
        revision.publish()

    assert not LessonPage.objects.get(pk=page.pk).live


def test_a_rule_that_lost_its_state_is_left_out_of_the_page(client: Client):
    rule = make_rule(statement_da="Hemmelig regel.")
    page = make_lesson_page(body=[block("rule", str(rule.pk)), text("<p>Resten.</p>")])

    type(rule).objects.filter(pk=rule.pk).update(state="unverified")

    html = client.get(page.url).content.decode()
    assert "Hemmelig regel." not in html
    assert "Resten." in html


def test_editors_submit_and_reviewers_approve():
    setup.create_workflow(make_home())
    page = make_lesson_page(live=False, title="Ny lektion")
    editor, reviewer = admin_browser("editor"), admin_browser("reviewer")

    editor.post(edit_address(page), {**form_of(page, []), "action-submit": "1"})
    waiting = Page.objects.get(pk=page.pk)
    assert not waiting.live
    assert waiting.current_workflow_task is not None

    reviewer.post(
        edit_address(page),
        {
            **form_of(page, []),
            "action-workflow-action": "1",
            "workflow-action-name": "approve",
        },
    )

    assert Page.objects.get(pk=page.pk).live


@pytest.mark.parametrize("role", ["editor", "translator"])
def test_only_reviewers_publish(role: str):
    page = make_lesson_page(live=False)

    admin_browser(role).post(edit_address(page), {**form_of(page, []), "action-publish": "1"})

    assert not Page.objects.get(pk=page.pk).live


@pytest.mark.parametrize("role", ["editor", "translator", "reviewer"])
def test_an_editor_sees_what_a_page_will_look_like(role: str):
    questions = [make_question() for _ in range(2)]
    page = make_lesson_page(live=False, title="Udkast til lektion")
    page.body = [
        block("heading", "En overskrift"),
        block("quiz", {"questions": [str(question.pk) for question in questions]}),
    ]
    page.save_revision()

    answer = admin_browser(role).get(reverse("wagtailadmin_pages:view_draft", args=[page.pk]))

    html = answer.content.decode()
    assert answer.status_code == 200
    assert "Udkast til lektion" in html
    assert "En overskrift" in html
    assert str(questions[0].text_da) in html


def test_a_learner_sees_no_draft(as_learner: Client):
    page = make_lesson_page(live=False)

    answer = as_learner.get(reverse("wagtailadmin_pages:view_draft", args=[page.pk]))

    assert answer.status_code in {302, 403}


@pytest.mark.parametrize("role", ["editor", "translator", "reviewer"])
def test_the_menu_holds_what_an_editor_needs(role: str):
    make_home()

    answer = admin_browser(role).get(reverse("wagtailadmin_home"), follow=True)

    html = answer.content.decode()
    assert answer.status_code == 200
    assert "Sidemand" in html
    for hidden in ("/admin/users/", "/admin/groups/", "/admin/collections/", "/admin/sites/"):
        assert hidden not in html


@pytest.mark.parametrize("role", ["translator", "reviewer"])
def test_saving_comes_before_what_throws_a_translation_away(role: str):
    page = make_lesson_page()
    translated = translate(in_kalaallisut(page), title="[kl] titel")
    source, _created = TranslationSource.get_or_create_from_instance(page)
    Translation.objects.create(source=source, target_locale=translated.locale, enabled=False)

    answer = admin_browser(role).get(edit_address(translated))

    menu = answer.context["action_menu"]
    assert menu.default_item.name != "localize-convert-to-alias"
    assert menu.menu_items[-1].name == "localize-convert-to-alias"


def test_who_moves_the_danish_page_moves_the_other_too():
    from tests.factories.pages import make_module_page

    page = make_lesson_page()
    target = make_module_page()
    client = Client()
    user = make_user("reviewer")
    user.is_superuser = True
    user.save()
    client.force_login(user)

    client.post(
        reverse("wagtailadmin_pages:move_confirm", args=[page.pk, target.pk]), {"action": "1"}
    )

    assert Page.objects.get(pk=page.pk).get_parent().pk == target.pk
    assert in_kalaallisut(page).get_parent().pk == in_kalaallisut(target).pk


def test_a_draft_may_have_a_quiz_whose_questions_are_not_chosen_yet():
    body = LessonBody()
    gaps = [{"type": "item", "value": None, "id": key} for key in ("a", "b")]
    quiz = {"type": "quiz", "value": {"questions": gaps}}

    cleaned = body.clean_deferred(body.to_python([quiz]))

    assert list(cleaned[0].value["questions"]) == [None, None]
