from django.apps import AppConfig


class CoursesConfig(AppConfig):
    """Learning: enrolment, progress, questions and attempts."""

    name = "courses"

    def ready(self) -> None:
        """Listen to the register of rules."""
        from courses import receivers  # noqa: F401  imported for its effect
