from datetime import timedelta

from django.apps import AppConfig
from django.http import HttpRequest


class CoursesConfig(AppConfig):
    """Learning: enrolment, progress, questions and attempts."""

    name = "courses"

    def ready(self) -> None:
        """Listen to what lies below, join navigation and start page, share the bank, plan work."""
        from django.utils.translation import gettext_lazy as _

        from core import calendars, navigation, start_page
        from courses import evidence, materials, receivers, start
        from courses.actions.certificates import look_at_certificates
        from courses.actions.completing import complete_courses
        from courses.actions.own import empty_bin
        from courses.actions.paths import apply_rules, refresh_everybody
        from courses.actions.remarks import forget_remarks
        from courses.actions.reminders import stop_mail, tell_all
        from courses.actions.telling import tell_of_changes
        from courses.cases.pages import played_in
        from courses.certificates import completions, of_courses, of_paths
        from courses.certificates.changed_law import told_of_certificates
        from courses.citations import QuestionSource
        from courses.device.kit import courses_kit
        from courses.device.records import KINDS as DEVICE_RECORDS
        from courses.paths import dates
        from devices import kits, records
        from notices import stopping
        from notices.due import DueJob, register
        from people import companions, groups, profile_sections
        from people.models import Role
        from rules import citations, consequences

        receivers.connect()
        calendars.register(dates.due, dates.due_between)
        write = ("courses.view_question", "courses.add_question", "courses.change_question")
        groups.allow(Role.Key.EDITOR, *write)
        groups.allow(Role.Key.REVIEWER, *write, "courses.approve_question")
        groups.allow(Role.Key.TRANSLATOR, "courses.view_question", "courses.view_learningpath")
        for key in (Role.Key.EDITOR, Role.Key.REVIEWER):
            groups.allow(
                key,
                "courses.view_learningpath",
                "courses.add_learningpath",
                "courses.change_learningpath",
                "courses.view_remark",
                "courses.change_remark",
            )
        stopping.register(stopping.Stoppable("laering", _("reminders of learning"), stop_mail))
        for job in (
            DueJob("courses.give_paths", timedelta(hours=1), apply_rules),
            DueJob("courses.tell_learners", timedelta(minutes=15), tell_all),
            DueJob("courses.look_at_paths", timedelta(days=1), refresh_everybody),
            DueJob("courses.look_at_courses", timedelta(days=1), complete_courses),
            DueJob("courses.tell_of_changes", timedelta(hours=1), tell_of_changes),
            DueJob("courses.empty_bin", timedelta(days=1), empty_bin),
            DueJob("courses.forget_remarks", timedelta(days=1), forget_remarks),
            DueJob("courses.certificates", timedelta(hours=6), look_at_certificates),
        ):
            register(job)
        navigation.register(
            navigation.NavigationItem("learning", _("My learning"), "courses:learning", 20, learns)
        )
        for provider in (
            start.my_learning,
            start.oversight,
            start.learning_totals,
            start.changed_since,
        ):
            start_page.register(provider)
        for told, lookup in (
            (start.case_together, start.begun_with_me),
            (start.reminders, start.told),
            (start.corrected, start.to_see),
            (start.certificates_to_mind, start.to_mind),
            (start.answered, start.answers),
            (start.remarks, start.unanswered),
        ):
            start_page.register(told, lookup)
        profile_sections.register(start.chosen_reminders)
        citations.register(QuestionSource())
        consequences.register("certificates", told_of_certificates)
        completions.register(of_courses.KIND)
        completions.register(of_paths.KIND)
        records.register(*DEVICE_RECORDS)
        kits.register("courses", courses_kit)
        companions.register_done(played_in)
        evidence.offer()
        materials.offer()


def learns(request: HttpRequest) -> bool:
    """Shown to whoever has signed in; coordinators come to their own from the start page.

    Their five words at the top are needed for the work with others.
    """
    from people.models import Role
    from people.permissions import standing_of

    return request.user.is_authenticated and not standing_of(request.user).has(Role.Key.COORDINATOR)
