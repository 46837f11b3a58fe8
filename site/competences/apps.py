from django.apps import AppConfig


class CompetencesConfig(AppConfig):
    """What caseworkers learn to do: where courses and mentoring meet."""

    name = "competences"

    def ready(self) -> None:
        """Say who may do what with topics and frameworks: nobody deletes one."""
        from people import groups
        from people.models import Role

        groups.allow(
            Role.Key.REVIEWER,
            "competences.view_topic",
            "competences.add_topic",
            "competences.change_topic",
        )
        for model in ("framework", "frameworkversion"):
            for key in (Role.Key.EDITOR, Role.Key.REVIEWER):
                groups.allow(
                    key,
                    f"competences.view_{model}",
                    f"competences.add_{model}",
                    f"competences.change_{model}",
                )
        groups.allow(
            Role.Key.TRANSLATOR,
            "competences.view_framework",
            "competences.view_frameworkversion",
            "competences.view_topic",
        )
        groups.allow(Role.Key.EDITOR, "competences.view_topic")
