"""Courses that were completed: counted with or without a certificate, in small groups not at all.

Reports that were frozen before the section was there are still read, compared and added up.
"""

from datetime import timedelta

import pytest

from cooperation.models import HalfYearReport, ToldTables
from cooperation.reports.content import HIDDEN, Scope, figure_in
from cooperation.reports.current import before, computed, content_of, frame_of_report, open_rows
from cooperation.reports.sections import section_of
from cooperation.reports.showing import show, table
from core.canonical import content_hash
from courses.models import Enrolment
from tests.factories.courses import make_course
from tests.factories.mentoring import make_town
from tests.factories.reports import AFTER, HALF, at_noon, make_learners, make_report

pytestmark = pytest.mark.django_db


@pytest.fixture
def upernavik():
    return make_town("Upernavik", "Avannaata Kommunia")


@pytest.fixture
def sisimiut():
    return make_town("Sisimiut", "Qeqqata Kommunia")


@pytest.fixture
def course():
    return make_course("Underretninger")


def complete(people, course, day=HALF.starts_on, **facts):
    for person in people:
        Enrolment.objects.create(
            person=person, course=course, enrolled_at=at_noon(day), completed_at=at_noon(day),
            **facts,
        )  # fmt: skip


def of_place(place):
    return Scope(municipality=place.municipality)


def total(content, figure="all"):
    return figure_in(content, "courses", figure)["total"]


def frozen_before(scope, half=HALF):
    """A report as it was frozen when there was no such section."""
    report = make_report(scope, half, at=half.ends_at)
    said = computed(report, on=half.ends_on)
    said["sections"] = [one for one in said["sections"] if one["key"] != "courses"]
    HalfYearReport.objects.filter(pk=report.pk).update(
        state="frozen", frozen_at=half.ends_at, content=said, sha256=content_hash(said)
    )
    for kept in ToldTables.objects.all():
        kept.tables["sections"] = [
            one for one in kept.tables["sections"] if one["key"] != "courses"
        ]
        kept.save()
    return HalfYearReport.objects.select_related("municipality", "initiative").get(pk=report.pk)


def cells(content, past=None):
    part = next(one for one in show(content, past).parts if one.key == "courses")
    return [cell.text for cell in part.lines[0].cells]


# --- What is counted ------------------------------------------------------------------------------


def test_a_completed_course_counts_without_a_certificate(upernavik, course):
    other = make_course("Sagsbehandling")
    complete(make_learners(upernavik, 6), course)
    complete(make_learners(upernavik, 5), other)

    content = make_report(of_place(upernavik), frozen=True).content

    assert total(content) == 11
    assert (total(content, str(course.pk)), total(content, str(other.pk))) == (6, 5)
    assert figure_in(content, "courses", str(course.pk))["label"]["da"] == "Underretninger"
    assert figure_in(content, "certificates", "all")["total"] == 0


def test_a_course_counts_in_the_half_year_in_which_it_was_completed(upernavik, course):
    day = timedelta(days=1)
    for when in (HALF.starts_on - day, HALF.starts_on, HALF.last_day, HALF.ends_on):
        complete(make_learners(upernavik, 5), course, when)

    assert total(make_report(of_place(upernavik), frozen=True).content) == 10


def test_what_was_left_or_only_begun_is_not_counted_and_a_second_round_is(upernavik, course):
    people = make_learners(upernavik, 5)
    complete(people, course, retaken_at=at_noon(HALF.starts_on))
    complete(people, course, HALF.last_day, round=2)
    complete(make_learners(upernavik, 5), course, withdrawn_at=at_noon(HALF.starts_on))
    for person in make_learners(upernavik, 5):
        Enrolment.objects.create(person=person, course=course, enrolled_at=at_noon(HALF.starts_on))

    assert total(make_report(of_place(upernavik), frozen=True).content) == 10


def test_the_line_of_a_course_says_nothing_of_who_completed_it(upernavik):
    gone, never = make_course("Tidligere", is_live=False), make_course("Kladde", is_live=False)
    complete(make_learners(upernavik, 1), gone, HALF.before.starts_on)
    live = make_course("Ny")

    content = make_report(of_place(upernavik), frozen=True).content

    assert figure_in(content, "courses", str(gone.pk)) is not None
    assert figure_in(content, "courses", str(live.pk)) is not None
    assert figure_in(content, "courses", str(never.pk)) is None


@pytest.mark.parametrize(
    ("sizes", "shown"),
    [
        ((4, 0), (HIDDEN, HIDDEN, HIDDEN)),
        ((5, 0), (5, 5, 0)),
        ((4, 7), (11, HIDDEN, HIDDEN)),
    ],
)
def test_fewer_than_five_are_hidden_with_what_would_tell_of_them(upernavik, course, sizes, shown):
    other = make_course("Sagsbehandling", position=2)
    for one, size in zip((course, other), sizes, strict=True):
        complete(make_learners(upernavik, size), one)

    content = make_report(of_place(upernavik), frozen=True).content

    assert tuple(total(content, key) for key in ("all", str(course.pk), str(other.pk))) == shown


def test_the_rows_name_who_completed_which_course_and_when(upernavik, course):
    people = make_learners(upernavik, 5)
    complete(people, course)
    report, section = make_report(of_place(upernavik), frozen=True), section_of("courses")
    frame = frame_of_report(report, on=AFTER.date())

    opened = open_rows(frame, report.content, section, str(course.pk), None)

    assert sorted(section.cells(opened.rows)) == sorted(
        [one.name, "Underretninger", HALF.starts_on] for one in people
    )
    assert section.rows(frame, "nothing") is None


# --- Reports from before there was the section ----------------------------------------------------


def test_a_report_that_was_frozen_before_is_read_and_compared_with(upernavik, course):
    older = frozen_before(of_place(upernavik))
    complete(make_learners(upernavik, 5), course, HALF.after.starts_on)
    report = make_report(of_place(upernavik), HALF.after, frozen=True, at=HALF.after.ends_at)

    assert "courses" not in {part.key for part in show(older.content, None).parts}
    assert cells(report.content, before(report).content) == ["5", "–", "–"]


def test_the_country_adds_up_what_was_told_and_is_silent_about_the_rest(
    upernavik, sisimiut, course
):
    for place in (upernavik, sisimiut):
        complete(make_learners(place, 5), course)
    frozen_before(of_place(upernavik))
    report = make_report(Scope())

    only_older = content_of(report, on=AFTER.date())
    assert cells(only_older) == ["–", "Ikke afleveret", "–", "–", "–"]
    make_report(of_place(sisimiut), frozen=True)
    both = content_of(report, on=AFTER.date())
    assert cells(both) == ["–", "5", "5", "–", "–"]
    assert table(show(both, None))


def test_a_draft_that_was_counted_before_says_nothing_of_courses(upernavik, course):
    complete(make_learners(upernavik, 5), course)
    draft = make_report(of_place(upernavik))
    for kept in ToldTables.objects.all():
        kept.tables["sections"] = [
            one for one in kept.tables["sections"] if one["key"] != "courses"
        ]
        kept.save()

    assert cells(content_of(draft, on=AFTER.date())) == ["–", "–", "–"]
