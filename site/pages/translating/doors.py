"""Wagtail's own doors to a translation: its menu, its addresses, and the gate in its publishing.

The rule is :mod:`pages.translating.second_eyes`; here it is asked before Wagtail or
wagtail-localize publishes, so that whoever is refused reads why and loses nothing.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.action_menu import ActionMenuItem
from wagtail.admin.menu import MenuItem
from wagtail.models import Page

from pages.translating import file_views, views, wording_views
from pages.translating.proposing import RELEASE
from pages.translating.second_eyes import (
    TranslationRefused,
    approve,
    draft_of,
    is_translation,
    localized,
    person_of,
    why_not,
)

FIRST = -10  # before wagtail-localize's own


class TranslationsMenuItem(MenuItem):
    """The way to what is translated and what is not."""

    def is_shown(self, request: HttpRequest) -> bool:
        """For translators, editors and reviewers."""
        return views.may_see_translations(request.user)


@hooks.register("register_admin_menu_item")
def translations_menu_item() -> MenuItem:
    """Below the pages."""
    return TranslationsMenuItem(
        _("Translations"),
        reverse("missing_translations"),
        name="translations",
        icon_name="wagtail-localize-language",
        order=150,
    )


@hooks.register("register_admin_urls", order=FIRST)
def translation_urls() -> list[URLPattern]:
    """The pages themselves; the last one stands in front of wagtail-localize's."""
    below = "oversaettelser/"
    page = f"{below}side/<uuid:page_key>/<slug:language>/"
    text = f"{below}tekst/<slug:kind>/<uuid:record>/<slug:language>/"
    course = f"{below}kursus/<uuid:page_key>/<slug:language>/"
    return [
        path(below, views.StateTable.as_view(), name="missing_translations"),
        path(f"{below}tabel.csv", views.StateCsv.as_view(), name="translations_csv"),
        path(f"{below}koe/", views.QueueView.as_view(), name="translation_queue"),
        path(f"{below}mangler/", wording_views.Texts.as_view(), name="unwritten_texts"),
        path(text, wording_views.OneText.as_view(), name="wording"),
        path(f"{text}goer/", wording_views.DoWithText.as_view(), name="do_with_wording"),
        path(f"{below}filer/", file_views.CourseFiles.as_view(), name="course_files"),
        path(page, views.PageTranslation.as_view(), name="translation"),
        path(f"{page}goer/", views.DoWithTranslation.as_view(), name="do_with_translation"),
        path(course, file_views.CourseFile.as_view(), name="course_file"),
        path(
            "localize/update/<int:translation_source_id>/",
            views.UpdateTranslations.as_view(),
            name="update_translations",
        ),
    ]


@hooks.register("register_log_actions")
def what_the_log_says_of_texts(actions: Any) -> None:
    """Who released the Kalaallisut of a record, in its history."""
    actions.register_action(RELEASE, _("Release"), _("The text in Kalaallisut was released"))


@hooks.register("insert_global_admin_js")
def translating_script() -> SafeString:
    """What the editor of translations leaves in English."""
    return format_html('<script src="{}" defer></script>', static("pages/translating.js"))


@hooks.register("before_publish_page")
def ask_for_other_eyes(request: HttpRequest, page: Page) -> HttpResponse | None:
    """The page's editor has kept the text as a draft; it goes live if other eyes let it."""
    if not is_translation(page) or page.latest_revision is None:
        return None
    version = page.latest_revision.as_object()
    try:
        approve(page, version, person_of(request.user), at=timezone.now())
    except TranslationRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("wagtailadmin_pages:edit", page.pk)
    return None


@hooks.register("before_edit_page", order=FIRST)
def ask_for_other_eyes_in_segments(request: HttpRequest, page: Page) -> HttpResponse | None:
    """The editor of translations publishes if other eyes let it; what is typed there is kept."""
    publishes = request.method == "POST" and request.POST.get("action") == "publish"
    if not publishes or not is_translation(page) or localized(page) is None:
        return None
    if not page.permissions_for_user(request.user).can_publish():
        return None  # wagtail-localize says so
    try:
        approve(page, draft_of(page), person_of(request.user), at=timezone.now())
    except TranslationRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("wagtailadmin_pages:edit", page.pk)
    return None


@hooks.register("before_edit_page", order=FIRST)
def ask_for_other_eyes_in_review(request: HttpRequest, page: Page) -> None:
    """Who wrote the text cannot approve it: what they send is kept as a draft."""
    if request.POST.get("workflow-action-name") != "approve" or not is_translation(page):
        return
    refusal = why_not(page, page.get_latest_revision_as_object(), person_of(request.user))
    if refusal:
        messages.error(request, refusal)
        sent: Any = request.POST.copy()
        sent.pop("action-workflow-action", None)
        request.POST = sent


@hooks.register("before_bulk_action")
def ask_for_other_eyes_in_bulk(
    request: HttpRequest, action_type: str, objects: Iterable[Any], action: Any
) -> HttpResponse | None:
    """Of several pages at once none is published while one lacks other eyes."""
    if action_type != "publish" or request.method != "POST":
        return None
    for found in objects:
        page = found.specific if isinstance(found, Page) else None
        if page is None or not is_translation(page):
            continue
        version = page.get_latest_revision_as_object()
        refusal = why_not(page, version, person_of(request.user))
        if refusal:
            messages.error(request, f"{page.title}: {refusal}")
            return redirect("wagtailadmin_explore", page.get_parent().pk)
    return None


@hooks.register("construct_page_action_menu")
def begin_with_saving(
    items: list[ActionMenuItem], _request: HttpRequest, _context: dict[str, Any]
) -> None:
    """What throws a translation away stands last; wagtail-localize offers it first."""
    items.sort(key=lambda item: item.name == "localize-convert-to-alias")


@hooks.register("construct_translated_pages_to_cascade_actions")
def follow_the_danish_page(pages: list[Page], action: str) -> dict[Page, "QuerySet[Page]"]:
    """What is moved, deleted or withdrawn in Danish is so in Kalaallisut, too.

    Wagtail itself takes care of copies that are not translated yet when a page is withdrawn.
    """
    followers = {page: Page.objects.translation_of(page) for page in pages}
    if action == "unpublish":
        return {page: found.filter(alias_of__isnull=True) for page, found in followers.items()}
    return followers
