"""Looking after people: for administrators everywhere, for coordinators in their own scope.

What lies outside one's scope answers 404, as if it were not there.
"""

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Lower
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from core import access_log
from core.forms import offer
from people.access import PersonRequiredMixin
from people.forms import (
    FilterForm,
    SearchForm,
)
from people.models import Invitation, Person, Place, Role

PEOPLE_PER_PAGE = 25


class ManagerMixin(PersonRequiredMixin):
    """For administrators and coordinators."""

    def may_open(self) -> bool:
        """Whether the person looks after people at all."""
        return self.standing.manages_people

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer; that somebody's record was shown goes into the access log."""
        response = super().dispatch(request, *args, **kwargs)
        if "subject" in self.__dict__ and response.status_code in {200, 422}:
            access_log.record(self.account, "view", self.subject, at=timezone.now())
        return response

    @cached_property
    def subject(self) -> Person:
        """The person the page is about; 404 outside one's scope."""
        people = self.standing.people().select_related("user")
        return get_object_or_404(people, pk=self.kwargs["pk"])

    @cached_property
    def roles(self) -> list[Role]:
        """Every role the person has held, the current ones first."""
        found = self.subject.roles.select_related("municipality", "place", "given_by")
        return list(found.order_by("-starts_on", "key", "pk"))

    @property
    def may_manage(self) -> bool:
        """Whether name, address and account of the person may be changed from here."""
        today = self.standing.day
        current = [role for role in self.roles if role.ends_on is None or role.ends_on > today]
        return self.standing.may_manage(self.subject, current)

    def back_to_subject(self) -> HttpResponse:
        """To the person's page."""
        return redirect("people:person", self.subject.pk)


class PeopleView(ManagerMixin, View):
    """The people of one's scope, filtered by the address, searched by POST."""

    form_refuses_identity = True  # in its form, at the field

    def get(self, request: HttpRequest) -> HttpResponse:
        """The list."""
        return self._list(request, SearchForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """The list, searched: the text stands in no address and no log."""
        return self._list(request, SearchForm(request.POST))

    def _list(self, request: HttpRequest, search: SearchForm) -> HttpResponse:
        today = self.standing.day
        people = self.standing.people().filter(erased_at=None)
        filters = FilterForm(request.GET)
        offer(
            filters,
            role=[("", _("All roles")), *Role.Key.choices],
            town=Place.objects.order_by("name"),
        )
        chosen = filters.cleaned_data if filters.is_valid() else {}
        people = _filtered(people, chosen, today)
        query = ""
        if search.is_bound and search.is_valid():
            query = search.cleaned_data["q"]
            people = people.filter(Q(name__icontains=query) | Q(email__icontains=query))
        elif search.is_bound:
            people = people.none()
        order = ("-created_at", "pk") if chosen.get("sort") == "newest" else (Lower("name"), "pk")
        people = people.select_related("user").order_by(*order)
        people = people.prefetch_related(
            Prefetch(
                "roles",
                Role.objects.valid_on(today)
                .select_related("municipality", "place")
                .order_by("key", "pk"),
                to_attr="current_roles",
            ),
            Prefetch("invitations", Invitation.objects.waiting(), to_attr="waiting_invitations"),
        )
        # A search shows its first page alone: the next one would put the text into an address.
        page = Paginator(people, PEOPLE_PER_PAGE).get_page(1 if query else request.GET.get("page"))
        now = timezone.now()
        access_log.record(self.account, "list", page.object_list, at=now)
        rows = []
        for person in page:
            waiting = getattr(person, "waiting_invitations")  # noqa: B009  mypy knows no to_attr
            rows.append((person, account_state(person, waiting, at=now)))
        kept = {key: value for key, value in request.GET.items() if key != "page" and value}
        context = {
            "page": page,
            "rows": rows,
            "filters": filters,
            "search": search,
            "query": query,
            "is_filtered": bool(kept.keys() - {"sort"}) or bool(query),
            "kept": f"{urlencode(kept)}&" if kept else "",
            "may_see_organisations": self.standing.manages_organisations,
            "form": search,  # for the page title of an error
        }
        status = 200 if not search.errors else 422
        return render(request, "people/people.html", context, status=status)


def _filtered(people: "QuerySet[Person]", chosen: dict[str, Any], today: Any) -> "QuerySet[Person]":
    current = Role.objects.valid_on(today).filter(person=OuterRef("pk"))
    if chosen.get("role"):
        people = people.filter(Exists(current.filter(key=chosen["role"])))
    if chosen.get("town"):
        town: Place = chosen["town"]
        there = Q(place=town) | Q(municipality=town.municipality_id)
        people = people.filter(Exists(current.filter(there)))
    waiting = Exists(Invitation.objects.waiting().filter(person=OuterRef("pk")))
    match chosen.get("state"):
        case "active":
            people = people.filter(user__is_active=True)
        case "closed":
            people = people.filter(user__is_active=False)
        case "invited":
            people = people.filter(waiting, user=None)
        case "none":
            people = people.filter(~waiting, user=None)
    return people


def account_state(person: Person, waiting: "list[Invitation]", *, at: Any) -> dict[str, str]:
    """The state of the account in words, and the kind of its tag."""
    if person.user is not None:
        if person.user.is_active:
            return {"text": _("Open account"), "kind": "good"}
        return {"text": _("Closed account"), "kind": "bad"}
    if not waiting:
        return {"text": _("No account"), "kind": "neutral"}
    invitation = waiting[0]
    if invitation.asked_again_at is not None:
        return {"text": _("Asks for a new invitation"), "kind": "warm"}
    if invitation.state(at=at) == Invitation.State.EXPIRED:
        return {"text": _("Invitation expired"), "kind": "warm"}
    return {"text": _("Invited"), "kind": "info"}


class PersonView(ManagerMixin, TemplateView):
    """Everything about one person that is not about their training."""

    template_name = "people/person.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The person, the roles by whether they hold, the account and the invitation."""
        now = timezone.now()
        today = self.standing.day
        invitation = self.subject.invitations.order_by("-created_at").first()
        waiting = (
            [invitation]
            if invitation and not (invitation.accepted_at or invitation.withdrawn_at)
            else []
        )
        return super().get_context_data(
            subject=self.subject,
            account=account_state(self.subject, waiting, at=now),
            invitation=waiting[0] if waiting else None,
            invitation_state=waiting[0].state(at=now) if waiting else None,
            current_roles=[
                (role, self.standing.may_give_like(role))
                for role in self.roles
                if not _is_over(role, today)
            ],
            past_roles=[role for role in self.roles if _is_over(role, today)],
            affiliations=self.subject.affiliations.select_related("organisation", "place").order_by(
                "-starts_on", "pk"
            ),
            skills=self.subject.languages.order_by("language"),
            may_manage=self.may_manage,
            may_give=self.subject != self.person
            and self.subject.erased_at is None
            and bool(self.standing.may_give_keys),
            may_erase=self.standing.may_erase(self.subject),
            today=today,
            **kwargs,
        )


def _is_over(role: Role, today: Any) -> bool:
    return role.ends_on is not None and role.ends_on <= today
