"""What learners do with paths themselves: take one, leave it, take it again."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from core.periods import local_day
from courses.actions.completing import hold
from courses.actions.paths.completing import refresh
from courses.actions.refusals import LearningRefused
from courses.actions.rounds import end_round, is_begun_anew
from courses.models import Assignment, LearningPath
from people.models import Person


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
    own = (
        Assignment.objects.active()
        .select_for_update(no_key=True)
        .filter(path=path, person=person)
        .first()
    )
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
    hold(person)
    rounds = Assignment.objects.filter(path=path, person=person).select_for_update(no_key=True)
    current = rounds.active().first()
    if current is not None and is_begun_anew(current):
        return current
    if current is None or current.completed_at is None:
        raise LearningRefused(
            _("Finish the path first. Then you can take it again."), code="unfinished"
        )
    if not path.is_open_on(local_day(at)):
        raise LearningRefused(_("This path is not offered any more."), code="closed")
    end_round(current, Q(lesson__module__path_steps__path=path), at=at)
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
