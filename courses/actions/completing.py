"""Who has completed a course: written down when the last thing it demands is done.

A completed course stays completed. Where an editor asks for less, whoever has done what is left is
completed by that.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, Max, Min, OuterRef

from courses.learning.demands import (
    DONE,
    counts,
    passed,
    practised,
    read,
    since,
    solved,
    to_be_practised,
)
from courses.models import Assignment, Course, Enrolment
from courses.models.progress import EnrolmentQuerySet
from people.models import Person

#: How many enrolments are written in one go.
AT_ONCE = 500


def hold(*people: Person) -> None:
    """Let what else ``people`` learn at the same moment wait until this transaction has ended.

    Of two lessons that are read at once, the second then sees the first; and two that enrol and
    read in another order do not each wait for the other. Rows that only point at a person, as what
    a mentor logs does, wait for nothing.
    """
    own = Person.objects.filter(pk__in=[person.pk for person in people])
    list(own.order_by("pk").select_for_update(no_key=True).values_list("pk"))


def complete(course: UUID, *people: Person) -> None:
    """Write down which of ``people`` have completed ``course``."""
    _complete(Enrolment.objects.unfinished().filter(course=course, person__in=people))


def waits_for_practice(person: Person) -> tuple[bool, bool]:
    """Whether ``person`` walks paths, and takes courses, that ask for practice. One query."""
    walked = Assignment.objects.unfinished().filter(
        person=OuterRef("pk"), path__steps__topic__isnull=False
    )
    taken = Enrolment.objects.unfinished().filter(
        person=OuterRef("pk"), course__demands_practice=True
    )
    found = Person.objects.filter(pk=person.pk).values_list(Exists(walked), Exists(taken))
    in_paths, in_courses = found.get()
    return in_paths, in_courses


def complete_practised(person: Person) -> None:
    """Look anew at the courses of ``person`` that demand practice."""
    _complete(Enrolment.objects.unfinished().filter(person=person, course__demands_practice=True))


def complete_course(course: Course) -> int:
    """Write down who has completed ``course``, after an editor has changed it; how many."""
    return _complete(Enrolment.objects.unfinished().filter(course=course))


def complete_courses(_at: datetime) -> None:
    """Look at everybody anew: what is asked may have changed past the actions."""
    for course in Course.objects.filter(required_count__gt=0).order_by("pk"):
        complete_course(course)


def _complete(enrolments: EnrolmentQuerySet) -> int:
    done = enrolments.annotate(**counts(OuterRef("person"), OuterRef("course"))).filter(DONE)
    by_course: dict[Course, list[Enrolment]] = defaultdict(list)
    for enrolment in done.select_related("course").order_by("pk"):
        by_course[enrolment.course].append(enrolment)
    completed = 0
    for course, rows in by_course.items():
        for begin in range(0, len(rows), AT_ONCE):
            completed += _write(course, rows[begin : begin + AT_ONCE])
    return completed


def _write(course: Course, enrolments: Sequence[Enrolment]) -> int:
    """Write the moment of the last thing that each did, a few queries for all; how many.

    Whoever has not practised all that ``course`` wants practised is left out.
    """
    latest: dict[UUID, datetime] = {}
    if course.demands_practice:
        enrolments = _practised_in(course, enrolments, latest)
    people = [enrolment.person_id for enrolment in enrolments]

    def note(moments: Iterable[tuple[UUID, datetime]]) -> None:
        for person, at in moments:
            latest[person] = max(at, latest.get(person, at))

    reads = read(course.pk).filter(person__in=people).order_by()
    note(reads.values_list("person").annotate(Max("last_read_at")))
    if course.quiz_count:
        passes = passed(course.pk).filter(person__in=people).order_by()
        firsts = passes.values_list("person", "lesson").annotate(Min("submitted_at"))
        note((person, at) for person, _lesson, at in firsts)
    if course.case_count:
        note(_solved_first(course, people))
    for enrolment in enrolments:
        enrolment.completed_at = max(latest[enrolment.person_id], enrolment.enrolled_at)
    Enrolment.objects.bulk_update(enrolments, ["completed_at"])
    return len(enrolments)


def _practised_in(
    course: Course, enrolments: Sequence[Enrolment], latest: dict[UUID, datetime]
) -> list[Enrolment]:
    """Those of ``enrolments`` who practised all that ``course`` teaches; notes when."""
    texts = to_be_practised(course)
    wanted = {text.competence_id for text in texts}
    found = practised(texts, [enrolment.person_id for enrolment in enrolments])
    done = []
    for one in enrolments:
        moments = since(one.counts_from, found[one.person_id])
        if wanted <= moments.keys():
            done.append(one)
            if moments:
                latest[one.person_id] = max(moments.values())
    return done


def _solved_first(course: Course, people: Sequence[UUID]) -> Iterator[tuple[UUID, datetime]]:
    """When each of ``people`` solved each case of ``course``, as one of the two who played it."""
    first: dict[tuple[UUID, UUID], datetime] = {}
    for role in ("person", "partner"):
        plays = solved(course.pk, OuterRef(role)).filter(**{f"{role}__in": people}).order_by()
        for person, case, at in plays.values_list(role, "case").annotate(Min("ended_at")):
            first[person, case] = min(at, first.get((person, case), at))
    return ((person, at) for (person, _case), at in first.items())
