"""What a coordinator writes about rounds, places and mentors is pointed out once, then kept."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from mentoring.models import Need, ReadinessItem, Round, Stay, WarningTally
from people.models import Person
from tests.factories.mentoring import make_pairing
from tests.factories.rounds import make_mentor, make_need, make_round, make_stay
from tests.mentoring.rounds.looking import filled, page, said
from tests.mentoring.rounds.test_files import exported, upload

pytestmark = pytest.mark.django_db
TELLS, NEUTRAL = "Drengen på 9 år venter.", "Et skolebarn venter."


def seen_of(response: Any) -> dict[str, str]:
    """What the second button of the page sends."""
    button = page(response).select_one('button[name="as_it_is"]')
    return {"as_it_is": button["value"]}


def is_pointed_out(response: Any) -> None:
    assert response.status_code == 422
    alert = page(response).select_one(".alert-warm")
    assert alert.mark.text == "9 år"
    assert "“et mindre barn”, “et skolebarn”" in alert.text
    assert page(response).title.text.startswith("Fejl:")


def round_page(planned: Round) -> tuple[str, str, Callable[[], str]]:
    address = reverse("mentoring:edit-round", args=[planned.pk])
    return address, "goals", lambda: Round.objects.get(pk=planned.pk).goals


def need_page(planned: Round) -> tuple[str, str, Callable[[], str]]:
    need = make_need(planned)
    address = reverse("mentoring:edit-need", args=[planned.pk, need.pk])
    return address, "note", lambda: Need.objects.get(pk=need.pk).note


def stay_page(planned: Round) -> tuple[str, str, Callable[[], str]]:
    stay = make_stay(planned, make_mentor())
    address = reverse("mentoring:edit-stay", args=[planned.pk, stay.pk])
    return address, "note", lambda: Stay.objects.get(pk=stay.pk).note


def pairing_page(planned: Round) -> tuple[str, str, Callable[[], str]]:
    pairing = make_pairing()

    def note() -> str:
        pairing.refresh_from_db()
        return pairing.language_note

    return reverse("mentoring:edit-pairing", args=[pairing.pk]), "language_note", note


@pytest.mark.parametrize("writing", [round_page, need_page, stay_page, pairing_page])
def test_a_text_is_pointed_out_and_kept_as_its_author_stands_by_it(
    client: Client, planned: Round, writing: Callable[[Round], tuple[str, str, Callable[[], str]]]
):
    address, field, kept = writing(planned)
    form = "main form[novalidate]"
    data = filled(client, address, form) | {field: TELLS}

    refused = client.post(address, data)
    is_pointed_out(refused)
    assert page(refused).select_one(f'textarea[name="{field}"]').text.strip() == TELLS
    assert kept() == ""
    seen = seen_of(refused)

    other = client.post(address, data | seen | {field: "Pigen på 9 år venter."})
    is_pointed_out(other)  # another text than the one that was looked at
    assert client.post(address, data | seen).status_code == 302
    assert kept() == TELLS
    tally = WarningTally.objects.get()
    assert (tally.kind, tally.shown, tally.sent) == ("age", 2, 1)

    # What stood there before is not pointed out again to whoever changes something else.
    again = filled(client, address, form)
    assert client.post(address, again).status_code == 302
    assert client.post(address, again | {field: NEUTRAL}).status_code == 302
    assert kept() == NEUTRAL
    tally.refresh_from_db()
    assert (tally.shown, tally.sent) == (2, 1)


def test_a_reason_is_pointed_out_before_anything_is_decided(client: Client, planned: Round):
    address = reverse("mentoring:decide-round", args=[planned.pk])
    data = {"to": "put_off", "reason": TELLS}

    refused = client.post(address, data)
    is_pointed_out(refused)
    assert page(refused).select_one("textarea#id_reason").text == TELLS
    planned.refresh_from_db()
    assert planned.state == Round.State.PLANNED

    assert client.post(address, data | seen_of(refused)).status_code == 302
    planned.refresh_from_db()
    assert planned.state == Round.State.PUT_OFF
    assert planned.decisions.get().reason == TELLS


def test_what_must_be_ready_is_pointed_out_but_not_the_own_town(client: Client, planned: Round):
    need = make_need(planned)
    address = reverse("mentoring:add-item", args=[need.pk])
    look = reverse("mentoring:need-ready", args=[need.pk])
    data = filled(client, look, "#own-item")

    refused = client.post(address, data | {"title": TELLS})
    is_pointed_out(refused)
    assert page(refused).select_one("details[open] #id_title")["value"] == TELLS
    assert not ReadinessItem.objects.filter(title=TELLS).exists()
    assert client.post(address, data | {"title": TELLS} | seen_of(refused)).status_code == 302
    assert ReadinessItem.objects.filter(title=TELLS).exists()

    need.place.name = "Kullorsuaq"
    need.place.save()
    own = filled(client, look, "#own-item") | {"title": "Hus i Kullorsuaq"}
    assert client.post(address, own).status_code == 302


@pytest.mark.parametrize("what", ["needs", "stays"])
def test_lines_of_a_file_are_looked_at_before_any_is_taken(
    client: Client, planned: Round, what: str
):
    def mentor() -> Person:
        person = make_mentor()
        person.email = f"{person.pk}@example.org"
        person.save()
        return person

    if what == "needs":
        make_need(planned, note=TELLS)
        make_need(planned, kind="remote", note="Mere ro.")
    else:
        make_stay(planned, mentor(), note=TELLS)
        make_stay(planned, mentor(), note="Mere ro.")
    text = exported(client, planned, what)
    line = next(n for n, row in enumerate(text.splitlines(), start=1) if TELLS in row)
    other = make_round()

    refused = upload(client, other, what, text)
    is_pointed_out(refused)
    assert f"Linje {line} …Drengen på 9 år venter." in said(refused)
    assert not Need.objects.filter(round=other).exists()
    assert not Stay.objects.filter(round=other).exists()
    assert WarningTally.objects.get().shown == 1

    seen = seen_of(refused)
    is_pointed_out(upload(client, other, what, text.replace("Drengen", "Pigen"), **seen))
    assert upload(client, other, what, text, **seen).status_code == 302
    assert exported(client, other, what) == text
    # What stands in the round already is not asked for again.
    assert upload(client, other, what, text).status_code == 302


def test_wrong_lines_and_lines_to_look_at_are_told_together(client: Client, planned: Round):
    make_need(planned, note=TELLS)
    text = exported(client, planned, "needs")

    response = upload(client, make_round(), "needs", text.replace(";nej;", ";måske;"))

    is_pointed_out(response)
    assert len(page(response).select(".error-summary li")) == 1
