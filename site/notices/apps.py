from datetime import datetime, timedelta

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Mail, inbox, reminders and due work."""

    name = "notices"

    def ready(self) -> None:
        """Hear what is told, take a place on the start page, register recurring work."""
        from django.utils.translation import gettext_lazy as _

        from core import start_page, telling
        from notices import stopping, tasks
        from notices.actions import keep_notice, stop_mail
        from notices.start import chosen_mail, unread
        from people import profile_sections

        telling.told.connect(keep_notice, dispatch_uid="notices.keep_notice")
        start_page.register(unread)
        profile_sections.register(chosen_mail)
        stopping.register(stopping.Stoppable(tasks.STOPS, _("messages from Sidemand"), stop_mail))
        register_work()


def register_work() -> None:
    """The recurring work of the platform itself."""
    from notices import queue, tasks
    from notices.due import DueJob, register
    from people import actions
    from people.own_data.old import forget_old

    def sync_groups(at: datetime) -> object:
        return actions.sync_groups(at=at)

    def forget_dead_sessions(at: datetime) -> None:
        actions.forget_dead_sessions()

    def forget_old_data(at: datetime) -> object:
        return forget_old(at=at)

    register(DueJob("people.forget_old", timedelta(days=1), forget_old_data))
    register(DueJob("people.sync_groups", timedelta(minutes=1), sync_groups))
    register(DueJob("people.forget_dead_sessions", timedelta(hours=1), forget_dead_sessions))
    register(DueJob("notices.free_lost_tasks", timedelta(minutes=1), queue.free_lost_tasks))
    register(DueJob("notices.try_failed_again", timedelta(minutes=10), queue.try_failed_again))
    register(DueJob("notices.send_digests", timedelta(hours=1), tasks.send_digests))
    register(DueJob("notices.prune", timedelta(days=1), queue.prune))
