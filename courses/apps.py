from django.apps import AppConfig


class CoursesConfig(AppConfig):
    """Learning: enrolment, progress, questions and attempts."""

    name = "courses"

    def ready(self) -> None:
        """Listen to the register of rules, and say who may write the question bank."""
        from courses import receivers  # noqa: F401  imported for its effect
        from people import groups
        from people.models import Role

        write = ("courses.view_question", "courses.add_question", "courses.change_question")
        groups.allow(Role.Key.EDITOR, *write)
        groups.allow(Role.Key.REVIEWER, *write, "courses.approve_question")
        groups.allow(Role.Key.TRANSLATOR, "courses.view_question", "courses.change_question")
