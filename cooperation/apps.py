from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class CooperationConfig(AppConfig):
    """What several do together: initiatives, bodies that meet and decide, events, reports."""

    name = "cooperation"

    def ready(self) -> None:
        """Join navigation, start page and catalogue; say what is told, and what falls due."""
        from datetime import timedelta

        from cooperation import dates, receivers
        from cooperation.agreements.actions import remind as remind_of_ends
        from cooperation.decisions import start as decided
        from cooperation.decisions.reminders import remind as remind_of_actions
        from cooperation.events import dates as event_dates
        from cooperation.events import start as events
        from cooperation.events.offers import offered_events
        from cooperation.events.reminding import look_after_events
        from cooperation.events.telling import KINDS as OF_EVENTS
        from cooperation.permissions import waiting_practices
        from cooperation.practice import start as practice
        from cooperation.reports import start as reports
        from cooperation.reports.counting import count_due
        from cooperation.reports.reminders import remind as remind_of_reports
        from cooperation.reports.telling import KINDS as OF_REPORTS
        from cooperation.telling import KINDS
        from core import calendars, navigation, start_page, telling
        from courses.learning import offers
        from notices.due import DueJob, register

        receivers.connect()
        for kind in (*KINDS, *OF_REPORTS, *OF_EVENTS):
            telling.register(kind)
        register(DueJob("cooperation.actions", timedelta(hours=1), remind_of_actions))
        register(DueJob("cooperation.pacts", timedelta(hours=1), remind_of_ends))
        register(DueJob("cooperation.reports", timedelta(hours=1), remind_of_reports))
        register(DueJob("cooperation.report_tables", timedelta(hours=1), count_due))
        register(DueJob("cooperation.events", timedelta(hours=1), look_after_events))
        start_page.register(
            decided.my_cooperation,
            decided.own_due,
            decided.next_meetings,
            decided.late_of_others,
        )
        start_page.register(reports.reports_due, reports.missing, reports.going_round)
        start_page.register(events.my_events, events.asked_for, events.signed_up)
        start_page.register(practice.to_review, waiting_practices)
        for provider, lookup in (
            (dates.meetings, dates.meetings_between),
            (dates.actions, dates.actions_between),
            (dates.reports, dates.reporting),
            (dates.pacts, dates.pacts_between),
            (event_dates.coming, event_dates.events_between),
            (event_dates.workshops, event_dates.seats_between),
            (event_dates.answers, event_dates.asked_between),
        ):
            calendars.register(provider, lookup)
        offers.register("seminar", one=_("Seminar"), many=_("Seminars"), provider=offered_events)
        navigation.register(
            navigation.NavigationItem(
                "cooperation", _("Cooperation"), "cooperation:home", 40, works_across
            )
        )


def works_across(request: HttpRequest) -> bool:
    """Shown to coordinators and leaders; others come to a meeting from their first page."""
    from cooperation.permissions import IN_COOPERATION
    from people.permissions import standing_of

    return request.user.is_authenticated and standing_of(request.user).has(*IN_COOPERATION)
