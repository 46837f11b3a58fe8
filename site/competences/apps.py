from django.apps import AppConfig


class CompetencesConfig(AppConfig):
    """What caseworkers learn to do: where courses and mentoring meet."""

    name = "competences"
