"""The question bank in the admin. What learners answered is nowhere in it."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel, ObjectList
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from courses.forms import QuestionForm
from courses.models import Question


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
            MultiFieldPanel(
                [FieldPanel("situation_da"), FieldPanel("situation_kl")], heading=_("Situation")
            ),
            MultiFieldPanel([FieldPanel("text_da"), FieldPanel("text_kl")], heading=_("Question")),
            FieldPanel("rule"),
            InlinePanel(
                "choices",
                [
                    FieldPanel("text_da"),
                    FieldPanel("text_kl"),
                    FieldPanel("is_correct"),
                    FieldPanel("feedback_da"),
                    FieldPanel("feedback_kl"),
                ],
                heading=_("Possible answers"),
                label=_("Answer"),
                min_num=2,
                max_num=8,
            ),
        ],
        base_form_class=QuestionForm,
    )


register_snippet(QuestionViewSet)
