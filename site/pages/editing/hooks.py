"""Where Wagtail's admin asks us while a page is edited."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.action_menu import ActionMenuItem
from wagtail.log_actions import LogActionRegistry, LogFormatter
from wagtail.models import Page, PageLogEntry

from pages.editing import views
from pages.editing.corrections import is_offered, publish_correction
from pages.editing.gate import why_not
from pages.editing.weighing import weigh
from pages.models import BasePage

CORRECTION_BUTTON = "action-correction"


@hooks.register("register_admin_urls")
def editing_urls() -> list[URLPattern]:
    """Our own pages about pages."""
    return [
        path("sider/<int:page>/vaegt/", views.WeightView.as_view(), name="pages_weight"),
        path("sider/<int:page>/laest/", views.ConfirmView.as_view(), name="pages_confirm"),
        path("sider/<slug:key>/", views.ListView.as_view(), name="pages_list"),
    ]


# --- The log ------------------------------------------------------------------------------------


@hooks.register("register_log_actions")
def what_the_log_says_of_pages(actions: LogActionRegistry) -> None:
    """Lines of a page's history that are ours."""
    actions.register_action(
        "pages.correction",
        gettext_lazy("Small correction"),
        gettext_lazy("A small correction was published without a review"),
    )
    actions.register_action(
        "pages.confirm",
        gettext_lazy("Read through"),
        gettext_lazy("Somebody read the page and found it right"),
    )

    @actions.register_action("pages.heavy")
    class Heavy(LogFormatter):
        label = gettext_lazy("Heavy page")

        def format_message(self, log_entry: PageLogEntry) -> str:
            """The weight and the reason."""
            told = log_entry.data
            text = _(
                "Published at %(kilobytes)d kB and %(pictures)d kB of images. Reason: %(reason)s"
            )
            return text % {
                "kilobytes": told.get("kilobytes", 0),
                "pictures": told.get("picture_kilobytes", 0),
                "reason": told.get("reason") or "–",
            }

    @actions.register_action("pages.weight_reason")
    class Reason(LogFormatter):
        label = gettext_lazy("Reason for the weight")

        def format_message(self, log_entry: PageLogEntry) -> str:
            """The reason."""
            reason = log_entry.data.get("reason") or "–"
            return _("Reason for the weight: %(reason)s") % {"reason": reason}


# --- A small correction -------------------------------------------------------------------------


class CorrectionMenuItem(ActionMenuItem):
    """Publish alone what touches no rule, figure or question."""

    label = gettext_lazy("Publish as a small correction")
    name = CORRECTION_BUTTON
    icon_name = "check"

    def is_shown(self, context: dict[str, Any]) -> bool:
        """For editors, at a Danish page that is published."""
        if context["view"] != "edit" or context["locked_for_user"]:
            return False
        return is_offered(context["page"], context["request"].user)


@hooks.register("register_page_action_menu_item")
def correction_menu_item() -> ActionMenuItem:
    """Below the way to the review, which is the usual one."""
    return CorrectionMenuItem(order=70)


@hooks.register("after_edit_page")
def publish_what_was_put_right(request: HttpRequest, page: Page) -> HttpResponse | None:
    """The draft is kept already; now publish it, or say why it needs a review."""
    if CORRECTION_BUTTON not in request.POST:
        return None
    specific: BasePage = page.specific
    try:
        publish_correction(specific, user=request.user, at=timezone.now())
    except PermissionDenied:
        messages.error(request, _("Only editors publish small corrections. Your draft is kept."))
    except ValidationError as refusal:
        reasons = " ".join(refusal.messages)
        messages.error(
            request,
            _("Your draft is kept, and needs a review before it is published. %(reasons)s")
            % {"reasons": reasons},
        )
    else:
        live = type(specific).objects.get(pk=page.pk)
        button = messages.button(live.url, _("View live"))
        messages.success(request, _("The correction is published."), buttons=[button])
    return redirect("wagtailadmin_pages:edit", page.pk)


# --- A translation that is too heavy ------------------------------------------------------------


@hooks.register("before_edit_page", order=-10)
def say_what_a_translation_waits_for(request: HttpRequest, page: Page) -> None:
    """The editor of translations has no field for the reason, so say where it is given."""
    if request.method != "GET" or not is_translated_by_parts(page):
        return
    specific: BasePage = page.specific
    if why := why_not(specific, weigh(specific)):
        address = reverse("pages_weight", args=[page.pk])
        messages.warning(request, why, buttons=[messages.button(address, _("Give the reason"))])


def is_translated_by_parts(page: Page) -> bool:
    """Whether ``page`` is edited in the editor of translations."""
    from wagtail_localize.models import Translation

    return bool(
        page.alias_of_id is None
        and isinstance(page.specific, BasePage)
        and Translation.objects.filter(
            source__object_id=page.translation_key,
            target_locale_id=page.locale_id,
            enabled=True,
        ).exists()
    )
