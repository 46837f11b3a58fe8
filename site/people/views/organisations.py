"""Organisations: entered, corrected and ended by administrators, never deleted."""

from abc import ABC, abstractmethod
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView

from people import actions, register
from people.access import PersonRequiredMixin
from people.forms import ChangeOrganisationForm, NewOrganisationForm, OrganisationForm
from people.models import Organisation
from people.views.editing import add_errors

PER_PAGE = 50


class OrganisationsMixin(PersonRequiredMixin):
    """For administrators."""

    def may_open(self) -> bool:
        """Whether the person looks after organisations."""
        return self.standing.manages_organisations


class OrganisationsView(OrganisationsMixin, TemplateView):
    """Every organisation, those that have ended as well."""

    template_name = "people/organisations.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One page of the list; which of them come with the product."""
        found = Organisation.objects.prefetch_related("successors").order_by("name", "pk")
        page = Paginator(found, PER_PAGE).get_page(self.request.GET.get("page"))
        fixed = register.organisation_keys()
        return super().get_context_data(
            page=page,
            rows=[(organisation, organisation.key in fixed) for organisation in page],
            **kwargs,
        )


class OrganisationFormView(OrganisationsMixin, FormView[Any], ABC):
    """A form whose action may refuse: then its words stand in the form, and nothing is lost."""

    template_name = "people/form.html"
    heading = ""

    @abstractmethod
    def act(self, form: Any) -> str:
        """Do it, and say what was done."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Do it, or show why not."""
        try:
            messages.success(self.request, self.act(form))
        except ValidationError as refusal:
            add_errors(form, refusal)
            return self.form_invalid(form)
        return redirect("people:organisations")

    def form_invalid(self, form: Any) -> HttpResponse:
        """The form again, with every letter."""
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What the shared template of forms takes."""
        return super().get_context_data(
            heading=self.get_heading(),
            button=_("Save"),
            back_url=reverse("people:organisations"),
            **kwargs,
        )

    @abstractmethod
    def get_heading(self) -> str:
        """The heading of the page."""


class NewOrganisationView(OrganisationFormView):
    """Enter one."""

    form_class = NewOrganisationForm

    def get_heading(self) -> str:
        """The heading of the page."""
        return _("New organisation")

    def get_initial(self) -> dict[str, Any]:
        """From today, until somebody knows better."""
        return {"starts_on": self.standing.day}

    def act(self, form: Any) -> str:
        """Enter it."""
        actions.create_organisation(self.standing, **form.cleaned_data, at=timezone.now())
        return _("The organisation is entered.")


class EditOrganisationView(OrganisationFormView):
    """Correct one, or note its end and what came after it; not one of the product's own."""

    form_class = OrganisationForm

    @cached_property
    def organisation(self) -> Organisation:
        """One that was entered here."""
        entered = Organisation.objects.exclude(key__in=register.organisation_keys())
        return get_object_or_404(entered, pk=self.kwargs["pk"])

    def get_heading(self) -> str:
        """The heading of the page."""
        return _("Change %s") % self.organisation

    def get_form_kwargs(self) -> dict[str, Any]:
        """The organisation as it stands; the form fills an object of its own."""
        fresh = Organisation.objects.get(pk=self.organisation.pk)
        return {**super().get_form_kwargs(), "instance": fresh}

    def act(self, form: Any) -> str:
        """Save it."""
        actions.edit_organisation(self.organisation, self.standing, **form.given, at=timezone.now())
        return _("The organisation is saved.")


class ChangeOrganisationView(OrganisationFormView):
    """A new name, a division, or several joined: also of those that come with the product."""

    form_class = ChangeOrganisationForm

    @cached_property
    def organisation(self) -> Organisation:
        """One that has not ended."""
        return get_object_or_404(Organisation, pk=self.kwargs["pk"], ends_on=None)

    def get_heading(self) -> str:
        """The heading of the page."""
        return _("New name, division or joining: %s") % self.organisation

    def get_form_kwargs(self) -> dict[str, Any]:
        """Which organisation, and the day by which others are offered."""
        kwargs = super().get_form_kwargs()
        return {**kwargs, "organisation": self.organisation, "day": self.standing.day}

    def get_initial(self) -> dict[str, Any]:
        """From today."""
        return {"on": self.standing.day}

    def act(self, form: Any) -> str:
        """Carry it out."""
        old = [self.organisation, *form.cleaned_data["joined"]]
        actions.change_organisations(
            old, form.new, on=form.cleaned_data["on"], by=self.standing, at=timezone.now()
        )
        return _("It is carried out. What was before keeps its name.")
