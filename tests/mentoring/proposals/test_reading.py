"""What a round is weighed by is read as the records are, in a constant number of queries."""

from datetime import timedelta

import pytest

from competences.models import Competence, Framework
from mentoring.actions import create_pairing, fix_pair, take_out
from mentoring.models import FixedPair
from mentoring.proposals.reading import read
from people.models import Affiliation
from tests.factories.mentoring import AT, SINCE, TODAY, make_person, make_town
from tests.factories.rounds import (
    BEGINS,
    ENDS,
    make_caseworker,
    make_mentor,
    make_need,
    make_round,
    make_stay,
    speaks,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def competence() -> Competence:
    framework = Framework.objects.create(key="f", title_da="F", profession_da="F")
    return Competence.objects.create(framework=framework, key="c", title_da="C")


def test_every_fact_of_a_need_and_a_stay_is_read(competence: Competence):
    upernavik, qaanaaq = make_town(), make_town("Qaanaaq")
    planned = make_round(upernavik, fewest_days=21)
    need = make_need(
        planned,
        qaanaaq,
        kind="remote",
        seats=3,
        profession="family_therapist",
        languages={"kl-north": 3, "da": 1},
        has_interpreter=True,
        competences=[competence],
    )
    person = make_mentor(da=3, kl_north=1)
    speaks(person, en=0)
    stay = make_stay(
        planned,
        person,
        windows=[("remote", BEGINS, ENDS), ("on_site", BEGINS, BEGINS + timedelta(days=30))],
        most_colleagues=4,
        competences=[competence],
        wishes=[qaanaaq, upernavik],
    )

    brief = read(planned, on=TODAY)

    assert brief.fewest_days == 21
    [asked], [brought] = brief.needs, brief.stays
    assert (asked.key, asked.place, asked.kind, asked.seats) == (
        str(need.pk),
        str(qaanaaq.pk),
        "remote",
        3,
    )
    assert (asked.profession, asked.has_interpreter) == ("family_therapist", True)
    assert (asked.starts_on, asked.ends_on) == (BEGINS.toordinal(), ENDS.toordinal())
    assert asked.languages == {"kl-north": 3, "da": 1}
    assert asked.competences == brought.competences == {str(competence.pk)}
    assert (brought.key, brought.person) == (str(stay.pk), str(person.pk))
    assert set(brought.windows) == {
        ("remote", BEGINS.toordinal(), ENDS.toordinal()),
        ("on_site", BEGINS.toordinal(), BEGINS.toordinal() + 30),
    }
    assert brought.languages == {"da": 3, "kl-north": 1}
    assert brought.wishes == {str(qaanaaq.pk): 1, str(upernavik.pk): 2}
    assert (brought.most_colleagues, brought.been) == (4, frozenset())


def test_the_profession_of_the_round_is_asked_for_where_a_place_asks_for_none():
    planned = make_round(profession=Affiliation.Profession.FAMILY_THERAPIST)
    make_need(planned)
    make_need(planned, make_town("Qaanaaq"), profession="social_worker")

    assert {need.profession for need in read(planned, on=TODAY).needs} == {
        "family_therapist",
        "social_worker",
    }


def test_what_was_taken_out_is_left_out_with_its_rules():
    planned = make_round()
    need, stay, other = make_need(planned), make_stay(planned), make_stay(planned)
    fix_pair(planned, stay, need, FixedPair.Kind.LOCKED)
    make_stay(planned, stay.person, stay=stay, travels_with=[other.person])
    take_out(planned, stay, at=AT)

    brief = read(planned, on=TODAY)

    assert [one.key for one in brief.stays] == [str(other.pk)]
    assert brief.locked == {}
    assert brief.together == []

    take_out(planned, need, at=AT)
    assert read(planned, on=TODAY).needs == []


def test_locks_and_forbidden_pairs_are_read():
    planned = make_round()
    need, first, second = make_need(planned), make_stay(planned), make_stay(planned)
    fix_pair(planned, first, need, FixedPair.Kind.LOCKED)
    fix_pair(planned, second, need, FixedPair.Kind.FORBIDDEN)

    brief = read(planned, on=TODAY)

    assert brief.locked == {str(first.pk): str(need.pk)}
    assert brief.forbidden == {(str(second.pk), str(need.pk))}


def test_who_travels_with_somebody_who_travels_with_another_is_one_group():
    planned = make_round()
    first, second, third, _alone = (make_stay(planned) for _ in range(4))
    make_stay(planned, second.person, stay=second, travels_with=[first.person])
    make_stay(planned, third.person, stay=third, travels_with=[second.person])

    [group] = read(planned, on=TODAY).together

    assert group == {str(first.pk), str(second.pk), str(third.pk)}


def test_where_somebody_has_been_and_with_whom_comes_from_earlier_pairings():
    town = make_town()
    person, colleague = make_mentor(), make_caseworker()
    create_pairing(
        town,
        kind="on_site",
        starts_on=SINCE,
        ends_on=TODAY,
        mentors=[person],
        caseworkers=[colleague],
        by=None,
        at=AT,
    )
    planned = make_round()
    make_need(planned)
    make_stay(planned, person)

    brief = read(planned, on=TODAY)

    assert brief.stays[0].been == {str(town.pk)}
    assert brief.partners == {(str(person.pk), str(colleague.pk))}


def test_a_pairing_that_begins_with_the_round_is_not_of_before():
    person = make_mentor()
    create_pairing(
        make_town(),
        kind="on_site",
        starts_on=BEGINS,
        ends_on=ENDS,
        mentors=[person],
        caseworkers=[make_caseworker()],
        by=None,
        at=AT,
    )
    planned = make_round()
    make_need(planned)
    make_stay(planned, person)

    assert read(planned, on=TODAY).stays[0].been == frozenset()


@pytest.mark.parametrize(
    ("starts", "ends", "works"),
    [(0, None, True), (1, None, False), (-9, 1, True), (-9, 0, False)],
)
def test_a_colleague_holds_the_role_in_the_town_on_the_first_day(starts, ends, works):
    make_caseworker(
        starts_on=BEGINS + timedelta(days=starts),
        ends_on=None if ends is None else BEGINS + timedelta(days=ends),
    )
    make_caseworker(make_town("Qaanaaq"))  # where nothing is asked for
    make_person("leader")
    planned = make_round()
    make_need(planned)

    assert len(read(planned, on=TODAY).colleagues) == works


@pytest.mark.parametrize("count", [1, 12])
def test_reading_takes_the_same_queries_for_one_and_many(count, django_assert_num_queries):
    planned = make_round()
    for number in range(count):
        town = make_town(f"By {number}", "Avannaata Kommunia")
        make_need(planned, town)
        make_caseworker(town)
        make_stay(planned, wishes=[town])

    with django_assert_num_queries(16):
        brief = read(planned, on=TODAY)

    assert len(brief.needs) == len(brief.stays) == len(brief.colleagues) == count
