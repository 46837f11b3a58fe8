"""Who works side by side with whom is still seen when a proposal has become pairings."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.periods import local_day
from mentoring.actions import accept_proposal, add_member, end_member
from mentoring.models import Need, Pairing, PairingMember, Proposal, Round, Stay
from mentoring.proposals.brief import WEIGHTS
from people.models import Person
from people.permissions import standing_of
from tests.factories.mentoring import caseworker_of
from tests.factories.rounds import make_caseworker, make_need, make_round, make_stay, propose
from tests.mentoring.rounds.looking import Browse, page

pytestmark = pytest.mark.django_db
NOBODY = "Arbejder ikke side om side med nogen ved navn endnu"


@pytest.fixture
def planned() -> Round:
    """A round that has begun, so that who takes part in it sees it."""
    today = local_day(timezone.now())
    return make_round(starts_on=today, ends_on=today + timedelta(days=120))


@pytest.fixture
def need(planned: Round) -> Need:
    return make_need(planned, seats=2)


def accept(proposal: Proposal, coordinator: Person) -> Pairing:
    """The pairing that comes of a proposal which is accepted now."""
    assert coordinator.user is not None
    by = standing_of(coordinator.user)
    return accept_proposal(proposal, by=by, at=timezone.now()).pairings[0]


def members(client: Client, pairing: Pairing) -> dict[str, str]:
    """What the page of the pairing says of each member, by name."""
    rows = page(client.get(pairing.get_absolute_url())).select("ul.task-list > li .task")
    return {row.contents[0].strip(): " ".join(row.get_text(" ").split()) for row in rows}


def pairs(planned: Round, colleagues: list[Person]) -> dict[Person, Person]:
    """Each of ``colleagues`` with the mentor that the latest proposal names."""
    latest = planned.proposals.order_by("-number")[0]
    rows = latest.colleagues.filter(person__in=colleagues).select_related("person", "stay__person")
    return {row.person: row.stay.person for row in rows if row.stay is not None}


def test_the_page_of_the_pairing_says_who_works_with_whom(
    client: Client, planned: Round, need: Need, coordinator: Person
):
    stays = [make_stay(planned, most_colleagues=1) for _number in range(2)]
    colleagues = [make_caseworker() for _number in range(2)]

    pairing = accept(propose(planned), coordinator)

    told = members(client, pairing)
    found = pairs(planned, colleagues)
    assert set(found.values()) == {stay.person for stay in stays}
    for colleague, mentor in found.items():
        assert f"side om side med: {mentor.name}" in told[colleague.name]
        assert f"side om side med: {colleague.name}" in told[mentor.name]
    assert NOBODY not in " ".join(told.values())


def test_whoever_the_proposal_does_not_name_and_whose_mentor_left_stands_with_nobody(
    client: Client, planned: Round, need: Need, coordinator: Person
):
    stay, colleague = make_stay(planned, most_colleagues=1), make_caseworker()
    pairing = accept(propose(planned), coordinator)
    late = make_caseworker()
    add_member(pairing, late, "caseworker", starts_on=local_day(timezone.now()))

    told = members(client, pairing)
    assert f"side om side med: {stay.person.name}" in told[colleague.name]
    assert NOBODY in told[late.name]

    end_member(pairing.members.get(person=stay.person), on=local_day(timezone.now()))

    told = members(client, pairing)
    assert NOBODY in told[colleague.name]
    assert "side om side" not in told[stay.person.name]


def test_it_is_said_of_the_proposal_that_is_followed_and_of_no_other(
    client: Client, planned: Round, need: Need, coordinator: Person
):
    make_stay(planned, most_colleagues=1)
    second: Stay = make_stay(planned, most_colleagues=1)
    colleague = make_caseworker()
    pairing = accept(propose(planned), coordinator)
    other = propose(planned, weights={**WEIGHTS, "wishes": 5})
    other.colleagues.update(stay=None)  # nobody has accepted it

    assert "side om side med:" in members(client, pairing)[colleague.name]

    later = propose(planned, weights={**WEIGHTS, "wishes": 0})
    later.colleagues.update(stay=second)
    accept(later, coordinator)

    told = members(client, pairing)[colleague.name]
    assert f"side om side med: {second.person.name}" in told


def test_a_pairing_that_was_planned_by_hand_says_nothing_of_it(client: Client, pairing: Pairing):
    told = members(client, pairing)

    assert caseworker_of(pairing).name in told
    assert "side om side" not in " ".join(told.values())


def test_both_find_it_on_their_start_page(
    browse: Browse, planned: Round, need: Need, coordinator: Person
):
    stays = [make_stay(planned, most_colleagues=1) for _number in range(2)]
    colleagues = [make_caseworker() for _number in range(2)]
    pairing = accept(propose(planned), coordinator)
    found = pairs(planned, colleagues)
    mentor = stays[0].person
    (mine,) = [colleague for colleague, other in found.items() if other == mentor]

    def marked(person: Person, others: list[Person]) -> list[str]:
        """Whom the start page of ``person`` marks, and in their order those it names."""
        rows = page(browse(person).get(reverse("start"))).select("ul.task-list .task")
        named = {other.name for other in others}
        texts = [" ".join(row.get_text(" ").split()) for row in rows]
        shown = [text for text in texts if any(text.startswith(name) for name in named)]
        return [text for text in shown if "side om side med dig" in text] + [str(len(shown))]

    mentors_page = marked(mentor, colleagues)
    colleagues_page = marked(mine, [stay.person for stay in stays])

    assert [text.startswith(mine.name) for text in mentors_page[:-1]] == [True]
    assert [text.startswith(mentor.name) for text in colleagues_page[:-1]] == [True]
    assert mentors_page[-1] == colleagues_page[-1] == "2"
    assert pairing.members.filter(side=PairingMember.Side.MENTOR).count() == 2


def test_the_page_takes_the_same_queries_for_one_pair_and_for_many(
    planned: Round, coordinator: Person, count_queries: Callable[[Person, str], int]
):
    need = make_need(planned, seats=6)
    make_stay(planned)
    make_caseworker()
    pairing = accept(propose(planned), coordinator)
    for_one = count_queries(coordinator, pairing.get_absolute_url())

    for _number in range(5):
        make_stay(planned)
        make_caseworker()
    assert accept(propose(planned), coordinator) == pairing

    assert need.seats == pairing.members.filter(side="mentor").count() == 6
    assert count_queries(coordinator, pairing.get_absolute_url()) == for_one
