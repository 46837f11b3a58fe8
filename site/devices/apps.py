from django.apps import AppConfig


class DevicesConfig(AppConfig):
    """What a telephone or computer of somebody keeps, and how the site starts on it without net."""

    name = "devices"

    def ready(self) -> None:
        """Check that there is a key, and have words for an author whose file came in."""
        from django.core.checks import Tags, register
        from django.utils.translation import gettext_lazy as _

        from core import telling
        from devices import checks

        register(checks.the_server_has_a_key_for_devices, Tags.security, deploy=True)
        telling.register(
            telling.Kind(
                "devices.file_taken_in",
                _("Your devices"),
                _("A file from your device was taken in: %(received)s received"),
                _("Open your device when you have net. It shows what is still not sent, and why."),
            )
        )
