"""Looking after the task queue: what hangs, what failed, what is old."""

from datetime import datetime, timedelta

from django.core.management import call_command
from django_tasks import DEFAULT_TASK_BACKEND_ALIAS, TaskResultStatus, task_backends
from django_tasks_db.backend import DatabaseBackend
from django_tasks_db.models import DBTaskResult

from core.models import SentMail

#: No task of ours takes this long: one that still "runs" lost its worker.
LOST_AFTER = timedelta(minutes=15)
#: A mail server may be away for a night.
TRY_AGAIN_FOR = timedelta(days=1)
KEEP_KEYS_FOR = timedelta(days=90)


def free_lost_tasks(at: datetime) -> int:
    """Give tasks whose worker was killed back to the queue; every task may run twice."""
    lost = DBTaskResult.objects.running().filter(started_at__lt=at - LOST_AFTER)
    return lost.update(status=TaskResultStatus.READY, started_at=None)


def try_failed_again(at: datetime) -> int:
    """Give tasks that failed within the last day back to the queue."""
    failed = DBTaskResult.objects.failed().filter(enqueued_at__gte=at - TRY_AGAIN_FOR)
    return failed.update(status=TaskResultStatus.READY, started_at=None, finished_at=None)


def prune(at: datetime) -> None:
    """Forget what the privacy page says is forgotten.

    Finished tasks after two weeks, keys of sent mails after three months. The rest goes by the
    declarations of the apps (:mod:`people.own_data.old`).
    """
    if isinstance(task_backends[DEFAULT_TASK_BACKEND_ALIAS], DatabaseBackend):
        call_command("prune_db_task_results", verbosity=0)
    SentMail.objects.filter(sent_at__lt=at - KEEP_KEYS_FOR).delete()
