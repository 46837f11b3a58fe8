"""The kit of the log: what the page of the form knows, for a device without a link."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from competences.models import Topic
from core.models import AccessLog
from core.periods import local_day
from mentoring.actions import SessionConflict, confirm_sessions, log_session
from mentoring.models import Pairing, Session
from people.models import Person, Role
from tests.factories.mentoring import (
    caseworker_of,
    make_competence,
    make_pairing,
    make_person,
    make_town,
    mentor_of,
    people_of,
    send,
)

pytestmark = pytest.mark.django_db
KIT = "/api/v1/device/kit/log/"


@pytest.fixture
def mentor(pairing: Pairing, browse: Callable[[Person], Client]) -> Client:
    return browse(mentor_of(pairing))


def kit_of(client: Client) -> dict[str, Any]:
    answer = client.get(KIT)
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def test_it_offers_what_the_form_offers_and_begins_with_the_same(
    mentor: Client, pairing: Pairing, sent: Callable[..., Session]
) -> None:
    colleague = people_of(pairing, "caseworker")[1]
    competence = make_competence("Skrive en kvittering")
    practised = [{"competence": str(competence.pk), "observed": "fully"}]
    sent(
        caseworkers=[colleague],
        minutes=45,
        next_step="Læs korrektur",
        next_owner=str(colleague.pk),
        tools="Skabelon",
        competences=practised,
        text_languages={"tools": "kl"},
    )

    (mine,) = kit_of(mentor)["pairings"]
    form = mentor.get(reverse("mentoring:log")).context["form"]

    for name, field in (
        *(("people", "participants"), ("mentors", "mentors"), ("places", "place")),
        *(("agreements", "done"),),
    ):
        drawn = [[str(value), str(label)] for value, label in form.fields[field].choices]
        assert mine[name] == drawn, name
    assert mine["topics"] == [key for key, _title in form.fields["topics"].choices]
    begins = mine["begins"]
    assert {name: form.initial[name] for name in begins if name != "next_days"} == {
        **{name: value for name, value in begins.items() if name != "next_days"},
        # Where nothing was stated, the form takes the language of its page, and so does the device.
        "language_went_well": "kl",
        "language_next_step": "kl",
    }
    assert mine["last"] == {
        "minutes": 45,
        "topics": ["decision_24h", "receipt"],
        "mode": "beside",
        "competences": [f"{competence.pk}:fully"],
    }
    readers = mine["readers"]
    drawn_readers = mentor.get(reverse("mentoring:log")).context["readers"]
    assert (readers if isinstance(readers, str) else readers["da"]) == drawn_readers


def test_what_differs_between_the_languages_comes_in_both(mentor: Client) -> None:
    Topic.objects.filter(key="receipt").update(title_da="Kvittering", title_kl="Kl-titel")

    titles = dict(kit_of(mentor)["topics"])

    assert titles["receipt"] == {"da": "Kvittering", "kl": "Kl-titel"}
    assert titles["report_in"] == "report_in"


def test_what_has_not_changed_is_one_small_answer(mentor: Client, pairing: Pairing) -> None:
    first = mentor.get(KIT)

    again = mentor.get(KIT, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")

    send(pairing, at=timezone.now(), held_on=str(local_day(timezone.now())), minutes=15)
    changed = mentor.get(KIT, headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]


def test_it_brings_the_token_that_sending_takes(mentor: Client) -> None:
    assert "csrftoken" in mentor.get(KIT).cookies


def test_who_is_no_mentor_has_none(
    pairing: Pairing, browse: Callable[[Person], Client], client: Client
) -> None:
    assert browse(caseworker_of(pairing)).get(KIT).status_code == 204
    assert browse(make_person("mentor")).get(KIT).status_code == 204
    assert browse(mentor_of(pairing)).get("/api/v1/device/kit/nothing/").status_code == 404
    answer = client.get(KIT, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()) == (401, {"error": "sign_in"})


def test_of_other_trainings_it_says_nothing(mentor: Client, pairing: Pairing) -> None:
    other = make_pairing(place=make_town("Uummannaq"))
    today = str(local_day(timezone.now()))
    send(other, at=timezone.now(), held_on=today, went_well="Andres tekst")

    told = mentor.get(KIT).content.decode()

    assert str(other.pk) not in told
    assert "Andres tekst" not in told
    assert str(caseworker_of(pairing).pk) in told


def end_stay(pairing: Pairing, *, days_ago: int) -> None:
    """The mentor's stay ended so many days ago."""
    ended_on = local_day(timezone.now()) - timedelta(days=days_ago)
    pairing.members.filter(side="mentor").update(ends_on=ended_on)


@pytest.mark.parametrize(("days_ago", "status"), [(0, 200), (89, 200), (90, 204)])
def test_who_has_left_gets_what_a_form_takes_and_nobody_s_name(
    pairing: Pairing,
    browse: Callable[[Person], Client],
    sent: Callable[..., Session],
    days_ago: int,
    status: int,
) -> None:
    """As long as something of the stay is received; a draft of it has with it whom one met."""
    session = sent(went_well="Deres tekst")
    client = browse(mentor_of(pairing))
    end_stay(pairing, days_ago=days_ago)

    answer = client.get(KIT)

    assert answer.status_code == status
    told = answer.content.decode()
    colleagues = people_of(pairing, "caseworker")
    for secret in (*colleagues, pairing, session):
        assert str(secret.pk) not in told
    for text in ("Deres tekst", pairing.place.name, *(one.name for one in colleagues)):
        assert text not in told
    assert not AccessLog.objects.filter(action="read").exists()
    if status == 200:
        kit = answer.json()
        assert (kit["pairings"], kit["pairing"], kit["beside"]) == ([], None, [])
        assert {"topics", "competences", "choices", "labels"} <= set(kit)


def test_who_goes_on_elsewhere_is_told_of_that_training_alone(
    pairing: Pairing, browse: Callable[[Person], Client]
) -> None:
    mentor = mentor_of(pairing)
    end_stay(pairing, days_ago=10)
    other = make_pairing(place=pairing.place)
    other.members.filter(person=mentor_of(other)).update(person=mentor)

    client = browse(mentor)

    assert [one["id"] for one in kit_of(client)["pairings"]] == [str(other.pk)]
    assert str(caseworker_of(pairing).pk) not in client.get(KIT).content.decode()


def beside(pairing: Pairing, session: Session) -> None:
    """Another version of the session, from no parent: it stands beside the current one."""
    content = session.current.content | {"went_well": "Den anden tekst"}
    with pytest.raises(SessionConflict):
        log_session(
            mentor_of(pairing),
            pairing,
            session_id=session.pk,
            version_id=uuid.uuid4(),
            content=content,
            at=timezone.now(),
        )


def test_two_versions_come_to_every_device_until_somebody_chooses(
    mentor: Client, pairing: Pairing, sent: Callable[..., Session]
) -> None:
    session = sent(went_well="Den første tekst")
    assert kit_of(mentor)["beside"] == []

    beside(pairing, session)

    (both,) = kit_of(mentor)["beside"]
    assert both["session"] == str(session.pk)
    texts = (both["current"]["content"]["went_well"], both["kept"]["content"]["went_well"])
    assert texts == ("Den første tekst", "Den anden tekst")
    assert AccessLog.objects.filter(action="read", record_id=str(session.pk)).count() == 1


def test_what_everybody_has_confirmed_is_not_to_be_chosen(
    mentor: Client, pairing: Pairing, sent: Callable[..., Session]
) -> None:
    session = sent()
    confirm_sessions(caseworker_of(pairing), [session.current_id], at=timezone.now())

    assert kit_of(mentor)["beside"] == []


@pytest.mark.parametrize("many", [1, 4])
def test_it_asks_as_many_queries_at_many_as_at_one(
    pairing: Pairing, browse: Callable[[Person], Client], many: int
) -> None:
    mentor = mentor_of(pairing)
    for number in range(many - 1):
        other = make_pairing(place=make_town(f"By {number}"))
        other.members.filter(person=mentor_of(other)).update(person=mentor)
    Role.objects.filter(person=mentor).update(scope="country", place=None)
    for one in Pairing.objects.filter(members__person=mentor):
        for _ in range(many):
            beside(one, send(one, at=timezone.now(), held_on=str(local_day(timezone.now()))))
    client = browse(mentor)
    client.get(KIT)

    with CaptureQueriesContext(connection) as queries, translation.override("da"):
        assert len(kit_of(client)["pairings"]) == many

    assert len(queries) <= 19, [query["sql"][:90] for query in queries]


def test_whoever_has_left_lately_comes_after_the_others_as_in_the_form(
    mentor: Client, pairing: Pairing
) -> None:
    gone, other = people_of(pairing, "caseworker")
    today = local_day(timezone.now())
    pairing.members.filter(person=gone).update(ends_on=today)

    (mine,) = kit_of(mentor)["pairings"]
    form = mentor.get(reverse("mentoring:log")).context["form"]

    assert [key for key, _label in mine["people"]] == [str(other.pk), str(gone.pk)]
    assert mine["people"] == [list(one) for one in form.fields["participants"].choices]
    assert str(gone.pk) not in {key for key, _label in mine["owners"]}
    assert gone.name not in str(mine["readers"])
    assert mine["begins"]["participants"] == [str(other.pk)]
