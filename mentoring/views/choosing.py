"""Choosing between two versions of a session whose mentors have left: for who was there."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from core.access_log import record
from mentoring.actions import SessionRefused, choose_version
from mentoring.models import Session, SessionVersion
from mentoring.permissions import sessions_chosen_in, sessions_left_behind
from mentoring.telling import tell
from mentoring.views.session_form import uuid_or_none
from people.access import PersonRequiredMixin


class ChooseView(PersonRequiredMixin, TemplateView):
    """Both versions, and which one says how it was. Both stay readable."""

    template_name = "mentoring/choose_version.html"

    @cached_property
    def session(self) -> Session:
        """A session that I was in as a caseworker, also where what I chose says otherwise."""
        mine = sessions_chosen_in(self.standing)
        return get_object_or_404(
            mine.select_related("pairing__place", "current__author"), pk=self.kwargs["session"]
        )

    @property
    def is_mine_to_choose(self) -> bool:
        """Whether it is open, and no mentor can choose any more."""
        return sessions_left_behind(self.standing).filter(pk=self.session.pk).exists()

    @cached_property
    def beside(self) -> SessionVersion:
        """The other version, whether or not somebody has chosen by now."""
        return get_object_or_404(
            self.session.versions.select_related("author").filter(amendment__isnull=True),
            pk=self.kwargs["version"],
        )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Both of them, as long as nobody has chosen."""
        standing = SessionVersion.objects.unsettled().filter(pk=self.beside.pk)
        if not (standing.exists() and self.is_mine_to_choose):
            return redirect(self.session)
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, session: UUID, version: UUID) -> HttpResponse:
        """Choose, and go on to confirm."""
        sent = {name: uuid_or_none(request.POST.get(name)) for name in ("id", "current", "chosen")}
        chosen = self.session.versions.filter(chosen_by=self.person).values_list("pk", flat=True)
        if not (self.is_mine_to_choose or sent["id"] in chosen):
            # Confirmed meanwhile, or a mentor is back.
            messages.error(request, _("This session is not waiting for your choice any more."))
            return redirect(self.session)
        try:
            choose_version(
                self.person,
                self.session,
                version_id=sent["id"] or uuid4(),
                current_id=sent["current"],
                beside_id=self.beside.pk,
                chosen_id=sent["chosen"],
                at=timezone.now(),
            )
        except SessionRefused as refusal:
            messages.error(request, refusal.messages[0])
        else:
            messages.success(
                request, _("The version is chosen. Everybody who took part can confirm it now.")
            )
        return redirect(self.session)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Both in words; reading what others wrote goes into the access log."""
        record(self.request.user, "read", self.session, at=timezone.now())
        current, beside = tell([self.session.current, self.beside])
        current["heading"] = _("Holds now, by %(name)s") % {"name": self.session.current.author}
        beside["heading"] = _("Came later, by %(name)s") % {"name": self.beside.author}
        return super().get_context_data(**kwargs) | {
            "session": self.session,
            "both": [{**told, "id": uuid4()} for told in (current, beside)],
        }
