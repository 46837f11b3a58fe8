"""The first page of the cooperation: each package says what it has for whoever asks.

A provider is one of :mod:`core.start_page`: it answers ``None`` where it has nothing to say, and
asks the same number of queries however much there is.
"""

from typing import Any

from django.views.generic import TemplateView

from cooperation.access import TakesPartMixin
from cooperation.bodies.start import my_bodies
from cooperation.events.start import next_events
from cooperation.initiatives.start import initiatives
from cooperation.reports.start import reports_here
from core.start_page import Provider

#: In the order of the page.
PROVIDERS: tuple[Provider, ...] = (next_events, my_bodies, reports_here, initiatives)


class HomeView(TakesPartMixin, TemplateView):
    """Where one goes from here."""

    template_name = "cooperation/home.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What each package has to say."""
        offered = (provider(self.request, self.standing) for provider in PROVIDERS)
        sections = [section for section in offered if section is not None]
        return super().get_context_data(sections=sections, **kwargs)
