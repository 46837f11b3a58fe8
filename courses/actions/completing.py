"""Who has completed a course: written down when the last thing it demands is done.

A completed course stays completed. Where an editor asks for less, whoever has done what is left is
completed by that.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Max, Min, OuterRef

from courses.learning.demands import DONE, counts, passed, read
from courses.models import Course, Enrolment
from courses.models.progress import EnrolmentQuerySet
from people.models import Person

#: How many enrolments are written in one go.
AT_ONCE = 500


def hold(course: UUID, person: Person) -> None:
    """Let whoever does something else in ``course`` for ``person`` at the same time wait.

    Of two lessons that are read at once, the second then sees the first.
    """
    list(Enrolment.objects.active().filter(course=course, person=person).select_for_update())


def complete(course: UUID, person: Person) -> None:
    """Write down that ``person`` has completed ``course``, if that is so."""
    _complete(Enrolment.objects.unfinished().filter(course=course, person=person))


def complete_course(course: Course) -> int:
    """Write down who has completed ``course``, after an editor has changed it; how many."""
    return _complete(Enrolment.objects.unfinished().filter(course=course))


def complete_courses(_at: datetime) -> None:
    """Look at everybody anew: what is asked may have changed past the actions."""
    for course in Course.objects.filter(required_count__gt=0).order_by("pk"):
        complete_course(course)


def _complete(enrolments: EnrolmentQuerySet) -> int:
    done = enrolments.annotate(**counts(OuterRef("person"), OuterRef("course"))).filter(DONE)
    by_course: dict[UUID, list[Enrolment]] = defaultdict(list)
    for enrolment in done.order_by("pk"):
        by_course[enrolment.course_id].append(enrolment)
    for course, rows in by_course.items():
        for begin in range(0, len(rows), AT_ONCE):
            _write(course, rows[begin : begin + AT_ONCE])
    return sum(map(len, by_course.values()))


def _write(course: UUID, enrolments: Sequence[Enrolment]) -> None:
    """Write the moment of the last thing that each did; two queries and one that writes."""
    people = [enrolment.person_id for enrolment in enrolments]
    latest: dict[UUID, datetime] = {}

    def note(moments: Iterable[tuple[UUID, datetime]]) -> None:
        for person, at in moments:
            latest[person] = max(at, latest.get(person, at))

    own = read(course).filter(person__in=people).order_by()
    note(own.values_list("person").annotate(Max("read_at")))
    own = passed(course).filter(person__in=people).order_by()
    firsts = own.values_list("person", "lesson").annotate(Min("submitted_at"))
    note((person, at) for person, _lesson, at in firsts)
    for enrolment in enrolments:
        enrolment.completed_at = max(latest[enrolment.person_id], enrolment.enrolled_at)
    Enrolment.objects.bulk_update(enrolments, ["completed_at"])
