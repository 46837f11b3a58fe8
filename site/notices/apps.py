from datetime import datetime, timedelta

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Mail, inbox, reminders and due work."""

    name = "notices"

    def ready(self) -> None:
        """Register the recurring work of the platform itself."""
        from notices import queue
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
        register(DueJob("notices.prune", timedelta(days=1), queue.prune))
