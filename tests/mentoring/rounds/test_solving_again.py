"""Solved again while the round runs: who has left stays gone, and what is over stays as it was."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.periods import local_day
from mentoring.actions import accept_proposal, end_member, fix_pair
from mentoring.models import FixedPair, Need, Pairing, PairingMember, Proposal, Round, Stay
from mentoring.proposals.reading import read
from notices.models import Notice
from people.models import Person, Role
from people.permissions import standing_of
from tests.factories.mentoring import make_person, make_town
from tests.factories.rounds import (
    make_caseworker,
    make_mentor,
    make_need,
    make_round,
    make_stay,
    pairs_of,
    propose,
)
from tests.mentoring.handover.doing import confirmed, member_of, today
from tests.mentoring.rounds.looking import NUUK, filled, said

pytestmark = pytest.mark.django_db
LONG = timedelta(days=60)


@pytest.fixture
def planned() -> Round:
    """A round that began sixty days ago and goes on as long."""
    return make_round(starts_on=today() - LONG, ends_on=today() + LONG)


@pytest.fixture
def need(planned: Round) -> Need:
    make_caseworker()
    return make_need(planned, seats=2)


def accept(planned: Round, coordinator: Person) -> None:
    """What the round began with, accepted on its first day."""
    assert coordinator.user is not None
    then = timezone.now() - LONG
    accept_proposal(propose(planned, at=then), by=standing_of(coordinator.user), at=then)
    Notice.objects.all().delete()


def stay_until(planned: Round, ends_on: date, person: Person | None = None) -> Stay:
    return make_stay(planned, person, windows=[("on_site", planned.starts_on, ends_on)])


def change(stay: Stay) -> None:
    """Something that is weighed: the proposals so far are stale."""
    make_stay(stay.round, stay.person, stay=stay, most_colleagues=stay.most_colleagues + 1)


def propose_at_door(client: Client, planned: Round) -> Proposal:
    """Solved again, as the form is offered."""
    address = reverse("mentoring:propose", args=[planned.pk])
    assert client.post(address, filled(client, address)).status_code == 302
    return planned.proposals.order_by("-number")[0]


def accept_at_door(client: Client, proposal: Proposal) -> Any:
    address = reverse("mentoring:accept", args=[proposal.pk])
    return client.post(address, filled(client, address))


def days_of(person: Person) -> list[tuple[Any, date, date | None]]:
    members = PairingMember.objects.filter(person=person).order_by("starts_on", "pk")
    return list(members.values_list("pairing", "starts_on", "ends_on"))


@pytest.mark.parametrize("is_stranger", [False, True])
def test_whose_stay_is_over_keeps_its_days_and_the_seat_is_empty(
    client: Client, planned: Round, need: Need, coordinator: Person, is_stranger: bool
) -> None:
    """A role that was given for the stay has ended with it; another one is held on."""
    person = make_mentor(make_town(*NUUK)) if is_stranger else make_mentor()
    gone = stay_until(planned, today() - timedelta(days=10), person)
    there = make_stay(planned)
    accept(planned, coordinator)
    before, roles = days_of(person), Role.objects.filter(person=person).count()
    change(there)

    proposal = propose_at_door(client, planned)
    assert (proposal.covered, proposal.seats) == (1, 2)
    assert pairs_of(proposal) == {there: need}
    assert accept_at_door(client, proposal).status_code == 302

    assert days_of(person) == before
    assert before[0][2] == gone.windows.get().ends_on
    assert Role.objects.filter(person=person).count() == roles
    assert not Notice.objects.filter(person=person).exists()


@pytest.mark.parametrize("how", ["ended", "handed over"])
def test_who_left_early_is_not_let_in_again(
    client: Client, planned: Round, need: Need, coordinator: Person, how: str
) -> None:
    gone, there = make_stay(planned), make_stay(planned)
    accept(planned, coordinator)
    need.refresh_from_db()
    assert need.pairing is not None
    member = member_of(need.pairing, gone.person)
    if how == "ended":
        end_member(member, on=today())
    else:
        confirmed(need.pairing, make_person("travelling"), member=member)
    Notice.objects.all().delete()
    before = days_of(gone.person)
    change(there)

    proposal = propose_at_door(client, planned)
    assert pairs_of(proposal) == {there: need}
    assert proposal.uncovered[0]["blocks"] == {"left": 1}
    assert accept_at_door(client, proposal).status_code == 302

    assert days_of(gone.person) == before
    assert not Notice.objects.filter(person=gone.person).exists()


def test_a_closed_pairing_stays_that_of_its_need(
    client: Client, planned: Round, need: Need, coordinator: Person
) -> None:
    qaanaaq = make_town("Qaanaaq")
    make_caseworker(qaanaaq)
    gone = make_stay(planned, wishes=[need.place])
    other = make_stay(planned, wishes=[qaanaaq])
    there = make_need(planned, qaanaaq)
    for stay, place in ((gone, need), (other, there)):
        fix_pair(planned, stay, place, FixedPair.Kind.LOCKED)
    accept(planned, coordinator)
    need.refresh_from_db()
    assert need.pairing is not None
    confirmed(need.pairing, make_person("travelling"))
    change(other)

    proposal = propose_at_door(client, planned)
    assert pairs_of(proposal) == {other: there}
    assert accept_at_door(client, proposal).status_code == 302

    need.refresh_from_db()
    assert need.pairing.state == Pairing.State.CLOSED
    assert Pairing.objects.count() == 2
    assert len(days_of(gone.person)) == 1


def test_who_hands_over_goes_where_the_proposal_sends_them(
    client: Client, planned: Round, need: Need, coordinator: Person
) -> None:
    """The proposal that asks for the handover is accepted once it is done."""
    stay = make_stay(planned)
    accept(planned, coordinator)
    need.refresh_from_db()
    assert need.pairing is not None
    qaanaaq = make_town("Qaanaaq")
    make_caseworker(qaanaaq)
    there = make_need(planned, qaanaaq)
    fix_pair(planned, stay, there, FixedPair.Kind.LOCKED)
    proposal = propose_at_door(client, planned)
    assert accept_at_door(client, proposal).status_code == 422

    confirmed(need.pairing, make_person("travelling"))

    assert accept_at_door(client, proposal).status_code == 302
    there.refresh_from_db()
    assert there.pairing is not None
    assert there.pairing.members.filter(person=stay.person, side="mentor").exists()


def test_a_proposal_that_sends_somebody_back_is_stale(
    client: Client, planned: Round, need: Need, coordinator: Person
) -> None:
    stay, other = make_stay(planned), make_stay(planned)
    accept(planned, coordinator)
    change(other)
    proposal = propose_at_door(client, planned)
    need.refresh_from_db()
    assert need.pairing is not None
    confirmed(need.pairing, make_person("travelling"), member=member_of(need.pairing, stay.person))

    assert client.get(proposal.get_absolute_url()).context["is_stale"]
    refused = client.post(reverse("mentoring:accept", args=[proposal.pk]), {"after": ""})
    assert refused.status_code == 422
    proposal.refresh_from_db()
    assert proposal.accepted_at is None


def test_an_over_membership_is_not_prolonged_with_the_need(
    client: Client, planned: Round, need: Need, coordinator: Person
) -> None:
    """Somebody else goes on for longer; who was there until the old end is not there again."""
    make_need(planned, need=need, seats=2, ends_on=today() - timedelta(days=5))
    gone = stay_until(planned, today() - timedelta(days=5))
    accept(planned, coordinator)
    before = days_of(gone.person)
    assert before[0][2] == today() - timedelta(days=5)
    make_need(planned, need=need, seats=2, ends_on=planned.ends_on)
    newcomer = make_stay(planned)

    assert accept_at_door(client, propose_at_door(client, planned)).status_code == 302

    assert days_of(gone.person) == before
    assert days_of(newcomer.person)[0][1] == today()


def test_whom_somebody_kept_beyond_the_stay_is_not_sent_away(
    client: Client, planned: Round, need: Need, coordinator: Person
) -> None:
    kept = stay_until(planned, today() - timedelta(days=10))
    there = make_stay(planned)
    accept(planned, coordinator)
    PairingMember.objects.filter(person=kept.person).update(ends_on=today() + LONG)
    before = days_of(kept.person)
    change(there)

    assert accept_at_door(client, propose_at_door(client, planned)).status_code == 302

    assert days_of(kept.person) == before


def test_by_hand_only_those_are_offered_who_can_still_come(
    client: Client, planned: Round, need: Need, coordinator: Person
) -> None:
    gone = stay_until(planned, today() - timedelta(days=10))
    there = make_stay(planned)
    make_need(planned, make_town("Qaanaaq"), ends_on=today())
    address = reverse("mentoring:by-hand", args=[planned.pk])

    shown = said(client.get(address))

    assert there.person.name in shown
    assert gone.person.name not in shown
    assert "Qaanaaq" not in shown


# --- What is read ---------------------------------------------------------------------------------


def keys(found: Any) -> set[str]:
    return {one.key for one in found}


def test_needs_and_stays_whose_days_have_gone_by_are_not_weighed(
    planned: Round, need: Need, coordinator: Person
) -> None:
    qaanaaq = make_town("Qaanaaq")
    past = make_need(planned, qaanaaq, ends_on=today())
    gone, there = stay_until(planned, today()), make_stay(planned)
    bound = make_stay(planned)
    fix_pair(planned, bound, past, FixedPair.Kind.LOCKED)

    brief = read(planned, on=today())

    assert keys(brief.needs) == {str(need.pk)}
    assert keys(brief.stays) == {str(there.pk)}
    assert brief.locked == {}
    day_before = read(planned, on=today() - timedelta(days=1))
    assert keys(day_before.needs) == {str(need.pk), str(past.pk)}
    assert keys(day_before.stays) == {str(one.pk) for one in (gone, there, bound)}


def test_who_has_left_travels_with_the_others_no_more_and_their_lock_is_over(
    planned: Round, need: Need, coordinator: Person
) -> None:
    gone, there = make_stay(planned), make_stay(planned)
    make_stay(planned, there.person, stay=there, travels_with=[gone.person])
    accept(planned, coordinator)
    need.refresh_from_db()
    assert need.pairing is not None
    end_member(member_of(need.pairing, gone.person), on=local_day(timezone.now()))

    brief = read(planned, on=today())
    assert brief.left == {(str(gone.pk), str(need.pk))}
    assert brief.together == []

    fix_pair(planned, gone, need, FixedPair.Kind.LOCKED)
    assert keys(read(planned, on=today()).stays) == {str(there.pk)}
