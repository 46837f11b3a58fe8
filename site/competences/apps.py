from django.apps import AppConfig


class CompetencesConfig(AppConfig):
    """What caseworkers learn to do: where courses and mentoring meet."""

    name = "competences"

    def ready(self) -> None:
        """Say who may do what with the topics: nobody deletes one."""
        from people import groups
        from people.models import Role

        groups.allow(
            Role.Key.REVIEWER,
            "competences.view_topic",
            "competences.add_topic",
            "competences.change_topic",
        )
        groups.allow(Role.Key.EDITOR, "competences.view_topic")
        groups.allow(Role.Key.TRANSLATOR, "competences.view_topic", "competences.change_topic")
