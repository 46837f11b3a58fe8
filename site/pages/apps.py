from django.apps import AppConfig


class PagesConfig(AppConfig):
    """What editors arrange: the page types of the site."""

    name = "pages"

    def ready(self) -> None:
        """Keep records in step, say who may read a lesson, lead the way, keep schedules."""
        from datetime import timedelta

        from django.utils.translation import gettext_lazy as _

        from core import navigation, start_page, telling
        from courses.access import register_gate
        from notices import stopping
        from notices.due import DueJob, register
        from pages import receivers
        from pages.actions import begin_link_check, begin_packing, publish_scheduled
        from pages.citations import CaseSource, LessonSource, PageSource
        from pages.contacts import cards_of
        from pages.digest import STOPS, remind_reviewers, stop_digest
        from pages.editing.conditions import note_missing
        from pages.late import HELD_BACK
        from pages.privacy import may_read_lesson
        from pages.start import differences, editing, weekly_mail
        from pages.translating.orders import TRANSLATED
        from pages.translating.start import translating
        from people import contacts, groups, profile_sections
        from people.models import Role
        from rules import citations

        name = "pages.{}_glossaryterm".format
        groups.allow(Role.Key.EDITOR, name("add"), name("change"), name("view"))
        groups.allow(Role.Key.TRANSLATOR, name("view"))
        groups.allow(Role.Key.REVIEWER, name("add"), name("change"), name("view"))
        groups.allow(Role.Key.EDITOR, "pages.publish_correction")
        for model in ("contactcard", "checklist"):
            for action in ("add", "change", "delete", "view"):
                groups.allow(Role.Key.EDITOR, f"pages.{action}_{model}")
            groups.allow(Role.Key.TRANSLATOR, f"pages.view_{model}")
            groups.allow(Role.Key.REVIEWER, f"pages.change_{model}", f"pages.view_{model}")
        order = "pages.{}_translationorder".format
        groups.allow(Role.Key.EDITOR, order("view"), order("change"))
        groups.allow(
            Role.Key.TRANSLATOR, order("view"), order("change"), "pages.approve_translation"
        )
        groups.allow(Role.Key.REVIEWER, order("view"), "pages.approve_translation")
        telling.register(
            telling.Kind(
                TRANSLATED,
                _("Translated pages"),
                _("“%(title)s” can be read in Kalaallisut now"),
                _("You have asked for it."),
            )
        )
        telling.register(
            telling.Kind(
                HELD_BACK,
                _("Pages that were held back"),
                _("“%(title)s” was not published as planned"),
                _("The check of the page finds a problem now. Put it right and publish it."),
            )
        )
        receivers.connect()
        register_gate(may_read_lesson)
        for provider in (editing, translating, differences):
            start_page.register(provider)
        profile_sections.register(weekly_mail)
        contacts.provide(cards_of)
        citations.register(LessonSource())
        citations.register(CaseSource())
        citations.register(PageSource())
        navigation.register(
            navigation.NavigationItem("start", _("Start"), "start", 5, navigation.signed_in)
        )
        navigation.register(navigation.NavigationItem("courses", _("Courses"), "catalogue", 10))
        stopping.register(stopping.Stoppable(STOPS, _("weekly mail about rules"), stop_digest))
        navigation.register(navigation.NavigationItem("find", _("Search"), "find", 60))
        for key, every, work in (
            ("pages.remind_reviewers", timedelta(days=1), remind_reviewers),
            ("pages.publish_scheduled", timedelta(minutes=1), publish_scheduled),
            ("pages.check_links", timedelta(hours=1), begin_link_check),
            ("pages.pack_courses", timedelta(minutes=15), begin_packing),
            ("pages.note_conditions", timedelta(minutes=5), note_missing),
        ):
            register(DueJob(key, every, work))
