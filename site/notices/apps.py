from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Work that falls due, and what is told to whom."""

    name = "notices"
