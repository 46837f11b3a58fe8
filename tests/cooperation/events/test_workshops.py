"""Seats in workshops, dealt among those who have a seat of the event."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cooperation.events.actions.dealing import deal_seats
from cooperation.events.actions.refusing import EventRefused
from cooperation.events.actions.registering import (
    choose_workshops,
    sign_off,
)
from cooperation.models import WorkshopWish
from tests.cooperation.events.browsing import address, browse, soon
from tests.cooperation.events.seated import in_workshop
from tests.factories.events import (
    DEALT_AT,
    coordinator_of,
    make_event,
    make_invitation,
    make_workshop,
    register,
)
from tests.factories.people import AT

pytestmark = pytest.mark.django_db


def test_a_full_workshop_is_dealt_among_those_who_have_a_seat():
    event = make_event(seats=4)
    workshop = make_workshop(event, capacity=2)
    large, small = make_invitation(event, seats=3), make_invitation(event, seats=1)
    first, second, third = register(large, "Anna", "Bo", "Camilla")
    [only] = register(small, "Dorthe")
    waits = make_invitation(event, seats=0)
    [without] = register(waits, "Erik")
    choose_workshops(large, {workshop: {first.pk, second.pk, third.pk}}, at=AT)
    choose_workshops(small, {workshop: {only.pk}}, at=AT)
    choose_workshops(waits, {workshop: {without.pk}}, at=AT)

    deal_seats(event, at=DEALT_AT)

    assert in_workshop(workshop) == ["Anna", "Dorthe"]
    sign_off(only, at=DEALT_AT)
    assert in_workshop(workshop) == ["Anna", "Erik"]  # who has a seat in the event by now
    sign_off(without, at=DEALT_AT)
    assert in_workshop(workshop) == ["Anna", "Bo"]


def test_all_or_none_of_a_workshop():
    event = make_event(seats=4)
    workshop = make_workshop(event, capacity=2)
    large, small = make_invitation(event, seats=3), make_invitation(event, seats=1)
    three = register(large, "Anna", "Bo", "Camilla")
    [only] = register(small, "Dorthe")
    choose_workshops(large, {workshop: {one.pk for one in three}}, all_or_none={workshop.pk}, at=AT)
    choose_workshops(small, {workshop: {only.pk}}, at=AT)

    deal_seats(event, at=DEALT_AT)

    assert in_workshop(workshop) == ["Dorthe"]


def test_nobody_is_in_two_workshops_at_one_time():
    event = make_event()
    one, other = make_workshop(event), make_workshop(event)
    after = make_workshop(event, starts_at=one.ends_at)
    invitation = make_invitation(event)
    [anna] = register(invitation, "Anna")

    with pytest.raises(EventRefused) as refusal:
        choose_workshops(invitation, {one: {anna.pk}, other: {anna.pk}}, at=AT)
    assert refusal.value.code == "overlap"
    assert not WorkshopWish.objects.exists()

    choose_workshops(invitation, {one: {anna.pk}, after: {anna.pk}}, at=AT)
    assert WorkshopWish.objects.standing().count() == 2


def test_a_wish_that_stands_keeps_its_day_and_one_left_out_is_taken_back():
    event = make_event()
    workshop = make_workshop(event)
    invitation = make_invitation(event)
    anna, bo = register(invitation, "Anna", "Bo")
    choose_workshops(invitation, {workshop: {anna.pk, bo.pk}}, at=AT)

    choose_workshops(invitation, {workshop: {anna.pk}}, at=AT + timedelta(days=3))

    [wish] = WorkshopWish.objects.standing()
    assert (wish.participant, wish.asked_on) == (anna, AT.date())


def test_a_participant_of_another_delegation_cannot_be_put_into_a_workshop():
    event = make_event()
    workshop = make_workshop(event)
    own, other = make_invitation(event), make_invitation(event)
    [anna] = register(other, "Anna")

    choose_workshops(own, {workshop: {anna.pk}}, at=AT)

    assert not WorkshopWish.objects.exists()


def open_page(event):
    """Two workshops, Anna and Bo, and the page on which whoever answers chooses."""
    invitation = make_invitation(event)
    one, other = make_workshop(event), make_workshop(event, starts_at=DEALT_AT)
    people = register(invitation, "Anna", "Bo", at=timezone.now())
    client = browse(coordinator_of(invitation.organisation))
    page = address("workshops", event.pk, invitation.pk)
    return client, page, one, other, people


def drawn(client, page):
    form = client.get(page).context["form"]
    return {name: form[name].value() for name in form.fields if form[name].value()}


def wishes():
    return set(WorkshopWish.objects.standing().values_list("participant__name", "workshop"))


def test_the_second_of_two_who_choose_is_told_keeps_the_ticks_and_may_insist():
    client, page, one, other, (anna, bo) = open_page(soon())
    first, second = drawn(client, page), drawn(client, page)
    assert client.post(page, first | {f"who_{one.pk}": [anna.pk]}).status_code == 302
    assert client.post(page, first | {f"who_{one.pk}": [anna.pk]}).status_code == 302  # twice

    refused = client.post(page, second | {f"who_{other.pk}": [bo.pk]})

    assert refused.status_code == 422
    assert wishes() == {("Anna", one.pk)}
    form = refused.context["form"]
    assert form[f"who_{other.pk}"].value() == [str(bo.pk)]
    assert dict(form.meanwhile)[one.title_da] == "Anna"
    again = {"seen": form["seen"].value(), f"who_{other.pk}": [bo.pk]}
    assert client.post(page, again).status_code == 302
    assert wishes() == {("Bo", other.pk)}


def test_who_is_signed_off_while_somebody_chooses_is_said_and_gets_no_seat():
    client, page, one, _other, (anna, bo) = open_page(soon())
    seen = drawn(client, page)
    sign_off(anna, at=timezone.now())

    both = {f"who_{one.pk}": [anna.pk, bo.pk]}
    refused = client.post(page, seen | both)
    assert refused.status_code == 422
    assert "En anden har ændret det imens" in refused.text

    client.post(page, {"seen": refused.context["form"]["seen"].value()} | both)
    assert wishes() == {("Bo", one.pk)}


def test_a_choice_that_says_nothing_of_what_was_seen_changes_nothing():
    client, page, one, _other, (anna, _bo) = open_page(soon())

    assert client.post(page, {f"who_{one.pk}": [anna.pk]}).status_code == 422
    assert not wishes()
