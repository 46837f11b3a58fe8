"""Logging a session: one record and one receipt, however often it is sent."""

import unicodedata
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from competences.models import Framework
from core.canonical import content_hash
from mentoring.actions import (
    LookAgain,
    Receipt,
    SessionConflict,
    SessionRefused,
    confirm_sessions,
    end_member,
    erase_session,
    log_session,
)
from mentoring.models import (
    Pairing,
    Session,
    SessionCompetence,
    SessionVersion,
    WarningTally,
)
from people.models import Person
from tests.factories.mentoring import (
    AT,
    TODAY,
    caseworker_of,
    content_for,
    make_competence,
    make_pairing,
    make_person,
    make_town,
    mentor_of,
    people_of,
    send,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def pairing() -> Pairing:
    return make_pairing(mentors=2, caseworkers=2)


@pytest.fixture
def mentor(pairing: Pairing) -> Person:
    return mentor_of(pairing)


@pytest.fixture
def colleague(pairing: Pairing) -> Person:
    return caseworker_of(pairing)


class Device:
    """Sends one session under the ids it has made."""

    def __init__(self, author: Person, pairing: Pairing) -> None:
        self.author, self.pairing = author, pairing
        self.session_id, self.version_id = uuid.uuid4(), uuid.uuid4()

    def send(self, content: dict[str, Any], **options: Any) -> Receipt:
        options = {"version_id": self.version_id, "at": AT, **options}
        return log_session(
            self.author, self.pairing, session_id=self.session_id, content=content, **options
        )


@pytest.fixture
def device(pairing: Pairing, mentor: Person) -> Device:
    return Device(mentor, pairing)


def refusal_code(refusal: Any) -> str:
    return str(refusal.value.code)


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


@pytest.mark.parametrize(("days_before_the_end", "accepted"), [(1, True), (0, False)])
def test_day_of_the_session_lies_in_the_half_open_stay(
    device: Device, pairing: Pairing, colleague: Person, days_before_the_end: int, accepted: bool
) -> None:
    end_member(pairing.members.get(person=device.author), on=TODAY)
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


def test_town_may_be_another_of_the_municipality(device: Device, colleague: Person) -> None:
    make_town("Uummannaq")
    device.send(content_for(colleague, place="uummannaq"))
    assert Session.objects.get().place.name == "Uummannaq"


def test_town_of_another_municipality_is_refused(device: Device, colleague: Person) -> None:
    make_town("Sisimiut", "Qeqqata Kommunia")

    with pytest.raises(SessionRefused) as refusal:
        device.send(content_for(colleague, place="sisimiut"))

    assert list(refusal.value.error_dict) == ["place"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("held_on", "2027-06-16"),
        ("held_on", "14/6"),
        ("held_on", None),
        ("held_on", 5),
        ("minutes", 0),
        ("minutes", 721),
        ("minutes", "90"),
        ("minutes", True),
        ("minutes", 90.5),
        ("place", "nuuk"),
        ("place", ["upernavik"]),
        ("participants", []),
        ("participants", "abc"),
        ("participants", ["not-a-uuid"]),
        ("participants", {"a": 1}),
        ("topics", []),
        ("topics", ["gardening"]),
        ("topics", [1]),
        ("mode", ""),
        ("mode", "above"),
        ("languages", ["en"]),
        ("interpreter", "magic"),
        ("went_well", "x" * 501),
        ("went_well", 7),
        ("next_step", "\x01"),
        ("next_step", "\ud800"),
        ("tools", "a\x00b"),
        ("schema", 2),
    ],
)
def test_what_is_not_good_is_refused_at_its_field(
    device: Device, colleague: Person, field: str, value: Any
) -> None:
    with pytest.raises(SessionRefused) as refusal:
        device.send(content_for(colleague, **{field: value}))

    assert refusal_code(refusal) == "invalid"
    assert list(refusal.value.error_dict) == [field]
    assert not Session.objects.exists()


@pytest.mark.parametrize("value", ["", "x" * 500, "  spaces  ", "a\nb\tc", "e\u0301", "\u202e𝒳 😀"])
def test_accepted_text_comes_back_equal(device: Device, colleague: Person, value: str) -> None:
    device.send(content_for(colleague, went_well=value))

    stored = SessionVersion.objects.get().content["went_well"]
    assert stored == unicodedata.normalize("NFC", value)


@pytest.mark.parametrize("field", ["went_well", "next_step", "tools"])
def test_number_of_a_citizen_is_refused_and_never_repeated(
    device: Device, colleague: Person, field: str
) -> None:
    number = "-".join(["010190", "1234"])

    with pytest.raises(SessionRefused) as refusal:
        device.send(content_for(colleague, **{field: f"Talte om {number} i dag."}))

    assert refusal.value.error_dict[field][0].code == "cpr_like"
    assert number not in str(refusal.value)
    assert not Session.objects.exists()


def test_author_looks_again_and_decides(device: Device, colleague: Person) -> None:
    content = content_for(colleague, went_well="Barnet er 7 år.")
    with pytest.raises(LookAgain) as refusal:
        device.send(content)
    assert list(refusal.value.warnings) == ["went_well"]
    assert not Session.objects.exists()

    device.send(content, looked_again=True)

    assert Session.objects.count() == 1
    assert list(WarningTally.objects.values_list("kind", "shown", "sent")) == [("age", 1, 1)]


def test_names_of_the_pairing_are_no_concern(
    device: Device, mentor: Person, colleague: Person
) -> None:
    colleague.name = "Navn Opdigtet"
    colleague.save()

    device.send(content_for(colleague, went_well="I dag førte Navn Opdigtet ordet."))

    assert Session.objects.count() == 1


@pytest.mark.parametrize(
    "text",
    [
        "Ringede til Qeqqata Kommunia og Sisimiut Familiecenter Demo.",
        "Aftalte næste gang med Kollega Opdigtet.",
    ],
)
def test_staff_and_organisations_elsewhere_are_no_concern(
    device: Device, colleague: Person, text: str
) -> None:
    make_town("Sisimiut", "Qeqqata Kommunia")
    make_town("Uummannaq", "Sisimiut Familiecenter Demo")
    make_person("leader", name="Kollega Opdigtet")

    device.send(content_for(colleague, went_well=text))

    assert Session.objects.count() == 1


def test_a_name_that_is_nobodys_of_the_staff_is_pointed_out_still(
    device: Device, colleague: Person
) -> None:
    make_person("leader", name="Kollega Opdigtet")
    make_town("Sisimiut", "Qeqqata Kommunia")
    text = "Kollega Opdigtet talte med Fremmed Borger i Qeqqata Kommunia."

    with pytest.raises(LookAgain) as refusal:
        device.send(content_for(colleague, went_well=text))

    passages = [text[one.start : one.end] for one in refusal.value.warnings["went_well"]]
    assert passages == ["Fremmed Borger"]


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


# --- What is there only where it is filled in -----------------------------------------------------


def test_what_is_empty_is_not_there_so_that_old_content_keeps_its_hash(
    device: Device, mentor: Person, colleague: Person
) -> None:
    plain = content_for(participants=sorted([str(mentor.pk), str(colleague.pk)]))

    device.send(
        content_for(colleague, competences=[], text_languages={}, next_owner="", next_by=None)
    )

    assert SessionVersion.objects.get().sha256 == content_hash(plain)


def test_competences_are_kept_sorted_and_beside_the_session(
    device: Device, colleague: Person
) -> None:
    rows = [seen(str(make_competence().pk), how) for how in ("fully", "partly", "mostly")]

    device.send(content_for(colleague, competences=rows))
    expected = sorted(rows, key=lambda row: row["competence"])
    assert SessionVersion.objects.get().content["competences"] == expected
    kept = SessionCompetence.objects.values_list("competence", "observed")
    assert {(str(pk), how) for pk, how in kept} == {tuple(row.values()) for row in rows}

    edit = content_for(colleague, competences=rows[:1])
    device.send(edit, version_id=uuid.uuid4(), parent_id=device.version_id)
    assert [row.observed for row in SessionCompetence.objects.all()] == ["fully"]


def test_competence_that_was_taken_out_meanwhile_is_received(
    device: Device, colleague: Person
) -> None:
    competence = make_competence()
    Framework.objects.update(retired_on=TODAY - timedelta(days=1))

    device.send(
        content_for(
            colleague, competences=[{"competence": str(competence.pk), "observed": "fully"}]
        )
    )

    assert SessionCompetence.objects.get().competence == competence


def seen(competence: Any, observed: Any = "fully") -> dict[str, Any]:
    return {"competence": competence, "observed": observed}


@pytest.mark.parametrize(
    "stated",
    [
        lambda _known: "all",
        seen,
        lambda known: [known],
        lambda _known: [{}],
        lambda known: [{"competence": known}],
        lambda known: [seen(known, "never")],
        lambda known: [seen(known, ["fully"])],
        lambda known: [seen([known])],
        lambda _known: [seen(str(uuid.uuid4()))],
        lambda known: [seen(known), seen(known)],
    ],
)
def test_competences_that_say_nothing_sensible_are_refused(
    device: Device, colleague: Person, stated: Callable[[str], Any]
) -> None:
    value = stated(str(make_competence().pk))

    with pytest.raises(SessionRefused) as refusal:
        device.send(content_for(colleague, competences=value))

    assert set(refusal.value.error_dict) == {"competences"}


def test_language_stands_beside_each_text_that_is_there(device: Device, colleague: Person) -> None:
    stated = {"went_well": "kl", "next_step": "", "tools": "da"}

    device.send(content_for(colleague, text_languages=stated))

    assert SessionVersion.objects.get().content["text_languages"] == {"went_well": "kl"}


@pytest.mark.parametrize("value", ["da", {"went_well": "xx"}, {"other": "da"}, {"tools": 1}, [1]])
def test_language_that_is_none_is_refused(device: Device, colleague: Person, value: Any) -> None:
    with pytest.raises(SessionRefused) as refusal:
        device.send(content_for(colleague, text_languages=value, tools="Skabelon"))

    assert set(refusal.value.error_dict) == {"text_languages"}
