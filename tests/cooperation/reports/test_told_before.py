"""A report beside what its municipality has told already: in drafts, corrections, half-years."""

import uuid
from datetime import timedelta
from itertools import pairwise

import pytest

from competences.models import Rating
from cooperation.models import HalfYearReport
from cooperation.reports.actions import correct_report, drop_correction, freeze_report
from cooperation.reports.content import HIDDEN, Scope, figure_in
from cooperation.reports.counting import count_due
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


# --- Drafts ---------------------------------------------------------------------------------------


def says(report, *, on):
    """What stands at each level in a draft that somebody looks at on that day."""
    return ratings(computed(report, on=on.date()))


@pytest.mark.parametrize("days", [0, 1])
def test_while_the_half_year_runs_nothing_about_people_is_told(scope, upernavik, competence, days):
    """Whoever looked before and after somebody has rated would know what."""
    make_rated(upernavik, competence, 5, 7, 12)
    certify(make_learners(upernavik, 6))
    day = at_noon(HALF.last_day + timedelta(days=days))

    content = computed(make_report(scope, at=day), on=day.date())

    if days:
        assert ratings(content) == (5, 7, 12, 0, 24)
        assert figure_in(content, "certificates", "all")["total"] == 6
    else:
        assert set(ratings(content)) == {HIDDEN}
        assert figure_in(content, "certificates", "all")["total"] == HIDDEN


def test_a_draft_of_before_is_counted_once_when_the_half_year_is_over(scope, upernavik, competence):
    make_rated(upernavik, competence, 5, 7, 12)
    report = make_report(scope, at=at_noon(HALF.last_day))

    assert count_due(at_noon(HALF.last_day)) == 0
    assert set(says(report, on=AFTER)) == {HIDDEN}  # until somebody has counted
    assert count_due(AFTER) == 1
    assert says(report, on=AFTER) == (5, 7, 12, 0, 24)
    assert count_due(AFTER) == 0


def test_a_draft_says_the_same_whenever_somebody_looks(scope, upernavik, competence):
    """One more between two looks: the two side by side would tell the level of that one."""
    make_rated(upernavik, competence, 4, 7, 12)
    certify(make_learners(upernavik, 6))
    report = make_report(scope)
    first = says(report, on=AFTER)
    rate(make_learners(upernavik, 1), competence, "not_yet")
    certify(make_learners(upernavik, 1))

    again = computed(report, on=LATER.date())
    frozen = freeze_report(report, by=make_coordinator(upernavik.municipality), at=LATER)

    assert first == ratings(again) == ratings(frozen.content) == (HIDDEN, HIDDEN, 12, 0, 23)
    for content in (again, frozen.content):
        assert figure_in(content, "certificates", "all")["total"] == 6


@pytest.mark.parametrize("is_older_first", [True, False])
def test_of_two_drafts_the_later_is_held_against_the_earlier(
    scope, upernavik, competence, is_older_first
):
    """4 in the one and 5 in the other, with one more in all: whoever has both would know the 4."""
    found = make_rated(upernavik, competence, 4, 7, 12)
    for level, people in found.items():
        rate(people, competence, level, half=NEXT)
    rate(make_learners(upernavik, 1), competence, "not_yet", half=NEXT)
    halves = (HALF, NEXT) if is_older_first else (NEXT, HALF)

    drafts = {half: make_report(scope, half, at=AFTER_NEXT) for half in halves}

    older, newer = (says(drafts[half], on=AFTER_NEXT) for half in (HALF, NEXT))
    if is_older_first:
        assert (older, newer) == ((HIDDEN, HIDDEN, 12, 0, 23), (HIDDEN, HIDDEN, 12, 0, 24))
    else:  # what was said of the newer was said; of the older nothing is
        assert (older, newer) == ((HIDDEN,) * 5, (5, 7, 12, 0, 24))


def test_drafts_that_are_begun_before_their_half_years_are_over_are_held_against_each_other(
    scope, upernavik, competence
):
    found = make_rated(upernavik, competence, 4, 7, 12)
    for level, people in found.items():
        rate(people, competence, level, half=NEXT)
    rate(make_learners(upernavik, 1), competence, "not_yet", half=NEXT)
    drafts = [make_report(scope, half, at=at_noon(half.last_day)) for half in (HALF, NEXT)]

    assert count_due(AFTER_NEXT) == 2

    assert [says(one, on=AFTER_NEXT) for one in drafts] == [
        (HIDDEN, HIDDEN, 12, 0, 23),
        (HIDDEN, HIDDEN, 12, 0, 24),
    ]


def test_a_draft_of_another_name_is_held_against_it_too(scope, upernavik, competence):
    found = make_rated(upernavik, competence, 4, 7, 12)
    make_report(scope)
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

    after = make_report(Scope(municipality=new), NEXT, at=AFTER_NEXT)

    assert says(after, on=AFTER_NEXT)[:2] == (HIDDEN, HIDDEN)


def test_drafts_of_two_municipalities_have_nothing_to_do_with_each_other(
    scope, upernavik, competence
):
    make_rated(upernavik, competence, 4, 7, 12)
    make_report(scope)
    sisimiut = make_town("Sisimiut", "Qeqqata Kommunia")
    make_rated(sisimiut, competence, 5, 7, 12, half=NEXT)

    other = make_report(Scope(municipality=sisimiut.municipality), NEXT, at=AFTER_NEXT)

    assert says(other, on=AFTER_NEXT) == (5, 7, 12, 0, 24)


def test_a_correction_that_was_thrown_away_has_told_what_it_told(scope, upernavik, competence):
    older = make_report(scope, frozen=True)
    by = make_coordinator(upernavik.municipality)
    make_rated(upernavik, competence, 5, 7, 12)
    thrown = correct_report(older, reason="Nogle manglede.", by=by, at=LATER)
    assert says(thrown, on=LATER) == (5, 7, 12, 0, 24)
    drop_correction(thrown, by=by, at=LATER)
    rate(make_learners(upernavik, 1), competence, "not_yet")

    newer = correct(older)

    assert ratings(newer.content) == (5, 7, 12, 0, 24)


def test_a_third_edition_is_held_against_the_first_as_well(scope, upernavik):
    """Six, then none, then seven: the second says nothing, and stands between the two."""
    people = make_learners(upernavik, 6)
    certify(people)
    first = make_report(scope, frozen=True)
    Certificate.objects.update(revoked_at=LATER, revoked_for="mistake")
    second = correct(first)
    Certificate.objects.update(revoked_at=None, revoked_for="")
    certify(make_learners(upernavik, 1))

    third = correct(second)

    totals = [
        figure_in(one.content, "certificates", "all")["total"] for one in (first, second, third)
    ]
    assert totals == [6, 0, HIDDEN]


# --- All of it, to a solver -----------------------------------------------------------------------


def test_all_that_was_told_in_two_half_years_and_their_corrections_tells_no_few(
    scope, upernavik, competence
):
    """Every number of every draft and edition, and that nobody left: each small one is possible.

    A draft is looked at as it is begun and once more before it is frozen, and others have come
    between the two.
    """
    by = make_coordinator(upernavik.municipality)
    found = make_rated(upernavik, competence, 4, 7, 12, 6)
    told, grown = [], []

    def look(report, *, at):
        told.append(_table(computed(report, on=at.date())))
        return len(told) - 1

    def deliver(report, *, at, more):
        """Look, let some more come, look again and freeze."""
        looks = [look(report, at=at)]
        rate(make_learners(upernavik, more), competence, "not_yet", half=report.period)
        looks.append(look(report, at=at))
        freeze_report(report, by=by, at=at)
        report.refresh_from_db()
        looks.append(look(report, at=at))
        grown.extend(pairwise(looks))
        return looks[-1]

    def correction_of(half):
        newest = HalfYearReport.objects.of_half(half).newest().get()
        return correct_report(newest, reason="Nogle manglede.", by=by, at=AFTER_NEXT)

    first_draft = make_report(scope)
    early = look(first_draft, at=AFTER)
    for level, people in found.items():
        rate(people, competence, level, half=NEXT)
    rate(make_learners(upernavik, 1), competence, "not_yet", half=NEXT)
    second_draft = make_report(scope, NEXT, at=AFTER_NEXT)  # while the first is open
    late = look(second_draft, at=AFTER_NEXT)
    second = deliver(second_draft, at=AFTER_NEXT, more=1)
    first = deliver(first_draft, at=AFTER_NEXT, more=2)
    again = deliver(correction_of(HALF), at=AFTER_NEXT, more=1)
    corrected = deliver(correction_of(NEXT), at=AFTER_NEXT, more=2)
    grown += [(early, first), (late, second), (early, late), (first, again), (second, corrected)]

    found = spans(told, grown)

    assert len(told) == 14
    assert found[early, 0][0] <= 1
    assert found[early, 0][1] >= 4
    assert told[early] == told[first] != told[again]
    assert told[late].hidden
    assert told[again].total is told[corrected].total is None


def _table(content):
    *cells, total = (one if isinstance(one, int) else None for one in ratings(content))
    return Table(dict(zip(LEVELS, cells, strict=True)), total)
