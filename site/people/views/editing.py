"""The forms of a person's page. What their action refuses stands in the form; nothing is lost."""

from abc import ABC, abstractmethod
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import FormView, View

from core.periods import day_after, local_day
from people import actions
from people.forms import AffiliationForm, EndRoleForm, LanguagesForm, PersonForm, RoleForm
from people.models import Person, Role
from people.views.people import ManagerMixin


class ActionFormView(ManagerMixin, FormView[Any], ABC):
    """A form whose action may refuse: then its words stand in the form, and nothing is lost."""

    template_name = "people/form.html"
    heading = ""
    button = ""

    @abstractmethod
    def act(self, form: Any) -> HttpResponse:
        """Do it, and say where to go."""

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
