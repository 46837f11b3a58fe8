from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Who someone is, where they belong, and what they may do."""

    name = "people"
