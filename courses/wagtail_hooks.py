"""The question bank and the learning paths in the admin. What learners did is nowhere in it."""

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    HelpPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
)
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from courses.forms import LearningPathForm, QuestionForm
from courses.models import LearningPath, Question

MOST_ROWS = 20


@hooks.register("insert_editor_css")
def only_what_the_kind_needs() -> SafeString:
    """Hides the fields that the chosen kind of question has no use for."""
    return format_html('<link rel="stylesheet" href="{}">', static("courses/question_form.css"))


class QuestionViewSet(SnippetViewSet):
    """Questions with their possible answers."""

    model = Question
    icon = "help"
    menu_label = _("Questions")
    menu_order = 260
    add_to_admin_menu = True
    list_display = ["text_da", "kind", "rule"]
    list_filter = ["kind"]
    ordering = ["key"]
    search_fields = ["key", "text_da", "text_kl", "situation_da"]
    search_backend_name = None  # parts of words are found, and no character is special
    inspect_view_enabled = True
    copy_view_enabled = False
    edit_handler = ObjectList(
        [
            FieldPanel("key"),
            FieldPanel("kind"),
            HelpPanel(template="courses/admin/kinds_help.html", heading=_("How to write it")),
            MultiFieldPanel(
                [FieldPanel("situation_da"), FieldPanel("situation_kl")], heading=_("Situation")
            ),
            MultiFieldPanel([FieldPanel("text_da"), FieldPanel("text_kl")], heading=_("Question")),
            FieldRowPanel(
                [FieldPanel("unit_da"), FieldPanel("unit_kl")],
                heading=_("Unit"),
                classname="only-numeric",
            ),
            FieldPanel("keeps_order", classname="only-mixed"),
            FieldPanel("rule"),
            InlinePanel(
                "choices",
                [
                    FieldPanel("text_da"),
                    FieldPanel("text_kl"),
                    FieldPanel("match_da", classname="only-matching"),
                    FieldPanel("match_kl", classname="only-matching"),
                    FieldPanel("gap", classname="only-cloze"),
                    FieldPanel("tolerance", classname="only-numeric"),
                    FieldPanel("is_correct", classname="only-judged"),
                    FieldPanel("feedback_da"),
                    FieldPanel("feedback_kl"),
                    FieldPanel("rule"),
                ],
                heading=_("Answers"),
                label=_("Answer"),
                min_num=1,
                max_num=MOST_ROWS,
            ),
            MultiFieldPanel(
                [FieldPanel("feedback_da"), FieldPanel("feedback_kl")],
                heading=_("Feedback to everybody"),
            ),
        ],
        base_form_class=QuestionForm,
    )


register_snippet(QuestionViewSet)


class LearningPathViewSet(SnippetViewSet):
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
    search_backend_name = None
    inspect_view_enabled = True
    copy_view_enabled = False
    edit_handler = ObjectList(
        [
            FieldPanel("key"),
            MultiFieldPanel([FieldPanel("title_da"), FieldPanel("title_kl")], heading=_("Title")),
            MultiFieldPanel(
                [FieldPanel("summary_da"), FieldPanel("summary_kl")], heading=_("Summary")
            ),
            MultiFieldPanel(
                [
                    FieldRowPanel([FieldPanel("profession_da"), FieldPanel("profession_kl")]),
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
                heading=_("Advice on the order; nothing is locked"),
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
