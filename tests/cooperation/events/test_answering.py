"""Those who answer an invitation: who is told, who may be named, and who is reminded."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from cooperation.events.actions.dealing import deal_seats
from cooperation.events.actions.inviting import save_invitation, send_invitations
from cooperation.events.actions.refusing import EventRefused
from cooperation.events.actions.registering import Entry, save_delegation
from cooperation.events.reminding import ask_for_answers
from notices.models import Notice
from tests.factories.events import (
    ANSWER_BY,
    DEALT_AT,
    coordinator_of,
    make_event,
    make_invitation,
    make_invited,
)
from tests.factories.people import AT, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    return make_event(title_da="Barnet skal høres", venue="Salen; stor, lys")


def test_an_invitation_goes_to_the_contact_or_else_to_the_municipality_s_coordinators(event):
    contact = make_person()
    named = make_invitation(event, contact=contact, sent_at=None)
    open_to_all = make_invitation(event, sent_at=None)
    own, other = coordinator_of(open_to_all.organisation), coordinator_of(named.organisation)

    assert send_invitations(event, at=AT) == (2, [])
    assert send_invitations(event, at=AT) == (0, [])

    told = Notice.objects.filter(kind="cooperation.invited").values_list("person", flat=True)
    assert sorted(told) == sorted([contact.pk, own.pk])
    assert other.pk not in set(told)


def told_of_invitations():
    found = Notice.objects.filter(kind="cooperation.invited")
    return list(found.values_list("person", flat=True))


def test_no_invitation_is_sent_of_which_nobody_would_be_told(event):
    country = coordinator_of()
    police = make_invited("Politi Demo")
    police.kind = "police"
    police.save()
    to_police = make_invitation(event, police, sent_at=None)
    alone = make_invitation(event, sent_at=None)

    assert send_invitations(event, at=AT) == (1, ["Politi Demo"])

    to_police.refresh_from_db()
    alone.refresh_from_db()
    assert (to_police.sent_at, alone.sent_at) == (None, AT)
    assert told_of_invitations() == [country.pk]  # a municipality without a coordinator of its own


def change(invitation, contact, at=AT):
    names = ("organisation", "role", "seats")
    facts = {name: getattr(invitation, name) for name in names}
    return save_invitation(invitation.event, invitation.pk, contact=contact, at=at, **facts)


def test_whoever_answers_from_now_on_is_told_and_nobody_twice(event):
    first, second = make_person(), make_person()
    invitation = make_invitation(event, contact=first)
    own = coordinator_of(invitation.organisation)

    for contact in (first, second, None):
        change(invitation, contact)

    assert set(told_of_invitations()) == {second.pk, own.pk}
    assert len(told_of_invitations()) == 2


def test_another_contact_may_answer_for_a_delegation_that_was_dealt_more_than_promised(event):
    invitation = make_invitation(event, seats=0)
    anna = Entry(uuid.uuid4(), "Anna", "social", "anna@example.org")
    save_delegation(invitation, [anna], all_or_none=False, by=make_person(), at=AT)
    deal_seats(event, at=DEALT_AT)
    invitation.refresh_from_db()
    contact = make_person()

    change(invitation, contact, at=DEALT_AT)

    assert told_of_invitations() == [contact.pk]


def test_nobody_is_told_of_a_new_contact_before_the_invitation_is_sent(event):
    change(make_invitation(event, sent_at=None), make_person())

    assert told_of_invitations() == []


def test_an_invitation_that_is_sent_keeps_somebody_who_answers(event):
    contact = make_person()
    invitation = make_invitation(event, contact=contact)

    with pytest.raises(EventRefused) as refusal:
        change(invitation, None)

    assert list(refusal.value.error_dict) == ["contact"]
    invitation.refresh_from_db()
    assert invitation.contact == contact


@pytest.mark.parametrize(("days", "expected"), [(4, 0), (3, 1), (0, 1), (-1, 0)])
def test_who_has_not_answered_is_reminded_once_some_days_before(event, days, expected):
    contact = make_person()
    make_invitation(event, contact=contact)
    make_invitation(event, contact=contact, answered_at=AT)
    day = ANSWER_BY - timedelta(days=days)
    at = datetime(day.year, day.month, day.day, 15, tzinfo=UTC)

    assert [ask_for_answers(at), ask_for_answers(at)] == [expected, 0]
