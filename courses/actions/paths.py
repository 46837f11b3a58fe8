"""Learning paths: take, assign, withdraw, take again; and how far everybody is.

Every action may come twice and counts once. What a coordinator does about somebody leaves a line
in the access log.
"""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Coalesce, Greatest
from django.utils.translation import gettext as _

from core import access_log
from core.periods import local_day
from courses.actions.refusals import LearningRefused
from courses.completion import Evidence, kinds
from courses.models import (
    Assignment,
    LearningPath,
    LessonProgress,
    Module,
    PathRule,
    PathStep,
    StepDone,
)
from courses.permissions import holders, overseen_people
from people.models import Person, Role
from people.permissions import Standing

#: How many assignments are looked at in one go.
AT_ONCE = 500
#: How long an assignment of several people may be undone with one press.
UNDO_FOR = timedelta(days=1)
LONGEST_DUE = timedelta(days=5 * 365)

# --- The learner's own ----------------------------------------------------------------------------


@transaction.atomic
def take_path(path: LearningPath, person: Person, *, at: datetime) -> Assignment:
    """Let ``person`` walk ``path``; whoever walks it already goes on.

    What the person has read and answered before counts.

    Raises:
        LearningRefused: With code "closed" when the path cannot be begun any more.
    """
    active = Assignment.objects.active().filter(path=path, person=person).first()
    if active is not None:
        return active
    if not path.is_open_on(local_day(at)):
        raise LearningRefused(_("This path is not offered any more."), code="closed")
    assignment, created = Assignment.objects.get_or_create(
        path=path,
        person=person,
        withdrawn_at=None,
        retaken_at=None,
        defaults={"origin": Assignment.Origin.SELF, "assigned_by": person, "assigned_at": at},
    )
    if created:
        refresh([assignment])
    return assignment


@transaction.atomic
def leave_path(path: LearningPath, person: Person, *, at: datetime) -> bool:
    """Let ``person`` leave ``path``, with all progress kept; whether there was anything to leave.

    Raises:
        LearningRefused: With code "assigned" when somebody else has given it: that is theirs to
            take back.
    """
    own = Assignment.objects.active().select_for_update().filter(path=path, person=person).first()
    if own is None:
        return False
    if own.origin != Assignment.Origin.SELF:
        raise LearningRefused(
            _("This path was assigned to you. Ask your coordinator to take it off your list."),
            code="assigned",
        )
    own.withdrawn_at = max(at, own.assigned_at)
    own.save(update_fields=["withdrawn_at"])
    return True


@transaction.atomic
def retake_path(path: LearningPath, person: Person, *, at: datetime) -> Assignment:
    """Begin a new round of a path that ``person`` has completed.

    The round before stays with its days; lessons count as unread again and quizzes are passed
    anew. When each lesson was read before is kept.

    Raises:
        LearningRefused: With code "unfinished" while the present round is not completed, "closed"
            when the path cannot be begun any more.
    """
    Person.objects.select_for_update().get(pk=person.pk)
    rounds = Assignment.objects.filter(path=path, person=person).select_for_update()
    current = rounds.active().first()
    if current is not None and current.round > 1 and current.completed_at is None:
        return current  # sent twice
    if current is None or current.completed_at is None:
        raise LearningRefused(
            _("Finish the path first. Then you can take it again."), code="unfinished"
        )
    if not path.is_open_on(local_day(at)):
        raise LearningRefused(_("This path is not offered any more."), code="closed")
    current.retaken_at = at
    current.save(update_fields=["retaken_at"])
    LessonProgress.objects.filter(
        person=person, read_at__isnull=False, lesson__module__path_steps__path=path
    ).update(read_before_at=Coalesce("read_at", "read_before_at"), read_at=None)
    again = Assignment.objects.create(
        path=path,
        person=person,
        origin=Assignment.Origin.SELF,
        assigned_by=person,
        assigned_at=at,
        counts_from=at,
        round=current.round + 1,
    )
    refresh([again])
    return again


# --- A coordinator's ------------------------------------------------------------------------------


@transaction.atomic
def assign_path(
    path: LearningPath,
    people: Collection[Person],
    *,
    by: Standing,
    due_on: date | None,
    batch: UUID,
    at: datetime,
) -> list[Assignment]:
    """Give ``path`` to ``people``; whoever walks it already keeps what they have.

    Args:
        batch: Made where the form is drawn: the same one again gives the same assignments.

    Returns:
        What was made for this batch.

    Raises:
        PermissionDenied: If one of the people is outside the scope of ``by``.
        LearningRefused: With code "closed" for a path that is not offered, "due" for a day that
            is over or far away, "nobody" without people.
    """
    if not people:
        raise LearningRefused(_("Choose at least one person."), code="nobody")
    _must_oversee(by, people)
    earlier = Assignment.objects.filter(batch=batch)
    if earlier.exists():
        return list(earlier)
    if not path.is_open_on(local_day(at)):
        raise LearningRefused(_("This path is not offered any more."), code="closed")
    _refuse_due(due_on, at)
    Assignment.objects.bulk_create(
        (
            Assignment(
                path=path,
                person=person,
                origin=Assignment.Origin.COORDINATOR,
                assigned_by=by.person,
                assigned_at=at,
                due_on=due_on,
                batch=batch,
            )
            for person in people
        ),
        ignore_conflicts=True,
    )
    made = list(Assignment.objects.filter(batch=batch).order_by("pk"))
    refresh(made)
    _log(by, "assign", made, at=at)
    return made


@transaction.atomic
def undo_batch(batch: UUID, *, by: Standing, at: datetime) -> int:
    """Take back an assignment of several people made a moment ago; how many were taken back.

    It is as if it had never been made, so a rule may still give the path. Where somebody has begun
    already, the assignment is withdrawn instead and what they did stays.

    Raises:
        LearningRefused: With code "late" after a day.
    """
    made = list(
        Assignment.objects.active()
        .select_for_update()
        .filter(batch=batch, assigned_by=by.person)
        .select_related("person")
    )
    if not made:
        return 0
    _must_oversee(by, [one.person for one in made])
    if any(one.assigned_at + UNDO_FOR < at for one in made):
        raise LearningRefused(
            _("It is too late to undo this at once. Take the path from each person instead."),
            code="late",
        )
    _log(by, "unassign", made, at=at)
    for one in made:
        if one.last_at is None:
            one.delete()
        else:
            one.withdrawn_at = at
            one.save(update_fields=["withdrawn_at"])
    return len(made)


@transaction.atomic
def withdraw_assignment(assignment: Assignment, *, by: Standing, at: datetime) -> None:
    """Take the path off the person's list. No rule gives it again; what was done stays.

    Raises:
        PermissionDenied: If the person is outside the scope of ``by``.
    """
    _must_oversee(by, [assignment.person])
    taken = Assignment.objects.active().filter(pk=assignment.pk)
    if taken.update(withdrawn_at=Greatest("assigned_at", Value(at))):
        _log(by, "unassign", [assignment], at=at)


@transaction.atomic
def restore_assignment(assignment: Assignment, *, by: Standing, at: datetime) -> None:
    """Put a withdrawn path back on the person's list, as it was.

    Raises:
        PermissionDenied: If the person is outside the scope of ``by``.
        LearningRefused: With code "again" when the person has got the path anew meanwhile.
    """
    _must_oversee(by, [assignment.person])
    Person.objects.select_for_update().get(pk=assignment.person_id)
    newer = Assignment.objects.active().filter(path=assignment.path, person=assignment.person)
    if newer.exclude(pk=assignment.pk).exists():
        raise LearningRefused(_("The person has this path already."), code="again")
    back = Assignment.objects.filter(pk=assignment.pk, withdrawn_at__isnull=False)
    if back.update(withdrawn_at=None):
        assignment.refresh_from_db()
        refresh([assignment])
        _log(by, "assign", [assignment], at=at)


@transaction.atomic
def change_due(
    assignment: Assignment, due_on: date | None, *, by: Standing, at: datetime
) -> Assignment:
    """Let the path be due on another day, or on none; reminders follow the new day.

    Raises:
        PermissionDenied: If the person is outside the scope of ``by``.
        LearningRefused: With code "due" for a day that is over or far away, "over" for a path that
            is completed or taken back.
    """
    _must_oversee(by, [assignment.person])
    current = Assignment.objects.unfinished().select_for_update().filter(pk=assignment.pk).first()
    if current is None:
        raise LearningRefused(_("This path is completed or taken back."), code="over")
    if due_on != current.due_on:
        _refuse_due(due_on, at)
        current.due_on = due_on
        if current.origin == Assignment.Origin.SELF:
            current.origin, current.assigned_by = Assignment.Origin.COORDINATOR, by.person
        current.save(update_fields=["due_on", "origin", "assigned_by"])
        _log(by, "change", [current], at=at)
    return current


# --- Rules ----------------------------------------------------------------------------------------


@transaction.atomic
def make_rule(rule: PathRule, *, by: Standing, at: datetime) -> tuple[PathRule, int]:
    """Keep the not yet saved ``rule`` and give the path to everybody it speaks of now.

    Returns:
        The rule, and how many got the path by it.

    Raises:
        PermissionDenied: If the rule reaches further than the scope of ``by``.
        LearningRefused: With code "closed" for a path that is not offered, "same" if there is
            such a rule.
    """
    if not by.has(Role.Key.COORDINATOR) or not by.may_give(
        rule.role_key, rule.scope, municipality=rule.municipality, place=rule.place
    ):
        raise PermissionDenied
    path = LearningPath.objects.select_for_update().get(pk=rule.path_id)
    if not path.is_open_on(local_day(at)):
        raise LearningRefused(_("This path is not offered any more."), code="closed")
    same = PathRule.objects.filter(
        path=path,
        role_key=rule.role_key,
        scope=rule.scope,
        municipality=rule.municipality,
        place=rule.place,
        ended_at=None,
    )
    if same.exists():
        raise LearningRefused(_("There is such a rule already."), code="same")
    rule.made_by, rule.made_at = by.person, at
    rule.save()
    _log(by, "create", [rule], at=at)
    return rule, apply_rules(at, rules=[rule])


@transaction.atomic
def end_rule(rule: PathRule, *, by: Standing, at: datetime) -> None:
    """Let ``rule`` give the path to nobody more. Whoever has got it keeps it.

    Raises:
        PermissionDenied: If the rule reaches further than the scope of ``by``.
    """
    if not by.has(Role.Key.COORDINATOR) or not by.may_give(
        rule.role_key, rule.scope, municipality=rule.municipality, place=rule.place
    ):
        raise PermissionDenied
    if PathRule.objects.filter(pk=rule.pk, ended_at=None).update(ended_at=at):
        _log(by, "change", [rule], at=at)


@transaction.atomic
def apply_rules(
    at: datetime,
    *,
    rules: Iterable[PathRule] | None = None,
    person: Person | None = None,
) -> int:
    """Give every path that a rule asks for and that nobody has had; how many were given.

    Whoever has had the path in any way, also withdrawn, does not get it again. It is due so many
    days after the role began or the rule was made, whichever is later.

    Args:
        rules: Only these; by default all that hold.
        person: Only for this person.
    """
    today = local_day(at)
    if rules is None:
        rules = PathRule.objects.filter(ended_at=None).select_related("path").order_by("pk")
    made: list[Assignment] = []
    for rule in rules:
        if not rule.path.is_open_on(today):
            continue
        wanted = holders(rule.role_key, rule.scope, rule.place_id, rule.municipality_id)
        roles = Role.objects.valid_on(today).filter(wanted)
        if person is not None:
            roles = roles.filter(person=person)
        had = Assignment.objects.filter(path=rule.path).values("person")
        first: dict[UUID, date] = {}
        for holder, starts_on in roles.exclude(person__in=had).values_list("person", "starts_on"):
            first[holder] = min(starts_on, first.get(holder, starts_on))
        batch = uuid.uuid4()
        Assignment.objects.bulk_create(
            (
                Assignment(
                    path=rule.path,
                    person_id=holder,
                    origin=Assignment.Origin.RULE,
                    assigned_by=rule.made_by,
                    rule=rule,
                    batch=batch,
                    assigned_at=at,
                    due_on=_due_by(rule, starts_on),
                )
                for holder, starts_on in first.items()
            ),
            ignore_conflicts=True,
            batch_size=AT_ONCE,
        )
        if first:
            made += Assignment.objects.filter(batch=batch)
    refresh(made)
    return len(made)


def _due_by(rule: PathRule, starts_on: date) -> date | None:
    if rule.due_days is None:
        return None
    return max(starts_on, local_day(rule.made_at)) + timedelta(days=rule.due_days)


# --- How far everybody is -------------------------------------------------------------------------


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


def _refresh_all(assignments: "Iterable[Assignment]") -> None:
    keys = list(assignments.order_by("pk").values_list("pk", flat=True))  # type: ignore[attr-defined]
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
    asked = _possible([step for found in steps.values() for step in found])
    done: dict[UUID, dict[tuple[UUID, str], datetime]] = defaultdict(dict)
    for row in StepDone.objects.filter(assignment__in=assignments):
        done[row.assignment_id][row.module_id, row.completes] = row.done_at
    new = []
    for key, evidence in _evidence(assignments, asked).items():
        for one in assignments:
            for step in steps[one.path_id]:
                found = (
                    evidence.get((one.person_id, _subject(step))) if step.completes == key else None
                )
                place = (step.module_id, step.completes)
                if found is None or place in done[one.pk] or not _counts(one, found):
                    continue
                done[one.pk][place] = found.at
                new.append(
                    StepDone(
                        assignment=one,
                        module_id=step.module_id,
                        completes=step.completes,
                        done_at=found.at,
                    )
                )
    StepDone.objects.bulk_create(new, ignore_conflicts=True, batch_size=AT_ONCE)
    changed = []
    for one in assignments:
        required = [
            (step.module_id, step.completes)
            for step in steps[one.path_id]
            if step.is_required
            and (step in asked or (step.module_id, step.completes) in done[one.pk])
        ]
        moments = [done[one.pk][place] for place in required if place in done[one.pk]]
        counts = (len(required), len(moments))
        completed_at = one.completed_at
        if completed_at is None and required and len(moments) == len(required):
            completed_at = max(moments)
        if (one.step_count, one.done_count, one.completed_at) != (*counts, completed_at):
            one.step_count, one.done_count = counts
            one.completed_at = completed_at
            changed.append(one)
    Assignment.objects.bulk_update(
        changed, ["step_count", "done_count", "completed_at"], batch_size=200
    )


def asked_steps(steps: Collection[PathStep]) -> set[PathStep]:
    """The steps that can be done today: what is not offered any more is asked of nobody."""
    return _possible(steps)


def _subject(step: PathStep) -> UUID | None:
    kind = kinds().get(step.completes)
    return step.topic_id if kind is not None and kind.about_topic else step.module_id


def _possible(steps: Collection[PathStep]) -> set[PathStep]:
    found: set[PathStep] = set()
    offered = None
    for key, kind in kinds().items():
        of_kind = [step for step in steps if step.completes == key]
        if not of_kind:
            continue
        subjects = {subject for step in of_kind if (subject := _subject(step)) is not None}
        possible = kind.possible(subjects)
        if kind.about_topic and offered is None:
            modules = Module.objects.filter(
                pk__in={step.module_id for step in steps}, number__isnull=False
            )
            offered = set(modules.values_list("pk", flat=True))
        found |= {
            step
            for step in of_kind
            if _subject(step) in possible
            and (not kind.about_topic or step.module_id in (offered or ()))
        }
    return found


def _evidence(
    assignments: Sequence[Assignment], steps: Collection[PathStep]
) -> dict[str, dict[tuple[UUID, UUID | None], Evidence]]:
    """For each kind, what these people have done with the steps' subjects."""
    people = {one.person_id for one in assignments}
    found: dict[str, dict[tuple[UUID, UUID | None], Evidence]] = {}
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


# --- Shared ---------------------------------------------------------------------------------------


def _must_oversee(by: Standing, people: Collection[Person]) -> None:
    wanted = {person.pk for person in people}
    if overseen_people(by).filter(pk__in=wanted).count() != len(wanted):
        raise PermissionDenied


def _refuse_due(due_on: date | None, at: datetime) -> None:
    today = local_day(at)
    if due_on is not None and not today <= due_on <= today + LONGEST_DUE:
        raise LearningRefused(_("Choose today or a later day, within five years."), code="due")


def _log(by: Standing, action: str, records: Iterable[object], *, at: datetime) -> None:
    actor = by.person.user if by.person is not None else None
    access_log.record(actor, action, records, at=at)  # type: ignore[arg-type]  # several records
