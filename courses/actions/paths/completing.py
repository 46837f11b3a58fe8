"""How far everybody is: which steps are done, and which paths are completed."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Value
from django.db.models.functions import Coalesce, Greatest

from courses.models import Assignment, LearningPath, Module, PathStep, StepDone
from courses.models.path import AssignmentQuerySet
from courses.paths.steps import Evidence, kinds
from people.models import Person

#: How many assignments are looked at in one go.
AT_ONCE = 500
#: When each step was done, by module and what completes it.
Done = dict[tuple[UUID, str], datetime]
#: What was done, by person and subject.
ByWhom = dict[tuple[UUID, UUID | None], Evidence]


def touch(person: Person, module: UUID, *, at: datetime) -> None:
    """Remember that ``person`` did something in ``module``, in every path that asks for it."""
    walked = Assignment.objects.unfinished().filter(person=person, path__steps__module=module)
    walked.update(last_at=Greatest(Coalesce("last_at", Value(at)), Value(at)))


def progressed(person: Person, module: UUID) -> None:
    """Look anew how far ``person`` is in every path that asks for ``module``."""
    walked = Assignment.objects.unfinished().filter(person=person, path__steps__module=module)
    refresh(list(walked.distinct()))


def practised(person: Person) -> None:
    """Look anew how far ``person`` is in every path that asks for practice."""
    walked = Assignment.objects.unfinished().filter(person=person, path__steps__topic__isnull=False)
    refresh(list(walked.distinct()))


def refresh_path(path: LearningPath) -> None:
    """Look anew how far everybody is on ``path``, after an editor has changed it."""
    _refresh_all(Assignment.objects.unfinished().filter(path=path))


def refresh_everybody(_at: datetime) -> None:
    """Look anew how far everybody is: lessons may have been added or withdrawn meanwhile."""
    _refresh_all(Assignment.objects.unfinished())


def _refresh_all(assignments: AssignmentQuerySet) -> None:
    keys = list(assignments.order_by("pk").values_list("pk", flat=True))
    for begin in range(0, len(keys), AT_ONCE):
        refresh(list(Assignment.objects.filter(pk__in=keys[begin : begin + AT_ONCE])))


def refresh(assignments: Sequence[Assignment]) -> None:
    """Write down which steps of ``assignments`` are done, and which paths are completed.

    A constant number of queries for any number of assignments up to :data:`AT_ONCE`; more are
    taken in parts. What is done once stays done.
    """
    for begin in range(0, len(assignments), AT_ONCE):
        _refresh(assignments[begin : begin + AT_ONCE])


def _refresh(assignments: Sequence[Assignment]) -> None:
    steps: dict[UUID, list[PathStep]] = defaultdict(list)
    for step in PathStep.objects.filter(path__in={one.path_id for one in assignments}):
        steps[step.path_id].append(step)
    asked = possible_steps([step for found in steps.values() for step in found])
    done: dict[UUID, Done] = defaultdict(dict)
    for row in StepDone.objects.filter(assignment__in=assignments):
        done[row.assignment_id][row.module_id, row.completes] = row.done_at
    evidence = _evidence(assignments, asked)
    new = [
        found
        for one in assignments
        for step in steps[one.path_id]
        if (found := _done_now(one, step, evidence, done[one.pk]))
    ]
    for row in new:
        done[row.assignment_id][row.module_id, row.completes] = row.done_at
    StepDone.objects.bulk_create(new, ignore_conflicts=True, batch_size=AT_ONCE)
    changed = [one for one in assignments if _count(one, steps[one.path_id], asked, done[one.pk])]
    Assignment.objects.bulk_update(
        changed, ["step_count", "done_count", "completed_at"], batch_size=200
    )


def _done_now(
    assignment: Assignment, step: PathStep, evidence: Mapping[str, ByWhom], done: Done
) -> StepDone | None:
    """That ``step`` is done, where nobody has written that down yet and it is so."""
    if _place(step) in done:
        return None
    found = evidence.get(step.completes, {}).get((assignment.person_id, _subject(step)))
    if found is None or not _counts(assignment, found):
        return None
    return StepDone(
        assignment=assignment,
        module_id=step.module_id,
        completes=step.completes,
        done_at=found.at,
    )


def _count(
    assignment: Assignment, steps: Sequence[PathStep], asked: Collection[PathStep], done: Done
) -> bool:
    """Count what is required and done of ``assignment``; whether that has changed."""
    required = [
        _place(step)
        for step in steps
        if step.is_required and (step in asked or _place(step) in done)
    ]
    moments = [done[place] for place in required if place in done]
    before = (assignment.step_count, assignment.done_count, assignment.completed_at)
    assignment.step_count, assignment.done_count = len(required), len(moments)
    if assignment.completed_at is None and required and len(moments) == len(required):
        assignment.completed_at = max(moments)
    return before != (assignment.step_count, assignment.done_count, assignment.completed_at)


def _place(step: PathStep) -> tuple[UUID, str]:
    """What a row of ``StepDone`` says of a step: it stays where an editor replaces the step."""
    return step.module_id, step.completes


def _subject(step: PathStep) -> UUID | None:
    kind = kinds().get(step.completes)
    return step.topic_id if kind is not None and kind.about_topic else step.module_id


def possible_steps(steps: Collection[PathStep]) -> set[PathStep]:
    """The steps that can be done today: what is not offered any more is asked of nobody."""
    found: set[PathStep] = set()
    for key, kind in kinds().items():
        of_kind = [step for step in steps if step.completes == key]
        if not of_kind:
            continue
        subjects = {subject for step in of_kind if (subject := _subject(step)) is not None}
        possible = kind.possible(subjects)
        found.update(step for step in of_kind if _subject(step) in possible)
    about_topics = [step for step in found if step.topic_id is not None]
    if about_topics:  # a topic can always be practised; its module may be gone
        modules = Module.objects.filter(
            pk__in={step.module_id for step in about_topics}, number__isnull=False
        )
        offered = set(modules.values_list("pk", flat=True))
        found -= {step for step in about_topics if step.module_id not in offered}
    return found


def _evidence(assignments: Sequence[Assignment], steps: Collection[PathStep]) -> dict[str, ByWhom]:
    """For each kind, what these people have done with the steps' subjects."""
    people = {one.person_id for one in assignments}
    found: dict[str, ByWhom] = {}
    for key, kind in kinds().items():
        subjects = {
            subject
            for step in steps
            if step.completes == key and (subject := _subject(step)) is not None
        }
        if subjects:
            found[key] = {(one.person, one.subject): one for one in kind.evidence(people, subjects)}
    return found


def _counts(assignment: Assignment, evidence: Evidence) -> bool:
    """Whether it happened in this round."""
    return assignment.counts_from is None or evidence.since >= assignment.counts_from
