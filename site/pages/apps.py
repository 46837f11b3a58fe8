from django.apps import AppConfig


class PagesConfig(AppConfig):
    """What editors arrange: the page types of the site."""

    name = "pages"
