from django.apps import AppConfig


class PagesConfig(AppConfig):
    """What editors arrange: the page types of the site."""

    name = "pages"

    def ready(self) -> None:
        """Keep records in step, and let courses ask who may read a lesson's page."""
        from courses.access import register_gate
        from pages import receivers
        from pages.privacy import may_read_lesson

        receivers.connect()
        register_gate(may_read_lesson)
