"""Two logs of the same hour: link them, let them apart. For mentors who were there."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from mentoring.actions import SessionRefused, link, unlink
from mentoring.models import PairingMember
from mentoring.permissions import ROLES, linkable_sessions, readable_sessions
from mentoring.views.reading import uuids
from people.access import RoleRequiredMixin


class LinkView(RoleRequiredMixin, View):
    """Say that another log is of the same hour, or that it is not."""

    http_method_names = ["post"]
    required_roles = ROLES[PairingMember.Side.MENTOR]

    def post(self, request: HttpRequest, session: UUID) -> HttpResponse:
        """Link it with the one that is named, or take the link away where none is."""
        one = get_object_or_404(linkable_sessions(self.standing), pk=session)
        if "let_apart" in request.POST:
            unlink(one)
            messages.success(request, _("Both are counted again."))
            return redirect(one)
        named = next(iter(uuids([request.POST.get("other", "")])), None)
        other = get_object_or_404(readable_sessions(self.standing), pk=named)
        try:
            link(one, other, by=self.person, at=timezone.now())
        except SessionRefused as refusal:
            raise Http404 from refusal
        messages.success(request, _("The hour is counted once. Both logs stay as they are."))
        return redirect(one)
