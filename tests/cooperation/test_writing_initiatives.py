"""An owner writes an initiative: goals that are measured, words that are published for good."""

import uuid
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cooperation.initiatives.actions import measure, save_goal, save_initiative, write_status
from cooperation.initiatives.register import load_initiatives
from cooperation.models import Initiative, InitiativeGoal, Paper
from cooperation.permissions import kept_initiatives
from cooperation.refusals import CooperationRefused
from people.models import Person
from tests.factories.cooperation import make_body, make_initiative, make_member, standing
from tests.factories.people import AT, make_person, make_role, make_town

pytestmark = pytest.mark.django_db
TODAY = AT.date()
PDF = b"%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\n%%EOF"


def client_of(person: Person) -> Client:
    client = Client()
    client.force_login(person.user)
    return client


def goal_of(initiative: Initiative, **facts: Any) -> InitiativeGoal:
    given = {"text_da": "Fristen holdes", "indicator": "Kommuner", "seen": None, **facts}
    return save_goal(initiative, uuid.uuid4(), by=None, at=AT, **given)


def say(initiative: Initiative, publish: bool, **facts: Any) -> Any:
    given = {"state": "on_track", "words": "Det går.", "said_on": TODAY, **facts}
    return write_status(initiative, publish=publish, by=None, at=AT, **given)


# --- Who writes -----------------------------------------------------------------------------------


def test_owners_coordinators_and_those_of_the_country_write_an_initiative():
    ilulissat, sisimiut = (make_town(name).municipality for name in ("Ilulissat", "Sisimiut"))
    own, theirs, nobodys = (make_initiative(owner=owner) for owner in (ilulissat, sisimiut, None))
    kept = {
        name: set(kept_initiatives(standing(make_person(make_role(key, where)))))
        for name, key, where in (
            ("country", "coordinator", None),
            ("own", "coordinator", ilulissat),
            ("town", "coordinator", make_town("Ilulissat")),
            ("leader", "leader", ilulissat),
        )
    }

    assert kept == {
        "country": {own, theirs, nobodys},
        "own": {own},
        "town": set(),
        "leader": set(),
    }


def test_a_municipality_enters_what_it_owns_and_cannot_give_it_away():
    ilulissat = make_town("Ilulissat").municipality
    client = client_of(make_person(make_role("coordinator", ilulissat)))
    address = reverse("cooperation:create-initiative")
    sent = {"key": str(uuid.uuid4()), "title_da": "Sammen om barnet", "starts_on": "2027-01-01"}

    without = client.post(address, sent)
    foreign = client.post(address, {**sent, "owner": make_town("Sisimiut").municipality.pk})
    entered = client.post(address, {**sent, "owner": ilulissat.pk, "last_day": "2027-12-31"})
    again = client.post(address, {**sent, "owner": ilulissat.pk, "last_day": "2027-12-31"})

    assert [without.status_code, foreign.status_code] == [422, 422]
    initiative = Initiative.objects.get()
    assert entered["Location"] == again["Location"] == initiative.get_absolute_url()
    assert initiative.ends_on == date(2028, 1, 1)


def test_whoever_owns_several_initiatives_changes_each():
    ilulissat = make_town("Ilulissat").municipality
    client = client_of(make_person(make_role("coordinator", ilulissat)))
    one, _other = make_initiative(owner=ilulissat), make_initiative(owner=ilulissat)
    address = reverse("cooperation:edit-initiative", args=[one.pk])
    seen = client.get(address).context["form"]["seen"].value()
    sent = {"key": str(one.pk), "seen": seen, "title_da": "Sammen", "starts_on": "2027-01-01"}

    answer = client.post(address, {**sent, "owner": ilulissat.pk})

    one.refresh_from_db()
    assert (answer.status_code, one.title_da, one.owner) == (302, "Sammen", ilulissat)


def test_others_find_no_page_to_write_on():
    one = make_initiative(owner=make_town("Ilulissat").municipality)
    goal = goal_of(one)
    other = client_of(make_person(make_role("coordinator", make_town("Sisimiut").municipality)))
    own = [one.pk]
    addresses = [
        reverse("cooperation:edit-initiative", args=own),
        reverse("cooperation:write-status", args=own),
        reverse("cooperation:create-aim", args=own),
        reverse("cooperation:edit-aim", args=[*own, goal.pk]),
        reverse("cooperation:measure", args=[*own, goal.pk]),
        reverse("cooperation:put-paper", args=own),
    ]

    assert {other.get(address).status_code for address in addresses} == {404}
    assert {other.post(address).status_code for address in addresses} == {404}
    assert (
        client_of(make_person(make_role("leader", make_town())))
        .get(reverse("cooperation:create-initiative"))
        .status_code
        == 403
    )


# --- What is written ------------------------------------------------------------------------------


def test_a_numbered_title_follows_the_release_and_the_rest_is_the_owners():
    load_initiatives(at=AT)
    one = Initiative.objects.get(number=6)
    client = client_of(make_person(make_role("coordinator")))
    address = reverse("cooperation:edit-initiative", args=[one.pk])
    page = client.get(address)

    client.post(
        address,
        {
            "seen": page.context["form"].initial["seen"],
            "title_da": "Noget andet",
            "title_kl": "[kl] Titel",
            "starts_on": "2020-01-01",
        },
    )

    one.refresh_from_db()
    assert one.title_da == "Understøttelse af den kommunale sagsbehandling"
    assert one.title_kl == "[kl] Titel"


def test_two_who_change_an_initiative_do_not_overwrite_each_other():
    one = make_initiative()
    client = client_of(make_person(make_role("coordinator")))
    address = reverse("cooperation:edit-initiative", args=[one.pk])
    seen = client.get(address).context["form"].initial["seen"]
    sent = {"seen": seen, "starts_on": "2026-01-01"}

    first = client.post(address, {**sent, "title_da": "Den ene"})
    second = client.post(address, {**sent, "title_da": "Den anden"})
    told = second.context["form"].data["seen"]
    third = client.post(address, {**sent, "seen": told, "title_da": "Den anden"})

    assert [first.status_code, second.status_code, third.status_code] == [302, 422, 302]
    one.refresh_from_db()
    assert one.title_da == "Den anden"


def test_a_day_has_one_number_and_a_missing_one_is_no_zero():
    goal = goal_of(make_initiative())

    measure(goal, value=Decimal(2), measured_on=TODAY, by=None, at=AT)
    measure(goal, value=Decimal("3.5"), measured_on=TODAY, by=None, at=AT)

    assert list(goal.values.values_list("measured_on", "value")) == [(TODAY, Decimal("3.5"))]
    with pytest.raises(CooperationRefused) as late:
        measure(goal, value=Decimal(1), measured_on=TODAY + timedelta(days=1), by=None, at=AT)
    in_words = goal_of(make_initiative(), indicator="")
    with pytest.raises(CooperationRefused) as unseen:
        measure(in_words, value=Decimal(1), measured_on=TODAY, by=None, at=AT)
    assert [late.value.code, unseen.value.code] == ["late", "empty"]


def test_a_number_is_written_with_a_comma():
    one = make_initiative()
    goal = goal_of(one)
    client = client_of(make_person(make_role("coordinator")))
    address = reverse("cooperation:measure", args=[one.pk, goal.pk])

    empty = client.post(address, {"value": "", "measured_on": "2026-01-05"})
    client.post(address, {"value": "12,5", "measured_on": "2026-01-05"})

    assert empty.status_code == 422
    assert goal.values.get().value == Decimal("12.5")


def test_there_is_one_draft_and_what_is_published_stays():
    one = make_initiative()
    draft = say(one, publish=False, words="")
    changed = say(one, publish=False, words="Mangler tolk.", state="at_risk")
    with pytest.raises(CooperationRefused) as refusal:
        say(one, publish=True, words=" ")

    published = say(one, publish=True, words="Mangler tolk.", state="at_risk")
    again = say(one, publish=True, words="Mangler tolk.", state="at_risk")
    following = say(one, publish=False, words="Tolk fundet.")

    assert refusal.value.code == "empty"
    assert draft.pk == changed.pk == published.pk == again.pk != following.pk
    assert one.updates.published().count() == 1
    assert Initiative.objects.with_status().get().status == "at_risk"
    with pytest.raises(CooperationRefused):
        say(one, publish=True, said_on=TODAY + timedelta(days=1))


def test_a_draft_is_for_whoever_writes_it():
    ilulissat = make_town("Ilulissat").municipality
    one = make_initiative(owner=ilulissat)
    say(one, publish=False, words="Ikke klar endnu.")
    own = client_of(make_person(make_role("coordinator", ilulissat)))
    other = client_of(make_person(make_role("coordinator", make_town("Sisimiut").municipality)))

    pages = [client.get(one.get_absolute_url()) for client in (own, other)]

    assert [page.context["draft"] is not None for page in pages] == [True, False]
    assert all("Ikke klar endnu." not in page.content.decode() for page in pages)


def test_recommendations_are_tags_of_ones_own_initiatives():
    one = save_initiative(
        uuid.uuid4(),
        seen=None,
        title_da="Sammen om barnet",
        starts_on=TODAY,
        organisations=[],
        places=[],
        rounds=[],
        courses=[],
        recommendations=[6, 2, 6],
        by=None,
        at=AT,
    )

    assert list(one.tags.order_by("number").values_list("number", flat=True)) == [2, 6]


# --- Documents ------------------------------------------------------------------------------------


def put(client: Client, initiative: Initiative, content: bytes, name: str = "plan.pdf") -> Any:
    return client.post(
        reverse("cooperation:put-paper", args=[initiative.pk]),
        {"key": str(uuid.uuid4()), "title": "Plan", "file": SimpleUploadedFile(name, content)},
    )


def test_a_document_is_looked_at_kept_under_a_name_that_tells_nothing_and_read_by_those_who_may():
    one = make_initiative()
    client = client_of(make_person(make_role("coordinator")))

    refused = put(client, one, b"MZ\x90\x00 program", name="plan.pdf")
    kept = put(client, one, PDF)

    assert (refused.status_code, kept.status_code) == (422, 302)
    paper = Paper.objects.get()
    assert paper.file.name.startswith("private/papers/")
    assert "plan" not in paper.file.name
    reader = client_of(make_person(make_role("caseworker", make_town())))
    read = reader.get(paper.get_absolute_url())
    assert b"".join(read.streaming_content) == PDF
    assert read["Content-Disposition"] == 'attachment; filename="plan.pdf"'
    assert read["Cache-Control"] == "private, no-cache"
    assert client_of(make_person()).get(paper.get_absolute_url()).status_code == 403
    assert Client().get(paper.get_absolute_url()).status_code == 302


def test_a_document_is_taken_away_and_put_back_by_whoever_writes():
    one = make_initiative()
    client = client_of(make_person(make_role("coordinator")))
    reader = client_of(make_person(make_role("leader", make_town())))
    put(client, one, PDF)
    paper = Paper.objects.get()
    address = reverse("cooperation:remove-paper", args=[paper.pk])

    assert reader.post(address).status_code == 404
    client.post(address)
    gone = reader.get(paper.get_absolute_url()).status_code
    client.post(address, {"do": "back"})

    assert gone == 404
    read = reader.get(paper.get_absolute_url())
    assert b"".join(read.streaming_content) == PDF


def test_a_paper_of_a_meeting_is_the_groups_alone():
    body = make_body()
    member, other = make_member(body).person, make_person(make_role("leader", make_town()))
    meeting = body.meetings.create(starts_at=timezone.now(), created_at=AT)
    paper = Paper(meeting=meeting, title="Bilag", uploaded_at=AT)
    paper.file.save("bilag.pdf", SimpleUploadedFile("bilag.pdf", PDF))
    paper.save()

    read = client_of(member).get(paper.get_absolute_url())
    assert b"".join(read.streaming_content) == PDF
    assert client_of(other).get(paper.get_absolute_url()).status_code == 404
