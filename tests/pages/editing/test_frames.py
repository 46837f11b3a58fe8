"""No page may stand in a frame, of another site least of all; a preview of our own may."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.admin import admin_browser
from tests.factories.pages import make_lesson_page
from tests.pages.editing.test_weight import typed
from tests.pages.test_richtext import form_of

pytestmark = pytest.mark.usefixtures("base")


def test_only_a_preview_may_stand_in_a_frame_of_our_own():
    page = make_lesson_page()
    editor = admin_browser("editor")
    preview = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
    assert editor.post(preview, form_of(page, [("text", typed("Nye ord."))])).json()["is_valid"]

    found = {
        name: answer["X-Frame-Options"]
        for name, answer in {
            "lesson": Client().get(page.url),
            "editor": editor.get(reverse("wagtailadmin_pages:edit", args=[page.pk])),
            "preview": editor.get(preview),
        }.items()
    }

    assert found == {"lesson": "DENY", "editor": "DENY", "preview": "SAMEORIGIN"}
