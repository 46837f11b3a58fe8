from django.apps import AppConfig
from django.db.backends.signals import connection_created


class CoreConfig(AppConfig):
    """What every app stands on: identity guard, languages, periods, access log."""

    name = "core"

    def ready(self) -> None:
        from core.languages import add_collations
        from core.wagtail_labels import name_fields, order_translations

        connection_created.connect(add_collations)

        name_fields()
        order_translations()
