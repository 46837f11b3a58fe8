"""A report beside what its municipality has told already: in corrections, in other half-years."""

import uuid
from datetime import timedelta

import pytest

from competences.models import Rating
from cooperation.reports.actions import correct_report, freeze_report
from cooperation.reports.content import HIDDEN, Scope, figure_in
from cooperation.reports.current import computed
from cooperation.reports.suppression import Table
from courses.models import Certificate
from people.models import Organisation
from tests.cooperation.reports.test_hidden_beside import spans
from tests.factories.mentoring import make_competence, make_town
from tests.factories.reports import (
    AFTER,
    HALF,
    at_noon,
    make_coordinator,
    make_learners,
    make_report,
)

pytestmark = pytest.mark.django_db
LEVELS = ["not_yet", "with_help", "alone", "can_teach"]
NEXT = HALF.after
AFTER_NEXT = AFTER + timedelta(days=184)
LATER = AFTER + timedelta(days=20)


@pytest.fixture
def upernavik():
    return make_town("Upernavik", "Avannaata Kommunia")


@pytest.fixture
def scope(upernavik):
    return Scope(municipality=upernavik.municipality)


@pytest.fixture
def competence():
    return make_competence()


def rate(people, competence, level, *, half=HALF):
    Rating.objects.filter(person__in=people, competence=competence).update(is_current=False)
    for person in people:
        Rating.objects.create(
            person=person,
            competence=competence,
            level=level,
            rated_at=at_noon(half.starts_on + timedelta(days=40)),
        )


def make_rated(place, competence, *sizes, half=HALF):
    """So many people of each level."""
    found = {}
    for level, size in zip(LEVELS, sizes, strict=False):
        found[level] = make_learners(place, size)
        rate(found[level], competence, level, half=half)
    return found


def certify(people, *, half=HALF):
    issued = half.starts_on + timedelta(days=30)
    for person in people:
        Certificate.objects.create(
            person=person, completed="path", completed_id=uuid.uuid4(), language="da",
            holder=person.name, content={"title": {"da": "Forløb"}}, minutes=30,
            issued_at=at_noon(issued), issued_on=issued, ends_on=issued + timedelta(days=730),
            expires_on=issued + timedelta(days=730), code=uuid.uuid4().hex[:16],
            sha256=uuid.uuid4().hex,
        )  # fmt: skip


def ratings(content, prefix=""):
    """What stands at each level, and in all."""
    keys = [*(f"{prefix}{level}" for level in LEVELS), "all"]
    return tuple(figure_in(content, "ratings", key)["total"] for key in keys)


def correct(report, *, at=LATER):
    by = make_coordinator(report.municipality)
    newer = correct_report(report, reason="Nogle manglede.", by=by, at=at)
    return freeze_report(newer, by=by, at=at)


# --- A correction ---------------------------------------------------------------------------------


def test_a_correction_says_the_same_of_people_who_are_the_same(scope, upernavik, competence):
    make_rated(upernavik, competence, 4, 7, 12)
    older = make_report(scope, frozen=True)

    newer = correct(older)

    assert ratings(older.content) == (HIDDEN, HIDDEN, 12, 0, 23)
    assert ratings(newer.content) == ratings(older.content)


@pytest.mark.parametrize("sizes", [(4, 7, 12), (5, 7, 12)])
def test_what_a_correction_would_tell_is_hidden_in_it(scope, upernavik, competence, sizes):
    """One who was forgotten: the two editions side by side would tell the level of that one."""
    make_rated(upernavik, competence, *sizes)
    older = make_report(scope, frozen=True)
    rate(make_learners(upernavik, 1), competence, "not_yet")

    newer = correct(older)

    assert set(ratings(newer.content)) == set(ratings(newer.content, "now-")) == {HIDDEN}
    country = computed(make_report(Scope()), on=LATER.date())
    assert figure_in(country, "ratings", "all")["total"] == HIDDEN  # and in no sum


def test_whoever_was_forgotten_whole_is_shown_by_the_rule_of_five(scope, upernavik):
    """Where nobody was before, the correction tells no more than a first edition would."""
    older = make_report(scope, frozen=True)
    certify(make_learners(upernavik, 6))

    newer = correct(older)

    assert figure_in(older.content, "certificates", "all")["total"] == 0
    assert figure_in(newer.content, "certificates", "all")["total"] == 6


def test_certificates_that_were_forgotten_are_not_told_by_the_difference(scope, upernavik):
    certify(make_learners(upernavik, 6))
    older = make_report(scope, frozen=True)
    certify(make_learners(upernavik, 2))

    newer = correct(older)

    assert figure_in(older.content, "certificates", "all")["total"] == 6
    assert figure_in(newer.content, "certificates", "all")["total"] == HIDDEN


# --- Half-years -----------------------------------------------------------------------------------


def test_one_more_in_the_next_half_year_does_not_tell_the_few_of_before(
    scope, upernavik, competence
):
    found = make_rated(upernavik, competence, 4, 7, 12)
    before = make_report(scope, frozen=True)
    for level, people in found.items():
        rate(people, competence, level, half=NEXT)
    rate(make_learners(upernavik, 1), competence, "not_yet", half=NEXT)

    after = make_report(scope, NEXT, frozen=True, at=AFTER_NEXT)

    assert ratings(before.content) == (HIDDEN, HIDDEN, 12, 0, 23)
    assert ratings(after.content) == (HIDDEN, HIDDEN, 12, 0, 24)
    assert ratings(after.content, "now-") == (HIDDEN, HIDDEN, 12, 0, 24)


def test_others_in_the_next_half_year_are_shown(scope, upernavik, competence):
    make_rated(upernavik, competence, 4, 7, 12)
    make_report(scope, frozen=True)
    make_rated(upernavik, competence, 5, 6, 7, half=NEXT)

    after = make_report(scope, NEXT, frozen=True, at=AFTER_NEXT)

    assert ratings(after.content) == (5, 6, 7, 0, 18)


def test_a_half_year_that_is_delivered_late_is_held_against_the_one_after(
    scope, upernavik, competence
):
    found = make_rated(upernavik, competence, 5, 7, 12)
    for level, people in found.items():
        rate(people[1:] if level == "not_yet" else people, competence, level, half=NEXT)
    make_report(scope, NEXT, frozen=True, at=AFTER_NEXT)

    late = make_report(scope, frozen=True, at=AFTER_NEXT)

    assert ratings(late.content) == (HIDDEN, HIDDEN, 12, 0, 24)


def test_a_municipality_of_another_name_is_about_the_same_people(scope, upernavik, competence):
    found = make_rated(upernavik, competence, 4, 7, 12)
    make_report(scope, frozen=True)
    old = upernavik.municipality
    new = Organisation.objects.create(
        key="ny", kind="municipality", name="Nyt navn", starts_on=NEXT.starts_on
    )
    old.successors.add(new)
    upernavik.municipality = new
    upernavik.save()
    for level, people in found.items():
        rate(people, competence, level, half=NEXT)
    rate(make_learners(upernavik, 1), competence, "not_yet", half=NEXT)

    after = make_report(Scope(municipality=new), NEXT, frozen=True, at=AFTER_NEXT)

    assert ratings(after.content)[:2] == (HIDDEN, HIDDEN)


def test_a_correction_of_what_was_hidden_beside_others_says_the_same(scope, upernavik, competence):
    found = make_rated(upernavik, competence, 4, 7, 12)
    make_report(scope, frozen=True)
    for level, people in found.items():
        rate(people, competence, level, half=NEXT)
    rate(make_learners(upernavik, 1), competence, "not_yet", half=NEXT)
    after = make_report(scope, NEXT, frozen=True, at=AFTER_NEXT)

    newer = correct(after, at=AFTER_NEXT)

    assert ratings(newer.content) == ratings(after.content) == (HIDDEN, HIDDEN, 12, 0, 24)


@pytest.mark.parametrize("days", [0, 1])
def test_while_the_half_year_runs_nothing_about_people_is_told(scope, upernavik, competence, days):
    """Whoever looked before and after somebody has rated would know what."""
    make_rated(upernavik, competence, 5, 7, 12)
    certify(make_learners(upernavik, 6))
    report = make_report(scope)

    content = computed(report, on=HALF.last_day + timedelta(days=days))

    if days:
        assert ratings(content) == (5, 7, 12, 0, 24)
        assert figure_in(content, "certificates", "all")["total"] == 6
    else:
        assert set(ratings(content)) == {HIDDEN}
        assert figure_in(content, "certificates", "all")["total"] == HIDDEN


# --- All of it, to a solver -----------------------------------------------------------------------


def test_all_that_was_told_in_two_half_years_and_their_corrections_tells_no_few(
    scope, upernavik, competence
):
    """Every number of every edition, and that nobody left: each small number stays possible."""
    found = make_rated(upernavik, competence, 4, 7, 12, 6)
    told = [make_report(scope, frozen=True)]
    told.append(correct(told[0]))
    for level, people in found.items():
        rate(people, competence, level, half=NEXT)
    rate(make_learners(upernavik, 1), competence, "not_yet", half=NEXT)
    told.append(make_report(scope, NEXT, frozen=True, at=AFTER_NEXT))
    rate(make_learners(upernavik, 2), competence, "with_help", half=NEXT)
    told.append(correct(told[2], at=AFTER_NEXT))

    tables = [_table(report.content) for report in told]
    first, again, second, corrected = range(4)
    same = [(first, again), (again, first)]
    found = spans(tables, [*same, (first, second), (second, corrected)])

    assert found[first, 0][0] <= 1
    assert found[first, 0][1] >= 4
    assert tables[second].hidden
    assert tables[corrected].total is None


def _table(content):
    *cells, total = (one if isinstance(one, int) else None for one in ratings(content))
    return Table(dict(zip(LEVELS, cells, strict=True)), total)
