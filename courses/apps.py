from django.apps import AppConfig


class CoursesConfig(AppConfig):
    """Learning: enrolment, progress, questions and attempts."""

    name = "courses"

    def ready(self) -> None:
        """Listen to the rules, join the navigation and the start page, share the bank."""
        from django.utils.translation import gettext_lazy as _

        from core import navigation, start_page
        from courses import receivers  # noqa: F401  imported for its effect
        from courses.citations import QuestionSource
        from courses.start import changed_since, my_learning
        from people import groups
        from people.models import Role
        from rules import citations

        write = ("courses.view_question", "courses.add_question", "courses.change_question")
        groups.allow(Role.Key.EDITOR, *write)
        groups.allow(Role.Key.REVIEWER, *write, "courses.approve_question")
        groups.allow(Role.Key.TRANSLATOR, "courses.view_question", "courses.change_question")
        navigation.register(
            navigation.NavigationItem(
                "learning", _("My learning"), "courses:learning", 20, navigation.signed_in
            )
        )
        start_page.register(my_learning)
        start_page.register(changed_since)
        citations.register(QuestionSource())
