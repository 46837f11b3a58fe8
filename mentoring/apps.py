from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MentoringConfig(AppConfig):
    """Side-by-side training: pairings, sessions and their confirmations."""

    name = "mentoring"

    def ready(self) -> None:
        """Join the navigation and the start page; say who works together, and on what."""
        from datetime import timedelta

        from competences import practice, readers
        from core import calendars, navigation, start_page, telling
        from devices import kits, records
        from mentoring import receivers
        from mentoring.actions.readiness import remind_owners
        from mentoring.agreements.start import agreed
        from mentoring.companions import met, side_by_side
        from mentoring.device.kit import log_kit
        from mentoring.device.records import KINDS as DEVICE_RECORDS
        from mentoring.device.waiting import confirm_kit, handover_kit
        from mentoring.goals.start import answers_awaited, my_goals
        from mentoring.goals.telling import KINDS as OF_GOALS
        from mentoring.handover.follow_ups import remind
        from mentoring.handover.reminding import remind_receivers
        from mentoring.handover.start import follow_ups, handing_over
        from mentoring.handover.telling import KINDS as OF_HANDOVERS
        from mentoring.permissions import mentored_people
        from mentoring.planning import dates
        from mentoring.planning.start import planned
        from mentoring.practice import practised
        from mentoring.start import PROVIDERS, readiness_reminders
        from notices.due import DueJob, register
        from people import companions, profile_sections

        receivers.connect()
        companions.register(side_by_side)
        companions.register_meetings(met)
        calendars.register(dates.planned, dates.plans_between)
        calendars.register(dates.follow_ups, dates.follow_ups_between)
        calendars.register(dates.to_make_ready, dates.items_between)
        records.register(*DEVICE_RECORDS)
        kits.register("log", log_kit)
        kits.register("confirm", confirm_kit)
        kits.register("handover", handover_kit)

        practice.provide(practised)
        readers.provide(mentored_people)

        navigation.register(
            navigation.NavigationItem(
                "mentoring", _("Sessions"), "mentoring:home", 30, navigation.signed_in
            )
        )
        for provider in (
            *PROVIDERS,
            agreed,
            planned,
            my_goals,
            answers_awaited,
            handing_over,
            follow_ups,
        ):
            start_page.register(provider)
        about = _("Planned sessions")
        for key, title, more in (
            (
                "planned",
                _("Session planned: %(when)s, %(minutes)s minutes"),
                _("Put it into your calendar, or move it if it does not suit you."),
            ),
            (
                "moved",
                _("Session moved to %(when)s, %(minutes)s minutes"),
                _("It was to be %(was)s."),
            ),
            ("cancelled", _("Session cancelled: %(when)s"), ""),
            (
                "not_yours",
                _("You no longer have this session: %(when)s"),
                _("You are not in the pairing on its day. Take it out of your calendar."),
            ),
        ):
            telling.register(telling.Kind(f"mentoring.{key}", about, title, more))
        training, ready = _("Side-by-side training"), _("Ready for arrival")
        for key, about, title, more in (
            (
                "paired",
                training,
                _("You take part in side-by-side training in %(town)s. It begins %(begins)s"),
                "",
            ),
            (
                "place_paired",
                training,
                _("Side-by-side training in %(town)s is planned. It begins %(begins)s"),
                _("See what must be ready before."),
            ),
            (
                "pairing_moved",
                training,
                _("The plan for side-by-side training in %(town)s has changed"),
                _("For you it begins %(begins)s, and the last day is %(last)s."),
            ),
            (
                "place_moved",
                training,
                _(
                    "The plan for side-by-side training in %(town)s has changed. "
                    "It begins %(begins)s"
                ),
                _("See what must be ready before."),
            ),
            (
                "unpaired",
                training,
                _("The plan has changed: you do not take part in the training in %(town)s"),
                _("Ask the coordinator if you wonder why."),
            ),
            (
                "put_off",
                training,
                _("The side-by-side training in %(town)s is put off"),
                _("You hear when it is planned again. Ask the coordinator if you wonder why."),
            ),
            (
                "ready_late",
                ready,
                _("Before mentors arrive: %(late)s late, %(soon)s due within a week"),
                _("You look after it. See what it is."),
            ),
            (
                "ready_soon",
                ready,
                _("Before mentors arrive: %(soon)s due within a week"),
                _("You look after it. See what it is."),
            ),
        ):
            telling.register(telling.Kind(f"mentoring.{key}", about, title, more))
        for told in (*OF_GOALS, *OF_HANDOVERS):
            telling.register(told)
        profile_sections.register(readiness_reminders)
        register(DueJob("mentoring.readiness", timedelta(hours=1), remind_owners))
        register(DueJob("mentoring.follow_ups", timedelta(hours=1), remind))
        register(DueJob("mentoring.handovers", timedelta(hours=1), remind_receivers))
