"""What is handed over to me, by me, and about me."""

from typing import Any

from django.core.paginator import Paginator
from django.views.generic import TemplateView

from mentoring.handover.listing import leaving
from mentoring.handover.views.dossier import WITH
from mentoring.permissions import (
    handovers_about,
    received_handovers,
)
from people.access import PersonRequiredMixin

PER_PAGE = 25


class HandedOverView(PersonRequiredMixin, TemplateView):
    """What is handed over to me, what I hand over, and what is passed on about me."""

    template_name = "mentoring/handover/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The own ones that are left, what waits, and a page of what was taken over."""
        received = received_handovers(self.standing).select_related(*WITH)
        waiting = list(received.waiting().order_by("sent_at", "pk"))
        page = Paginator(received.settled().order_by("-settled_at", "pk"), PER_PAGE).get_page(
            self.request.GET.get("page")
        )
        about = handovers_about(self.standing).select_related(*WITH)
        return super().get_context_data(
            own=leaving(self.standing),
            waiting=waiting,
            page=page,
            about=list(about.order_by("-sent_at", "pk")[:PER_PAGE]),
            **kwargs,
        )
