"""The question bank and the learning paths in the admin. What learners did is nowhere in it."""

import django_filters
from django import forms
from django.db.models import Q
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLPattern, reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    HelpPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
)
from wagtail.admin.views.generic.chooser import BaseChooseView
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import LogActionRegistry
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.chooser import (
    ChooseResultsView,
    ChooseView,
    SnippetChooserViewSet,
)
from wagtail.snippets.views.snippets import IndexView

from core.registers import RegisterViewSet
from courses.admin.forms import LearningPathForm, QuestionForm
from courses.admin.remarks import RemarksMenuItem
from courses.admin.urls import urlpatterns
from courses.models import Choice, LearningPath, Lesson, LessonQuestion, Question
from courses.models.question import QuestionQuerySet
from rules.models import Rule

MOST_ROWS = 20


@hooks.register("insert_editor_css")
def only_what_the_kind_needs() -> SafeString:
    """Hides the fields that the chosen kind of question has no use for."""
    return format_html('<link rel="stylesheet" href="{}">', static("courses/question_form.css"))


@hooks.register("register_admin_urls")
def bank_urls() -> list[URLPattern]:
    """Files in and out, figures, corrections, use."""
    return urlpatterns


@hooks.register("register_admin_menu_item")
def remarks_menu_item() -> MenuItem:
    """What readers say, beside the pages they speak of."""
    return RemarksMenuItem(
        _("From readers"),
        reverse("courses_remarks"),
        name="remarks",
        icon_name="mail",
        order=160,
    )


@hooks.register("register_log_actions")
def bank_log_actions(actions: LogActionRegistry) -> None:
    """What the history of a question calls being taken out of use and back."""
    actions.register_action("courses.retire", _("Retire"), _("Taken out of use"))
    actions.register_action("courses.bring_back", _("Use again"), _("Taken into use again"))


class QuestionFilterSet(WagtailFilterSet):
    """By kind, rule, the lesson that asks it, and whether it is in use."""

    rule = django_filters.ModelChoiceFilter(
        label=_("Rule"), queryset=Rule.objects.order_by("key"), method="citing"
    )
    lesson = django_filters.ModelChoiceFilter(
        label=_("Used in"),
        queryset=Lesson.objects.filter(lesson_questions__isnull=False)
        .distinct()
        .order_by("course", "sequence"),
        field_name="lessons",
    )
    use = django_filters.ChoiceFilter(
        label=_("Use"),
        choices=[
            ("asked", _("Asked in a lesson")),
            ("unasked", _("Asked nowhere")),
            ("retired", _("Retired")),
        ],
        method="by_use",
    )

    class Meta:
        model = Question
        fields = ["kind"]

    def citing(self, questions: QuestionQuerySet, _name: str, rule: Rule) -> QuestionQuerySet:
        """Those whose answer or feedback rests on ``rule``."""
        cited = Q(rule=rule) | Q(pk__in=Choice.objects.filter(rule=rule).values("question"))
        return questions.filter(cited)

    def by_use(self, questions: QuestionQuerySet, _name: str, use: str) -> QuestionQuerySet:
        """Those that are used so."""
        if use == "retired":
            return questions.filter(retired_at__isnull=False)
        asked = LessonQuestion.objects.filter(lesson__sequence__isnull=False).values("question")
        in_use = questions.in_use()
        return in_use.filter(pk__in=asked) if use == "asked" else in_use.exclude(pk__in=asked)


class QuestionListView(IndexView):
    """The bank, with the ways to files and figures."""

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        """What else is done with the bank, for whoever writes questions."""
        buttons: list[Button] = super().header_more_buttons
        if not self.request.user.has_perm("courses.add_question"):
            return buttons
        return [
            *buttons,
            Button(_("Take in questions"), reverse("courses_import"), icon_name="download",
                   priority=10),
            Button(_("Give out questions"), reverse("courses_export"), icon_name="upload",
                   priority=20),
            Button(_("How the questions work"), reverse("courses_statistics"), icon_name="order",
                   priority=30),
        ]  # fmt: skip

    def get_list_more_buttons(self, instance: Question) -> list[Button]:
        """Beside what Wagtail offers: use and figures of a question."""
        buttons: list[Button] = super().get_list_more_buttons(instance)
        if not self.request.user.has_perm("courses.add_question"):
            return buttons
        return [
            *buttons,
            Button(
                _("Where it is used"),
                reverse("courses_question_use", args=[instance.pk]),
                icon_name="link",
                priority=40,
            ),
            Button(
                _("How it works"),
                reverse("courses_statistics_of", args=[instance.pk]),
                icon_name="order",
                priority=50,
            ),
        ]


class InUse(BaseChooseView):
    """Offers what is in use: a retired question is chosen for nothing new."""

    def get_object_list(self) -> QuestionQuerySet:
        """Questions that are not retired."""
        found: QuestionQuerySet = super().get_object_list()
        return found.in_use()


class ChooseQuestionView(InUse, ChooseView):
    """The window in which a question is chosen for a quiz."""


class ChooseQuestionResultsView(InUse, ChooseResultsView):
    """What it shows while one searches."""


class QuestionChooserViewSet(SnippetChooserViewSet):
    """Chooses questions in use."""

    choose_view_class = ChooseQuestionView
    choose_results_view_class = ChooseQuestionResultsView


class QuestionViewSet(RegisterViewSet):
    """Questions with their possible answers."""

    model = Question
    icon = "help"
    menu_label = _("Questions")
    menu_order = 260
    add_to_admin_menu = True
    list_display = ["text_da", "kind", "rule", "in_words"]
    filterset_class = QuestionFilterSet
    index_view_class = QuestionListView
    chooser_viewset_class = QuestionChooserViewSet
    ordering = ["key"]
    search_fields = ["key", "text_da", "text_kl", "situation_da"]

    def get_queryset(self, request: HttpRequest) -> QuestionQuerySet:
        """With how many lessons ask each, and its rule."""
        return Question.objects.with_use().select_related("rule").order_by("key")

    edit_handler = ObjectList(
        [
            FieldPanel("key"),
            FieldPanel("kind"),
            HelpPanel(template="courses/admin/kinds_help.html", heading=_("How to write it")),
            MultiFieldPanel(
                [FieldPanel("situation_da"), FieldPanel("situation_kl", read_only=True)],
                heading=_("Situation"),
            ),
            MultiFieldPanel(
                [FieldPanel("text_da"), FieldPanel("text_kl", read_only=True)],
                heading=_("Question"),
            ),
            FieldRowPanel(
                [FieldPanel("unit_da"), FieldPanel("unit_kl", read_only=True)],
                heading=_("Unit"),
                classname="only-numeric",
            ),
            FieldPanel("keeps_order", classname="only-mixed"),
            FieldPanel("competences", widget=forms.CheckboxSelectMultiple),
            FieldPanel("rule"),
            InlinePanel(
                "choices",
                [
                    FieldPanel("text_da"),
                    FieldPanel("text_kl", read_only=True),
                    FieldPanel("match_da", classname="only-matching"),
                    FieldPanel("match_kl", classname="only-matching", read_only=True),
                    FieldPanel("gap", classname="only-cloze"),
                    FieldPanel("tolerance", classname="only-numeric"),
                    FieldPanel("is_correct", classname="only-judged"),
                    FieldPanel("feedback_da"),
                    FieldPanel("feedback_kl", read_only=True),
                    FieldPanel("rule"),
                ],
                heading=_("Answers"),
                label=_("Answer"),
                min_num=1,
                max_num=MOST_ROWS,
            ),
            MultiFieldPanel(
                [FieldPanel("feedback_da"), FieldPanel("feedback_kl", read_only=True)],
                heading=_("Feedback to everybody"),
            ),
        ],
        base_form_class=QuestionForm,
    )


register_snippet(QuestionViewSet)


class LearningPathViewSet(RegisterViewSet):
    """Learning paths with their steps. They are retired, never deleted once somebody walks them."""

    model = LearningPath
    icon = "list-ol"
    menu_label = _("Learning paths")
    menu_order = 255
    add_to_admin_menu = True
    list_display = ["title_da", "profession_da", "level", "is_offered", "retired_on"]
    list_filter = ["level", "is_offered"]
    ordering = ["position", "key"]
    search_fields = ["key", "title_da", "title_kl", "profession_da"]
    edit_handler = ObjectList(
        [
            FieldPanel("key"),
            MultiFieldPanel(
                [FieldPanel("title_da"), FieldPanel("title_kl", read_only=True)], heading=_("Title")
            ),
            MultiFieldPanel(
                [FieldPanel("summary_da"), FieldPanel("summary_kl", read_only=True)],
                heading=_("Summary"),
            ),
            MultiFieldPanel(
                [
                    FieldRowPanel(
                        [FieldPanel("profession_da"), FieldPanel("profession_kl", read_only=True)]
                    ),
                    FieldPanel("level"),
                ],
                heading=_("Who it is for"),
            ),
            InlinePanel(
                "steps",
                [
                    FieldPanel("module"),
                    FieldRowPanel([FieldPanel("completes"), FieldPanel("topic")]),
                    FieldPanel("is_required"),
                ],
                heading=_("Steps, in their order"),
                label=_("Step"),
                min_num=1,
                max_num=60,
            ),
            InlinePanel(
                "orders",
                [FieldRowPanel([FieldPanel("module"), FieldPanel("first")])],
                heading=_("Advice on the order"),
                help_text=_("The order is advice. Nothing is locked."),
                label=_("Advice"),
                max_num=60,
            ),
            MultiFieldPanel(
                [
                    FieldPanel("is_offered"),
                    FieldRowPanel([FieldPanel("position"), FieldPanel("retired_on")]),
                ],
                heading=_("Offered"),
            ),
        ],
        base_form_class=LearningPathForm,
    )


register_snippet(LearningPathViewSet)
