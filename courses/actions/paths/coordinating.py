"""What coordinators do: give a path, take it back, change its day."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from core.periods import local_day
from courses.actions.paths.completing import refresh
from courses.actions.paths.shared import log, must_oversee, refuse_due
from courses.actions.refusals import LearningRefused
from courses.models import Assignment, LearningPath
from people.models import Person
from people.permissions import Standing

#: How long an assignment of several people may be undone with one press.
UNDO_FOR = timedelta(days=1)


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
    must_oversee(by, people)
    earlier = Assignment.objects.filter(batch=batch)
    if earlier.exists():
        return list(earlier)
    if not path.is_open_on(local_day(at)):
        raise LearningRefused(_("This path is not offered any more."), code="closed")
    refuse_due(due_on, at)
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
    log(by, "assign", made, at=at)
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
        .select_for_update(no_key=True)
        .filter(batch=batch, assigned_by=by.person)
        .select_related("person")
    )
    if not made:
        return 0
    must_oversee(by, [one.person for one in made])
    if any(one.assigned_at + UNDO_FOR < at for one in made):
        raise LearningRefused(
            _("It is too late to undo this at once. Take the path from each person instead."),
            code="late",
        )
    log(by, "unassign", made, at=at)
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
    must_oversee(by, [assignment.person])
    taken = Assignment.objects.active().filter(pk=assignment.pk)
    if taken.update(withdrawn_at=Greatest("assigned_at", Value(at))):
        log(by, "unassign", [assignment], at=at)


@transaction.atomic
def restore_assignment(assignment: Assignment, *, by: Standing, at: datetime) -> None:
    """Put a withdrawn path back on the person's list, as it was.

    Raises:
        PermissionDenied: If the person is outside the scope of ``by``.
        LearningRefused: With code "again" when the person has got the path anew meanwhile.
    """
    must_oversee(by, [assignment.person])
    Person.objects.select_for_update(no_key=True).get(pk=assignment.person_id)
    newer = Assignment.objects.active().filter(path=assignment.path, person=assignment.person)
    if newer.exclude(pk=assignment.pk).exists():
        raise LearningRefused(_("The person has this path already."), code="again")
    back = Assignment.objects.filter(pk=assignment.pk, withdrawn_at__isnull=False)
    if back.update(withdrawn_at=None):
        assignment.refresh_from_db()
        refresh([assignment])
        log(by, "assign", [assignment], at=at)


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
    must_oversee(by, [assignment.person])
    current = (
        Assignment.objects.unfinished()
        .select_for_update(no_key=True)
        .filter(pk=assignment.pk)
        .first()
    )
    if current is None:
        raise LearningRefused(_("This path is completed or taken back."), code="over")
    if due_on != current.due_on:
        refuse_due(due_on, at)
        current.due_on = due_on
        if current.origin == Assignment.Origin.SELF:
            current.origin, current.assigned_by = Assignment.Origin.COORDINATOR, by.person
        current.save(update_fields=["due_on", "origin", "assigned_by"])
        log(by, "change", [current], at=at)
    return current
