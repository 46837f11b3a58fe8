"""Planning a pairing, who is in it, and its states: for the coordinator of the town."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.test import Client

from mentoring.actions import (
    PairingRefused,
    add_member,
    change_state,
    edit_pairing,
    end_member,
)
from mentoring.actions.pairings import STEPS
from mentoring.models import Pairing
from people.models import Person
from tests.factories.mentoring import (
    AT,
    SINCE,
    TODAY,
    close,
    make_person,
    make_town,
    plan_pairing,
    send,
)

pytestmark = pytest.mark.django_db
Browse = Callable[[Person], Client]


@pytest.fixture
def coordinator(pairing: Pairing) -> Person:
    return make_person("coordinator", place=pairing.place)


# --- Actions ------------------------------------------------------------------------------------


def test_mentors_stay_for_the_period_and_caseworkers_without_an_end() -> None:
    pairing = plan_pairing()
    periods = {member.side: (member.starts_on, member.ends_on) for member in pairing.members.all()}
    assert periods == {
        "mentor": (TODAY, TODAY + timedelta(days=120)),
        "caseworker": (TODAY, None),
    }


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"ends_on": TODAY}, "period"),
        ({"mentors": []}, "nobody"),
        ({"caseworkers": []}, "nobody"),
    ],
)
def test_plan_that_does_not_hold_is_refused(changes: dict[str, Any], code: str) -> None:
    with pytest.raises(PairingRefused) as refusal:
        plan_pairing(**changes)
    assert refusal.value.code == code
    assert not Pairing.objects.exists()


def test_pairing_is_filed_under_each_recommendation_once() -> None:
    pairing = plan_pairing(recommendations=[6, 2, 6])

    assert list(pairing.tags.order_by("number").values_list("number", flat=True)) == [2, 6]
    with pytest.raises(IntegrityError), transaction.atomic():
        pairing.tags.create(number=2)


def test_recommendation_without_a_public_title_is_refused_by_the_database() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        plan_pairing(recommendations=[4])


def test_nobody_stands_on_both_sides() -> None:
    both = make_person("mentor", "caseworker")
    with pytest.raises(PairingRefused) as refusal:
        plan_pairing(mentors=[both], caseworkers=[both])
    assert refusal.value.code == "overlap"


@pytest.mark.parametrize("role", ["caseworker", "leader", "elsewhere", "ended"])
def test_mentor_holds_a_role_in_the_town_on_the_first_day(role: str) -> None:
    people = {
        "caseworker": lambda: make_person("caseworker"),
        "leader": lambda: make_person("leader"),
        "elsewhere": lambda: make_person("mentor", place=make_town("Uummannaq")),
        "ended": lambda: make_person("mentor", ends_on=TODAY),
    }
    with pytest.raises(PairingRefused) as refusal:
        plan_pairing(mentors=[people[role]()])
    assert refusal.value.code == "no_role"


def test_travelling_caseworker_may_follow_up() -> None:
    travelling = make_person("travelling", scope="municipality")
    assert (
        plan_pairing(mentors=[travelling]).members.filter(person=travelling, side="mentor").exists()
    )


def edit(pairing: Pairing, **changes: Any) -> Pairing:
    pairing.refresh_from_db()
    kept = {name: getattr(pairing, name) for name in ("kind", "starts_on", "ends_on")}
    tags = pairing.tags.values_list("number", flat=True)
    rest = {"language_note": pairing.language_note, "recommendations": list(tags)}
    return edit_pairing(pairing, **kept | rest | changes)


def test_members_follow_a_stay_that_is_prolonged_or_put_off() -> None:
    pairing = plan_pairing()
    early = make_person("mentor", place=pairing.place)
    add_member(pairing, early, "mentor", starts_on=TODAY, ends_on=TODAY + timedelta(days=30))
    begins, ends = TODAY + timedelta(days=7), TODAY + timedelta(days=200)

    edit(pairing, starts_on=begins, ends_on=ends, kind="remote", language_note="Dansk.")
    edit(pairing, recommendations=[6, 2, 6])
    edit(pairing, recommendations=[5, 6])

    pairing.refresh_from_db()
    assert sorted(pairing.tags.values_list("number", flat=True)) == [5, 6]
    assert (pairing.kind, pairing.language_note) == ("remote", "Dansk.")
    assert (pairing.starts_on, pairing.ends_on) == (begins, ends)
    periods = pairing.members.order_by("side", "ends_on").values_list("starts_on", "ends_on")
    assert list(periods) == [
        (begins, None),
        (begins, TODAY + timedelta(days=30)),
        (begins, ends),
    ]


def test_who_never_began_does_not_begin_when_the_stay_is_moved_forward() -> None:
    pairing = plan_pairing()
    never = end_member(pairing.members.get(side="mentor"), on=TODAY)

    edit(pairing, starts_on=TODAY - timedelta(days=14))

    never.refresh_from_db()
    assert (never.starts_on, never.ends_on) == (TODAY, TODAY)


def test_a_stay_cut_short_ends_for_its_mentors() -> None:
    pairing = plan_pairing(ends_on=None)

    edit(pairing, ends_on=TODAY + timedelta(days=30))

    ends = dict(pairing.members.values_list("side", "ends_on"))
    assert ends == {"mentor": TODAY + timedelta(days=30), "caseworker": None}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"ends_on": SINCE}, "period"),
        ({"starts_on": TODAY}, "sessions"),
        ({"ends_on": TODAY - timedelta(days=1)}, "sessions"),
    ],
)
def test_a_period_that_leaves_a_session_outside_is_refused(
    pairing: Pairing, changes: dict[str, Any], code: str
) -> None:
    send(pairing, held_on=str(TODAY - timedelta(days=1)))
    before = [*pairing.members.values_list("starts_on", "ends_on")]

    with pytest.raises(PairingRefused) as refusal:
        edit(pairing, **changes)

    assert refusal.value.code == code
    pairing.refresh_from_db()
    assert pairing.starts_on == SINCE
    assert [*pairing.members.values_list("starts_on", "ends_on")] == before


def test_a_closed_pairing_is_not_changed() -> None:
    with pytest.raises(PairingRefused) as refusal:
        edit(plan_pairing(state="closed"), kind="remote")
    assert refusal.value.code == "closed"


def test_membership_ended_before_it_began_holds_on_no_day() -> None:
    member = plan_pairing().members.get(side="mentor")
    assert end_member(member, on=TODAY - timedelta(days=5)).ends_on == TODAY
    assert not member.pairing.members.get(pk=member.pk).is_valid_on(TODAY)


@pytest.mark.parametrize("to", Pairing.State.values)
@pytest.mark.parametrize("state", Pairing.State.values)
def test_pairing_goes_one_step_at_a_time(state: str, to: str) -> None:
    pairing = plan_pairing()
    mentors = pairing.members.filter(side="mentor")
    mentors.update(ends_on=F("starts_on"))  # nobody has anything to hand over
    Pairing.objects.update(state=state)
    if to in STEPS[Pairing.State(state)]:
        assert change_state(pairing, to, at=AT).state == to
    else:
        with pytest.raises(PairingRefused):
            change_state(pairing, to, at=AT)


def test_a_pairing_is_not_closed_before_every_mentor_has_handed_over() -> None:
    pairing = plan_pairing(state="handover", starts_on=SINCE, ends_on=None)

    with pytest.raises(PairingRefused) as refusal:
        change_state(pairing, "closed", at=AT)
    assert refusal.value.code == "handover"
    with pytest.raises(IntegrityError, match="not handed over"), transaction.atomic():
        Pairing.objects.update(state="closed")
    with (
        pytest.raises(IntegrityError, match="not handed over"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE mentoring_pairing SET state = 'closed'")
    pairing.refresh_from_db()
    assert pairing.state == "handover"


def test_closing_ends_the_mentors_memberships_that_day() -> None:
    pairing = close(plan_pairing(state="handover", starts_on=SINCE, ends_on=None))

    ends = dict(pairing.members.values_list("side", "ends_on"))
    assert ends == {"mentor": TODAY, "caseworker": None}
    with pytest.raises(PairingRefused) as refusal:
        add_member(pairing, make_person("mentor"), "mentor", starts_on=TODAY)
    assert refusal.value.code == "closed"


# --- Added later ----------------------------------------------------------------------------------


def test_a_mentor_added_later_is_there_until_the_pairing_ends_and_a_caseworker_reads_on() -> None:
    pairing = plan_pairing()
    mentor, colleague = make_person("mentor"), make_person("caseworker")
    begins = TODAY + timedelta(days=7)

    member = add_member(pairing, mentor, "mentor", starts_on=begins)
    assert (member.starts_on, member.ends_on) == (begins, pairing.ends_on)
    assert add_member(pairing, colleague, "caseworker", starts_on=begins).ends_on is None

    edit(pairing, ends_on=TODAY + timedelta(days=200))
    member.refresh_from_db()
    assert member.ends_on == TODAY + timedelta(days=200)


@pytest.mark.parametrize(
    ("side", "starts", "ends"),
    [
        ("mentor", -1, None),
        ("caseworker", -1, None),
        ("mentor", 120, None),
        ("caseworker", 120, None),
        ("mentor", 7, 121),
    ],
)
def test_nobody_is_added_for_days_outside_the_pairing(
    side: str, starts: int, ends: int | None
) -> None:
    pairing = plan_pairing()
    count = pairing.members.count()

    with pytest.raises(PairingRefused) as refusal:
        add_member(
            pairing,
            make_person(side),
            side,
            starts_on=TODAY + timedelta(days=starts),
            ends_on=None if ends is None else TODAY + timedelta(days=ends),
        )

    assert refusal.value.code == "period"
    assert pairing.members.count() == count


def test_a_mentor_of_a_pairing_without_an_end_has_none() -> None:
    pairing = plan_pairing(ends_on=None)

    assert add_member(pairing, make_person("mentor"), "mentor", starts_on=TODAY).ends_on is None
