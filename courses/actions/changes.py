"""What a changed rule means for lessons and cases, and for those who had learnt it there."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Max, QuerySet

from courses.citations import CASE, LESSON
from courses.models import Case, Lesson, LessonChange, SeenChange
from people.models import Person
from rules.models import Decision, ReviewItem

_SAYING_SO: dict[str, type[Lesson] | type[Case]] = {LESSON: Lesson, CASE: Case}


def note_changes(decision: Decision) -> None:
    """Remember which lessons cite the rule of ``decision`` now, if it says something else now."""
    if decision.kind not in Decision.CHANGES or decision.undone_at is not None:
        return
    citing = Lesson.objects.filter(lesson_rules__rule=decision.rule_id).distinct()
    LessonChange.objects.bulk_create(
        LessonChange(lesson=lesson, decision=decision) for lesson in citing.only("pk")
    )


def note_reviews(marked: Collection[tuple[str, UUID]]) -> None:
    """Let each lesson and case say in which languages its page is to be looked through.

    Args:
        marked: Kinds and keys; of other kinds nothing is noted here.
    """
    for kind, model in _SAYING_SO.items():
        if keys := {key for one, key in marked if one == kind}:
            _note(kind, model, keys)


def _note(kind: str, model: type[Lesson] | type[Case], keys: set[UUID]) -> None:
    waiting = (
        ReviewItem.objects.open()
        .filter(kind=kind, object_id__in=keys)
        .values("object_id", "language")
        .annotate(since=Max("decision__holds_from"))
        .order_by("object_id", "language")
    )
    changed: dict[UUID, dict[str, str]] = {}
    for row in waiting:
        changed.setdefault(row["object_id"], {})[row["language"]] = row["since"].isoformat()
    records: QuerySet[Any] = model._default_manager.filter(pk__in=keys)
    # A kept rendering of a lesson is told from a current one by its stamp; a case keeps none.
    stamp = {"body_stamp": F("body_stamp") + 1} if model is Lesson else {}
    for record in records.only("pk", "changed_rules"):
        now = changed.get(record.pk, {})
        if record.changed_rules != now:
            records.filter(pk=record.pk).update(changed_rules=now, **stamp)


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
