from django.apps import AppConfig


class CoursesConfig(AppConfig):
    """Learning: enrolment, progress, questions and attempts."""

    name = "courses"
