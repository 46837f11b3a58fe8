"""Logging a session: one record and one receipt, however often it is sent."""

import uuid
from datetime import date, timedelta
from typing import Any

import pytest

from core.canonical import content_hash
from mentoring.actions import (
    Receipt,
    SessionConflict,
    SessionRefused,
    confirm_sessions,
    end_member,
    erase_session,
)
from mentoring.models import Pairing, Session, SessionVersion
from people.models import Person
from tests.factories.mentoring import (
    AT,
    TODAY,
    content_for,
    make_pairing,
    make_person,
    make_town,
    people_of,
    send,
)
from tests.mentoring.logging.device import Device, refusal_code

pytestmark = pytest.mark.django_db


def test_receipt_says_what_was_stored(device: Device, mentor: Person, colleague: Person) -> None:
    receipt = device.send(content_for(colleague), device_at=AT - timedelta(days=3))

    version = SessionVersion.objects.get()
    assert receipt == Receipt(device.session_id, device.version_id, 1, version.sha256, AT)
    assert content_hash(version.content) == version.sha256
    assert version.content == content_for(participants=sorted([str(mentor.pk), str(colleague.pk)]))
    assert (version.device_at, version.received_at) == (AT - timedelta(days=3), AT)


def test_session_repeats_the_facts_of_its_current_version(
    device: Device, mentor: Person, colleague: Person
) -> None:
    device.send(content_for(colleague, minutes=45, mode="behind"))

    session = Session.objects.get()
    assert session.current_id == device.version_id
    assert (session.held_on, session.minutes, session.mode) == (TODAY, 45, "behind")
    assert session.topics == ["decision_24h", "receipt"]
    assert session.place == make_town()
    took_part = session.participants.values_list("person", "side")
    assert set(took_part) == {(mentor.pk, "mentor"), (colleague.pk, "caseworker")}


def test_sending_the_same_again_gives_the_same_receipt(device: Device, colleague: Person) -> None:
    first = device.send(content_for(colleague))

    again = [
        device.send(content_for(colleague), at=AT + timedelta(days=days)) for days in range(1, 21)
    ]

    assert again == [first] * 20
    assert SessionVersion.objects.count() == 1


def test_same_receipt_after_the_stay_has_ended(
    device: Device, pairing: Pairing, mentor: Person, colleague: Person
) -> None:
    first = device.send(content_for(colleague))
    end_member(pairing.members.get(person=mentor), on=TODAY)

    assert device.send(content_for(colleague)) == first


def test_same_receipt_after_locking_and_after_erasing(
    device: Device, mentor: Person, colleague: Person
) -> None:
    first = device.send(content_for(colleague))
    confirm_sessions(colleague, [first.version_id], at=AT)
    assert device.send(content_for(colleague)) == first

    erase_session(Session.objects.get(), by=mentor, reason="mistake", at=AT)

    assert device.send(content_for(colleague)) == first


def test_other_text_under_the_same_ids_keeps_both(device: Device, colleague: Person) -> None:
    first = device.send(content_for(colleague, went_well="Den ene."))

    for _try in range(2):
        with pytest.raises(SessionConflict) as conflict:
            device.send(content_for(colleague, went_well="Den anden."))

    assert conflict.value.current.pk == first.version_id
    assert conflict.value.kept.content["went_well"] == "Den anden."
    texts = SessionVersion.objects.order_by("number").values_list("content__went_well", flat=True)
    assert list(texts) == ["Den ene.", "Den anden."]
    assert Session.objects.get().current_id == first.version_id


def test_edit_names_its_parent_and_becomes_current(device: Device, colleague: Person) -> None:
    first = device.send(content_for(colleague))

    second = device.send(
        content_for(colleague, minutes=120), version_id=uuid.uuid4(), parent_id=first.version_id
    )

    session = Session.objects.get()
    assert (second.number, session.current_id, session.minutes) == (2, second.version_id, 120)
    assert SessionVersion.objects.get(number=2).parent_id == first.version_id


def test_edit_that_changes_nothing_gives_the_receipt_of_what_stands(
    device: Device, colleague: Person
) -> None:
    first = device.send(content_for(colleague))

    again = device.send(content_for(colleague), version_id=uuid.uuid4(), parent_id=first.version_id)

    assert again == first


def test_edit_may_change_who_took_part(device: Device, pairing: Pairing, colleague: Person) -> None:
    first = device.send(content_for(colleague))
    other = people_of(pairing, "caseworker")[1]

    device.send(content_for(other), version_id=uuid.uuid4(), parent_id=first.version_id)

    session = Session.objects.get()
    assert session.participants.get(side="caseworker").person == other


def test_two_edits_of_one_version_are_both_kept_until_one_joins_them(
    device: Device, pairing: Pairing, colleague: Person
) -> None:
    first = device.send(
        content_for(colleague) | {"participants": [str(p.pk) for p in everybody(pairing)]}
    )
    other = Device(people_of(pairing, "mentor")[1], pairing)
    other.session_id = device.session_id
    content = content_for(participants=[str(p.pk) for p in everybody(pairing)])
    mine = device.send(
        content | {"went_well": "Min."}, version_id=uuid.uuid4(), parent_id=first.version_id
    )

    with pytest.raises(SessionConflict) as conflict:
        other.send(content | {"went_well": "Din."}, parent_id=first.version_id)
    assert Session.objects.get().versions.unsettled().exists()

    joined = other.send(
        content | {"went_well": "Vores."},
        version_id=uuid.uuid4(),
        parent_id=mine.version_id,
        joins_id=conflict.value.kept.pk,
    )

    session = Session.objects.get()
    assert not session.versions.unsettled().exists()
    assert session.current_id == joined.version_id
    texts = SessionVersion.objects.order_by("number").values_list("content__went_well", flat=True)
    assert list(texts)[1:] == ["Min.", "Din.", "Vores."]


def test_the_same_choice_about_a_third_version_settles_that_as_well(
    device: Device, pairing: Pairing, colleague: Person
) -> None:
    first = device.send(content_for(colleague))
    holds = device.send(
        content_for(colleague, minutes=30), version_id=uuid.uuid4(), parent_id=first.version_id
    )
    beside = []
    for minutes in (45, 60):
        with pytest.raises(SessionConflict) as conflict:
            device.send(
                content_for(colleague, minutes=minutes),
                version_id=uuid.uuid4(),
                parent_id=first.version_id,
            )
        beside.append(conflict.value.kept.pk)

    def choose(joins: uuid.UUID) -> Receipt:
        """Without net: what holds, twice."""
        return device.send(
            content_for(colleague, minutes=30),
            version_id=uuid.uuid4(),
            parent_id=holds.version_id,
            joins_id=joins,
        )

    receipts = [choose(beside[0]), choose(beside[1])]
    assert not SessionVersion.objects.unsettled().exists()
    assert Session.objects.get().current_id == receipts[1].version_id
    assert choose(beside[1]) == receipts[1]  # nothing is left to settle: nobody confirms anew


def everybody(pairing: Pairing) -> list[Person]:
    return people_of(pairing, "mentor") + people_of(pairing, "caseworker")


def test_locked_session_takes_no_version(device: Device, colleague: Person) -> None:
    first = device.send(content_for(colleague))
    confirm_sessions(colleague, [first.version_id], at=AT)

    with pytest.raises(SessionRefused) as refusal:
        device.send(
            content_for(colleague, minutes=15),
            version_id=uuid.uuid4(),
            parent_id=first.version_id,
        )

    assert refusal_code(refusal) == "locked"
    assert SessionVersion.objects.count() == 1


def test_erased_session_takes_no_version(device: Device, mentor: Person, colleague: Person) -> None:
    first = device.send(content_for(colleague))
    erase_session(Session.objects.get(), by=mentor, reason="identifies", at=AT)

    with pytest.raises(SessionRefused) as refusal:
        device.send(
            content_for(colleague, minutes=15),
            version_id=uuid.uuid4(),
            parent_id=first.version_id,
        )

    assert refusal_code(refusal) == "erased"


def test_version_whose_parent_has_not_arrived_waits(device: Device, colleague: Person) -> None:
    device.send(content_for(colleague))

    with pytest.raises(SessionRefused) as refusal:
        device.send(
            content_for(colleague, minutes=15), version_id=uuid.uuid4(), parent_id=uuid.uuid4()
        )

    assert refusal_code(refusal) == "parent_unknown"


def test_version_of_a_session_that_has_not_arrived_waits(device: Device, colleague: Person) -> None:
    with pytest.raises(SessionRefused) as refusal:
        device.send(content_for(colleague), parent_id=uuid.uuid4())

    assert refusal_code(refusal) == "parent_unknown"


def test_new_session_under_the_version_id_of_another_is_refused(
    device: Device, pairing: Pairing, mentor: Person, colleague: Person
) -> None:
    device.send(content_for(colleague))
    other = Device(mentor, pairing)

    with pytest.raises(SessionRefused) as refusal:
        other.send(content_for(colleague, minutes=30), version_id=device.version_id)

    assert refusal_code(refusal) == "taken"
    assert Session.objects.count() == 1


def test_session_of_another_pairing_is_not_found(device: Device, colleague: Person) -> None:
    foreign = send(make_pairing(place=make_town("Uummannaq")))
    device.session_id = foreign.pk

    with pytest.raises(SessionRefused) as refusal:
        device.send(content_for(colleague))

    assert refusal_code(refusal) == "not_found"


def test_mentor_who_took_no_part_may_not_edit(
    device: Device, pairing: Pairing, colleague: Person
) -> None:
    first = device.send(content_for(colleague))
    other = Device(people_of(pairing, "mentor")[1], pairing)
    other.session_id = device.session_id

    with pytest.raises(SessionRefused) as refusal:
        other.send(content_for(colleague, minutes=15), parent_id=first.version_id)

    assert refusal_code(refusal) == "not_found"


@pytest.mark.parametrize("side", ["caseworker", "outsider"])
def test_only_a_mentor_of_the_pairing_logs(pairing: Pairing, colleague: Person, side: str) -> None:
    author = colleague if side == "caseworker" else make_person("mentor")

    with pytest.raises(SessionRefused) as refusal:
        Device(author, pairing).send(content_for(colleague))

    assert refusal_code(refusal) == "not_member"
    assert not Session.objects.exists()


@pytest.mark.parametrize(
    ("pairing_ends_on", "days_before_the_end", "accepted"),
    [(TODAY, 1, True), (TODAY, 0, False), (None, 0, True)],
)
def test_day_of_the_session_lies_in_the_half_open_stay_or_somebody_ended_it_that_day(
    device: Device,
    pairing: Pairing,
    colleague: Person,
    *,
    pairing_ends_on: date | None,
    days_before_the_end: int,
    accepted: bool,
) -> None:
    end_member(pairing.members.get(person=device.author), on=TODAY)
    Pairing.objects.update(ends_on=pairing_ends_on)
    held_on = TODAY - timedelta(days=days_before_the_end)

    if accepted:
        device.send(content_for(colleague, held_on=held_on.isoformat()))
    else:
        with pytest.raises(SessionRefused):
            device.send(content_for(colleague, held_on=held_on.isoformat()))

    assert Session.objects.exists() == accepted


def test_today_is_the_day_in_nuuk(device: Device, colleague: Person) -> None:
    just_after_midnight_utc = AT.replace(day=16, hour=0)  # 23.00 on the 15th in Nuuk

    with pytest.raises(SessionRefused) as refusal:
        device.send(content_for(colleague, held_on="2027-06-16"), at=just_after_midnight_utc)

    assert refusal.value.error_dict["held_on"][0].code == "future"
    device.send(content_for(colleague, held_on="2027-06-15"), at=just_after_midnight_utc)


def test_receipt_code_can_be_read_out(device: Device, colleague: Person) -> None:
    receipt = device.send(content_for(colleague))

    first, _hyphen, last = receipt.code.partition("-")
    assert (len(first), len(last)) == (4, 4)
    assert set(first + last) <= set("0123456789ABCDEFGHJKMNPQRSTVWXYZ")


def test_new_session_takes_few_queries(
    device: Device, colleague: Person, django_assert_num_queries: Any
) -> None:
    pairing = Pairing.objects.select_related("place").get()
    device.pairing = pairing

    with django_assert_num_queries(7):  # members, topics, savepoint, three inserts, release
        device.send(content_for(colleague))
