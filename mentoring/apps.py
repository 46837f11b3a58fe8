from django.apps import AppConfig


class MentoringConfig(AppConfig):
    """Side-by-side training: pairings, sessions and their confirmations."""

    name = "mentoring"
