"""Written, sent, taken back, asked about and answered."""

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from mentoring.actions.outcomes import LookAgain
from mentoring.handover.actions import (
    answer,
    ask,
    confirm,
    seen_of,
    send_handover,
    take_back,
)
from mentoring.handover.dossier import dossier_of
from mentoring.models import (
    Handover,
    HandoverText,
    Pairing,
    WarningTally,
)
from notices.models import Notice
from people.models import Person
from tests.factories.mentoring import (
    caseworker_of,
    make_pairing,
    make_person,
    make_town,
    mentor_of,
    people_of,
)
from tests.mentoring.handover.doing import (
    CPR,
    confirm_now,
    member_of,
    refused,
    sent,
    today,
    told,
    write,
)

pytestmark = pytest.mark.django_db


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
