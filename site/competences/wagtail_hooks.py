"""Topics and frameworks in the admin. They are retired or followed by a version, never deleted."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    ObjectList,
)
from wagtail.admin.widgets.button import HeaderButton, ListingButton
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import IndexView, SnippetViewSetGroup

from competences.admin_views import ImportView, NextVersionView
from competences.forms import FrameworkVersionForm
from competences.imports import MOST_COMPETENCES
from competences.models import Framework, FrameworkVersion, Topic
from core.admin_forms import GuardedAdminForm
from core.registers import RegisterViewSet


class TopicViewSet(RegisterViewSet):
    """What one can have worked on."""

    model = Topic
    icon = "list-ul"
    menu_label = _("Topics")
    list_display = ["title_da", "title_kl", "position", "retired_on"]
    ordering = ["position", "key"]
    search_fields = ["key", "title_da", "title_kl"]
    edit_handler = ObjectList(
        [
            FieldPanel("key"),
            FieldPanel("title_da"),
            FieldPanel("title_kl", read_only=True),
            FieldPanel("help_da"),
            FieldPanel("help_kl", read_only=True),
            FieldRowPanel([FieldPanel("position"), FieldPanel("retired_on")]),
        ],
        base_form_class=GuardedAdminForm,
    )


class FrameworkViewSet(RegisterViewSet):
    """The frameworks, one per profession."""

    model = Framework
    icon = "folder-open-inverse"
    menu_label = _("Frameworks")
    list_display = ["title_da", "profession_da", "position", "retired_on"]
    ordering = ["position", "key"]
    search_fields = ["key", "title_da", "title_kl"]
    edit_handler = ObjectList(
        [
            FieldPanel("key"),
            FieldPanel("title_da"),
            FieldPanel("title_kl", read_only=True),
            FieldRowPanel(
                [FieldPanel("profession_da"), FieldPanel("profession_kl", read_only=True)]
            ),
            FieldPanel("first_for"),
            FieldRowPanel([FieldPanel("position"), FieldPanel("retired_on")]),
        ],
        base_form_class=GuardedAdminForm,
    )


def _pair(name: str) -> FieldRowPanel:
    return FieldRowPanel([FieldPanel(f"{name}_da"), FieldPanel(f"{name}_kl", read_only=True)])


class FrameworkVersionIndex(IndexView):
    """The versions, and the way to take one in from a file."""

    @cached_property
    def header_buttons(self) -> list[Any]:
        """One more where the person may add."""
        buttons: list[Any] = super().header_buttons
        if not self.add_url:
            return buttons
        address = reverse("competences_import")
        return [*buttons, HeaderButton(_("Take in a file"), url=address, icon_name="upload")]


class FrameworkVersionViewSet(RegisterViewSet):
    """What each version says, competence by competence."""

    model = FrameworkVersion
    index_view_class = FrameworkVersionIndex
    icon = "list-ol"
    menu_label = _("Competences")
    list_display = ["framework", "number", "in_force_from", "published_at"]
    list_filter = ["framework"]
    ordering = ["framework__position", "-number"]
    search_fields = ["framework__title_da"]
    edit_handler = ObjectList(
        [
            FieldPanel("framework"),
            FieldRowPanel([FieldPanel("number"), FieldPanel("in_force_from")]),
            FieldPanel("publish"),
            InlinePanel(
                "texts",
                [
                    FieldPanel("key"),
                    *(
                        _pair(name)
                        for name in (
                            "title",
                            "description",
                            "not_yet",
                            "with_help",
                            "alone",
                            "can_teach",
                        )
                    ),
                    FieldPanel("topics", widget=forms.CheckboxSelectMultiple),
                ],
                heading=_("Competences"),
                label=_("Competence"),
                max_num=MOST_COMPETENCES,
            ),
        ],
        base_form_class=FrameworkVersionForm,
    )


class CompetenceGroup(SnippetViewSetGroup):
    """One entry of the menu for what can be learnt."""

    items = (FrameworkVersionViewSet, FrameworkViewSet, TopicViewSet)
    menu_label = _("Competences")
    menu_icon = "list-ul"
    menu_name = "competences"
    menu_order = 270


register_snippet(CompetenceGroup)


@hooks.register("register_admin_urls")
def own_addresses() -> list[Any]:
    """Where a framework is taken in, and its next version begun."""
    return [
        path("kompetencer/hent/", ImportView.as_view(), name="competences_import"),
        path(
            "kompetencer/version/<uuid:version>/naeste/",
            NextVersionView.as_view(),
            name="competences_next_version",
        ),
    ]


@hooks.register("register_snippet_listing_buttons")
def next_version_button(snippet: Any, user: Any, next_url: Any = None) -> Iterator[Any]:
    """What is published goes on in a new version."""
    if (
        isinstance(snippet, FrameworkVersion)
        and snippet.is_frozen
        and user.has_perm("competences.add_frameworkversion")
    ):
        yield ListingButton(
            _("Begin the next version"),
            reverse("competences_next_version", args=[snippet.pk]),
            icon_name="plus",
            priority=30,
        )
