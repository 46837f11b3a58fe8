"""Taking something again: what paths and courses share.

The round before stays with its days. Its lessons are to be read again; when each was read is kept,
as evidence, for what changes in the law, and for another course or path that has the lesson too.
"""

from datetime import datetime

from django.db.models import Q
from django.db.models.functions import Coalesce

from courses.models import Assignment, Enrolment, LessonProgress


def end_round(current: Assignment | Enrolment, lessons: Q, *, at: datetime) -> None:
    """Let a newer round than ``current`` begin, for which ``lessons`` are to be read anew.

    Args:
        lessons: A filter of :class:`LessonProgress`.
    """
    current.retaken_at = at
    current.save(update_fields=["retaken_at"])
    LessonProgress.objects.filter(lessons, person=current.person_id, read_at__isnull=False).update(
        read_before_at=Coalesce("read_at", "read_before_at"), read_at=None
    )


def is_begun_anew(current: Assignment | Enrolment | None) -> bool:
    """Whether a newer round has begun and is not completed: it was asked for twice."""
    return current is not None and current.round > 1 and current.completed_at is None
