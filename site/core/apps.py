from django.apps import AppConfig


class CoreConfig(AppConfig):
    """What every app stands on: identity guard, languages, periods, access log."""

    name = "core"

    def ready(self) -> None:
        from core.wagtail_labels import name_fields

        name_fields()
