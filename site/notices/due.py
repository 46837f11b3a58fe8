"""Recurring work: apps register jobs, ``manage.py due_work`` does what is due.

An app registers in ``AppConfig.ready``::

    register(DueJob("people.sync_groups", timedelta(minutes=1), sync))
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from notices.models import DueRun

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DueJob:
    """Work that is done again and again.

    Args:
        key: Names it for ever.
        every: The time from one start to the next.
        work: Does it, judging by the moment it is given; may run again at any time.
    """

    key: str
    every: timedelta
    work: Callable[[datetime], object]


_jobs: dict[str, DueJob] = {}


def register(job: DueJob) -> None:
    """Add ``job``, or replace the one with its key."""
    _jobs[job.key] = job


def run_due(*, at: datetime) -> list[str]:
    """Do every job whose time has come, each in a transaction of its own.

    A job is taken by moving its start in one statement: of two commands at once, one does it.
    One that fails is logged, counted, and tried again when it is due next; the others go on.

    Returns:
        The keys of the jobs that were done.
    """
    done = []
    for job in list(_jobs.values()):
        if not _take(job, at):
            continue
        try:
            with transaction.atomic():
                job.work(at)
        except Exception:
            logger.exception("Due work failed: %s", job.key)
            DueRun.objects.filter(key=job.key).update(failures=F("failures") + 1)
        else:
            DueRun.objects.filter(key=job.key).update(last_done_at=at, failures=0)
            done.append(job.key)
    return done


def _take(job: DueJob, at: datetime) -> bool:
    DueRun.objects.get_or_create(key=job.key)
    is_due = Q(last_started_at=None) | Q(last_started_at__lte=at - job.every)
    taken = DueRun.objects.filter(is_due, key=job.key).update(last_started_at=at)
    return bool(taken)
