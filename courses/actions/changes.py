"""What a changed rule means for lessons and for those who had learnt it."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, Max

from courses.citations import LESSON
from courses.models import Lesson, LessonChange, SeenChange
from people.models import Person
from rules.models import Decision, ReviewItem


def note_changes(decision: Decision) -> None:
    """Remember which lessons cite the rule of ``decision`` now, if it says something else now."""
    if decision.kind not in Decision.CHANGES or decision.undone_at is not None:
        return
    citing = Lesson.objects.filter(lesson_rules__rule=decision.rule_id).distinct()
    LessonChange.objects.bulk_create(
        LessonChange(lesson=lesson, decision=decision) for lesson in citing.only("pk")
    )


def note_reviews(lessons: Collection[UUID]) -> None:
    """Let each of ``lessons`` say in which languages its page is to be looked through."""
    if not lessons:
        return
    waiting = (
        ReviewItem.objects.open()
        .filter(kind=LESSON, object_id__in=lessons)
        .values("object_id", "language")
        .annotate(since=Max("decision__holds_from"))
        .order_by("object_id", "language")
    )
    changed: dict[UUID, dict[str, str]] = {}
    for row in waiting:
        changed.setdefault(row["object_id"], {})[row["language"]] = row["since"].isoformat()
    for lesson in Lesson.objects.filter(pk__in=lessons).only("pk", "changed_rules"):
        now = changed.get(lesson.pk, {})
        if lesson.changed_rules != now:
            Lesson.objects.filter(pk=lesson.pk).update(
                changed_rules=now, body_stamp=F("body_stamp") + 1
            )


@transaction.atomic
def mark_changes_seen(person: Person, decisions: Collection[int], *, at: datetime) -> None:
    """Remember that ``person`` has read what these decisions changed; the first time counts.

    Args:
        decisions: Keys of changes that :func:`courses.learning.law.changes_for` has named.
    """
    SeenChange.objects.bulk_create(
        (SeenChange(person=person, decision_id=key, seen_at=at) for key in sorted(set(decisions))),
        ignore_conflicts=True,
    )
