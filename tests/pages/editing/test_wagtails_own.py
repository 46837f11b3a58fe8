"""What Wagtail brings for editors works here, through its doors and in Danish."""

from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, Revision

from files.models import Image
from notices.due import run_due
from pages.models import LessonPage
from tests.factories.admin import admin_browser
from tests.factories.courses import make_rule
from tests.factories.files import drawn
from tests.factories.pages import block, edit, make_lesson_page, text
from tests.pages.test_richtext import form_of


def edit_address(page: Page) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def words(html: bytes) -> str:
    """The words of a page, without its markup."""
    return " ".join(BeautifulSoup(html, "html.parser").get_text(" ").split())


def test_two_versions_are_compared_word_for_word():
    page = make_lesson_page(body=[text("<p>Beslut inden for 24 timer.</p>")])
    raw = [dict(child) for child in page.body.raw_data]
    raw[0]["value"] = "<p>Beslut inden for 48 timer.</p>"
    edit(page, body=raw)
    address = reverse("wagtailadmin_pages:revisions_compare", args=[page.pk, "earliest", "latest"])

    answer = admin_browser("editor").get(address)

    html = BeautifulSoup(answer.content, "html.parser")
    assert answer.status_code == 200
    assert [gone.get_text() for gone in html.select(".comparison .deletion")] == ["24"]
    assert [new.get_text() for new in html.select(".comparison .addition")] == ["48"]


def test_the_way_to_compare_stands_in_the_history():
    page = make_lesson_page()
    browser = admin_browser("editor")
    for title in ("Ny titel", "Nyere titel"):
        browser.post(edit_address(page), form_of(page, []) | {"title": title})

    answer = browser.get(reverse("wagtailadmin_pages:history", args=[page.pk]))

    assert "/revisions/compare/" in answer.content.decode()
    assert "Sammenlign" in words(answer.content)


def test_where_an_image_is_used_is_said_before_it_is_deleted():
    cache.clear()
    image = Image.objects.create(
        title="Et bord", description="Et bord", file=ContentFile(drawn(), name="bord.png")
    )
    chosen = {"image": image.pk, "alt_text": "Et bord", "decorative": False}
    page = make_lesson_page(
        title="Med billede", body=[block("image", {"image": chosen, "caption": ""})]
    )
    browser = admin_browser("editor")

    asked = browser.get(reverse("wagtailimages:delete", args=[image.pk]))
    used = browser.get(reverse("wagtailimages:image_usage", args=[image.pk]))

    assert asked.status_code == 200
    assert "Brugt" in words(asked.content) or "brug" in words(asked.content)
    assert reverse("wagtailimages:image_usage", args=[image.pk]) in asked.content.decode()
    assert page.title in words(used.content)
    assert Image.objects.filter(pk=image.pk).exists()


def test_where_a_rule_is_used_is_said_instead_of_deleting_it():
    rule = make_rule()
    make_lesson_page(title="Med regel", body=[block("rule", str(rule.pk))])

    address = reverse("wagtailsnippets_rules_rule:usage", args=[rule.pk])
    answer = admin_browser("reviewer").get(address)

    assert "Med regel" in words(answer.content)


def save_by_itself(browser: Client, page: Page, title: str, **more: Any) -> Any:
    """What the editor sends by itself some seconds after a change."""
    form = form_of(page.specific, []) | {"title": title} | more
    headers = {"accept": "application/json", "x-requested-with": "XMLHttpRequest"}
    return browser.post(edit_address(page), form, headers=headers)


def test_what_is_typed_is_kept_without_a_press():
    page = make_lesson_page(title="Før")

    answer = save_by_itself(admin_browser("editor"), page, "Efter")

    assert answer.json()["success"], answer.content
    kept = LessonPage.objects.get(pk=page.pk)
    assert (kept.title, kept.get_latest_revision_as_object().title) == ("Før", "Efter")


def test_two_editors_at_once_overwrite_nothing_of_each_other():
    page = make_lesson_page(title="Før")
    loaded = page.get_latest_revision()
    seen = {
        "loaded_revision_id": str(loaded.pk),
        "loaded_revision_created_at": loaded.created_at.isoformat(),
    }
    first, second = admin_browser("editor"), admin_browser("editor")
    assert save_by_itself(first, page, "Den første", **seen).json()["success"]

    answer = save_by_itself(second, page, "Den anden", **seen)

    assert answer.json()["error_code"] == "invalid_revision"
    assert "nyere version" in answer.json()["error_message"]
    assert LessonPage.objects.get(pk=page.pk).get_latest_revision_as_object().title == "Den første"


@pytest.mark.parametrize("role", ["reviewer", "editor"])
def test_a_reviewer_plans_a_publication_in_the_editor_and_nobody_else(role: str, client: Client):
    page = make_lesson_page(live=False)
    moment = timezone.localtime(timezone.now() + timedelta(hours=3)).strftime("%Y-%m-%d %H:%M")

    admin_browser(role).post(
        edit_address(page), form_of(page, []) | {"go_live_at": moment, "action-publish": "1"}
    )

    planned = Revision.objects.filter(object_id=str(page.pk), approved_go_live_at__isnull=False)
    assert planned.exists() is (role == "reviewer")
    assert client.get(page.url).status_code == 404
    if role == "editor":
        return
    passed = timezone.now() - timedelta(minutes=1)
    revision = planned.get()
    revision.approved_go_live_at = passed
    revision.content = {**revision.content, "go_live_at": passed.isoformat()}
    revision.save()
    run_due(at=timezone.now())
    assert client.get(page.url).status_code == 200
    assert LessonPage.objects.get(pk=page.pk).condition.review_by is not None
