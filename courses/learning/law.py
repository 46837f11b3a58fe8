"""What has changed in the law since a person learnt it: the differences, never the whole course."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import get_language

from courses.learning.shown import Shown, shown
from courses.models import Case, Lesson, LessonChange, LessonProgress, SeenChange
from people.models import Person
from rules.differences import Difference, differences, is_another_rule
from rules.models import Decision, Rule


@dataclass(frozen=True)
class LearntChange:
    """One rule that says something else than when the person learnt it.

    Several decisions on the same rule are told as one: what it said then, what it says now.
    ``lessons`` and ``cases`` are those in which the person learnt it and that can still be read.
    """

    rule: Rule
    since: date
    differences: Sequence[Difference]
    decisions: Sequence[int]
    lessons: Sequence[Lesson]
    cases: Sequence[Case]

    @property
    def is_gone(self) -> bool:
        """Whether it holds no longer."""
        return self.rule.retired_on is not None


def changes_for(person: Person) -> list[LearntChange]:
    """What ``person`` has not yet seen, the newest first.

    Three queries, whatever there is; one more where a quiz taught it, and one where a case did.

    Told is whoever had read a lesson that cited the rule, passed a quiz that rests on it or solved
    a case that turns on it, before the rule was changed. Who learns it afterwards learns the new
    rule; on a device that had been away one learns the law as it stood when it left.
    """
    unseen = _unseen(person)
    if not unseen:
        return []
    places = _places_of(person, unseen)
    by_rule: dict[UUID, list[Decision]] = {}
    for decision in unseen:
        by_rule.setdefault(decision.rule_id, []).append(decision)
    language = get_language() or "da"
    told = []
    for decisions in by_rule.values():
        first, last = decisions[0], decisions[-1]
        if is_another_rule(first.before.content, last.after.content):
            found = {one.pk: one for each in decisions for one in places[each.pk]}
            told.append(
                LearntChange(
                    rule=last.rule,
                    since=last.holds_from,
                    differences=differences(first.before.content, last.after.content, language),
                    decisions=[one.pk for one in decisions],
                    lessons=[one for one in found.values() if isinstance(one, Lesson)],
                    cases=[one for one in found.values() if isinstance(one, Case)],
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


def _unseen(person: Person) -> dict[Decision, list[UUID]]:
    """The changes that concern ``person`` and that they have not seen, in the order they came.

    Each with the lessons and cases in which they had shown that they knew the rule.
    """
    known: dict[UUID, list[Shown]] = {}
    for one in shown(person=person):
        known.setdefault(one.rule, []).append(one)
    read = LessonProgress.objects.filter(person=person).learnt_before(
        OuterRef("decided_at"), lesson__rule_changes__decision=OuterRef("pk")
    )
    seen = SeenChange.objects.filter(person=person, decision=OuterRef("pk"))
    found: Iterable[Any] = (  # decisions that know whether they were read
        Decision.objects.changes()
        .filter(~Exists(seen))
        .annotate(was_read=Exists(read))
        .filter(Q(was_read=True) | Q(rule__in=list(known)))
        .select_related("rule__act", "before", "after")
        .order_by("decided_at", "pk")
    )
    unseen: dict[Decision, list[UUID]] = {}
    for decision in found:
        places = [
            one.place for one in known.get(decision.rule_id, []) if one.since < decision.decided_at
        ]
        if places or decision.was_read:
            unseen[decision] = places
    return unseen


def _places_of(
    person: Person, unseen: Mapping[Decision, Collection[UUID]]
) -> dict[int, list[Lesson | Case]]:
    """Where ``person`` learnt what each decision changed, as far as it can still be read there."""
    own = LessonChange.objects.filter(
        decision__in=list(unseen),
        lesson__in=LessonProgress.objects.ever_read().filter(person=person).values("lesson"),
        lesson__sequence__isnull=False,
    )
    found: dict[int, list[Lesson | Case]] = {decision.pk: [] for decision in unseen}
    known: dict[UUID, Lesson | Case] = {}
    for row in own.select_related("lesson").order_by("lesson__sequence"):
        found[row.decision_id].append(row.lesson)
        known[row.lesson_id] = row.lesson
    wanted = {place for places in unseen.values() for place in places}
    for offered in (Lesson.objects.offered(), Case.objects.offered().defer("said")):
        if missing := wanted - known.keys():
            for one in offered.filter(pk__in=missing):
                known[one.pk] = one
    for decision, places in unseen.items():
        shown_in = [known[place] for place in dict.fromkeys(places) if place in known]
        found[decision.pk] += [one for one in shown_in if one not in found[decision.pk]]
    return found
