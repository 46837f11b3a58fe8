"""What was accepted follows a later proposal: days, form and members, and nobody is cut off."""

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from mentoring.actions import (
    ProposalRefused,
    accept_proposal,
    add_member,
    fix_pair,
    take_out,
)
from mentoring.models import (
    FixedPair,
    Handover,
    Need,
    Pairing,
    PairingMember,
    Proposal,
    Round,
    Stay,
)
from notices.models import Notice
from people.models import Person, Role
from people.permissions import Standing, standing_of
from tests.factories.mentoring import (
    AT,
    TODAY,
    close,
    make_person,
    make_topics,
    make_town,
    send,
)
from tests.factories.rounds import (
    BEGINS,
    ENDS,
    make_caseworker,
    make_mentor,
    make_need,
    make_round,
    make_stay,
    propose,
)

pytestmark = pytest.mark.django_db
FORTNIGHT = timedelta(days=14)
#: Ten days into the stay, and the day it is then.
MID = AT + (BEGINS - TODAY) + timedelta(days=10)
MID_DAY = BEGINS + timedelta(days=10)


@pytest.fixture
def planned() -> Round:
    return make_round(ends_on=ENDS + timedelta(days=60))


@pytest.fixture
def coordinator() -> Standing:
    person = make_person("coordinator", scope="country")
    assert person.user is not None
    return standing_of(person.user)


@pytest.fixture
def need(planned: Round) -> Need:
    return make_need(planned, ends_on=ENDS, owner=make_person("leader"))


@pytest.fixture
def stay(planned: Round) -> Stay:
    return make_stay(planned, windows=[("on_site", BEGINS, ENDS)])


@pytest.fixture
def colleague() -> Person:
    return make_caseworker()


@pytest.fixture
def pairing(need: Need, stay: Stay, colleague: Person, coordinator: Standing) -> Pairing:
    """The pairing of an accepted proposal."""
    [made] = accept_proposal(propose(need.round), by=coordinator, at=AT).pairings
    need.refresh_from_db()
    Notice.objects.all().delete()
    return made


def again(planned: Round, by: Standing, *, at: datetime = AT) -> Proposal:
    """Solved again and accepted."""
    last = planned.proposals.filter(accepted_at__isnull=False).order_by("-number").first()
    made = propose(planned, follows=last, at=at)
    accept_proposal(made, by=by, at=at)
    return made


def refused(planned: Round, by: Standing, *, at: datetime = AT) -> tuple[str, str]:
    with pytest.raises(ProposalRefused) as refusal:
        again(planned, by, at=at)
    return refusal.value.code, refusal.value.messages[0]


def days(pairing: Pairing, person: Person) -> tuple[date, date | None]:
    member = PairingMember.objects.get(pairing=pairing, person=person)
    return member.starts_on, member.ends_on


def move(need: Need, stay: Stay, by: timedelta, *, kind: str = "on_site") -> None:
    """The arrival and the stay, by so many days."""
    planned, owner = need.round, need.owner
    starts, ends = need.starts_on + by, need.known_end + by
    make_need(planned, need=need, kind=kind, starts_on=starts, ends_on=ends, owner=owner)
    make_stay(planned, stay.person, stay=stay, windows=[(kind, starts, ends)])


def told() -> dict[Person, list[str]]:
    found: dict[Person, list[str]] = {}
    for notice in Notice.objects.select_related("person").order_by("kind"):
        found.setdefault(notice.person, []).append(notice.kind.removeprefix("mentoring."))
    return found


# --- Days and form --------------------------------------------------------------------------------


@pytest.mark.parametrize("by", [FORTNIGHT, -FORTNIGHT])
def test_days_that_have_moved_reach_pairing_members_and_role(
    pairing: Pairing, stay: Stay, colleague: Person, coordinator: Standing, by: timedelta
) -> None:
    need = Need.objects.get(pairing=pairing)
    Round.objects.update(starts_on=BEGINS - FORTNIGHT)
    move(need, stay, by)

    again(Round.objects.get(), coordinator)

    pairing.refresh_from_db()
    assert (pairing.starts_on, pairing.ends_on) == (BEGINS + by, ENDS + by)
    assert days(pairing, stay.person) == (BEGINS + by, ENDS + by)
    assert days(pairing, colleague) == (BEGINS + by, None)
    assert told() == {
        stay.person: ["pairing_moved"],
        colleague: ["pairing_moved"],
        need.owner: ["place_moved"],
    }
    notice = Notice.objects.get(person=stay.person)
    assert notice.facts == {
        "town": "Upernavik",
        "begins_on": str(BEGINS + by),
        "last_on": str(ENDS + by - timedelta(days=1)),
    }


@pytest.mark.parametrize("by", [FORTNIGHT, -FORTNIGHT])
def test_the_role_that_was_given_for_the_stay_lasts_as_long_as_it(
    planned: Round, need: Need, colleague: Person, coordinator: Standing, by: timedelta
) -> None:
    Round.objects.update(starts_on=BEGINS - FORTNIGHT)
    planned.refresh_from_db()
    stranger = make_mentor(make_town("Nuuk", "Kommuneqarfik Sermersooq"))
    stay = make_stay(planned, stranger, windows=[("on_site", BEGINS, ENDS)])
    again(planned, coordinator)
    move(need, stay, by)

    again(planned, coordinator)

    roles = Role.objects.filter(person=stranger, place=need.place).order_by("starts_on")
    held = [BEGINS + by + timedelta(days=n) for n in (0, 14, 60, 119)]
    assert [roles.valid_on(day).count() for day in held] == [1, 1, 1, 1]


def test_a_session_of_the_days_that_were_added_is_received(
    pairing: Pairing, need: Need, stay: Stay, coordinator: Standing
) -> None:
    make_topics()
    move(need, stay, FORTNIGHT)
    again(need.round, coordinator)

    day = ENDS + timedelta(days=3)
    send(pairing, at=AT + (day - TODAY), held_on=str(day))


def test_another_form_reaches_the_pairing(
    pairing: Pairing, need: Need, stay: Stay, colleague: Person, coordinator: Standing
) -> None:
    move(need, stay, timedelta(0), kind="remote")

    again(need.round, coordinator)

    pairing.refresh_from_db()
    assert (pairing.kind, pairing.starts_on) == ("remote", BEGINS)
    assert told()[stay.person] == ["pairing_moved"]


def test_nobody_is_told_where_nothing_has_changed(
    pairing: Pairing, need: Need, coordinator: Standing
) -> None:
    again(need.round, coordinator, at=AT + timedelta(hours=1))

    assert told() == {}


def test_days_that_leave_a_session_outside_are_refused_by_the_name_of_the_place(
    pairing: Pairing, need: Need, stay: Stay, coordinator: Standing
) -> None:
    make_topics()
    send(pairing, at=MID, held_on=str(MID_DAY))
    move(need, stay, FORTNIGHT)

    code, text = refused(need.round, coordinator, at=MID)

    assert code == "pairing"
    assert text.startswith(f"{need}: ")
    assert days(pairing, stay.person) == (BEGINS, ENDS)


def test_the_town_stays_while_a_pairing_is_open(
    pairing: Pairing, need: Need, coordinator: Standing
) -> None:
    qaanaaq = make_town("Qaanaaq")
    with pytest.raises(ValidationError) as refusal:
        make_need(need.round, qaanaaq, need=need)
    assert list(refusal.value.message_dict) == ["place"]
    need.refresh_from_db()
    assert need.place == pairing.place

    close(pairing, at=MID)
    assert make_need(need.round, qaanaaq, need=need).place == qaanaaq


# --- Who leaves -----------------------------------------------------------------------------------


def test_who_never_began_leaves_and_is_told_and_may_come_back(
    pairing: Pairing, need: Need, stay: Stay, coordinator: Standing
) -> None:
    other = make_stay(need.round, windows=[("on_site", BEGINS, ENDS)])
    fix_pair(need.round, stay, need, FixedPair.Kind.FORBIDDEN)

    again(need.round, coordinator)

    assert days(pairing, stay.person) == (BEGINS, BEGINS)
    assert told() == {stay.person: ["unpaired"], other.person: ["paired"]}

    fix_pair(need.round, stay, need, FixedPair.Kind.LOCKED)
    again(need.round, coordinator)
    assert days(pairing, stay.person) == (BEGINS, ENDS)
    assert days(pairing, other.person) == (BEGINS, BEGINS)


def cut_off(need: Need, stay: Stay, how: str) -> None:
    """Change the round so that solving again ends the stay."""
    planned = need.round
    if how == "replaced":
        make_stay(planned, windows=[("on_site", MID_DAY, ENDS)])
        fix_pair(planned, stay, need, FixedPair.Kind.FORBIDDEN)
    elif how == "taken out":
        there = make_need(planned, make_town("Qaanaaq"), ends_on=ENDS)
        make_stay(planned, windows=[("on_site", BEGINS, ENDS)])
        fix_pair(planned, stay, there, FixedPair.Kind.FORBIDDEN)
        take_out(planned, need, at=MID)
    else:
        make_need(planned, need=need, starts_on=BEGINS, ends_on=MID_DAY, owner=need.owner)


@pytest.mark.parametrize("how", ["replaced", "taken out", "cut short"])
def test_a_stay_that_has_begun_is_not_ended_without_a_handover(
    pairing: Pairing, need: Need, stay: Stay, coordinator: Standing, how: str
) -> None:
    cut_off(need, stay, how)

    code, text = refused(need.round, coordinator, at=MID)

    assert code == "handover"
    assert f"{stay.person} (Upernavik)" in text
    assert days(pairing, stay.person) == (BEGINS, ENDS)
    assert told() == {}
    assert need.round.proposals.filter(accepted_at__isnull=False).count() == 1


def test_once_it_is_handed_over_the_proposal_is_accepted(
    pairing: Pairing, need: Need, stay: Stay, coordinator: Standing
) -> None:
    cut_off(need, stay, "replaced")
    assert refused(need.round, coordinator, at=MID)[0] == "handover"
    close(pairing, at=MID)

    again(need.round, coordinator, at=MID + timedelta(minutes=5))

    need.refresh_from_db()
    assert need.pairing != pairing
    assert Handover.objects.settled().count() == 1


def test_locked_to_the_place_it_is_accepted_too(
    pairing: Pairing, need: Need, stay: Stay, coordinator: Standing
) -> None:
    cut_off(need, stay, "replaced")
    assert refused(need.round, coordinator, at=MID)[0] == "handover"
    fix_pair(need.round, stay, need, FixedPair.Kind.LOCKED)

    again(need.round, coordinator, at=MID + timedelta(minutes=5))

    assert days(pairing, stay.person) == (BEGINS, ENDS)


@pytest.mark.parametrize("has_logged", [False, True])
def test_on_the_first_day_a_session_makes_the_difference(
    pairing: Pairing, need: Need, stay: Stay, coordinator: Standing, has_logged: bool
) -> None:
    first_day = AT + (BEGINS - TODAY)
    make_topics()
    if has_logged:
        send(pairing, at=first_day, held_on=str(BEGINS))
    cut_off(need, stay, "replaced")

    if has_logged:
        assert refused(need.round, coordinator, at=first_day)[0] == "handover"
    else:
        again(need.round, coordinator, at=first_day)
        assert days(pairing, stay.person) == (BEGINS, BEGINS)
        assert told()[stay.person] == ["unpaired"]


def test_a_stay_that_has_begun_is_prolonged_and_keeps_its_first_day(
    pairing: Pairing, need: Need, stay: Stay, coordinator: Standing
) -> None:
    later = ENDS + FORTNIGHT
    make_need(need.round, need=need, starts_on=BEGINS, ends_on=later, owner=need.owner)
    window = ("on_site", MID_DAY + timedelta(days=5), later)
    make_stay(need.round, stay.person, stay=stay, windows=[window])

    again(need.round, coordinator, at=MID)

    assert days(pairing, stay.person) == (BEGINS, later)


def test_whom_somebody_let_in_by_hand_stays(
    pairing: Pairing, need: Need, coordinator: Standing
) -> None:
    guest = make_person("mentor")
    add_member(pairing, guest, "mentor", starts_on=BEGINS, ends_on=ENDS)

    again(need.round, coordinator, at=MID)

    assert days(pairing, guest) == (BEGINS, ENDS)
    assert told() == {}


def test_a_pairing_follows_where_its_colleagues_are_no_longer_known(
    pairing: Pairing, need: Need, stay: Stay, colleague: Person, coordinator: Standing
) -> None:
    colleague.roles.update(ends_on=BEGINS)
    move(need, stay, FORTNIGHT)

    again(need.round, coordinator)

    assert days(pairing, stay.person) == (BEGINS + FORTNIGHT, ENDS + FORTNIGHT)
