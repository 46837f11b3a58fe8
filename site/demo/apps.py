from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Invented people and content for trying the product out."""

    name = "demo"
