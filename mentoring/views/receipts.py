"""The receipt of what a mentor sent."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from mentoring.actions import Receipt
from mentoring.agreements.listing import rows_of
from mentoring.models import Agreement, PairingMember, SessionVersion
from mentoring.permissions import ROLES, readable_sessions
from mentoring.progress import names, readers_of
from mentoring.views.reading import same_hour
from people.access import RoleRequiredMixin

Side = PairingMember.Side


class ReceiptView(RoleRequiredMixin, TemplateView):
    """What was received, what happens now, and who can read it."""

    template_name = "mentoring/receipt.html"
    required_roles = ROLES[Side.MENTOR]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The receipt of a version of mine."""
        version = get_object_or_404(
            SessionVersion.objects.filter(
                session__in=readable_sessions(self.standing), author=self.person
            ).select_related("session__pairing__place", "amendment"),
            pk=self.kwargs["version"],
            session=self.kwargs["session"],
        )
        session = version.session
        agreed = Agreement.objects.filter(session=session, version=version)
        waiting = session.participants.filter(side=Side.CASEWORKER).order_by("person__name")
        return super().get_context_data(**kwargs) | {
            "session": session,
            "receipt": Receipt.of(version),
            "next": _next(version, list(waiting.values_list("person__name", flat=True))),
            "agreement": next(iter(rows_of(agreed.in_words(), on=self.standing.day)), None),
            **same_hour(session, may_link=True),
            "readers": readers_of(session.pairing_id, me=self.person, on=self.standing.day),
        }


def _next(version: SessionVersion, waiting: list[str]) -> str:
    """What happens now."""
    if getattr(version, "amendment", None) is not None:
        said = _("%(names)s can confirm the amendment now. Until then the session stays as it is.")
    else:
        said = _("%(names)s can confirm the session now. You can change it until then.")
    return said % {"names": names(waiting)}
