"""The question bank in the admin. What learners answered is nowhere in it."""

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

from courses.forms import QuestionForm
from courses.models import Question

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
