"""What is kept about oneself: who saw it, a copy to take along, a wish to have it deleted."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from core import access_log
from core.languages import human_date
from core.spreadsheets import csv_response
from people.access import PersonRequiredMixin
from people.models import DataExport, ErasureWish, Person
from people.own_data.erasing import ask_for_erasure, erase, take_back, what_will_happen
from people.own_data.exporting import ask_for_export
from people.own_data.seen import kinds, lines_about, said
from people.views.people import ManagerMixin

LINES_PER_PAGE = 50
WISHES_PER_PAGE = 25


class OwnDataView(PersonRequiredMixin, TemplateView):
    """Everything one may ask of the data about oneself."""

    template_name = "people/own_data/own_data.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The last copy and the open wish, if any."""
        now = timezone.now()
        export = DataExport.objects.filter(person=self.person).order_by("-asked_at").first()
        return super().get_context_data(
            export=export,
            can_be_fetched=export is not None and export.can_be_fetched(at=now),
            wish=ErasureWish.objects.open().filter(person=self.person).first(),
            **kwargs,
        )


# --- A copy ---------------------------------------------------------------------------------------


class AskForExportView(PersonRequiredMixin, View):
    """Begin a copy."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Ask for it, once."""
        ask_for_export(self.person, at=timezone.now())
        return redirect("people:own-data")


class FetchExportView(PersonRequiredMixin, View):
    """The file, for its owner, as long as it is there."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, export: Any) -> HttpResponseBase:
        """Send it; noted in the access log."""
        now = timezone.now()
        found = get_object_or_404(DataExport, pk=export, person=self.person)
        if not found.can_be_fetched(at=now):
            raise Http404
        access_log.record(self.account, "fetch_export", self.person, at=now)
        response = FileResponse(
            found.file.open("rb"), as_attachment=True, filename="sidemand-mine-data.zip"
        )
        response["Cache-Control"] = "no-store"
        return response


# --- Who saw it -----------------------------------------------------------------------------------


class SeenMixin(PersonRequiredMixin):
    """The lines of the access log about one person; 404 about somebody one may not ask of."""

    @property
    def about(self) -> Person:
        """Whom the lines are about."""
        return self.person

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer, and note that the log was read: it names whoever looked."""
        response = super().dispatch(request, *args, **kwargs)
        if response.status_code == 200:
            access_log.record(self.account, "read_log", self.about, at=timezone.now())
        return response

    @property
    def kind(self) -> str:
        """Which kind of record alone, or empty."""
        asked = self.request.GET.get("om", "")
        return asked if asked in dict(kinds()) else ""


class SeenView(SeenMixin, TemplateView):
    """One page of lines, the newest first."""

    template_name = "people/own_data/seen.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The lines in words."""
        about = self.about
        lines = lines_about(about, self.kind)
        page = Paginator(lines, LINES_PER_PAGE).get_page(self.request.GET.get("page"))
        return super().get_context_data(
            about=about,
            is_own=about == self.person,
            page=page,
            lines=[said(line, self.person) for line in page.object_list],
            kinds=kinds(),
            kind=self.kind,
            query=f"om={self.kind}&" if self.kind else "",
            **kwargs,
        )


class SeenFileView(SeenMixin, View):
    """All lines as a table for a spreadsheet."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Send it."""
        about = self.about
        lines = lines_about(about, self.kind).iterator(chunk_size=500)
        told = (said(line, self.person) for line in lines)
        return csv_response(
            "hvem-har-set",
            [_("When"), _("Who"), _("Did what"), _("To what")],
            ((human_date(one.at), one.who, one.did, one.what) for one in told),
        )


class OthersSeenMixin(SeenMixin):
    """For administrators, about anybody."""

    def may_open(self) -> bool:
        """Whether the log about others is open to one."""
        return self.standing.reads_access_log

    @cached_property
    def about(self) -> Person:
        """The person of the address."""
        return get_object_or_404(self.standing.people(), pk=self.kwargs["pk"])


class OthersSeenView(OthersSeenMixin, SeenView):
    """Who saw a person's records."""


class OthersSeenFileView(OthersSeenMixin, SeenFileView):
    """The same as a table."""


# --- To be deleted --------------------------------------------------------------------------------


class WishView(PersonRequiredMixin, View):
    """Ask to be deleted: first what it means, then the wish."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """What will happen."""
        happenings = what_will_happen(self.person)
        return render(request, "people/own_data/wish.html", {"happenings": happenings})

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep the wish; sending twice is once."""
        ask_for_erasure(self.person, by=self.standing, at=timezone.now())
        messages.success(request, _("Your wish is noted. You can take it back until it is done."))
        return redirect("people:own-data")


class TakeBackView(PersonRequiredMixin, View):
    """Take the wish back."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Take it back; a wish that is gone stays gone."""
        if take_back(self.person, by=self.standing, at=timezone.now()):
            messages.success(request, _("Your wish is taken back. Nothing is deleted."))
        return redirect("people:own-data")


class ErasuresView(PersonRequiredMixin, TemplateView):
    """The open wishes, for administrators."""

    template_name = "people/own_data/erasures.html"

    def may_open(self) -> bool:
        """Whether one carries wishes out."""
        return self.standing.erases_people

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The oldest first; those that are due can be carried out."""
        now = timezone.now()
        wishes = ErasureWish.objects.open().select_related("person").order_by("from_at", "pk")
        page = Paginator(wishes, WISHES_PER_PAGE).get_page(self.request.GET.get("page"))
        people = [wish.person for wish in page.object_list]
        access_log.record(self.account, "list", people, at=now)
        rows = [(wish, wish.is_due(at=now)) for wish in page.object_list]
        return super().get_context_data(page=page, rows=rows, **kwargs)


class EraseView(ManagerMixin, View):
    """Carry a wish out, after one has seen what will happen; or write one down."""

    def may_open(self) -> bool:
        """Whether one may erase this very person."""
        return self.standing.erases_people and self.standing.may_erase(self.subject)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """What will happen, and when it can."""
        return self._page()

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Do what the button says."""
        now = timezone.now()
        try:
            if "enter" in request.POST:
                ask_for_erasure(self.subject, by=self.standing, at=now)
                messages.success(request, _("The wish is noted."))
            elif "take_back" in request.POST:
                take_back(self.subject, by=self.standing, at=now)
                messages.success(request, _("The wish is taken back. Nothing is deleted."))
            else:
                erase(self.subject, by=self.standing, at=now)
                messages.success(request, _("The person is deleted."))
                return redirect("people:erasures")
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        return redirect("people:erase", self.subject.pk)

    def _page(self) -> HttpResponse:
        now = timezone.now()
        wish = ErasureWish.objects.open().filter(person=self.subject).first()
        return render(
            self.request,
            "people/own_data/erase.html",
            {
                "subject": self.subject,
                "wish": wish,
                "is_due": wish is not None and wish.is_due(at=now),
                "happenings": what_will_happen(self.subject),
            },
        )
