"""The publish gate: a page above the budget goes live with a reason, by whatever door."""

import gzip
import json
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, PageLogEntry, Revision
from wagtail_localize.models import Translation, TranslationSource

from files.pictures import MOST_BYTES
from pages import setup
from pages.editing.actions import give_reason
from pages.editing.gate import why_not
from pages.editing.weighing import MOST_FIRST_VISIT, MOST_HTML, Picture, Weight, weigh
from pages.models import LessonPage
from pages.models.base import PublishingRefused
from tests.factories.admin import admin_browser, make_user
from tests.factories.pages import edit, in_kalaallisut, make_home, make_lesson_page, text
from tests.pages.test_richtext import form_of

pytestmark = pytest.mark.once

REASON = "Uden hele skemaet kan man ikke følge sagen."


def typed(words: str) -> str:
    """What the editor sends of a paragraph."""
    paragraph = {
        "key": "a1",
        "text": words,
        "type": "unstyled",
        "depth": 0,
        "inlineStyleRanges": [],
        "entityRanges": [],
    }
    return json.dumps({"blocks": [paragraph], "entityMap": {}})


def edit_address(page: Page) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def in_review(body: Any) -> LessonPage:
    """A draft with ``body`` that an editor has sent to review."""
    setup.create_workflow(make_home())
    page = make_lesson_page(live=False)
    editor = make_user("editor")
    page.body = body
    page.save_revision(user=editor)
    page.get_workflow().start(page, editor)
    return page


def heavy_form(page: LessonPage, body: Any, **fields: str) -> dict[str, str]:
    """The editor's form with the heavy text in it."""
    words = body[0]["value"].removeprefix("<p>").removesuffix("</p>")
    return form_of(page, [("text", typed(words))]) | fields


def light(**changes: Any) -> Weight:
    """A page exactly at every limit."""
    picture = Picture("Et bord", MOST_BYTES)
    at_the_limit = Weight(MOST_HTML, MOST_FIRST_VISIT - MOST_HTML, 4, (picture,))
    fields = {name: getattr(at_the_limit, name) for name in at_the_limit.__slots__}
    return Weight(**(fields | changes))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"html": MOST_HTML + 100, "others": 0}, "Teksten vejer 14,1 kB"),
        ({"others": MOST_FIRST_VISIT - MOST_HTML + 100}, "Uden billeder vejer den 25,1 kB"),
        ({"requests": 5}, "5 gange"),
        ({"pictures": (Picture("Et hus", MOST_BYTES + 100),)}, "Billedet “Et hus” vejer 30,1 kB"),
    ],
    ids=["text", "first visit", "requests", "image"],
)
def test_each_limit_holds_from_the_first_byte_above_it(change: dict[str, Any], words: str):
    assert light().problems == []

    [problem] = light(**change).problems

    assert words in problem


def test_the_estimate_lies_close_above_what_a_reader_gets(client: Client):
    page = make_lesson_page(body=[text(f"<p>{'Beslut inden for 24 timer. ' * 40}</p>")])

    weight = weigh(page)

    served = len(gzip.compress(client.get(page.url).content))
    assert served <= weight.html <= served + 1_200
    assert weight.requests == 3  # the page, its style, its script
    assert 5_000 < weight.others < 14_000


def test_a_site_that_is_being_set_up_weighs_the_body_alone(monkeypatch: pytest.MonkeyPatch):
    page = make_lesson_page()
    monkeypatch.setattr(staticfiles_storage, "hashed_files", {}, raising=False)

    weight = weigh(page)

    assert (weight.html, weight.requests) == (page.draw().size_bytes, 1)
    assert not weight.is_heavy


def test_figures_are_those_of_the_link_pages_are_made_for():
    assert Weight(html=18_000, others=0, requests=3).seconds == 4
    assert Weight(html=14_000, others=0, requests=1).seconds == 2


def test_no_door_opens_without_a_reason(heavy_body: Any):
    page = make_lesson_page(live=False)
    page.body = heavy_body

    with pytest.raises(PublishingRefused, match="skriv hvorfor"):
        page.save_revision().publish()

    assert not LessonPage.objects.get(pk=page.pk).live
    assert not PageLogEntry.objects.filter(page=page.pk, action="pages.heavy").exists()


def test_with_a_reason_it_goes_live_and_the_log_says_who_and_why(heavy_body: Any):
    page = make_lesson_page(live=False)
    reviewer = make_user("reviewer")
    page.body, page.weight_reason = heavy_body, REASON

    page.save_revision(user=reviewer).publish(user=reviewer)

    page = LessonPage.objects.get(pk=page.pk)
    assert page.live
    line = PageLogEntry.objects.get(page=page.pk, action="pages.heavy")
    assert (line.user, line.data["reason"]) == (reviewer, REASON)
    assert line.data["kilobytes"] > 25
    assert page.condition.is_heavy
    html = (
        admin_browser("editor")
        .get(reverse("wagtailadmin_pages:history", args=[page.pk]))
        .content.decode()
    )
    assert REASON in html


def test_a_reason_covers_what_the_page_weighed_and_a_tenth_more(heavy_body: Any):
    page = make_lesson_page(live=False)
    page.weight_reason = REASON
    page.weight_explained = 100_000

    within = why_not(page, Weight(html=110_000, others=0, requests=1))
    beyond = why_not(page, Weight(html=110_001, others=0, requests=1))

    assert within == ""
    assert "100 kB" in beyond
    assert "110 kB" in beyond


@pytest.mark.parametrize("reason", ["", "  ", "for tung "])
def test_a_reason_is_at_least_a_few_words(reason: str):
    page = make_lesson_page(live=False)
    page.weight_reason = reason

    assert why_not(page, Weight(html=MOST_HTML + 1, others=0, requests=1))
    assert not why_not(page, Weight(html=MOST_HTML, others=0, requests=1))


@pytest.mark.parametrize(
    ("role", "action"), [("reviewer", "action-publish"), ("editor", "action-submit")]
)
def test_the_form_asks_at_the_field_and_keeps_what_was_typed(
    heavy_body: Any, role: str, action: str
):
    setup.create_workflow(make_home())
    page = make_lesson_page(live=False)
    browser = admin_browser(role)

    answer = browser.post(edit_address(page), heavy_form(page, heavy_body) | {action: "1"})

    assert answer.status_code == 200
    [error] = answer.context["form"].errors["weight_reason"]
    assert "Teksten vejer" in error
    assert heavy_body[0]["value"][3:40] in answer.content.decode()
    assert not LessonPage.objects.get(pk=page.pk).live

    form = heavy_form(page, heavy_body, weight_reason=REASON) | {action: "1"}
    assert browser.post(edit_address(page), form).status_code == 302
    page = LessonPage.objects.get(pk=page.pk)
    assert page.live is (role == "reviewer")
    kept = page.get_latest_revision_as_object()
    assert kept.weight_reason == REASON
    assert kept.weight_explained == pytest.approx(weigh(kept).total, abs=1_000)


def test_a_draft_may_weigh_what_it_likes(heavy_body: Any):
    page = make_lesson_page(live=False)

    answer = admin_browser("editor").post(edit_address(page), heavy_form(page, heavy_body))

    assert answer.status_code == 302


def test_a_new_page_is_asked_too(heavy_body: Any):
    module = make_lesson_page().get_parent()
    new = LessonPage(title="Ny", slug="ny")
    address = reverse("wagtailadmin_pages:add", args=["pages", "lessonpage", module.pk])
    form = heavy_form(new, heavy_body) | {"action-publish": "1"}
    browser = Client()
    reviewer = make_user("reviewer")
    reviewer.is_superuser = True
    reviewer.save()
    browser.force_login(reviewer)

    answer = browser.post(address, form)

    assert "weight_reason" in answer.context["form"].errors
    assert not LessonPage.objects.filter(slug="ny").exists()


def test_a_reason_with_a_number_of_a_citizen_is_refused(heavy_body: Any):
    page = make_lesson_page(live=False)
    form = heavy_form(page, heavy_body, weight_reason="Se sagen 010190-1234")

    answer = admin_browser("editor").post(edit_address(page), form)

    assert "weight_reason" in answer.context["form"].errors
    assert b"010190-1234" not in b"".join(
        str(one).encode() for one in Revision.objects.values_list("content", flat=True)
    )


def test_approving_from_the_list_is_refused_with_the_reason_and_nothing_is_half_done(
    heavy_body: Any,
):
    page = in_review(heavy_body)
    state = Page.objects.get(pk=page.pk).current_workflow_task_state
    browser = admin_browser("reviewer")
    address = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", state.pk])

    answer = browser.post(address, {"comment": ""})

    assert answer.status_code == 302
    assert answer["Location"] == edit_address(page)
    page = LessonPage.objects.get(pk=page.pk)
    assert not page.live
    assert page.workflow_in_progress
    state.refresh_from_db()
    assert state.status == state.STATUS_IN_PROGRESS
    assert "Teksten vejer" in browser.get(edit_address(page)).content.decode()


def test_the_reviews_dialogue_leads_to_the_page_too(heavy_body: Any):
    page = in_review(heavy_body)
    state = Page.objects.get(pk=page.pk).current_workflow_task_state
    address = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", state.pk])

    answer = admin_browser("reviewer").post(
        address, {"comment": ""}, headers={"x-requested-with": "XMLHttpRequest"}
    )

    assert answer.json() == {"step": "success", "redirect": edit_address(page)}


def test_who_sends_a_page_back_is_not_asked(heavy_body: Any):
    page = in_review(heavy_body)
    action = {"action-workflow-action": "1", "workflow-action-name": "reject"}

    answer = admin_browser("reviewer").post(
        edit_address(page), heavy_form(page, heavy_body) | action
    )

    assert answer.status_code == 302
    assert not Page.objects.get(pk=page.pk).workflow_in_progress


def test_what_is_planned_is_asked_when_it_is_planned(heavy_body: Any):
    page = make_lesson_page(live=False)
    page.body = heavy_body
    page.go_live_at = timezone.now() + timedelta(hours=1)

    with pytest.raises(PublishingRefused):
        page.save_revision().publish()

    page.weight_reason = REASON
    revision = page.save_revision()
    revision.publish()
    passed = timezone.now() - timedelta(minutes=1)
    Revision.objects.filter(pk=revision.pk).update(
        approved_go_live_at=passed,
        content={**revision.content, "go_live_at": passed.isoformat()},
    )
    call_command("publish_scheduled", stdout=StringIO())
    assert LessonPage.objects.get(pk=page.pk).live


def test_a_heavy_translation_is_refused_until_its_own_reason_is_given(heavy_body: Any):
    page = make_lesson_page()
    page = edit(page, body=heavy_body, weight_reason=REASON)
    source, _new = TranslationSource.update_or_create_from_instance(page)
    kl = in_kalaallisut(page)
    kl.alias_of = None
    kl.weight_reason = ""
    kl.save()
    Translation.objects.create(source=source, target_locale=kl.locale)
    reviewer = make_user("reviewer")
    translation = Translation.objects.get(source=source)
    translation.save_target(user=reviewer, publish=False)
    kl = LessonPage.objects.get(pk=kl.pk)
    assert kl.get_latest_revision_as_object().weight_reason == ""

    with pytest.raises(PublishingRefused):
        kl.get_latest_revision().publish()
    browser = admin_browser("reviewer")
    warned = browser.get(edit_address(kl)).content.decode()
    assert reverse("pages_weight", args=[kl.pk]) in warned
    answer = browser.post(reverse("pages_weight", args=[kl.pk]), {"reason": REASON})
    assert answer.status_code == 302

    translation.save_target(user=reviewer, publish=False)
    kl = LessonPage.objects.get(pk=kl.pk)
    kl.get_latest_revision().publish()
    assert LessonPage.objects.get(pk=kl.pk).live
    line = PageLogEntry.objects.get(page=kl.pk, action="pages.weight_reason")
    assert line.data == {"reason": REASON}
    assert (
        reverse("pages_weight", args=[kl.pk]) not in browser.get(edit_address(kl)).content.decode()
    )


@pytest.mark.parametrize("reason", ["", "kort", "Se sagen 010190-1234"])
def test_a_bad_reason_stays_in_the_field(heavy_body: Any, reason: str):
    page = make_lesson_page(live=False)
    page.body = heavy_body
    page.save_revision()

    answer = admin_browser("editor").post(
        reverse("pages_weight", args=[page.pk]), {"reason": reason}
    )

    assert answer.status_code == 422
    assert answer.context["form"].errors["reason"]
    assert not PageLogEntry.objects.filter(action="pages.weight_reason").exists()


def test_a_reason_typed_into_a_draft_covers_what_is_published_later(heavy_body: Any):
    page = make_lesson_page(live=False)
    browser = admin_browser("reviewer")
    browser.post(edit_address(page), heavy_form(page, heavy_body, weight_reason=REASON))
    draft = LessonPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    assert (draft.weight_reason, draft.weight_explained) == (REASON, None)

    form = heavy_form(page, heavy_body, weight_reason=REASON) | {"action-publish": "1"}
    browser.post(edit_address(page), form)

    page = LessonPage.objects.get(pk=page.pk)
    assert page.live
    assert page.weight_explained > 25_000


def test_no_reason_is_given_while_the_page_is_under_review(heavy_body: Any):
    page = in_review(heavy_body)

    answer = admin_browser("editor").post(
        reverse("pages_weight", args=[page.pk]), {"reason": REASON}
    )

    assert answer.status_code == 422
    assert "Siden er låst." in answer.content.decode()
    assert not PageLogEntry.objects.filter(action="pages.weight_reason").exists()


def test_strangers_see_no_weight(as_learner: Client):
    page = make_lesson_page()
    address = reverse("pages_weight", args=[page.pk])

    assert as_learner.get(address).status_code in {302, 403}
    missing = reverse("pages_weight", args=[page.pk + 10_000])
    assert admin_browser("editor").get(missing, follow=True).status_code == 404
    copy = reverse("pages_weight", args=[in_kalaallisut(page).pk])
    assert admin_browser("editor").get(copy, follow=True).status_code == 404


def test_giving_a_reason_publishes_nothing(heavy_body: Any):
    page = make_lesson_page(title="Som den var")
    page.title = "Ny titel"
    page.save_revision()

    give_reason(page.get_latest_revision_as_object(), REASON, user=make_user("editor"))

    row = LessonPage.objects.get(pk=page.pk)
    assert (row.title, row.weight_reason) == ("Som den var", REASON)
    assert row.get_latest_revision_as_object().title == "Ny titel"


def test_the_preview_says_what_the_page_weighs_as_it_is_written():
    page = make_lesson_page()
    editor = admin_browser("editor")
    address = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
    form = form_of(page, [("text", typed("Nye ord om uret."))])

    assert editor.post(address, form).json()["is_valid"]
    html = editor.get(address).content.decode()

    weight = weigh(page)
    assert f"{weight.kilobytes} kB · 3 forespørgsler · cirka {weight.seconds} s" in html
    assert page.preview_sizes[0]["device_width"] == 360
