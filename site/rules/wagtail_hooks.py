"""The register in the admin: reviewers write it, editors and translators choose from it."""

from typing import Any

import django_filters
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import InspectView, SnippetViewSet, SnippetViewSetGroup

from core.periods import local_day
from rules.forms import ActForm, RuleForm
from rules.history import history_of
from rules.models import Act, Rule, RuleQuerySet


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
        return context | {"history": history_of(self.object)}


class RuleViewSet(SnippetViewSet):
    """Rules with their source, state and dates."""

    model = Rule
    icon = "clipboard-list"
    menu_label = _("Rules")
    list_display = ["paragraph", "statement_da", "state", "checked_on", "review_by"]
    filterset_class = RuleFilterSet
    ordering = ["key"]
    search_fields = ["key", "paragraph", "statement_da", "statement_kl"]
    search_backend_name = None  # parts of words are found, and no character is special
    inspect_view_enabled = True
    inspect_view_class = RuleInspectView
    copy_view_enabled = False
    edit_handler = ObjectList(
        [
            FieldPanel("key"),
            MultiFieldPanel(
                [FieldPanel("act"), FieldPanel("paragraph")], heading=_("Where it stands")
            ),
            MultiFieldPanel(
                [FieldPanel("statement_da"), FieldPanel("statement_kl")], heading=_("What it says")
            ),
            MultiFieldPanel(
                [
                    FieldRowPanel([FieldPanel("deadline_da"), FieldPanel("deadline_kl")]),
                    FieldRowPanel(
                        [FieldPanel("deadline_starts_da"), FieldPanel("deadline_starts_kl")]
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
                ],
                heading=_("Check"),
            ),
        ],
        base_form_class=RuleForm,
    )


class ActViewSet(SnippetViewSet):
    """Acts and orders, one record per version."""

    model = Act
    icon = "doc-full"
    menu_label = _("Acts and orders")
    list_display = ["short_name", "number", "kind", "in_force_from", "in_force_until"]
    list_filter = ["kind"]
    ordering = ["key"]
    search_fields = ["key", "number", "title_da", "short_name"]
    search_backend_name = None
    inspect_view_enabled = True
    copy_view_enabled = False
    edit_handler = ObjectList(
        [
            FieldPanel("key"),
            FieldRowPanel([FieldPanel("kind"), FieldPanel("number")]),
            FieldPanel("title_da"),
            FieldPanel("title_kl"),
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
