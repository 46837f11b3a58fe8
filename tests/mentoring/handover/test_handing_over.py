"""Written, sent, asked about, confirmed, taken back; or closed from the log."""

import uuid
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from core.periods import local_day, months_after
from mentoring.actions import add_member, edit_pairing, end_member, log_session
from mentoring.actions.outcomes import LookAgain
from mentoring.handover.actions import (
    HandoverRefused,
    answer,
    ask,
    close_from_log,
    confirm,
    gone,
    name_receiver,
    seen_of,
    send_handover,
    take_back,
    write_handover,
)
from mentoring.handover.dossier import dossier_of
from mentoring.handover.follow_ups import give
from mentoring.handover.schedule import days_for
from mentoring.models import (
    FollowUp,
    Handover,
    HandoverText,
    Pairing,
    WarningTally,
    still_to_hand_over,
)
from notices.models import Notice
from people.models import Person, Role
from tests.factories.mentoring import (
    caseworker_of,
    content_for,
    make_pairing,
    make_person,
    make_town,
    mentor_of,
    people_of,
    send,
)
from tests.mentoring.handover.conftest import (
    confirm_now,
    confirmed,
    member_of,
    sent,
    write,
)

pytestmark = pytest.mark.django_db
CPR = "-".join(["010190", "1234"])


def today() -> date:
    return local_day(timezone.now())


def refused(work: Callable[..., Any], *arguments: Any, **options: Any) -> str:
    with pytest.raises(HandoverRefused) as refusal:
        work(*arguments, **options)
    return refusal.value.code


def told(person: Person) -> list[str]:
    """The kinds of messages, by name."""
    return sorted(Notice.objects.filter(person=person).values_list("kind", flat=True))


# --- Written --------------------------------------------------------------------------------------


def test_words_are_kept_for_the_team_and_for_each_caseworker(
    pairing: Pairing, receiver: Person
) -> None:
    person = caseworker_of(pairing)

    handover = write(
        pairing, receiver, notes={"team": " Hold fast. ", str(person.pk): "Øv afgørelsen."}
    )

    assert handover.state == "preparing"
    dossier = dossier_of(handover)
    assert dossier.note_about(None) == "Hold fast."
    assert dossier.note_about(person.pk) == "Øv afgørelsen."


def test_words_are_rewritten_until_they_are_sent(pairing: Pairing, receiver: Person) -> None:
    handover = write(pairing, None)
    again = write(pairing, receiver, notes={"team": "Nyt."}, seen=seen_of(handover))

    assert again.pk == handover.pk
    assert again.receiver == receiver
    assert [note.text for note in again.texts.all()] == ["Nyt."]
    send_handover(again, at=timezone.now())
    assert refused(write, pairing, receiver, seen=seen_of(again)) == "sent"


def test_a_double_press_is_one_and_two_windows_are_told(pairing: Pairing, receiver: Person) -> None:
    first = write(pairing, receiver)

    assert write(pairing, receiver).pk == first.pk
    assert refused(write, pairing, receiver, notes={"team": "Fra det andet vindue."}) == "changed"
    assert [note.text for note in HandoverText.objects.all()] == [
        "Hold fast i den ugentlige gennemgang."
    ]


@pytest.mark.parametrize(
    ("text", "code"), [("x" * 501, "max_length"), (CPR, "cpr_like"), ("\x00", "unseen_characters")]
)
def test_a_text_that_does_not_hold_is_refused_at_its_field(
    pairing: Pairing, receiver: Person, text: str, code: str
) -> None:
    with pytest.raises(ValidationError) as refusal:
        write(pairing, receiver, notes={"team": text})

    assert [error.code for error in refusal.value.error_dict["team"]] == [code]
    assert not Handover.objects.exists()


def test_five_hundred_characters_are_taken(pairing: Pairing, receiver: Person) -> None:
    handover = write(pairing, receiver, notes={"team": "å" * 500})
    assert handover.texts.get().text == "å" * 500


def test_what_could_show_a_citizen_is_pointed_out_and_counted(
    pairing: Pairing, receiver: Person
) -> None:
    text = "Talte om drengen på 8 år."
    with pytest.raises(LookAgain) as refusal:
        write(pairing, receiver, notes={"team": text})
    assert list(refusal.value.warnings) == ["team"]
    assert not Handover.objects.exists()

    write(pairing, receiver, notes={"team": text}, looked_again=True)

    assert list(WarningTally.objects.values_list("kind", "shown", "sent")) == [("age", 1, 1)]


def test_names_of_colleagues_are_no_concern(pairing: Pairing, receiver: Person) -> None:
    person = caseworker_of(pairing)
    person.name = "Nivi Petersen"
    person.save()
    write(pairing, receiver, notes={"team": "Nivi Petersen fører listen."})


def test_words_about_somebody_else_are_left_out(pairing: Pairing, receiver: Person) -> None:
    other = make_person("caseworker")
    handover = write(pairing, receiver, notes={"team": "", str(other.pk): "Om en anden."})
    assert not handover.texts.exists()


@pytest.mark.parametrize("who", ["caseworker", "elsewhere", "ended", "the mentor", "erased"])
def test_receiver_is_a_mentor_or_travels_and_can_be_there(pairing: Pairing, who: str) -> None:
    person = {
        "caseworker": lambda: caseworker_of(pairing),
        "elsewhere": lambda: make_person("mentor", place=make_town("Uummannaq")),
        "ended": lambda: make_person("mentor", ends_on=today()),
        "the mentor": lambda: mentor_of(pairing),
        "erased": lambda: make_person("mentor"),
    }[who]()
    if who == "erased":
        Person.objects.filter(pk=person.pk).update(erased_at=timezone.now())

    assert refused(write, pairing, person) == "receiver"


@pytest.mark.parametrize("scope", ["town", "municipality", "country"])
def test_receiver_need_not_be_a_member_and_may_begin_later(pairing: Pairing, scope: str) -> None:
    person = make_person("mentor", scope=scope, starts_on=today() + timedelta(days=20))
    assert write(pairing, person).receiver == person


def test_receiver_may_be_another_mentor_of_the_pairing() -> None:
    pairing = make_pairing(mentors=2)
    first, second = people_of(pairing, "mentor")
    assert write(pairing, second, member=member_of(pairing, first)).receiver == second


# --- Sent -----------------------------------------------------------------------------------------


def test_sent_once_the_receiver_is_told_and_the_pairing_is_in_handover(
    pairing: Pairing, receiver: Person
) -> None:
    handover = sent(pairing, receiver)
    send_handover(handover, at=timezone.now())

    pairing.refresh_from_db()
    assert pairing.state == "handover"
    assert told(receiver) == ["mentoring.handover_sent"]
    facts = Notice.objects.get().facts
    assert facts == {"town": "Upernavik"}


def test_a_pairing_that_keeps_a_mentor_stays_active(receiver: Person) -> None:
    pairing = make_pairing(mentors=2)
    sent(pairing, receiver)
    pairing.refresh_from_db()
    assert pairing.state == "active"


def test_nothing_is_sent_without_a_receiver_who_can_take_over(pairing: Pairing) -> None:
    receiver = make_person("travelling")
    nobody = write(pairing, None)
    assert refused(send_handover, nobody, at=timezone.now()) == "receiver"

    write(pairing, receiver, seen=seen_of(nobody))
    receiver.roles.update(ends_on=today())
    assert refused(send_handover, nobody, at=timezone.now()) == "receiver"


def test_taken_back_it_is_written_on_and_questions_stay(pairing: Pairing, receiver: Person) -> None:
    handover = sent(pairing, receiver)
    ask(handover, by=receiver, key=uuid.uuid4(), text="Hvad med tolken?", at=timezone.now())

    take_back(handover)

    assert refused(confirm, handover, by=receiver, seen="", at=timezone.now()) == "not_sent"
    again = write(pairing, receiver, notes={"team": "Tolken er bestilt."}, seen=seen_of(handover))
    send_handover(again, at=timezone.now())
    dossier = dossier_of(again)
    assert dossier.note_about(None) == "Tolken er bestilt."
    assert [one.text for one in dossier.texts_of("question")] == ["Hvad med tolken?"]


# --- Asked ----------------------------------------------------------------------------------------


def test_question_and_answer_are_guarded_sent_once_and_told(
    pairing: Pairing, receiver: Person
) -> None:
    handover, key, mentor = sent(pairing, receiver), uuid.uuid4(), mentor_of(pairing)
    asking = {"by": receiver, "key": key, "at": timezone.now()}
    with pytest.raises(ValidationError):
        ask(handover, text=CPR, **asking)
    with pytest.raises(LookAgain):
        ask(handover, text="Hvad med sag nr. 12345?", **asking)
    assert refused(ask, handover, text="  ", **asking) == "empty"

    question = ask(handover, text="Hvad med tolken?", **asking)
    assert ask(handover, text="Hvad med tolken?", **asking) == question

    answering = {"by": mentor, "at": timezone.now()}
    with pytest.raises(LookAgain):
        answer(question, text="Spørg i Kangersuatsiaq.", **answering)
    reply = answer(question, text="Bestil ugen før.", **answering)
    assert answer(question, text="Bestil ugen før.", **answering) == reply
    assert refused(answer, question, text="Noget andet.", **answering) == "answered"
    assert told(mentor) == ["mentoring.handover_asked"]
    assert told(receiver) == ["mentoring.handover_answered", "mentoring.handover_sent"]


def test_a_key_that_names_something_else_asks_nothing(pairing: Pairing, receiver: Person) -> None:
    handover = sent(pairing, receiver)
    note = handover.texts.get()
    asking = {"by": receiver, "text": "Hvad med tolken?", "at": timezone.now()}
    assert refused(ask, handover, key=note.pk, **asking) == "changed"


def test_nothing_is_asked_or_answered_once_it_is_settled(
    pairing: Pairing, receiver: Person
) -> None:
    handover = sent(pairing, receiver)
    question = ask(
        handover, by=receiver, key=uuid.uuid4(), text="Hvad med tolken?", at=timezone.now()
    )
    confirm_now(handover)

    at = timezone.now()
    asking = {"by": receiver, "key": uuid.uuid4(), "text": "Og bilen?", "at": at}
    assert refused(ask, handover, **asking) == "settled"
    by = mentor_of(pairing)
    assert refused(answer, question, by=by, text="For sent.", at=at) == "settled"
    dossier = dossier_of(Handover.objects.get())
    assert [one.text for one in dossier.texts_of("question")] == ["Hvad med tolken?"]


# --- Confirmed ------------------------------------------------------------------------------------


def test_confirming_closes_the_pairing_ends_access_and_plans_follow_ups(
    pairing: Pairing, receiver: Person
) -> None:
    handover = confirmed(pairing, receiver)

    pairing.refresh_from_db()
    day = today()
    assert (pairing.state, handover.state) == ("closed", "confirmed")
    assert (handover.settled_by, len(handover.sha256)) == (receiver, 64)
    assert dict(pairing.members.values_list("side", "ends_on")) == {
        "mentor": day,
        "caseworker": None,
    }
    assert list(FollowUp.objects.soonest_first().values_list("months", "due_on", "owner")) == [
        (months, months_after(day, months), receiver.pk) for months in (1, 3, 6)
    ]
    assert told(mentor_of(pairing)) == ["mentoring.handover_confirmed"]


def test_confirmed_twice_it_is_confirmed_once(pairing: Pairing, receiver: Person) -> None:
    handover = sent(pairing, receiver)
    seen = dossier_of(handover).sha256

    for _time in range(2):
        confirm(handover, by=receiver, seen=seen, at=timezone.now())

    assert FollowUp.objects.count() == 3
    assert told(mentor_of(pairing)) == ["mentoring.handover_confirmed"]


def test_what_has_changed_since_it_was_read_is_read_once_more(
    pairing: Pairing, receiver: Person
) -> None:
    handover = sent(pairing, receiver)
    seen = dossier_of(handover).sha256
    send(pairing, at=timezone.now(), held_on=str(today()))

    assert refused(confirm, handover, by=receiver, seen=seen, at=timezone.now()) == "changed"
    handover.refresh_from_db()
    assert handover.state == "sent"
    confirm_now(handover)


def test_one_mentor_of_several_leaves_and_the_pairing_goes_on(receiver: Person) -> None:
    pairing = make_pairing(mentors=2)
    first, second = people_of(pairing, "mentor")

    confirmed(pairing, receiver, member=member_of(pairing, first))

    pairing.refresh_from_db()
    assert pairing.state == "active"
    assert dict(pairing.members.filter(side="mentor").values_list("person", "ends_on")) == {
        first.pk: today(),
        second.pk: None,
    }
    assert not FollowUp.objects.exists()
    send(pairing, author=second, at=timezone.now(), held_on=str(today()))

    confirmed(pairing, receiver, member=member_of(pairing, second))
    pairing.refresh_from_db()
    assert pairing.state == "closed"
    assert FollowUp.objects.count() == 3


def test_a_mentor_who_is_still_to_come_keeps_the_pairing_open(
    pairing: Pairing, receiver: Person
) -> None:
    next_one = make_person("mentor", name="Mentor Næste")
    add_member(pairing, next_one, "mentor", starts_on=today() + timedelta(days=20))

    confirmed(pairing, next_one)

    pairing.refresh_from_db()
    assert pairing.state != "closed"
    assert [one.person for one in still_to_hand_over(pairing)] == [next_one]


def test_who_comes_back_hands_over_the_last_stay_alone(pairing: Pairing, receiver: Person) -> None:
    member = member_of(pairing)
    end_member(member, on=today() - timedelta(days=3))
    add_member(pairing, member.person, "mentor", starts_on=today() - timedelta(days=1))

    assert [one.starts_on for one in still_to_hand_over(pairing)] == [today() - timedelta(days=1)]


def test_a_stay_that_never_began_is_not_handed_over(pairing: Pairing, receiver: Person) -> None:
    late = make_person("mentor", name="Mentor Ny")
    member = add_member(pairing, late, "mentor", starts_on=today() + timedelta(days=5))
    end_member(member, on=today())

    confirmed(pairing, receiver)

    pairing.refresh_from_db()
    assert pairing.state == "closed"


def test_a_mentor_who_has_handed_over_stays_gone_when_the_pairing_is_prolonged(
    receiver: Person,
) -> None:
    ends = today() + timedelta(days=10)
    pairing = make_pairing(mentors=2, ends_on=ends)
    first = member_of(pairing)
    confirmed(pairing, receiver, member=first)
    pairing.members.filter(pk=first.pk).update(ends_on=ends)  # as one closed from the log may be

    edit_pairing(
        pairing,
        kind=pairing.kind,
        starts_on=pairing.starts_on,
        ends_on=ends + timedelta(days=30),
        language_note="",
        recommendations=[],
    )

    first.refresh_from_db()
    assert first.ends_on == ends


def test_what_was_written_during_the_stay_still_arrives_and_changes_no_dossier(
    pairing: Pairing, receiver: Person
) -> None:
    handover = confirmed(pairing, receiver)
    mentor = mentor_of(pairing)

    log_session(
        mentor,
        pairing,
        session_id=uuid.uuid4(),
        version_id=uuid.uuid4(),
        content=content_for(
            caseworker_of(pairing), held_on=str(today() - timedelta(days=1)), place="upernavik"
        ),
        at=timezone.now(),
    )

    assert pairing.sessions.count() == 1
    assert dossier_of(Handover.objects.get(pk=handover.pk)).content["count"] == 0


# --- Closed from the log --------------------------------------------------------------------------


@pytest.fixture
def coordinator(pairing: Pairing) -> Person:
    return make_person("coordinator", place=pairing.place)


def close(pairing: Pairing, by: Person, **changes: Any) -> list[Handover]:
    given = {"receiver": None, "reason": "Rejst før tid.", "by": by, "at": timezone.now()}
    return close_from_log(pairing, **{**given, **changes})


def leave(pairing: Pairing, days: int = 0) -> None:
    pairing.members.filter(side="mentor").update(ends_on=today() - timedelta(days=days))


def test_a_mentor_who_is_still_here_hands_over(pairing: Pairing, coordinator: Person) -> None:
    assert gone(pairing, at=timezone.now()) == []
    assert refused(close, pairing, coordinator) == "still_here"


@pytest.mark.parametrize("how", ["the stay", "the role", "the account"])
def test_a_mentor_who_is_gone_is_closed_from_the_log_and_the_gap_is_kept(
    pairing: Pairing, coordinator: Person, receiver: Person, how: str
) -> None:
    mentor = mentor_of(pairing)
    assert mentor.user is not None
    if how == "the stay":
        leave(pairing)
    elif how == "the role":
        Role.objects.filter(person=mentor).update(ends_on=today())
    else:
        mentor.user.is_active = False
        mentor.user.save()

    (handover,) = close(pairing, coordinator, receiver=receiver)

    pairing.refresh_from_db()
    assert (pairing.state, handover.state, handover.settled_by) == (
        "closed",
        "from_log",
        coordinator,
    )
    assert not pairing.members.filter(side="mentor", ends_on__gt=today()).exists()
    assert [one.text for one in dossier_of(handover).texts_of("reason")] == ["Rejst før tid."]
    assert told(receiver) == ["mentoring.handover_from_log"]
    assert set(FollowUp.objects.values_list("owner", flat=True)) == {receiver.pk}
    assert refused(close, pairing, coordinator) == "nothing"


def test_closing_from_the_log_takes_a_guarded_reason(pairing: Pairing, coordinator: Person) -> None:
    leave(pairing)
    assert refused(close, pairing, coordinator, reason=" \n") == "empty"
    with pytest.raises(ValidationError):
        close(pairing, coordinator, reason=CPR)
    with pytest.raises(LookAgain):
        close(pairing, coordinator, reason="På grund af sag nr. 12.")
    pairing.refresh_from_db()
    assert pairing.state == "active"


def test_what_the_mentor_had_saved_goes_along(
    pairing: Pairing, coordinator: Person, receiver: Person
) -> None:
    write(pairing, receiver, notes={"team": "Ikke sendt endnu."})
    leave(pairing)

    (handover,) = close(pairing, coordinator)

    assert handover.receiver == receiver
    assert dossier_of(handover).note_about(None) == "Ikke sendt endnu."


def test_all_who_are_gone_are_settled_and_who_is_left_keeps_it_open(coordinator: Person) -> None:
    pairing = make_pairing(mentors=3)
    first, second, third = people_of(pairing, "mentor")
    pairing.members.filter(person__in=[first, second]).update(ends_on=today())

    settled = close(pairing, coordinator)

    pairing.refresh_from_db()
    assert {one.member.person for one in settled} == {first, second}
    assert pairing.state == "active"
    assert [one.person for one in still_to_hand_over(pairing)] == [third]


def test_without_a_receiver_follow_ups_wait_for_an_owner(
    pairing: Pairing, coordinator: Person, receiver: Person
) -> None:
    leave(pairing)
    (handover,) = close(pairing, coordinator)
    assert set(FollowUp.objects.values_list("owner", flat=True)) == {None}

    name_receiver(handover, receiver, at=timezone.now())

    assert set(FollowUp.objects.values_list("owner", flat=True)) == {receiver.pk}
    assert told(receiver) == ["mentoring.handover_passed_on"]


def test_follow_ups_that_somebody_owns_stay_theirs_when_a_receiver_is_named(
    pairing: Pairing, coordinator: Person, receiver: Person
) -> None:
    leave(pairing)
    (handover,) = close(pairing, coordinator)
    owner = make_person("travelling", name="Rejsende Anden")
    first = FollowUp.objects.soonest_first()[0]
    give(first, owner=owner, seen=None, by=coordinator, at=timezone.now())

    name_receiver(handover, receiver, at=timezone.now())

    first.refresh_from_db()
    assert first.owner == owner
    assert set(FollowUp.objects.exclude(pk=first.pk).values_list("owner", flat=True)) == {
        receiver.pk
    }


def test_somebody_else_takes_over_where_the_receiver_never_comes_to_it(
    pairing: Pairing, receiver: Person
) -> None:
    other = make_person("travelling", name="Rejsende Anden")
    handover = write(pairing, receiver)
    assert refused(name_receiver, handover, other, at=timezone.now()) == "not_sent"
    send_handover(handover, at=timezone.now())
    outside = make_person("mentor", place=make_town("Uummannaq"))
    assert refused(name_receiver, handover, outside, at=timezone.now()) == "receiver"

    name_receiver(handover, other, at=timezone.now())

    confirm_now(handover)
    assert Handover.objects.get().settled_by == other


# --- When it is followed up -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("left_on", "today", "expected"),
    [
        (
            date(2027, 1, 31),
            date(2027, 1, 31),
            [(1, date(2027, 2, 28)), (3, date(2027, 4, 30)), (6, date(2027, 7, 31))],
        ),
        (
            date(2027, 1, 31),
            date(2027, 2, 27),
            [(1, date(2027, 2, 28)), (3, date(2027, 4, 30)), (6, date(2027, 7, 31))],
        ),
        (
            date(2027, 1, 31),
            date(2027, 2, 28),
            [(1, date(2027, 3, 7)), (3, date(2027, 4, 30)), (6, date(2027, 7, 31))],
        ),
        (
            date(2027, 1, 31),
            date(2027, 5, 1),
            [(3, date(2027, 5, 8)), (6, date(2027, 7, 31))],
        ),
        (date(2027, 1, 31), date(2028, 1, 1), [(6, date(2028, 1, 8))]),
        (
            date(2027, 8, 31),
            date(2027, 8, 31),
            [(1, date(2027, 9, 30)), (3, date(2027, 11, 30)), (6, date(2028, 2, 29))],
        ),
    ],
)
def test_follow_ups_come_1_3_and_6_months_after_the_mentor_left(
    left_on: date, today: date, expected: list[tuple[int, date]]
) -> None:
    assert days_for(left_on, today=today) == expected


def test_written_for_nobody_of_a_closed_pairing(pairing: Pairing, receiver: Person) -> None:
    confirmed(pairing, receiver)
    member = member_of(pairing)
    options = {"receiver": receiver, "notes": {}, "seen": "", "at": timezone.now()}
    assert refused(write_handover, member, **options) == "closed"
