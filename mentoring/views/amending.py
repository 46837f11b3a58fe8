"""Amending a locked session, and taking an amendment back: for mentors who took part."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import View

from mentoring.actions import LookAgain, SessionRefused, amend_session, take_back
from mentoring.forms.session import AmendForm
from mentoring.models import Amendment, Pairing, Session
from mentoring.permissions import ROLES, amendable_sessions, own_amendments
from mentoring.views.late import LateAmendView
from mentoring.views.refusals import add_errors, passages_of
from mentoring.views.writing import EditView
from people.access import RoleRequiredMixin

#: Refusals that leave nothing to write on this page.
FINAL = {"erased", "open"}


class AmendView(EditView):
    """Say what a locked session is to say, and why."""

    form_class = AmendForm
    late_view = LateAmendView

    @cached_property
    def session(self) -> Session:
        """A locked session that I took part in as a mentor."""
        return get_object_or_404(
            amendable_sessions(self.standing).select_related("pairing__place", "current__author"),
            pk=self.kwargs["session"],
        )

    @property
    def pending(self) -> Amendment | None:
        """The amendment that waits, which a new one takes the place of."""
        waiting = self.session.amendments.pending()
        return waiting.select_related("version__author").first()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form with what waits, else with what holds."""
        pending = self.pending
        begin = pending.version if pending else self.session.current
        why = {"reason": pending.reason, "note": pending.note} if pending else {}
        return self.draw(self.form(**self.filled(begin) | {"parent": begin.pk} | why))

    def send(self, form: Any, pairing: Pairing, request: HttpRequest) -> HttpResponse:
        """Send it, or draw the form again with what is in the way; every letter stays."""
        if not form.is_valid():
            return self.draw(form, status=422)
        given = form.cleaned_data
        try:
            receipt = amend_session(
                self.person,
                self.session,
                version_id=given["version"],
                parent_id=given["parent"],
                content=form.content,
                reason=given["reason"],
                note=given["note"],
                at=timezone.now(),
                device_at=form.device_at,
                looked_again=form.has_looked_again(request.POST),
            )
        except LookAgain as refusal:
            return self.draw(form, status=422, passages=passages_of(form, refusal))
        except SessionRefused as refusal:
            if refusal.code in FINAL:
                return self.draw(None, status=409, refusal=refusal.messages[0])
            if refusal.code == "changed":
                form = self._having_seen(self.pending)
            add_errors(form, refusal)
            return self.draw(form, status=422)
        return redirect("mentoring:receipt", receipt.session_id, receipt.version_id)

    def _having_seen(self, pending: Amendment | None) -> AmendForm:
        """What was sent, to be sent again by whoever has read what came meanwhile."""
        data = self.request.POST.copy()
        data["parent"] = str(pending.version_id if pending else self.session.current_id)
        form = AmendForm(data, **self.offered())
        form.full_clean()
        return form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The amendment that waits, to be read before it is replaced."""
        return super().get_context_data(**{"amends": True, "pending": self.pending, **kwargs})


class TakeBackView(RoleRequiredMixin, View):
    """Take back an amendment that waits: one's own, or of somebody who has left."""

    http_method_names = ["post"]
    required_roles = tuple({key for keys in ROLES.values() for key in keys})

    def post(self, request: HttpRequest, session: UUID) -> HttpResponse:
        """Take it back, and show the session."""
        amendment = get_object_or_404(own_amendments(self.standing), session=session)
        try:
            take_back(amendment, at=timezone.now())
        except SessionRefused as refusal:
            messages.error(request, refusal.messages[0])
        else:
            messages.success(
                request, _("The amendment is taken back. The session stays as it was.")
            )
        return redirect("mentoring:session", session)
