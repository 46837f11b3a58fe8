"""What has changed in the law since a person learnt it: the differences, never the whole course."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, Min, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils.translation import get_language

from courses.models import Lesson, LessonChange, LessonProgress, QuizAttempt, SeenChange
from people.models import Person
from rules.differences import Difference, differences, is_another_rule
from rules.models import Decision, Rule


@dataclass(frozen=True)
class LearntChange:
    """One rule that says something else than when the person learnt it.

    Several decisions on the same rule are told as one: what it said then, what it says now.
    ``lessons`` are those of the person's own that cited it and can still be read.
    """

    rule: Rule
    since: date
    differences: Sequence[Difference]
    decisions: Sequence[int]
    lessons: Sequence[Lesson]

    @property
    def is_gone(self) -> bool:
        """Whether it holds no longer."""
        return self.rule.retired_on is not None


def changes_for(person: Person) -> list[LearntChange]:
    """What ``person`` has not yet seen, the newest first. Three queries, whatever there is.

    Told is whoever had read a lesson that cited the rule, or passed a quiz that rests on it, before
    the rule was changed. Who learns it afterwards learns the new rule; on a device that had been
    away one learns the law as it stood when it left.
    """
    unseen = _unseen(person)
    if not unseen:
        return []
    lessons: dict[int, list[Lesson]] = {}
    own = LessonChange.objects.filter(
        decision__in=unseen,
        lesson__progress__person=person,
        lesson__progress__read_at__isnull=False,
        lesson__sequence__isnull=False,
    )
    for row in own.select_related("lesson").order_by("lesson__sequence"):
        lessons.setdefault(row.decision_id, []).append(row.lesson)
    by_rule: dict[UUID, list[Decision]] = {}
    for decision in unseen:
        by_rule.setdefault(decision.rule_id, []).append(decision)
    language = get_language() or "da"
    told = []
    for decisions in by_rule.values():
        first, last = decisions[0], decisions[-1]
        if is_another_rule(first.before.content, last.after.content):
            found = {one.pk: one for each in decisions for one in lessons.get(each.pk, [])}
            told.append(
                LearntChange(
                    rule=last.rule,
                    since=last.holds_from,
                    differences=differences(first.before.content, last.after.content, language),
                    decisions=[one.pk for one in decisions],
                    lessons=list(found.values()),
                )
            )
    return told[::-1]


def count_changes_for(person: Person) -> int:
    """How many rules :func:`changes_for` would tell of. Two queries."""
    by_rule: dict[UUID, list[Decision]] = {}
    for decision in _unseen(person):
        by_rule.setdefault(decision.rule_id, []).append(decision)
    return sum(
        is_another_rule(decisions[0].before.content, decisions[-1].after.content)
        for decisions in by_rule.values()
    )


def _unseen(person: Person) -> list[Decision]:
    """The changes that concern ``person`` and that they have not seen, in the order they came."""
    passed = dict(
        QuizAttempt.objects.filter(person=person, passed=True, answers__version__rule__isnull=False)
        .values_list("answers__version__rule")
        .annotate(first=Min(Coalesce("law_as_of", "submitted_at")))
        .order_by()
    )
    read = (
        LessonProgress.objects.filter(person=person, lesson__rule_changes__decision=OuterRef("pk"))
        .alias(learnt_at=Coalesce("law_as_of", "read_at"))
        .filter(read_at__isnull=False, learnt_at__lt=OuterRef("decided_at"))
    )
    seen = SeenChange.objects.filter(person=person, decision=OuterRef("pk"))
    found = (
        Decision.objects.changes()
        .filter(~Exists(seen))
        .annotate(was_read=Exists(read))
        .filter(Q(was_read=True) | Q(rule__in=list(passed)))
        .select_related("rule__act", "before", "after")
        .order_by("decided_at", "pk")
    )
    return [
        decision
        for decision in found
        if decision.was_read  # type: ignore[attr-defined]  # annotated above; the stubs forget it
        or _was_before(passed.get(decision.rule_id), decision.decided_at)
    ]


def _was_before(moment: datetime | None, decided_at: datetime) -> bool:
    return moment is not None and moment < decided_at
