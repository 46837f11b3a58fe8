"""The register in the admin: reviewers write it, editors and translators choose from it."""

from typing import Any

import django_filters
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin import widgets
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import InspectView, SnippetViewSetGroup

from core.periods import local_day
from core.registers import RegisterViewSet
from rules import admin_views
from rules.deleting import why_kept
from rules.forms import ActForm, RuleForm
from rules.history import history_of
from rules.models import Act, Replacement, Rule, RuleQuerySet


class RuleFilterSet(WagtailFilterSet):
    """By state and act, and by whether the last day of review has passed."""

    overdue = django_filters.ChoiceFilter(
        label=_("Review"),
        choices=[("yes", _("Should have been checked again"))],
        method="only_overdue",
    )

    class Meta:
        model = Rule
        fields = ["state", "act"]

    def only_overdue(self, rules: RuleQuerySet, _name: str, _value: str) -> RuleQuerySet:
        """The rules to check now, the longest overdue first."""
        return rules.overdue(on=local_day(timezone.now()))


class RuleInspectView(InspectView):
    """A rule with everything it has said before."""

    template_name = "rules/admin/inspect.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds ``history``."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {
            "history": history_of(self.object),
            "may_decide": self.request.user.has_perm("rules.change_rule"),
        }


class RuleViewSet(RegisterViewSet):
    """Rules with their source, state and dates."""

    model = Rule
    icon = "clipboard-list"
    menu_label = _("Rules")
    list_display = ["paragraph", "statement_da", "state", "checked_on", "review_by"]
    filterset_class = RuleFilterSet
    ordering = ["key"]
    search_fields = ["key", "paragraph", "statement_da", "statement_kl"]
    inspect_view_class = RuleInspectView
    edit_handler = ObjectList(
        [
            FieldPanel("key"),
            MultiFieldPanel(
                [FieldPanel("act"), FieldPanel("paragraph")], heading=_("Where it stands")
            ),
            MultiFieldPanel(
                [FieldPanel("statement_da"), FieldPanel("statement_kl", read_only=True)],
                heading=_("What it says"),
            ),
            MultiFieldPanel(
                [
                    FieldRowPanel(
                        [FieldPanel("deadline_da"), FieldPanel("deadline_kl", read_only=True)]
                    ),
                    FieldRowPanel(
                        [
                            FieldPanel("deadline_starts_da"),
                            FieldPanel("deadline_starts_kl", read_only=True),
                        ]
                    ),
                    FieldRowPanel(
                        [
                            FieldPanel("deadline_hours"),
                            FieldPanel("deadline_days"),
                            FieldPanel("deadline_months"),
                        ]
                    ),
                ],
                heading=_("Time limit"),
            ),
            MultiFieldPanel(
                [FieldPanel("source_title"), FieldPanel("source_url")], heading=_("Source")
            ),
            MultiFieldPanel(
                [
                    FieldPanel("state"),
                    FieldRowPanel([FieldPanel("checked_on"), FieldPanel("review_by")]),
                    FieldPanel("checked_by", read_only=True),
                    FieldPanel("is_correction"),
                ],
                heading=_("Check"),
            ),
        ],
        base_form_class=RuleForm,
    )


class ActInspectView(InspectView):
    """An act with the way to its next version, and to the rules that wait for it."""

    template_name = "rules/admin/inspect_act.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds ``newer``, ``older`` and ``waiting``."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        act = self.object
        newer = Replacement.objects.filter(old=act).select_related("new").first()
        older = Replacement.objects.filter(new=act).select_related("old").first()
        return context | {
            "newer": newer.new if newer else None,
            "older": older.old if older else None,
            "waiting": act.awaiting_rules.count(),
            "may_decide": self.request.user.has_perm("rules.change_rule"),
        }


class ActViewSet(RegisterViewSet):
    """Acts and orders, one record per version."""

    model = Act
    icon = "doc-full"
    menu_label = _("Acts and orders")
    list_display = [
        "short_name", "number", "kind", "dated_on", "in_force_from", "in_force_until"
    ]  # fmt: skip
    list_filter = ["kind"]
    ordering = ["key"]
    search_fields = ["key", "number", "title_da", "short_name"]
    inspect_view_class = ActInspectView
    edit_handler = ObjectList(
        [
            FieldPanel("key"),
            FieldRowPanel([FieldPanel("kind"), FieldPanel("number"), FieldPanel("dated_on")]),
            FieldPanel("title_da"),
            FieldPanel("title_kl", read_only=True),
            FieldPanel("short_name"),
            FieldRowPanel([FieldPanel("in_force_from"), FieldPanel("in_force_until")]),
            FieldPanel("source_url"),
            FieldPanel("note"),
        ],
        base_form_class=ActForm,
    )


class RegisterGroup(SnippetViewSetGroup):
    """One entry of the menu for the whole register."""

    items = (RuleViewSet, ActViewSet)
    menu_label = _("Rules")
    menu_icon = "clipboard-list"
    menu_name = "rules"
    menu_order = 250


register_snippet(RegisterGroup)


@hooks.register("register_log_actions")
def what_the_log_may_say(actions: Any) -> None:
    """What reviewers do to the register, in the history of the rule or act."""
    for action, label, message in (
        ("rules.replace", _("New version"), _("A new version was entered")),
        ("rules.unchanged", _("Checked"), _("Checked: unchanged")),
        ("rules.changed", _("Changed"), _("Checked: changed")),
        ("rules.gone", _("Holds no longer"), _("Checked: holds no longer")),
        ("rules.take_back", _("Taken back"), _("The last step was taken back")),
    ):
        actions.register_action(action, label, message)


@hooks.register("register_admin_urls")
def law_urls() -> list[URLPattern]:
    """What a change of the law asks for."""
    return [
        path("gennemgang/", admin_views.ReviewList.as_view(), name="rules_review"),
        path("gennemgang/csv/", admin_views.ReviewCsv.as_view(), name="rules_review_csv"),
        path("gennemgang/mail/", admin_views.WeeklyMail.as_view(), name="rules_weekly_mail"),
        path("gennemgang/luk/", admin_views.CloseItems.as_view(), name="rules_close_items"),
        path("lov/<uuid:act>/", admin_views.Worklist.as_view(), name="rules_worklist"),
        path(
            "lov/<uuid:act>/ny-version/", admin_views.NewVersion.as_view(), name="rules_new_version"
        ),
        path(
            "lov/<uuid:act>/fortryd/",
            admin_views.TakeBackVersion.as_view(),
            name="rules_take_back_version",
        ),
        path("lov/regel/<uuid:rule>/", admin_views.DecideOnRule.as_view(), name="rules_decide"),
        path(
            "lov/beslutning/<int:decision>/fortryd/",
            admin_views.TakeBackDecision.as_view(),
            name="rules_take_back_decision",
        ),
    ]


class ReviewMenuItem(MenuItem):
    """The way to the reviewer's list."""

    def is_shown(self, request: HttpRequest) -> bool:
        """For whoever may read the register."""
        return bool(request.user.has_perm("rules.view_rule"))


@hooks.register("register_admin_menu_item")
def review_menu_item() -> MenuItem:
    """Beside the register."""
    return ReviewMenuItem(
        _("Review"), reverse("rules_review"), name="law_review", icon_name="tasks", order=251
    )


@hooks.register("register_snippet_listing_buttons")
def ways_from_the_list(snippet: Any, user: Any, next_url: str | None = None) -> Any:
    """From an act to its next version, from a rule to looking at it again."""
    if not user.has_perm("rules.change_rule"):
        return
    if isinstance(snippet, Act):
        address = reverse("rules_new_version", args=[snippet.pk])
        yield widgets.Button(_("New version of the law"), address, icon_name="plus", priority=20)
    elif isinstance(snippet, Rule):
        address = reverse("rules_decide", args=[snippet.pk])
        yield widgets.Button(_("Check the rule"), address, icon_name="tick", priority=20)


@hooks.register("before_delete_snippet")
def keep_what_something_rests_on(
    request: HttpRequest, instances: list[Any]
) -> TemplateResponse | None:
    """Say what rests on a rule or an act instead of deleting it, alone or among many."""
    ours = [one for one in instances if isinstance(one, Rule | Act)]
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
