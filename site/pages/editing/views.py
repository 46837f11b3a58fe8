"""Our own pages of the admin about pages."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.models import Page

from core.admin_pages import AdminPage
from pages.editing.actions import give_reason
from pages.editing.conditions import confirm
from pages.editing.forms import ReasonForm
from pages.editing.gate import why_not
from pages.editing.lists import Asking, Listing, listing_of
from pages.editing.weighing import weigh
from pages.models import BasePage
from people.models import Role
from people.permissions import standing_of

ROWS_PER_PAGE = 50


class WeightView(AdminPage):
    """What a page weighs, and why it may. For whoever may edit the page."""

    template_name = "pages/admin/weight.html"
    page_title = gettext_lazy("Weight of the page")
    header_icon = "download"
    form_refuses_identity = True  # in its form, at the field

    @cached_property
    def draft(self) -> BasePage:
        """The page as it was saved last.

        Raises:
            Http404: For one that is not there, is a copy of another, or that they may not edit.
        """
        page = Page.objects.filter(pk=self.kwargs["page"], alias_of=None).first()
        draft = page.get_latest_revision_as_object() if page else None
        if page is None or not isinstance(draft, BasePage):
            raise Http404
        if not page.permissions_for_user(self.request.user).can_edit():
            raise Http404
        return draft

    def get_page_subtitle(self) -> str:
        """The page."""
        return self.draft.title

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The figures, what is above the aim, and the form."""
        weight = weigh(self.draft)
        kwargs.setdefault("form", ReasonForm(initial={"reason": self.draft.weight_reason}))
        shown = {"page": self.draft, "weight": weight, "why": why_not(self.draft, weight)}
        return super().get_context_data(**kwargs | shown)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Keep the reason; or say what is wrong with it, which stays in the field."""
        form = ReasonForm(request.POST)
        page = self.draft
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        try:
            give_reason(page, form.cleaned_data["reason"], user=request.user)
        except PermissionDenied:
            form.add_error("reason", _("The page is locked."))
            return self.render_to_response(self.get_context_data(form=form), status=422)
        messages.success(request, _("The reason is kept. The page can be published now."))
        return redirect("wagtailadmin_pages:edit", page.pk)


class ListView(AdminPage):
    """One list of the first page, whole. For whoever is shown it there."""

    template_name = "pages/admin/list.html"
    header_icon = "list-ul"

    @cached_property
    def asking(self) -> Asking:
        """Who looks, and when."""
        return Asking(self.request.user, timezone.now())

    @cached_property
    def listing(self) -> Listing:
        """The list.

        Raises:
            Http404: For one that is not there, or not theirs.
        """
        found = listing_of(self.kwargs["key"], self.asking)
        if found is None:
            raise Http404
        return found

    def get_page_title(self) -> str:
        """What it is called."""
        return str(self.listing.heading)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One page of it."""
        found = self.listing.found(self.asking)
        page = Paginator(found, ROWS_PER_PAGE).get_page(self.request.GET.get("p"))
        rows = list(self.listing.rows(list(page), self.asking))
        may_confirm = any(row.page_pk for row in rows) and self.asking.is_one_of(Role.Key.REVIEWER)
        shown = {"listing": self.listing, "rows": rows, "page_obj": page}
        return super().get_context_data(**kwargs | shown | {"may_confirm": may_confirm})


class ConfirmView(View):
    """Say that a page has been read and is still right. For whoever may publish it."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, page: int) -> HttpResponse:
        """Count its months from today; saying so twice changes nothing more.

        Raises:
            Http404: For a page that is not there, not published, or that they may not publish.
        """
        found = Page.objects.live().filter(pk=page, alias_of=None).first()
        specific = found.specific if found else None
        if not isinstance(specific, BasePage):
            raise Http404
        try:
            by = standing_of(request.user).person
            confirm(specific, user=request.user, by=by, at=timezone.now())
        except PermissionDenied as refusal:
            raise Http404 from refusal
        messages.success(
            request,
            _("“%(title)s” is to be read again in %(months)d months.")
            % {"title": specific.title, "months": specific.review_months},
        )
        return redirect("pages_list", "laes-igen")
