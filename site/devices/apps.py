from django.apps import AppConfig


class DevicesConfig(AppConfig):
    """What a telephone or computer of somebody keeps, and how the site starts on it without net."""

    name = "devices"

    def ready(self) -> None:
        """Have words for its author when a file of theirs came in."""
        from django.utils.translation import gettext_lazy as _

        from core import telling

        telling.register(
            telling.Kind(
                "devices.file_taken_in",
                _("Your devices"),
                _("A file from your device was taken in: %(received)s received"),
                _("Open your device when you have net. It shows what is still not sent, and why."),
            )
        )
