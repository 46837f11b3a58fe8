"""One's own page."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from people import actions
from people.access import PersonRequiredMixin
from people.forms import ProfileForm
from people.models import Person
from people.profile_sections import sections_for


class ProfileView(PersonRequiredMixin, View):
    """Name, language and language skills of whoever has signed in."""

    form_refuses_identity = True  # in its form, at the field

    def get(self, request: HttpRequest) -> HttpResponse:
        """The form as things stand."""
        return self._page(ProfileForm(instance=self._fresh()))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Save it."""
        form = ProfileForm(request.POST, instance=self._fresh())
        if not form.is_valid():
            return self._page(form, status=422)
        try:
            actions.edit_own_profile(
                self._fresh(),
                name=form.cleaned_data["name"],
                language=form.cleaned_data["language"],
                skills=form.skills(),
                at=timezone.now(),
            )
        except ValidationError as refusal:
            form.add_error(None, refusal)
            return self._page(form, status=422)
        messages.success(request, _("Your profile is saved."))
        return redirect("people:me")

    def _fresh(self) -> Person:
        """A person object that the form may fill without the header showing it."""
        return Person.objects.get(pk=self.person.pk)

    def _page(self, form: ProfileForm, *, status: int = 200) -> HttpResponse:
        context: dict[str, Any] = {
            "form": form,
            "roles": self.standing.roles,
            "subject": self.person,
            "sections": sections_for(self.request, self.standing),
        }
        return render(self.request, "people/me.html", context, status=status)
