"""What readers have told the editors: a list to work through, in the admin."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View
from wagtail.admin.menu import MenuItem

from courses.actions import LearningRefused
from courses.actions.remarks import answer_remark, close_remark, reopen_remark
from courses.admin.access import BankMixin
from courses.models import Remark
from courses.remarks.forms import AnswerForm
from people.models import Person
from rules.citations import edit_addresses

ROWS_PER_PAGE = 50
#: What the list can be ordered by.
ORDERS = {"tid": "sent_at", "slags": "kind", "hvem": "person__name"}


class RemarksMenuItem(MenuItem):
    """The way to what readers say."""

    def is_shown(self, request: HttpRequest) -> bool:
        """For whoever may read it."""
        return bool(request.user.has_perm("courses.view_remark"))


class RemarkListView(BankMixin, TemplateView):
    """Every message, narrowed and ordered by the address; at first what waits, oldest first."""

    permission_required = "courses.view_remark"
    template_name = "courses/admin/remarks.html"
    page_title = gettext_lazy("Messages from readers")
    header_icon = "mail"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One page of the list; three queries, whatever there is."""
        asked = self.request.GET
        state = asked.get("tilstand", Remark.State.OPEN)
        if state not in {*Remark.State.values, "alle"}:
            state = Remark.State.OPEN
        kind = asked.get("slags", "")
        if kind not in Remark.Kind.values:
            kind = ""
        order = asked.get("orden", "")
        if order.removeprefix("-") not in ORDERS:
            order = "tid"
        remarks = Remark.objects.in_state(state).with_subjects()
        if kind:
            remarks = remarks.filter(kind=kind)
        column = F(ORDERS[order.removeprefix("-")])
        by = column.desc() if order.startswith("-") else column.asc()
        page = Paginator(remarks.order_by(by, "sent_at", "pk"), ROWS_PER_PAGE).get_page(
            asked.get("p")
        )
        narrowed = urlencode({"tilstand": state, "slags": kind})
        return super().get_context_data(
            rows=list(page),
            page_obj=page,
            state=state,
            states=[*Remark.State.choices, ("alle", _("All"))],
            kind=kind,
            kinds=Remark.Kind.choices,
            order=order,
            columns=[("slags", _("What it is about")), ("hvem", _("From")), ("tid", _("Sent"))],
            narrowed=narrowed,
            **kwargs,
        )


class RemarkAnswerView(BankMixin, TemplateView):
    """One message, to answer and to close."""

    permission_required = "courses.view_remark"
    template_name = "courses/admin/remark.html"
    page_title = gettext_lazy("Message from a reader")
    header_icon = "mail"
    form_class = AnswerForm  # it says itself what the identity guard refuses

    @cached_property
    def remark(self) -> Remark:
        """The message."""
        return get_object_or_404(Remark.objects.with_subjects(), pk=self.kwargs["remark"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The message, and where what it speaks of is edited."""
        kwargs.pop("remark", None)  # of the address
        remark = self.remark
        kind = "lesson" if remark.lesson_id else "case"
        asked = (kind, remark.subject.pk, remark.language)
        shown = {
            "form": AnswerForm(),
            "remark": remark,
            "edit_url": edit_addresses([asked]).get(asked, ""),
            "may_answer": self.request.user.has_perm("courses.change_remark"),
        }
        return super().get_context_data(**(shown | kwargs))

    def post(self, request: HttpRequest, remark: UUID) -> HttpResponse:
        """Answer it; or say why not, nothing lost."""
        by = _who_may(request)
        form = AnswerForm(request.POST)
        found = self.remark
        if form.is_valid():
            try:
                answer_remark(found.pk, form.cleaned_data["answer"], by=by, at=timezone.now())
            except LearningRefused as refusal:
                form.add_error("answer", refusal)
            else:
                messages.success(request, _("The answer is sent."))
                return redirect("courses_remarks")
        return self.render_to_response(self.get_context_data(form=form), status=422)


class RemarkStateView(BankMixin, View):
    """Close a message, or open it again."""

    permission_required = "courses.change_remark"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, remark: UUID) -> HttpResponse:
        """Do it, and lead back to the list."""
        by = _who_may(request)
        found = get_object_or_404(Remark, pk=remark)
        if request.POST.get("do") == "open":
            reopen_remark(found.pk)
            messages.success(request, _("The message is open again."))
            return redirect("courses_remark", remark=found.pk)
        close_remark(found.pk, by=by, at=timezone.now())
        messages.success(
            request,
            _("The message is closed."),
        )
        return redirect(reverse("courses_remarks"))


def _who_may(request: HttpRequest) -> Person:
    person = getattr(request.user, "person", None)
    if person is None or not request.user.has_perm("courses.change_remark"):
        raise PermissionDenied
    found: Person = person
    return found
