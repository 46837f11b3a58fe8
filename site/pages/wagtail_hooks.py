"""Wagtail's admin as our editors meet it, and what is asked before a page is served."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
)
from wagtail.admin.widgets.button import ListingButton
from wagtail.models import Page
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from core.admin_forms import GuardedAdminForm
from core.languages import KALAALLISUT
from core.registers import RegisterViewSet
from pages.editing import dashboard
from pages.editing import hooks as editing_hooks
from pages.editing.shared import SHARED, why_kept
from pages.models import Checklist, ContactCard, GlossaryTerm
from pages.privacy import refuse_as_missing
from pages.translating import doors
from pages.translating.records import kind_of
from pages.translating.views import may_see_translations

__all__ = ["dashboard", "doors", "editing_hooks"]  # they register themselves

#: Wagtail's pages about accounts are ours (``people``), its help is in English.
HIDDEN_FROM_MENUS = frozenset({"users", "groups", "help", "snippets"})


@hooks.register("before_serve_page")
def refuse_strangers(page: Page, request: HttpRequest, _args: Any, _kwargs: Any) -> None:
    """A page for a group does not exist for others who have signed in.

    Raises:
        Http404: For them.
    """
    refuse_as_missing(page, request)


@hooks.register("insert_editor_js")
def named_editors() -> SafeString:
    """What gives the editor of running text the name of its field."""
    return format_html('<script src="{}" defer></script>', static("pages/named_editors.js"))


@hooks.register("insert_global_admin_css")
def our_colours() -> SafeString:
    """Our blue and our name."""
    return format_html('<link rel="stylesheet" href="{}">', static("pages/admin.css"))


@hooks.register("insert_global_admin_js")
def identity_guard() -> SafeString:
    """What stops a number that looks like a citizen's on the device."""
    return format_html(
        '<script src="{}" data-cpr="{}"></script>',
        static("dist/admin.js"),
        gettext(
            "The field holds digits that look like a CPR number. Delete them. "
            "Write about the work, never about a person."
        ),
    )


@hooks.register("construct_main_menu")
@hooks.register("construct_settings_menu")
def only_what_is_needed(_request: HttpRequest, items: list[MenuItem]) -> None:
    """Hide what editors have no use for."""
    items[:] = [item for item in items if item.name not in HIDDEN_FROM_MENUS]


class GlossaryViewSet(RegisterViewSet):
    """The words of the field. The Kalaallisut is released under "Translations"."""

    model = GlossaryTerm
    icon = "openquote"
    menu_label = _("Glossary")
    menu_order = 275
    add_to_admin_menu = True
    list_display = ["term_da", "term_kl", "kl_state", "is_shown"]
    list_filter = ["kl_state"]
    ordering = ["term_da"]
    search_fields = ["key", "term_da", "term_kl", "meaning_da"]
    edit_handler = ObjectList(
        [
            FieldPanel("key"),
            FieldRowPanel([FieldPanel("term_da"), FieldPanel("term_kl", read_only=True)]),
            MultiFieldPanel(
                [FieldPanel("kl_state", read_only=True), FieldPanel("kl_source")],
                heading=_("Kalaallisut"),
            ),
            FieldPanel("meaning_da"),
            FieldPanel("meaning_kl", read_only=True),
            FieldPanel("is_shown"),
        ],
        base_form_class=GuardedAdminForm,
    )


register_snippet(GlossaryViewSet)


class ContactCardViewSet(RegisterViewSet):
    """How the offices of the towns are reached."""

    model = ContactCard
    icon = "mail"
    menu_label = _("Contact cards")
    list_display = ["name_da", "place", "phone", "email", "checked_on"]
    list_filter = ["place"]
    ordering = ["place__name", "name_da"]
    search_fields = ["name_da", "name_kl", "phone", "email", "place__name"]
    edit_handler = ObjectList(
        [
            FieldPanel("place"),
            FieldRowPanel([FieldPanel("name_da"), FieldPanel("name_kl", read_only=True)]),
            FieldRowPanel([FieldPanel("phone"), FieldPanel("email")]),
            FieldRowPanel([FieldPanel("hours_da"), FieldPanel("hours_kl", read_only=True)]),
            FieldPanel("checked_on"),
        ],
        base_form_class=GuardedAdminForm,
    )


class ChecklistViewSet(RegisterViewSet):
    """Checklists that several pages show."""

    model = Checklist
    icon = "list-ul"
    menu_label = _("Checklists")
    list_display = ["title_da", "title_kl"]
    ordering = ["title_da"]
    search_fields = ["title_da", "title_kl"]
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("title_da"), FieldPanel("title_kl", read_only=True)]),
            InlinePanel(
                "points",
                [FieldRowPanel([FieldPanel("text_da"), FieldPanel("text_kl", read_only=True)])],
                heading=_("Points"),
                label=_("Point"),
                min_num=1,
                max_num=30,
            ),
        ],
        base_form_class=GuardedAdminForm,
    )


class SharedGroup(SnippetViewSetGroup):
    """One entry of the menu for what many pages show."""

    items = (ContactCardViewSet, ChecklistViewSet)
    menu_label = _("Shared blocks")
    menu_icon = "copy"
    menu_name = "shared"
    menu_order = 276


register_snippet(SharedGroup)


@hooks.register("register_snippet_listing_buttons")
def way_to_the_translation(snippet: Any, user: Any, next_url: Any = None) -> Iterator[Any]:
    """From a record with texts in two languages to where its Kalaallisut is written."""
    kind = kind_of(snippet)
    if kind is not None and may_see_translations(user):
        yield ListingButton(
            _("Translation"),
            reverse("wording", args=[kind.key, snippet.pk, KALAALLISUT]),
            icon_name="wagtail-localize-language",
            priority=60,
        )


@hooks.register("before_delete_snippet")
def keep_what_pages_show(request: HttpRequest, instances: list[Any]) -> TemplateResponse | None:
    """Name the pages that show a card, list or word instead of deleting it, also among many."""
    ours = [one for one in instances if isinstance(one, SHARED)]
    kept = [reason for one in ours if (reason := why_kept(one))]
    if not kept:
        return None
    kind: Any = type(ours[0])
    context = {
        "kept": kept,
        "page_title": gettext("It cannot be deleted"),
        "back": reverse(kind.snippet_viewset.get_url_name("list")),
    }
    return TemplateResponse(request, "rules/admin/cannot_delete.html", context, status=409)
