"""The pages of the lists: look, take along, keep a view."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import View

from core.access_log import record
from core.spreadsheets import csv_response, xlsx_response
from mentoring.actions.saved import (
    ViewRefused,
    forget_view,
    open_first,
    rename_view,
    save_view,
)
from mentoring.models import SavedView
from mentoring.oversight.forms import SaveViewForm, ViewNameForm, WordsForm
from mentoring.oversight.listing import EVERYTHING, SORT, Asked, Listing
from mentoring.oversight.lists import LISTINGS
from people.access import RoleRequiredMixin
from people.models import Role

PER_PAGE = 25


class ListMixin(RoleRequiredMixin):
    """For coordinators; each list begins with a function of ``mentoring.permissions``."""

    required_roles = (Role.Key.COORDINATOR,)
    listing_key = ""

    @cached_property
    def listing(self) -> Listing:
        """The list that is looked through; 404 for one that there is not."""
        key = self.listing_key or self.kwargs["listing"]
        if key not in LISTINGS:
            raise Http404
        return LISTINGS[key]

    @property
    def views(self) -> list[SavedView]:
        """The reader's own views of the list."""
        own = SavedView.objects.filter(person=self.person, listing=self.listing.key)
        return list(own.order_by("name", "pk"))

    def asked(self, wanted: Mapping[str, str], words: str = "") -> Asked:
        """What these values ask for."""
        return Asked.of(self.listing, self.standing, wanted, words)

    def address(self, query: str) -> str:
        """The list with this query; the whole list where it is empty."""
        return f"{reverse(self.listing.address)}?{query or EVERYTHING}"


class ListView(ListMixin, View):
    """One page of a list, filtered by the address, searched by POST."""

    form_refuses_identity = True  # in its form, at the field

    def get(self, request: HttpRequest) -> HttpResponse:
        """The list."""
        return self.draw(WordsForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """The list, searched: the words stand in no address and no log."""
        return self.draw(WordsForm(request.POST))

    def draw(
        self, search: WordsForm, form: SaveViewForm | None = None, query: str | None = None
    ) -> HttpResponse:
        """The page, with the form that was refused, if one was; that names were shown is noted.

        Args:
            query: What to show, where it is not the address that says so.
        """
        words = search.cleaned_data["q"].strip() if search.is_bound and search.is_valid() else ""
        views = self.views
        if query is None and not self.request.GET:
            query = next((view.query for view in views if view.is_first), None)
        if query is None:
            asked = self.asked(self.request.GET, words)
        else:
            asked = Asked.kept(self.listing, self.standing, query)
            asked = self.asked({**asked.values, SORT: asked.sort}, words)
        found = asked.found()
        if search.errors:
            found = found.none()
        # A search shows its first page alone: the next one would put the words into an address.
        number = "1" if words else self.request.GET.get("page")
        page = Paginator(found, PER_PAGE).get_page(number)
        rows = self.listing.complete(list(page.object_list), self.standing)
        record(self.request.user, "list", self.listing.logged(rows), at=timezone.now())
        refused = form if form is not None else search
        context = {
            "listing": self.listing,
            "asked": asked,
            "rows": rows,
            "heads": asked.heads(),
            "table": asked.cells(rows),
            "page": page,
            "query": f"{asked.query()}&" if asked.query() else "",
            "words": words,
            "search": search,
            "filters": [
                (one, asked.offered[one.name], asked.values.get(one.name, ""))
                for one in self.listing.filters
            ],
            # Where a search goes: a page that could not keep a view stands at another address.
            "here": self.request.get_full_path() if query is None else self.address(asked.query()),
            "views": views,
            "links": self.links(views, asked),
            "save": form if form is not None else SaveViewForm(auto_id="id_view_%s"),
            "form": refused,  # for the page title of an error
            "coordinates": True,
        }
        status = 422 if refused.errors else 200
        return render(self.request, "mentoring/oversight/list.html", context, status=status)

    def links(self, views: list[SavedView], asked: Asked) -> list[dict[str, Any]]:
        """The views to open with one press, and everything; none without a view."""
        if not views:
            return []
        shown = asked.query()
        links = [
            {"title": view.name, "url": self.address(view.query), "is_current": view.query == shown}
            for view in views
        ]
        is_everything = not shown and not any(link["is_current"] for link in links)
        everything = {
            "title": _("Show all"),
            "url": self.address(""),
            "is_current": is_everything,
        }
        return [everything, *links]


class SaveViewView(ListView):
    """Keep what the list shows under a name."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Back to the list: orders and pages of a view that was refused lead here."""
        return redirect(self.address(request.GET.urlencode()))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Keep it and show it, or say what is missing."""
        form = SaveViewForm(request.POST, auto_id="id_view_%s")
        asked = Asked.kept(self.listing, self.standing, request.POST.get("query", "")[:500])
        if form.is_valid():
            try:
                view = save_view(
                    self.person,
                    self.listing.key,
                    query=asked.query(),
                    at=timezone.now(),
                    **form.cleaned_data,
                )
            except (ViewRefused, ValidationError) as refusal:
                form.add_error("name", refusal.messages[0])
            else:
                messages.success(request, _("The view is kept. It stands above the list."))
                return redirect(self.address(view.query))
        return self.draw(WordsForm(), form, asked.query())


class OneViewMixin(ListMixin):
    """One of the reader's own views."""

    http_method_names = ["get", "head", "post"]

    @cached_property
    def view(self) -> SavedView:
        """The view of the address; 404 for one of somebody else."""
        own = SavedView.objects.filter(person=self.person).select_related("person")
        return get_object_or_404(own, pk=self.kwargs["view"])

    @cached_property
    def listing(self) -> Listing:
        """The list it is a view of; 404 where a release has dropped it."""
        if self.view.listing not in LISTINGS:
            raise Http404
        return LISTINGS[self.view.listing]


class ChangeViewView(OneViewMixin, View):
    """Rename a view, let the list open with it, or delete it."""

    def get(self, request: HttpRequest, view: UUID) -> HttpResponse:
        """The view with what can be done about it."""
        return self.draw(ViewNameForm(initial={"name": self.view.name}))

    def post(self, request: HttpRequest, view: UUID) -> HttpResponse:
        """Do what was pressed."""
        kept, query = self.view, self.view.query
        if "delete" in request.POST:
            forget_view(kept)
            messages.success(request, _("The view is deleted. What it showed is still there."))
            return redirect(self.address(""))
        if "first" in request.POST or "not_first" in request.POST:
            open_first(kept, on="first" in request.POST)
            messages.success(request, _("It is saved."))
            return redirect(self.address(query))
        form = ViewNameForm(request.POST)
        if form.is_valid():
            try:
                rename_view(kept, form.cleaned_data["name"])
            except (ViewRefused, ValidationError) as refusal:
                form.add_error("name", refusal.messages[0])
            else:
                messages.success(request, _("It is saved."))
                return redirect(self.address(query))
        return self.draw(form)

    def draw(self, form: ViewNameForm) -> HttpResponse:
        """The page with this form."""
        context = {
            "view": self.view,
            "listing": self.listing,
            "back": self.address(self.view.query),
            "form": form,
        }
        status = 422 if form.errors else 200
        return render(self.request, "mentoring/oversight/view.html", context, status=status)


class TakeAlongView(ListMixin, View):
    """A list as a file, narrowed and sorted as its address says; no search."""

    http_method_names = ["get"]
    kind = "csv"

    def get(self, request: HttpRequest, listing: str) -> HttpResponseBase:
        """The file, written row by row; what it holds is noted some hundred at a time."""
        asked = self.asked(request.GET)

        def note(records: list[Model]) -> None:
            record(request.user, "export", records, at=timezone.now())

        answer = csv_response if self.kind == "csv" else xlsx_response
        name = f"sidemand-{listing}-{self.standing.day.isoformat()}"
        return answer(name, asked.header(), asked.lines(note))
