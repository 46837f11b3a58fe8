"""The topics of casework in the admin. They are retired, never deleted."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from competences.models import Topic
from core.admin_forms import GuardedAdminForm


class TopicViewSet(SnippetViewSet):
    """What one can have worked on."""

    model = Topic
    icon = "list-ul"
    menu_label = _("Topics")
    menu_order = 270
    add_to_admin_menu = True
    list_display = ["title_da", "title_kl", "position", "retired_on"]
    ordering = ["position", "key"]
    search_fields = ["key", "title_da", "title_kl"]
    search_backend_name = None
    inspect_view_enabled = True
    copy_view_enabled = False
    edit_handler = ObjectList(
        [
            FieldPanel("key"),
            FieldPanel("title_da"),
            FieldPanel("title_kl"),
            FieldPanel("help_da"),
            FieldPanel("help_kl"),
            FieldRowPanel([FieldPanel("position"), FieldPanel("retired_on")]),
        ],
        base_form_class=GuardedAdminForm,
    )


register_snippet(TopicViewSet)
