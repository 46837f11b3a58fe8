"""Whether this reader saves data: then a picture comes when it is asked for, and not before.

The choice is the device's, not the person's: the same person has a slow link in the settlement and
a fast one at the office. It lies in a cookie; without one the browser's own wish holds
(``Save-Data``).
"""

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView

COOKIE = "sidemand_data"
SAVE, SHOW, BROWSER = "spar", "vis", "browser"
#: What a page hangs on that saves data for some.
VARIES_ON = ("Cookie", "Save-Data")


def saves_data(request: HttpRequest) -> bool:
    """The choice of this device; where none was made, the wish of its browser."""
    chosen = request.COOKIES.get(COOKIE)
    if chosen in {SAVE, SHOW}:
        return chosen == SAVE
    return request.headers.get("Save-Data", "").casefold() == "on"


class DataSaverForm(forms.Form):
    """Pictures at once, on demand, or as the browser wishes."""

    choice = forms.ChoiceField(
        label=_("Pictures on this device"),
        choices=[
            (BROWSER, _("As the browser is set")),
            (SAVE, _("Save data: show no picture before I ask for it")),
            (SHOW, _("Show the pictures")),
        ],
        widget=forms.RadioSelect,
    )


class DataSaverView(FormView[DataSaverForm]):
    """Choose whether this device saves data. Open to everybody: it is about no person."""

    form_class = DataSaverForm
    template_name = "data_saver.html"
    success_url = reverse_lazy("data_saver")

    def get_initial(self) -> dict[str, Any]:
        """What was chosen before."""
        chosen = self.request.COOKIES.get(COOKIE)
        return {"choice": chosen if chosen in {SAVE, SHOW} else BROWSER}

    def form_valid(self, form: DataSaverForm) -> Any:
        """Remember it for a year; "as the browser is set" is no cookie."""
        response = super().form_valid(form)
        choice = form.cleaned_data["choice"]
        if choice == BROWSER:
            response.delete_cookie(COOKIE, samesite="Lax")
        else:
            response.set_cookie(
                COOKIE,
                choice,
                max_age=settings.LANGUAGE_COOKIE_AGE,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response
