"""A session that was being written when the stay or the role of its mentor ended."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from mentoring.actions import Receipt, SessionConflict, SessionRefused, pairing_of_stay
from mentoring.actions.late import is_awaited
from mentoring.forms.session import AmendForm, SessionForm
from mentoring.models import Pairing
from mentoring.views.session_form import SessionFormView, Side, uuid_or_none
from people.models import Place


class LateView(SessionFormView):
    """Take in what was written during a stay that has ended since, or give it back with words.

    As from a device. Nothing of the pairing is shown any more; whoever was met in it is not named.
    """

    http_method_names = ("post",)
    pairing = None

    def may_open(self) -> bool:
        """Mentors, and whoever was one and may still send."""
        return self.standing.has(*self.required_roles) or is_awaited(self.standing)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Send it. The pairing was one of mine, or there is no such page."""
        asked = uuid_or_none(request.POST.get("pairing"))
        form = self.form(request.POST)
        form.is_valid()
        try:
            day = form.cleaned_data.get("held_on")
            pairing = None if asked is None else pairing_of_stay(self.standing, asked, on=day)
        except SessionRefused as refusal:
            form.add_error(None, refusal.messages[0])
            return self.draw(form, status=422)
        if pairing is None:
            raise Http404
        return self.send(form, pairing, request)

    def others(self, side: str) -> list[tuple[str, str]]:
        """Whom I had chosen, without a name."""
        is_colleague = side == Side.CASEWORKER
        chosen = self.request.POST.getlist("participants" if is_colleague else "mentors")
        return [(one, _("A colleague") if is_colleague else _("Mentor")) for one in chosen]

    def present(self, side: str) -> list[tuple[str, str]]:
        """The same: who is there today is not told."""
        return self.others(side)

    def places(self) -> Iterable[tuple[str, str]]:
        """The town I had chosen."""
        chosen = Place.objects.filter(key=self.request.POST.get("place", ""))
        return chosen.values_list("key", "name")

    def readers(self) -> str:
        """Who reads it now is not told."""
        return ""

    def received(self, receipt: Receipt) -> HttpResponse:
        """Say that it has arrived; there is no page of it to lead to."""
        said = _("The session is received. Your receipt is %(code)s.") % {"code": receipt.code}
        messages.success(self.request, said)
        return redirect("start")

    def refused(self, form: SessionForm, refusal: SessionRefused) -> HttpResponse:
        """Locked or erased meanwhile: what was written is given back, to be handed on by hand."""
        return self.give_back(form, refusal.messages[0])

    def give_back(self, form: SessionForm, why: str, **context: Any) -> HttpResponse:
        """Every letter, without a button: it is not received any more."""
        form.add_error(None, why)
        return self.draw(form, status=409, given_back=True, **context)

    def kept_beside(self, conflict: SessionConflict) -> HttpResponse:
        """Another version came first; the members choose."""
        said = _("The session says something else by now. Yours is kept, and the others choose.")
        messages.warning(self.request, said)
        return redirect("start")


class LateAmendView(LateView):
    """Give an amendment back: it asks everybody anew in the name of somebody who was there."""

    form_class = AmendForm

    def send(self, form: SessionForm, pairing: Pairing, request: HttpRequest) -> HttpResponse:
        """Every letter, to be handed on by hand."""
        why = _(
            "The session stays as it is: your stay has ended. Copy what you wrote, and give it "
            "to a colleague who took part."
        )
        return self.give_back(form, why, amends=True)
