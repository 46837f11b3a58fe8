"""Looking after people: for administrators everywhere, for coordinators in their own scope.

What lies outside one's scope answers 404, as if it were not there.
"""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Lower
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView, View

from core import access_log
from core.periods import day_after, local_day
from people import actions
from people.access import PersonRequiredMixin
from people.forms import (
    AffiliationForm,
    EndRoleForm,
    FilterForm,
    LanguagesForm,
    PersonForm,
    RoleForm,
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
        people = self.standing.people()
        filters = FilterForm(request.GET)
        filters.fields["role"].choices = [("", _("All roles")), *Role.Key.choices]  # type: ignore[attr-defined]
        filters.fields["town"].queryset = Place.objects.order_by("name")  # type: ignore[attr-defined]
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
        for person in page:
            waiting = getattr(person, "waiting_invitations")  # noqa: B009  mypy knows no to_attr
            person.account_state = account_state(person, waiting, at=now)  # type: ignore[attr-defined]
        kept = {key: value for key, value in request.GET.items() if key != "page" and value}
        context = {
            "page": page,
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
        for role in self.roles:
            role.may_be_ended = self.standing.may_give_like(role) and not (  # type: ignore[attr-defined]
                role.ends_on is not None and role.ends_on <= today
            )
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
            current_roles=[role for role in self.roles if not _is_over(role, today)],
            past_roles=[role for role in self.roles if _is_over(role, today)],
            affiliations=self.subject.affiliations.select_related("organisation", "place").order_by(
                "-starts_on", "pk"
            ),
            skills=self.subject.languages.order_by("language"),
            may_manage=self.may_manage,
            may_give=self.subject != self.person and bool(self.standing.may_give_keys),
            today=today,
            **kwargs,
        )


def _is_over(role: Role, today: Any) -> bool:
    return role.ends_on is not None and role.ends_on <= today


class ActionFormView(ManagerMixin, FormView[Any]):
    """A form whose action may refuse: then its words stand in the form, and nothing is lost."""

    template_name = "people/form.html"
    heading = ""
    button = ""

    def act(self, form: Any) -> HttpResponse:
        """Do it, and say where to go."""
        raise NotImplementedError

    def form_valid(self, form: Any) -> HttpResponse:
        """Do it, or show why not."""
        try:
            return self.act(form)
        except ValidationError as refusal:
            add_errors(form, refusal)
            return self.form_invalid(form)

    def form_invalid(self, form: Any) -> HttpResponse:
        """The form again, with every letter."""
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def back_url(self) -> str:
        """Where "Back" and "Cancel" lead."""
        return self.back_to_subject()["Location"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What the shared template of forms takes."""
        return super().get_context_data(
            heading=self.heading, button=self.button, back_url=self.back_url(), **kwargs
        )


def add_errors(form: Any, refusal: ValidationError) -> None:
    if not hasattr(refusal, "error_dict"):
        form.add_error(None, refusal)
        return
    for name, errors in refusal.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)


class NewPersonView(ManagerMixin, View):
    """Enter a person with a first role; the invitation may leave at once."""

    form_refuses_identity = True  # in its form, at the field

    def get(self, request: HttpRequest) -> HttpResponse:
        """The empty form."""
        return self._page(PersonForm(), RoleForm(standing=self.standing))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Enter the person."""
        person_form = PersonForm(request.POST)
        role_form = RoleForm(request.POST, standing=self.standing)
        if not all([person_form.is_valid(), role_form.is_valid()]):
            return self._page(person_form, role_form, status=422)
        now = timezone.now()
        try:
            person = actions.create_person(
                self.standing, **person_form.cleaned_data, role=role_form.role(), at=now
            )
        except ValidationError as refusal:
            add_errors(person_form, refusal)
            return self._page(person_form, role_form, status=422)
        if "invite" in request.POST:
            actions.invite(person, self.standing, at=now)
            messages.success(request, _("The invitation is on its way to %s.") % person.email)
        else:
            messages.success(request, _("The person is entered. No invitation has been sent."))
        return redirect("people:person", person.pk)

    def _page(self, person_form: Any, role_form: Any, *, status: int = 200) -> HttpResponse:
        errors = [
            {"text": error, "href": f"#{form[name].id_for_label}" if name != "__all__" else ""}
            for form in (person_form, role_form)
            for name, texts in form.errors.items()
            for error in texts
        ]
        context = {
            "person_form": person_form,
            "role_form": role_form,
            "errors": errors,
            "has_errors": bool(errors),
        }
        return render(self.request, "people/new_person.html", context, status=status)


class EditPersonView(ActionFormView):
    """Change name, address or language of a person one manages."""

    form_class = PersonForm

    def may_open(self) -> bool:
        """Only for whoever may manage this very person."""
        return super().may_open() and self.may_manage

    def get_form_kwargs(self) -> dict[str, Any]:
        """The person's present details."""
        return {**super().get_form_kwargs(), "instance": Person.objects.get(pk=self.subject.pk)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Words of the page."""
        return super().get_context_data(**kwargs) | {
            "heading": _("Change details"),
            "button": _("Save"),
        }

    def act(self, form: Any) -> HttpResponse:
        """Save."""
        data = {"email": self.subject.email, **form.cleaned_data}
        actions.edit_person(self.subject, self.standing, **data, at=timezone.now())
        messages.success(self.request, _("The details are saved."))
        return self.back_to_subject()


class GiveRoleView(ActionFormView):
    """Give a person a role within one's own scope."""

    form_class = RoleForm

    def may_open(self) -> bool:
        """Nobody gives themselves a role."""
        return super().may_open() and self.subject != self.person

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offers what may be given."""
        return {**super().get_form_kwargs(), "standing": self.standing}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Words of the page."""
        return super().get_context_data(**kwargs) | {
            "heading": _("Give %s a role") % self.subject.name,
            "button": _("Give the role"),
        }

    def act(self, form: Any) -> HttpResponse:
        """Give it."""
        role = actions.give_role(self.subject, form.role(), by=self.standing, at=timezone.now())
        messages.success(self.request, _("The role is given: %s.") % role)
        return self.back_to_subject()


class EndRoleView(ActionFormView):
    """Choose the last day of a role, or end it at once."""

    form_class = EndRoleForm
    template_name = "people/end_role.html"

    @cached_property
    def role(self) -> Role:
        """The role; 404 if it is not this person's."""
        roles = self.subject.roles.select_related("municipality", "place")
        return get_object_or_404(roles, pk=self.kwargs["role_pk"])

    def may_open(self) -> bool:
        """Only for whoever might give such a role."""
        return super().may_open() and self.standing.may_give_like(self.role)

    def get_initial(self) -> dict[str, Any]:
        """The last day as it stands."""
        return {"last_day": self.role.last_day}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The role."""
        return super().get_context_data(role=self.role, subject=self.subject, **kwargs)

    def act(self, form: Any) -> HttpResponse:
        """End it today, or set or lift the last day."""
        now = timezone.now()
        ends_on = day_after(form.cleaned_data["last_day"])
        if "now" in self.request.POST:
            ends_on = local_day(now)
        actions.end_role(self.role, self.standing, ends_on=ends_on, at=now)
        if "now" in self.request.POST:
            messages.success(self.request, _("The role has ended."))
        else:
            messages.success(self.request, _("The last day of the role is saved."))
        return self.back_to_subject()


class AddAffiliationView(ActionFormView):
    """Note where a person works."""

    form_class = AffiliationForm

    def may_open(self) -> bool:
        """Only for whoever may manage this very person."""
        return super().may_open() and self.may_manage

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offers the organisations of today."""
        return {**super().get_form_kwargs(), "day": self.standing.day}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Words of the page."""
        return super().get_context_data(**kwargs) | {
            "heading": _("Where does %s work?") % self.subject.name,
            "button": _("Save"),
        }

    def act(self, form: Any) -> HttpResponse:
        """Save."""
        actions.add_affiliation(self.subject, self.standing, **form.cleaned_data, at=timezone.now())
        messages.success(self.request, _("The workplace is saved."))
        return self.back_to_subject()


class LanguagesView(ActionFormView):
    """Note the languages of a person who has no account to do it with."""

    form_class = LanguagesForm
    template_name = "people/languages.html"

    def may_open(self) -> bool:
        """For whoever may manage this very person; 404 once there is an account."""
        if not super().may_open():
            return False
        if self.subject.user_id is not None:
            raise Http404("People with an account say themselves what they speak.")
        return self.may_manage

    def get_form_kwargs(self) -> dict[str, Any]:
        """What is known already."""
        return {**super().get_form_kwargs(), "person": self.subject}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Words of the page."""
        return super().get_context_data(**kwargs) | {
            "heading": _("Which languages does %s speak?") % self.subject.name,
            "button": _("Save"),
        }

    def act(self, form: Any) -> HttpResponse:
        """Save."""
        actions.set_languages(self.subject, self.standing, skills=form.skills(), at=timezone.now())
        messages.success(self.request, _("The languages are saved."))
        return self.back_to_subject()


class SubjectActionView(ManagerMixin, View):
    """One press of a button on a person's page; what it does is named in the address."""

    http_method_names = ["post"]

    def act(self) -> str:
        """Do it, and say what was done."""
        raise NotImplementedError

    def may_open(self) -> bool:
        """Only for whoever may manage this very person."""
        return super().may_open() and self.may_manage

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Do it, or tell why not, and return to the person."""
        try:
            messages.success(request, self.act())
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        return self.back_to_subject()


class InviteView(SubjectActionView):
    """Send an invitation, or send it again."""

    def act(self) -> str:
        """Send."""
        invitation = actions.invite(self.subject, self.standing, at=timezone.now())
        return _("The invitation is on its way to %s.") % invitation.email


class WithdrawView(SubjectActionView):
    """Withdraw the open invitation."""

    def act(self) -> str:
        """Withdraw."""
        invitation = self.subject.invitations.waiting().first()
        if invitation is None:
            raise actions.PeopleRefused(_("The invitation is no longer open."), code="over")
        actions.withdraw_invitation(invitation, self.standing, at=timezone.now())
        return _("The invitation is withdrawn. Its link no longer works.")


class CloseAccountView(SubjectActionView):
    """Ask, then close the account."""

    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """What closing means."""
        return render(request, "people/close_account.html", {"subject": self.subject})

    def act(self) -> str:
        """Close."""
        actions.close_account(self.subject, self.standing, at=timezone.now())
        return _("The account is closed. You can open it again.")


class ReopenAccountView(SubjectActionView):
    """Open a closed account again."""

    def act(self) -> str:
        """Open."""
        actions.reopen_account(self.subject, self.standing, at=timezone.now())
        return _("The account is open again.")


class EndAffiliationView(SubjectActionView):
    """Note that a person no longer works somewhere."""

    def act(self) -> str:
        """End it today."""
        affiliation = get_object_or_404(
            self.subject.affiliations, pk=self.kwargs["affiliation_pk"], ends_on=None
        )
        actions.end_affiliation(affiliation, self.standing, at=timezone.now())
        return _("The workplace has ended.")
