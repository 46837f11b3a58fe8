from django.apps import AppConfig


class RulesConfig(AppConfig):
    """Acts, orders and the rules drawn from them, with source and state."""

    name = "rules"
