"""What people are told of events: real mails with a file that calendars read, and the inbox."""

import uuid
from datetime import UTC, datetime, timedelta

import icalendar
import pytest
from django.core import mail
from django.utils import timezone

from cooperation.events.actions.dealing import deal_seats
from cooperation.events.actions.planning import cancel_event, save_event, save_item
from cooperation.events.actions.registering import (
    Entry,
    choose_workshops,
    save_delegation,
    sign_off,
)
from cooperation.events.calendar import calendar
from cooperation.events.reminding import ask_how_it_was, give_notice
from cooperation.models import Participant
from core.calendars import entries
from notices.models import Notice
from tests.factories.cooperation import standing
from tests.factories.events import (
    ANSWER_BY,
    DEALT_AT,
    STARTS,
    make_event,
    make_invitation,
    make_workshop,
)
from tests.factories.people import AT, make_person

pytestmark = pytest.mark.django_db
ADDRESS = "anna@example.org"


@pytest.fixture
def event():
    return make_event(title_da="Barnet skal høres", venue="Salen; stor, lys")


def register(event, *addresses, seats=2, **invited):
    invitation = make_invitation(event, seats=seats, **invited)
    people = [Entry(uuid.uuid4(), f"Anna {n}", "social", one) for n, one in enumerate(addresses)]
    save_delegation(invitation, people, all_or_none=False, by=make_person(), at=AT)
    return invitation


def with_account(address=ADDRESS):
    person = make_person()
    person.email = address
    person.save()
    return person


def files_of(message):
    return [(name, text, kind) for name, text, kind in message.attachments]


def events_in(message):
    [(_name, text, _kind)] = files_of(message)
    return {str(one["SUMMARY"]): one for one in icalendar.Calendar.from_ical(text).walk("VEVENT")}


def test_whoever_has_no_account_gets_a_mail_with_a_file_for_the_calendar(
    event, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        invitation = register(event, ADDRESS)

    [message] = mail.outbox
    assert message.to == [ADDRESS]
    assert message.subject == (
        "Du har en plads: Barnet skal høres, tirsdag den 9. november 2027, Ilulissat"
    )
    assert invitation.organisation.name in message.body
    [(name, text, kind)] = files_of(message)
    assert (name, kind) == ("sidemand.ics", "text/calendar; method=PUBLISH")
    [one] = icalendar.Calendar.from_ical(text).walk("VEVENT")
    assert one["UID"] == f"{event.pk}@sidemand"
    assert (one["DTSTART"].dt, one["DTEND"].dt) == (STARTS, STARTS + timedelta(days=2))
    assert str(one["SUMMARY"]) == "Barnet skal høres"
    assert str(one["LOCATION"]) == "Salen; stor, lys, Ilulissat"


def test_whoever_gets_an_address_later_is_told_of_the_seat_once(
    event, django_capture_on_commit_callbacks
):
    invitation = register(event, "")
    [anna] = invitation.signed_up()
    line = Entry(anna.pk, anna.name, "social", ADDRESS)

    with django_capture_on_commit_callbacks(execute=True):
        for _time in range(2):
            save_delegation(invitation, [line], all_or_none=False, by=make_person(), at=AT)

    [message] = mail.outbox
    assert message.subject.startswith("Du har en plads")


def test_whoever_has_an_account_reads_it_in_the_inbox_and_gets_the_same_file(
    event, django_capture_on_commit_callbacks
):
    person = with_account()

    with django_capture_on_commit_callbacks(execute=True):
        register(event, ADDRESS)

    assert [one.kind for one in Notice.objects.filter(person=person)] == ["cooperation.seat"]
    [message] = mail.outbox
    assert message.to == [ADDRESS]
    assert list(events_in(message)) == ["Barnet skal høres"]


def test_whoever_waits_is_told_so_without_a_file(event, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        register(event, ADDRESS, seats=0)

    [message] = mail.outbox
    assert message.subject.startswith("Du står på venteliste")
    assert files_of(message) == []


def test_saving_once_more_tells_nobody_again(event, django_capture_on_commit_callbacks):
    invitation = register(event, ADDRESS)
    kept = [Entry(one.pk, one.name, one.sector, one.email) for one in invitation.participants.all()]

    with django_capture_on_commit_callbacks(execute=True):
        save_delegation(invitation, kept, all_or_none=True, by=make_person(), at=AT)

    assert mail.outbox == []


def test_somebody_else_coming_instead_is_told_and_so_is_the_one_who_stays_at_home(
    event, django_capture_on_commit_callbacks
):
    invitation = register(event, ADDRESS)
    key = invitation.participants.get().pk
    other = [Entry(key, "Bo Demo", "social", "bo@example.org")]

    with django_capture_on_commit_callbacks(execute=True):
        save_delegation(invitation, other, all_or_none=False, by=make_person(), at=AT)

    told = {message.to[0]: message for message in mail.outbox}
    assert set(told) == {ADDRESS, "bo@example.org"}
    assert told[ADDRESS].subject.startswith("Du er ikke længere tilmeldt")
    assert told["bo@example.org"].subject.startswith("Du har en plads")
    assert "Anna 0" in told[ADDRESS].body
    assert "Bo Demo" not in told[ADDRESS].body + str(told[ADDRESS].alternatives)
    assert "Bo Demo" in told["bo@example.org"].body


def test_who_is_signed_off_gets_a_file_that_takes_it_out_of_the_calendar(
    event, django_capture_on_commit_callbacks
):
    invitation = register(event, ADDRESS)

    with django_capture_on_commit_callbacks(execute=True):
        sign_off(invitation.participants.get(), at=AT)

    [message] = mail.outbox
    [(_name, text, kind)] = files_of(message)
    assert kind == "text/calendar; method=CANCEL"
    assert "METHOD:CANCEL" in text
    assert str(events_in(message)["Barnet skal høres"]["STATUS"]) == "CANCELLED"


def test_of_two_files_about_one_seat_calendars_take_the_later_one(
    event, monkeypatch, django_capture_on_commit_callbacks
):
    def do(work, *given, days, **more):
        at = AT + timedelta(days=days)
        monkeypatch.setattr(timezone, "now", lambda: at)
        with django_capture_on_commit_callbacks(execute=True):
            work(*given, at=at, **more)

    invitation = make_invitation(event, seats=2)
    seat = {"all_or_none": False, "by": make_person()}
    do(
        save_delegation,
        invitation,
        [Entry(uuid.uuid4(), "Anna", "social", ADDRESS)],
        days=0,
        **seat,
    )
    do(sign_off, invitation.participants.get(), days=1)
    do(
        save_delegation,
        invitation,
        [Entry(uuid.uuid4(), "Anna", "social", ADDRESS)],
        days=2,
        **seat,
    )

    files = [events_in(message)["Barnet skal høres"] for message in mail.outbox]
    assert [str(one["STATUS"]) for one in files] == ["CONFIRMED", "CANCELLED", "CONFIRMED"]
    order = [(int(one["SEQUENCE"]), one["DTSTAMP"].dt) for one in files]
    assert order == sorted(set(order))  # RFC 5546, 2.1.5


@pytest.mark.parametrize("has_account", [False, True])
def test_the_workshops_leave_the_calendar_of_whoever_is_signed_off(
    event, django_capture_on_commit_callbacks, has_account
):
    if has_account:
        with_account()
    workshop = make_workshop(event, title_da="Børnesamtale")
    invitation = register(event, ADDRESS)
    choose_workshops(invitation, {workshop: {invitation.participants.get().pk}}, at=AT)
    deal_seats(event, at=DEALT_AT)

    with django_capture_on_commit_callbacks(execute=True):
        sign_off(invitation.participants.get(), at=DEALT_AT)

    [message] = mail.outbox
    states = {title: str(one["STATUS"]) for title, one in events_in(message).items()}
    assert states == {"Barnet skal høres": "CANCELLED", "Børnesamtale": "CANCELLED"}


def test_moving_up_comes_with_the_file(event, django_capture_on_commit_callbacks):
    register(event, ADDRESS, seats=0)

    with django_capture_on_commit_callbacks(execute=True):
        deal_seats(event, at=DEALT_AT)

    [message] = mail.outbox
    assert message.subject.startswith("Du har en plads")
    assert list(events_in(message)) == ["Barnet skal høres"]


def test_a_seat_in_a_workshop_stands_in_the_file_on_the_clock_of_the_town(
    event, django_capture_on_commit_callbacks
):
    workshop = make_workshop(event, title_da="Børnesamtale", room="Rum 2")
    invitation = register(event, ADDRESS)
    choose_workshops(invitation, {workshop: {invitation.participants.get().pk}}, at=AT)

    with django_capture_on_commit_callbacks(execute=True):
        deal_seats(event, at=DEALT_AT)

    [message] = mail.outbox
    assert "kl. 13.00 (Ilulissat)" in message.subject
    one = events_in(message)["Børnesamtale"]
    assert one["DTSTART"].dt == datetime(2027, 11, 9, 15, 0, tzinfo=UTC)
    assert one["DTEND"].dt == datetime(2027, 11, 9, 16, 30, tzinfo=UTC)


@pytest.fixture
def workshop(event, django_capture_on_commit_callbacks):
    """A workshop in which the only participant, without an account, has a seat and has read so."""
    workshop = make_workshop(event, title_da="Børnesamtale", room="Rum 2")
    invitation = register(event, ADDRESS)
    choose_workshops(invitation, {workshop: {invitation.participants.get().pk}}, at=AT)
    with django_capture_on_commit_callbacks(execute=True):
        deal_seats(event, at=DEALT_AT)
    mail.outbox.clear()
    return workshop


@pytest.mark.parametrize(
    "change",
    [{"room": "Rum 3"}, {"minutes": 60}, {"starts_at": datetime(2027, 11, 9, 17, tzinfo=UTC)}],
)
@pytest.mark.parametrize("has_account", [False, True])
def test_a_workshop_that_moves_is_told_and_replaced_in_calendars(
    event, workshop, django_capture_on_commit_callbacks, change, has_account
):
    if has_account:
        Participant.objects.update(person=with_account())
    event.refresh_from_db()
    before = event.sequence

    for _time in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            save_item(event, workshop.pk, at=DEALT_AT, **change)

    [message] = mail.outbox
    assert message.to == [ADDRESS]
    one = events_in(message)["Børnesamtale"]
    assert int(one["SEQUENCE"]) == before + 1
    assert str(one["LOCATION"]).startswith(change.get("room", "Rum 2"))
    assert one["DTSTART"].dt == change.get("starts_at", workshop.starts_at)


def test_other_words_for_a_workshop_tell_nobody(
    event, workshop, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        save_item(event, workshop.pk, at=DEALT_AT, about_da="Mere om det.", capacity=9)

    assert mail.outbox == []


@pytest.mark.parametrize("has_account", [False, True])
def test_a_seat_in_a_workshop_that_is_given_back_leaves_the_calendar_alone_but_for_it(
    event, workshop, django_capture_on_commit_callbacks, has_account
):
    if has_account:
        Participant.objects.update(person=with_account())
    invitation = event.invitations.get()

    for _time in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            choose_workshops(invitation, {workshop: set()}, at=DEALT_AT)

    [message] = mail.outbox
    assert message.to == [ADDRESS]
    assert {title: str(one["STATUS"]) for title, one in events_in(message).items()} == {
        "Børnesamtale": "CANCELLED"
    }


def test_a_seat_in_another_workshop_at_the_same_time_is_told_too(
    event, workshop, django_capture_on_commit_callbacks
):
    other = make_workshop(event, title_da="Netværksmøde")
    invitation = event.invitations.get()
    choose_workshops(invitation, {other: {invitation.participants.get().pk}}, at=DEALT_AT)

    with django_capture_on_commit_callbacks(execute=True):
        deal_seats(event, at=DEALT_AT + timedelta(days=1))

    [message] = mail.outbox
    assert list(events_in(message)) == ["Barnet skal høres", "Netværksmøde"]


def test_a_new_day_replaces_the_old_one_in_every_calendar(
    event, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        register(event, ADDRESS)
    before = events_in(mail.outbox.pop())["Barnet skal høres"]
    moved = STARTS + timedelta(days=7)

    with django_capture_on_commit_callbacks(execute=True):
        save_event(event.pk, by=None, at=AT, starts_on=moved, ends_on=moved + timedelta(days=2))

    [message] = mail.outbox
    after = events_in(message)["Barnet skal høres"]
    assert after["UID"] == before["UID"]
    assert int(after["SEQUENCE"]) > int(before["SEQUENCE"])
    assert after["DTSTART"].dt == moved


def test_a_change_of_words_tells_nobody(event, django_capture_on_commit_callbacks):
    register(event, ADDRESS)

    with django_capture_on_commit_callbacks(execute=True):
        save_event(event.pk, by=None, at=AT, about_da="Mere om det.")

    assert mail.outbox == []


def test_cancelling_tells_everybody_once(event, django_capture_on_commit_callbacks):
    person = with_account()
    register(event, ADDRESS, "bo@example.org", contact=person)
    Notice.objects.all().delete()

    with django_capture_on_commit_callbacks(execute=True):
        cancel_event(event, reason="Storm", at=AT)

    assert sorted(message.to[0] for message in mail.outbox) == [ADDRESS, "bo@example.org"]
    assert all(message.subject.startswith("Aflyst: ") for message in mail.outbox)
    assert Notice.objects.filter(person=person).count() == 1
    without_account = next(one for one in mail.outbox if one.to == ["bo@example.org"])
    assert "Storm" in without_account.body


@pytest.mark.parametrize(("days", "expected"), [(8, 0), (7, 1), (1, 1), (0, 0)])
def test_who_has_a_seat_is_told_once_a_week_before(event, days, expected):
    register(event, ADDRESS, "bo@example.org", seats=1)
    day = STARTS - timedelta(days=days)
    at = datetime(day.year, day.month, day.day, 15, tzinfo=UTC)

    assert [give_notice(at), give_notice(at)] == [expected, 0]


@pytest.mark.parametrize(("days", "expected"), [(8, 1), (7, 0), (2, 0)])
def test_whoever_got_the_seat_in_the_last_week_has_just_read_when_it_is(event, days, expected):
    register(event, ADDRESS)
    day = STARTS - timedelta(days=days)
    Participant.objects.update(seated_at=datetime(day.year, day.month, day.day, 15, tzinfo=UTC))

    day_before = datetime(STARTS.year, STARTS.month, STARTS.day - 1, 15, tzinfo=UTC)
    assert give_notice(day_before) == expected


@pytest.mark.parametrize(("day", "expected"), [(10, 0), (11, 2), (24, 2), (25, 0)])
def test_who_had_a_seat_is_asked_how_it_was_from_the_day_after_with_an_account_or_without(
    event, day, expected
):
    with_account()
    register(event, ADDRESS, "bo@example.org")
    at = datetime(2027, 11, day, 15, tzinfo=UTC)

    assert [ask_how_it_was(at), ask_how_it_was(at)] == [expected, 0]


def test_a_title_in_kalaallisut_is_used_for_whoever_reads_it(event):
    event.title_kl = "[kl] Meeqqat"
    event.save()

    assert "[kl] Meeqqat" in calendar(event, language="kl")
    assert "Barnet skal høres" in calendar(event, language="da")


# --- One's own calendar -----------------------------------------------------------------------


def test_the_own_calendar_holds_days_workshops_and_answers_that_are_owed(event):
    person = with_account()
    workshop = make_workshop(event, title_da="Børnesamtale")
    invitation = register(event, ADDRESS)
    choose_workshops(invitation, {workshop: {invitation.participants.get().pk}}, at=AT)
    deal_seats(event, at=DEALT_AT)
    make_invitation(event, contact=person)
    make_invitation(make_event(), contact=make_person())

    found = entries(standing(person), since=AT.date(), until=STARTS + timedelta(days=9))

    assert [(one.day, str(one.title)) for one in found] == [
        (ANSWER_BY, "Hvem kommer til Barnet skal høres?"),
        (STARTS, "Børnesamtale"),
        (STARTS, "Barnet skal høres"),
    ]
    assert found[2].ends == STARTS + timedelta(days=2)


def test_who_waits_has_nothing_in_the_calendar(event):
    person = with_account()
    register(event, ADDRESS, seats=0)

    assert entries(standing(person), since=AT.date(), until=STARTS + timedelta(days=9)) == []
