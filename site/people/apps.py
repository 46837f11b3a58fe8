from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from django.http import HttpRequest

    from people.models import User


class PeopleConfig(AppConfig):
    """Who someone is, where they belong, and what they may do."""

    name = "people"

    def ready(self) -> None:
        """Take a place in menu and start page, and follow an address that its owner changed."""
        from allauth.account.signals import email_changed
        from django.utils.translation import gettext_lazy as _

        from core import start_page, telling
        from core.navigation import NavigationItem, register
        from people.permissions import standing_of
        from people.start import accounts

        def looks_after_people(request: "HttpRequest") -> bool:
            return standing_of(request.user).manages_people

        register(NavigationItem("people", _("People"), "people:people", 50, looks_after_people))
        start_page.register(accounts)
        telling.register(
            telling.Kind(
                "people.export_ready",
                _("Your own data"),
                _("The copy of your data is ready"),
                _("Fetch it within seven days."),
                always=True,
            )
        )
        telling.register(
            telling.Kind(
                "people.erasure_asked",
                _("Wishes for deletion"),
                _("Somebody wants to be deleted"),
                _("See what will happen. It can be carried out in fourteen days."),
                always=True,
            )
        )
        email_changed.connect(_follow_address, dispatch_uid="people.follow_address")


def _follow_address(user: "User", **kwargs: object) -> None:
    from django.utils import timezone

    from people.actions import follow_address

    follow_address(user, at=timezone.now())
