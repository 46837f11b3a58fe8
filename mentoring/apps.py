from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MentoringConfig(AppConfig):
    """Side-by-side training: pairings, sessions and their confirmations."""

    name = "mentoring"

    def ready(self) -> None:
        """Offer a word in the navigation and the sections of the start page."""
        from core import navigation, start_page
        from mentoring.start import PROVIDERS

        navigation.register(
            navigation.NavigationItem(
                "mentoring", _("Sessions"), "mentoring:home", 30, navigation.signed_in
            )
        )
        for provider in PROVIDERS:
            start_page.register(provider)
