from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MentoringConfig(AppConfig):
    """Side-by-side training: pairings, sessions and their confirmations."""

    name = "mentoring"

    def ready(self) -> None:
        """Offer a word in the navigation and the start page; say what was practised."""
        from competences import practice
        from core import navigation, start_page
        from mentoring.practice import practised
        from mentoring.start import PROVIDERS

        practice.provide(practised)

        navigation.register(
            navigation.NavigationItem(
                "mentoring", _("Sessions"), "mentoring:home", 30, navigation.signed_in
            )
        )
        for provider in PROVIDERS:
            start_page.register(provider)
