"""Proposals are kept, go stale, follow one another, and become pairings once."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from core.models import AccessLog
from mentoring.actions import (
    ProposalRefused,
    RoundRefused,
    accept_proposal,
    decide_round,
    fix_pair,
    propose_by_hand,
    take_out,
)
from mentoring.matching.changing import moves
from mentoring.models import FixedPair, Need, Pairing, Proposal, Round
from mentoring.proposals.brief import WEIGHTS
from people.models import Person, Role
from people.permissions import Standing, standing_of
from tests.factories.mentoring import AT, TODAY, make_person, make_town
from tests.factories.rounds import (
    BEGINS,
    ENDS,
    make_caseworker,
    make_mentor,
    make_need,
    make_round,
    make_stay,
    pairs_of,
    propose,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def planned() -> Round:
    return make_round()


@pytest.fixture
def coordinator() -> Standing:
    person = make_person("coordinator", scope="country")
    assert person.user is not None
    return standing_of(person.user)


def refused(call, *arguments, **facts) -> str:
    with pytest.raises((ProposalRefused, RoundRefused)) as refusal:
        call(*arguments, **facts)
    return refusal.value.code


# --- Making ---------------------------------------------------------------------------------------


def test_a_proposal_keeps_pairs_reasons_weights_and_what_stops_an_empty_seat(planned: Round):
    need, far = make_need(planned, seats=2), make_need(planned, make_town("Qaanaaq"), kind="remote")
    stay = make_stay(planned)
    make_stay(planned, make_mentor(kl_west=3))
    maker = make_person("coordinator")

    made = propose(planned, by=maker)

    assert pairs_of(made) == {stay: need}
    assert (made.number, made.seats, made.covered, made.is_proven) == (1, 3, 1, True)
    assert (made.made_by, made.made_at, made.weights) == (maker, AT, WEIGHTS)
    pair = made.pairs.get()
    assert pair.score == made.score == sum(points for points, _found in pair.reasons.values())
    assert pair.reasons["overlap"][1] == 120
    assert sorted(made.uncovered, key=lambda one: one["seats"] + len(one["blocks"])) == [
        empty(need, {"language": 1}),
        empty(far, {"form": 2, "language": 1}),
    ]


def empty(need: Need, blocks: dict[str, int]) -> dict[str, object]:
    return {"need": str(need.pk), "seats": 1, "blocks": blocks, "elsewhere": 0, "free": 0}


def test_a_town_that_needs_another_form_for_its_language_is_served_in_that_form(planned: Round):
    qaanaaq = make_town("Qaanaaq")
    on_site = make_need(planned)
    remote = make_need(planned, qaanaaq, kind="remote", languages={"kl-north": 2})
    dane = make_stay(planned)
    northerner = make_stay(planned, make_mentor(kl_north=3), windows=[("remote", BEGINS, ENDS)])

    assert pairs_of(propose(planned)) == {dane: on_site, northerner: remote}


def test_colleagues_come_with_the_same_proposal(planned: Round):
    make_need(planned, seats=2)
    mentors = [make_stay(planned) for _ in range(2)]
    colleagues = [make_caseworker() for _ in range(4)]

    made = propose(planned)

    found = list(made.colleagues.values_list("person", "stay"))
    assert {person for person, _stay in found} == {one.pk for one in colleagues}
    assert sorted(stay for _person, stay in found) == sorted([mentor.pk for mentor in mentors] * 2)


@pytest.mark.parametrize("weights", [{}, {**WEIGHTS, "wishes": 6}, {**WEIGHTS, "wishes": -1}])
def test_weights_outside_their_range_are_refused(planned: Round, weights):
    make_need(planned)
    make_stay(planned)

    assert refused(propose, planned, weights=weights) == "weights"
    assert not Proposal.objects.exists()


def test_a_proposal_takes_a_need_and_a_mentor_and_an_open_round(planned: Round):
    assert refused(propose, planned) == "nothing"
    make_need(planned)
    assert refused(propose, planned) == "nothing"
    make_stay(planned)
    decide_round(planned, "put_off", reason="Sygdom", by=None, at=AT, on=TODAY)
    assert refused(propose, planned) == "closed"


def test_pressed_twice_it_is_one_proposal_and_asked_later_it_is_another(planned: Round):
    make_need(planned)
    make_stay(planned)
    first = propose(planned)

    assert propose(planned, at=AT + timedelta(seconds=59)) == first
    assert propose(planned, weights={**WEIGHTS, "wishes": 5}) != first
    assert propose(planned, at=AT + timedelta(seconds=61)).number == 3


def test_a_proposal_that_follows_another_moves_nobody_without_need(planned: Round):
    towns = [make_town(name) for name in ("Upernavik", "Qaanaaq", "Uummannaq")]
    needs = [make_need(planned, town) for town in towns]
    stays = [make_stay(planned, wishes=[town]) for town in towns]
    first = propose(planned)
    assert pairs_of(first) == dict(zip(stays, needs, strict=True))
    wishes = [towns[1], towns[2], towns[0]]
    for stay, wish in zip(stays, wishes, strict=True):
        make_stay(planned, stay.person, stay=stay, wishes=[wish])

    following, afresh = propose(planned, follows=first), propose(planned)

    assert (pairs_of(following), following.moved) == (pairs_of(first), 0)
    assert len(list(moves(place_of(first), place_of(afresh)))) == 3

    take_out(planned, needs[0], at=AT)
    last = propose(planned, follows=following)
    assert last.covered == 2
    assert last.moved == 1


def place_of(proposal: Proposal) -> dict[str, str]:
    return {str(stay.pk): str(need.pk) for stay, need in pairs_of(proposal).items()}


def test_locks_that_cannot_hold_for_who_travels_together_are_refused(planned: Round):
    needs = [make_need(planned), make_need(planned, make_town("Qaanaaq"))]
    first, second = make_stay(planned), make_stay(planned)
    make_stay(planned, first.person, stay=first, travels_with=[second.person])
    fix_pair(planned, first, needs[0], FixedPair.Kind.LOCKED)
    fix_pair(planned, second, needs[1], FixedPair.Kind.LOCKED)

    assert refused(propose, planned) == "locks"


def test_a_lock_and_a_forbidden_pair_hold_in_the_next_proposal(planned: Round):
    upernavik, qaanaaq = make_town(), make_town("Qaanaaq")
    here, there = make_need(planned, upernavik), make_need(planned, qaanaaq)
    first, second = make_stay(planned, wishes=[upernavik]), make_stay(planned, wishes=[qaanaaq])
    assert pairs_of(propose(planned)) == {first: here, second: there}

    fix_pair(planned, first, there, FixedPair.Kind.LOCKED)
    assert pairs_of(propose(planned)) == {first: there, second: here}

    fix_pair(planned, second, here, FixedPair.Kind.FORBIDDEN)
    assert pairs_of(propose(planned)) == {first: there}

    fix_pair(planned, first, there, "")
    assert pairs_of(propose(planned)) == {first: here, second: there}


def test_a_mentor_is_locked_to_one_place_and_a_place_to_no_more_than_its_seats(planned: Round):
    here, there = make_need(planned), make_need(planned, make_town("Qaanaaq"))
    first, second = make_stay(planned), make_stay(planned)
    fix_pair(planned, first, here, FixedPair.Kind.LOCKED)

    assert refused(fix_pair, planned, first, there, FixedPair.Kind.LOCKED) == "locked"
    assert refused(fix_pair, planned, second, here, FixedPair.Kind.LOCKED) == "locked"
    assert planned.fixed.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        FixedPair.objects.create(round=planned, stay=first, need=there, kind="locked")


# --- By hand --------------------------------------------------------------------------------------


def test_pairs_chosen_by_hand_are_kept_with_their_reasons_and_colleagues(planned: Round):
    need, stay = make_need(planned), make_stay(planned)
    colleague = make_caseworker()

    made = propose_by_hand(planned, {stay.pk: need.pk}, by=None, at=AT)

    assert made.is_by_hand
    assert not made.is_proven
    assert pairs_of(made) == {stay: need}
    assert made.pairs.get().score == propose(planned).pairs.get().score
    assert list(made.colleagues.values_list("person", "stay")) == [(colleague.pk, stay.pk)]


def test_by_hand_no_rule_and_no_seat_is_passed_over(planned: Round):
    need, stay = make_need(planned), make_stay(planned)
    stopped = make_stay(planned, make_mentor(kl_west=3))
    other = make_stay(planned)

    def by_hand(place_of) -> str:
        return refused(propose_by_hand, planned, place_of, by=None, at=AT)

    assert by_hand({}) == "nothing"
    assert by_hand({stopped.pk: need.pk}) == "blocked"
    assert by_hand({stay.pk: need.pk, other.pk: need.pk}) == "full"
    take_out(planned, other, at=AT)
    assert by_hand({other.pk: need.pk}) == "blocked"
    assert not Proposal.objects.exists()


def test_by_hand_a_lock_is_neither_passed_over_nor_left_empty(planned: Round):
    here, there = make_need(planned), make_need(planned, make_town("Qaanaaq"))
    stay, other = make_stay(planned), make_stay(planned)
    fix_pair(planned, stay, here, FixedPair.Kind.LOCKED)

    for place_of in ({stay.pk: there.pk}, {other.pk: there.pk}):
        with pytest.raises(ProposalRefused) as refusal:
            propose_by_hand(planned, place_of, by=None, at=AT)
        assert (refusal.value.code, refusal.value.stay) == ("locks", str(stay.pk))
        assert f"{stay.person.name} er låst til {here}." in refusal.value.messages[0]
    made = propose_by_hand(planned, {stay.pk: here.pk, other.pk: there.pk}, by=None, at=AT)
    assert pairs_of(made) == {stay: here, other: there}


def test_by_hand_those_who_travel_together_go_to_one_place_or_to_none(planned: Round):
    here, there = make_need(planned, seats=3), make_need(planned, make_town("Qaanaaq"))
    first, second, third, other = (make_stay(planned) for _ in range(4))
    make_stay(planned, first.person, stay=first, travels_with=[second.person])
    make_stay(
        planned, third.person, stay=third, travels_with=[second.person]
    )  # and so with the first one, too
    group = [first, second, third]

    for place_of in (
        {first.pk: here.pk, second.pk: here.pk, third.pk: there.pk},
        {first.pk: here.pk, third.pk: here.pk},
        {second.pk: here.pk, other.pk: there.pk},
    ):
        with pytest.raises(ProposalRefused) as refusal:
            propose_by_hand(planned, place_of, by=None, at=AT)
        assert refusal.value.code == "together"
        assert refusal.value.stay in {str(stay.pk) for stay in group}
        for stay in group:
            assert stay.person.name in refusal.value.messages[0]
    assert not Proposal.objects.exists()
    whole = propose_by_hand(planned, dict.fromkeys((one.pk for one in group), here.pk), **MADE)
    none = propose_by_hand(planned, {other.pk: there.pk}, **MADE)
    assert pairs_of(whole) == dict.fromkeys(group, here)
    assert pairs_of(none) == {other: there}


def test_by_hand_a_lock_that_its_companion_cannot_follow_is_named(planned: Round):
    here, there = make_need(planned), make_need(planned, make_town("Qaanaaq"))
    first, second = make_stay(planned), make_stay(planned)
    make_stay(planned, first.person, stay=first, travels_with=[second.person])
    fix_pair(planned, first, here, FixedPair.Kind.LOCKED)

    with pytest.raises(ProposalRefused) as refusal:
        propose_by_hand(planned, {first.pk: here.pk, second.pk: there.pk}, by=None, at=AT)

    assert refusal.value.code == "together"
    assert f"er låst til {here}" in refusal.value.messages[0]


MADE = {"by": None, "at": AT}


# --- Accepting ------------------------------------------------------------------------------------


def members(pairing: Pairing) -> set[tuple[Person, str, object, object]]:
    return {
        (one.person, one.side, one.starts_on, one.ends_on)
        for one in pairing.members.select_related("person")
    }


def test_accepting_makes_the_pairings_gives_the_role_and_tells_everybody(
    planned: Round, coordinator: Standing, mailoutbox, django_capture_on_commit_callbacks
):
    owner = make_person("leader")
    Person.objects.filter(pk=owner.pk).update(email="leder@example.org")
    owner.refresh_from_db()
    need = make_need(planned, seats=2, owner=owner)
    stranger = make_mentor(make_town("Nuuk", "Kommuneqarfik Sermersooq"))
    late = BEGINS + timedelta(days=7)
    stays = [
        make_stay(planned, stranger),
        make_stay(planned, windows=[("on_site", late, ENDS + timedelta(days=50))]),
    ]
    colleagues = [make_caseworker(), make_caseworker()]
    for number, person in enumerate([*(stay.person for stay in stays), *colleagues]):
        Person.objects.filter(pk=person.pk).update(email=f"person{number}@example.org")
    made = propose(planned)

    with django_capture_on_commit_callbacks(execute=True):
        done = accept_proposal(made, by=coordinator, at=AT)

    [pairing] = done.pairings
    need.refresh_from_db()
    assert need.pairing == pairing
    assert (pairing.place, pairing.kind, pairing.state) == (need.place, "on_site", "planned")
    assert (pairing.starts_on, pairing.ends_on) == (BEGINS, ENDS)
    assert members(pairing) == {
        (stays[0].person, "mentor", BEGINS, ENDS),
        (stays[1].person, "mentor", late, ENDS),
        *((person, "caseworker", BEGINS, None) for person in colleagues),
    }
    role = stranger.roles.get(place=need.place)
    assert (role.key, role.starts_on, role.ends_on) == (Role.Key.MENTOR, BEGINS, ENDS)
    made.refresh_from_db()
    assert (made.accepted_at, made.accepted_by) == (AT, coordinator.person)
    assert AccessLog.objects.filter(action="accept", record_id=str(made.pk)).exists()
    assert len(mailoutbox) == 5
    names = [person.name for person in (*colleagues, stranger)]
    for mail in mailoutbox:
        assert "Upernavik" in mail.subject
        assert sum(name in mail.body for name in names) <= 1  # the reader's own


def test_a_proposal_is_accepted_once_and_only_while_it_is_true(
    planned: Round, coordinator: Standing
):
    need = make_need(planned)
    stay = make_stay(planned)
    make_caseworker()
    made = propose(planned)
    make_need(planned, need=need, seats=2)

    assert refused(accept_proposal, made, by=coordinator, at=AT) == "stale"

    fresh = propose(planned)
    accept_proposal(fresh, by=coordinator, at=AT)
    assert refused(accept_proposal, fresh, by=coordinator, at=AT) == "accepted"
    assert Pairing.objects.count() == 1
    make_stay(planned, stay.person, stay=stay, wishes=[make_town()])
    assert refused(accept_proposal, fresh, by=coordinator, at=AT) == "accepted"


def test_a_proposal_that_parts_travellers_or_passes_over_a_lock_is_not_accepted(
    planned: Round, coordinator: Standing
):
    need = make_need(planned, seats=2)
    first, second = make_stay(planned), make_stay(planned)
    make_stay(planned, first.person, stay=first, travels_with=[second.person])
    make_caseworker()
    made = propose_by_hand(planned, {first.pk: need.pk, second.pk: need.pk}, by=None, at=AT)
    made.pairs.get(stay=second).delete()  # as one of before could have been made

    assert refused(accept_proposal, made, by=coordinator, at=AT) == "together"

    make_stay(planned, first.person, stay=first, travels_with=[])
    fix_pair(planned, second, need, FixedPair.Kind.LOCKED)
    made = propose_by_hand(planned, {second.pk: need.pk}, by=None, at=AT)
    made.pairs.update(stay=first)
    assert refused(accept_proposal, made, by=coordinator, at=AT) == "together"
    assert not Pairing.objects.exists()


def test_nothing_is_made_of_an_empty_proposal_or_a_round_that_is_put_off(
    planned: Round, coordinator: Standing
):
    make_need(planned)
    make_stay(planned, make_mentor(kl_west=3))
    empty = propose(planned)
    assert refused(accept_proposal, empty, by=coordinator, at=AT) == "empty"

    make_stay(planned)
    made = propose(planned)
    decide_round(planned, "put_off", reason="Storm", by=None, at=AT, on=TODAY)
    assert refused(accept_proposal, made, by=coordinator, at=AT) == "closed"
    assert not Pairing.objects.exists()


def test_a_place_without_a_known_colleague_is_named_and_left(planned: Round, coordinator: Standing):
    need = make_need(planned)
    make_stay(planned)

    done = accept_proposal(propose(planned), by=coordinator, at=AT)

    assert (list(done.pairings), list(done.without_colleague)) == ([], [need])
    assert not Pairing.objects.exists()


def test_a_role_that_cannot_be_given_stops_everything(planned: Round):
    make_need(planned)
    make_stay(planned, make_mentor(make_town("Nuuk", "Kommuneqarfik Sermersooq")))
    make_caseworker()
    elsewhere = make_person(
        "coordinator", place=make_town("Nuuk", "Kommuneqarfik Sermersooq"), scope="municipality"
    )
    assert elsewhere.user is not None
    made = propose(planned)

    assert refused(accept_proposal, made, by=standing_of(elsewhere.user), at=AT) == "role"
    assert not Pairing.objects.exists()


def test_a_later_proposal_moves_who_has_moved_and_leaves_the_others(
    planned: Round, coordinator: Standing
):
    qaanaaq = make_town("Qaanaaq")
    here, there = make_need(planned), make_need(planned, qaanaaq)
    stays = [make_stay(planned, wishes=[make_town()]), make_stay(planned, wishes=[qaanaaq])]
    colleagues = [make_caseworker(), make_caseworker(qaanaaq)]
    first = propose(planned)
    accept_proposal(first, by=coordinator, at=AT)
    take_out(planned, stays[0], at=AT)
    newcomer = make_stay(planned)
    second = propose(planned, follows=first)

    done = accept_proposal(second, by=coordinator, at=AT + timedelta(days=1))

    here.refresh_from_db()
    there.refresh_from_db()
    assert set(done.pairings) == {here.pairing, there.pairing}
    assert Pairing.objects.count() == 2
    assert here.pairing is not None
    assert there.pairing is not None
    assert members(here.pairing) == {
        (stays[0].person, "mentor", BEGINS, BEGINS),  # never began
        (newcomer.person, "mentor", BEGINS, ENDS),
        (colleagues[0], "caseworker", BEGINS, None),
    }
    assert members(there.pairing) == {
        (stays[1].person, "mentor", BEGINS, ENDS),
        (colleagues[1], "caseworker", BEGINS, None),
    }


def test_where_no_mentor_goes_any_more_those_of_the_pairing_leave(
    planned: Round, coordinator: Standing
):
    qaanaaq = make_town("Qaanaaq")
    here, there = make_need(planned), make_need(planned, qaanaaq)
    stay, other = make_stay(planned, wishes=[make_town()]), make_stay(planned, wishes=[qaanaaq])
    make_caseworker()
    make_caseworker(qaanaaq)
    accept_proposal(propose(planned), by=coordinator, at=AT)
    take_out(planned, stay, at=AT)
    fix_pair(planned, other, there, FixedPair.Kind.LOCKED)

    accept_proposal(propose(planned), by=coordinator, at=AT)

    here.refresh_from_db()
    assert here.pairing is not None
    left = here.pairing.members.get(side="mentor")
    assert (left.starts_on, left.ends_on) == (BEGINS, BEGINS)


def test_its_own_pairings_make_a_proposal_no_more_stale(planned: Round, coordinator: Standing):
    from mentoring.actions import is_stale
    from mentoring.proposals.reading import read

    make_need(planned)
    make_stay(planned)
    make_caseworker()
    made = propose(planned)
    accept_proposal(made, by=coordinator, at=AT)

    assert not is_stale(made, read(planned, on=TODAY))
