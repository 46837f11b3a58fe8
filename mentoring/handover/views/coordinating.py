"""Closing from the log, and letting somebody else take over: for coordinators."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import View

from core.access_log import record
from mentoring.actions.outcomes import LookAgain
from mentoring.handover.actions import (
    HandoverRefused,
    close_from_log,
    gone,
    name_receiver,
)
from mentoring.handover.forms import (
    FromLogForm,
    ReceiverForm,
)
from mentoring.handover.people import receivers
from mentoring.handover.views.dossier import WITH
from mentoring.models import Handover, PairingMember
from mentoring.permissions import (
    overseen_handovers,
)
from mentoring.views.pairings import CoordinatorMixin
from mentoring.views.refusals import add_errors, passages_of


class FromLogView(CoordinatorMixin, View):
    """Close from the log, where the mentor has left without handing over."""

    form_refuses_identity = True  # in its form, at the field

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Who is gone, and what will happen; nobody gone is no such page."""
        return self._draw(self._form())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Close, or say what is in the way; every letter stays."""
        form = self._form(request.POST)
        if not form.is_valid():
            return self._draw(form, status=422)
        try:
            settled = close_from_log(
                self.pairing,
                **form.cleaned_data,
                by=self.person,
                at=timezone.now(),
                looked_again=form.has_looked_again(request.POST),
            )
        except LookAgain as refusal:
            return self._draw(form, status=422, passages=passages_of(form, refusal))
        except ValidationError as refusal:
            if getattr(refusal, "code", "") == "nothing":
                return redirect(self.pairing)
            add_errors(form, refusal)
            return self._draw(form, status=422)
        record(request.user, "close_from_log", settled, at=timezone.now())
        messages.success(request, _("It is closed from the log. The gap stays to be seen."))
        return redirect(self.pairing)

    def _members(self) -> list[PairingMember]:
        return gone(self.pairing, at=timezone.now())

    def _form(self, *args: Any) -> FromLogForm:
        members = self._members()
        people = receivers(
            members[0] if members else PairingMember(pairing=self.pairing), on=self.standing.day
        )
        return FromLogForm(*args, receivers=people)

    def _draw(self, form: FromLogForm, *, status: int = 200, **more: Any) -> HttpResponse:
        members = self._members()
        record(self.request.user, "view", self.pairing, at=timezone.now())
        context = {
            "form": form,
            "pairing": self.pairing,
            "members": members,
            "readers": _("you, whoever takes over, and other coordinators of the town"),
            **more,
        }
        return render(self.request, "mentoring/handover/from_log.html", context, status=status)


class ReceiverView(CoordinatorMixin, View):
    """Let somebody else take over."""

    @cached_property
    def handover(self) -> Handover:
        """A handover of the pairing that has been sent or settled."""
        found = overseen_handovers(self.standing).sent().in_pairing(self.pairing)
        return get_object_or_404(found.select_related(*WITH), pk=self.kwargs["handover"])

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Who can take over."""
        return self._draw(self._form(initial={"receiver": self.handover.receiver_id}))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Let them, or say why not."""
        form = self._form(request.POST)
        if not form.is_valid():
            return self._draw(form, status=422)
        try:
            name_receiver(self.handover, form.cleaned_data["receiver"], at=timezone.now())
        except HandoverRefused as refusal:
            form.add_error(None, refusal.messages[0])
            return self._draw(form, status=422)
        record(request.user, "change", self.handover, at=timezone.now())
        messages.success(request, _("It is handed over to somebody else now."))
        return redirect(self.pairing)

    def _form(self, *args: Any, **kwargs: Any) -> ReceiverForm:
        people = receivers(self.handover.member, on=self.standing.day)
        return ReceiverForm(*args, receivers=people, **kwargs)

    def _draw(self, form: ReceiverForm, *, status: int = 200) -> HttpResponse:
        record(self.request.user, "view", self.handover, at=timezone.now())
        context = {"form": form, "pairing": self.pairing, "handover": self.handover}
        return render(self.request, "mentoring/handover/receiver.html", context, status=status)
