"""What a session may say: what is refused at its field, pointed out, or kept to the letter."""

import unicodedata
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from competences.models import Framework
from core.canonical import content_hash
from mentoring.actions import LookAgain, SessionRefused
from mentoring.models import Session, SessionCompetence, SessionVersion, WarningTally
from people.models import Person
from tests.factories.mentoring import TODAY, content_for, make_competence, make_person, make_town
from tests.mentoring.logging.device import Device, refusal_code

pytestmark = pytest.mark.django_db


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
