"""Agreements of the own pairings: what is open, what was done, done and undone by each member."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from core.access_log import record
from mentoring.actions import set_done
from mentoring.agreements.listing import rows_of
from mentoring.models import Session
from mentoring.permissions import own_agreements
from people.access import PersonRequiredMixin

PER_PAGE = 25
#: How long what is done stays in sight.
DONE_SHOWN = timedelta(days=30)


class AgreementsView(PersonRequiredMixin, TemplateView):
    """What is open, the soonest first, and what was done lately."""

    template_name = "mentoring/agreements.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One page; that what others wrote was shown goes into the access log."""
        day = self.standing.day
        own = own_agreements(self.standing)
        waiting = own.open().soonest_first().in_words()
        page = Paginator(waiting, PER_PAGE).get_page(self.request.GET.get("page"))
        lately = own.filter(done_on__gt=day - DONE_SHOWN).order_by("-done_on", "pk").in_words()
        rows = rows_of(page.object_list, on=day)
        done = rows_of(lately[:PER_PAGE], on=day)
        sessions = [
            Session(pk=row.agreement.session_id)
            for row in rows + done
            if row.agreement.version.author_id != self.person.pk
        ]
        record(self.request.user, "list", sessions, at=timezone.now())
        return super().get_context_data(page=page, rows=rows, done=done, **kwargs)


class AgreementView(PersonRequiredMixin, View):
    """Mark one as done, or open it again."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, agreement: UUID) -> HttpResponse:
        """Do it, and go back to where it stood."""
        one = get_object_or_404(own_agreements(self.standing), pk=agreement)
        done = request.POST.get("done") == "1"
        set_done(one, self.person, done=done, on=self.standing.day)
        messages.success(
            request, _("Marked as done.") if done else _("The agreement is open again.")
        )
        return redirect("start" if request.POST.get("fra") == "start" else "mentoring:agreements")
