"""What a form leads to is seen with the rest of it: an old page takes no link away unseen."""

import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cooperation.agreements.actions import save_pact
from cooperation.initiatives.actions import write_status
from cooperation.meetings.actions import item_seen
from cooperation.models import AgendaItem, Initiative, InitiativeTag
from cooperation.partners.actions import save_partner
from cooperation.practice.actions import save_practice
from core.identity import has_cpr_like
from tests.factories.cooperation import make_body, make_initiative, make_organisation
from tests.factories.courses import make_course
from tests.factories.people import AT, make_person, make_role, make_town
from tests.factories.rounds import make_round

pytestmark = pytest.mark.django_db
TODAY = AT.date()


def pact() -> Any:
    keeper = make_town("Ilulissat").municipality
    facts = {"keeper": keeper, "title_da": "Skole og kommune", "starts_on": TODAY, "places": []}
    parties = [keeper, make_organisation(kind="school")]
    return save_pact(uuid.uuid4(), seen=None, parties=parties, by=None, at=AT, **facts)


def partner() -> Any:
    place = make_town("Ilulissat")
    facts = {"place": place, "sector": "school", "name_da": "Skolen", "email": "a@example.org"}
    return save_partner(
        uuid.uuid4(),
        seen=None,
        keeper=place.municipality,
        groups=[],
        at=AT,
        checked_on=TODAY,
        **facts,
    )


def practice() -> Any:
    facts = {"kind": "effort", "title_da": "Sagslisten", "organisation": make_organisation()}
    return save_practice(
        uuid.uuid4(), seen=None, initiatives=[], by=make_person(make_role("mentor")), at=AT, **facts
    )


def working_group() -> Any:
    return make_body(kind="working_group", starts_on=TODAY)


def planned_round() -> Any:
    return make_round(make_town("Ilulissat"))


#: What is changed, on which page, and what somebody else links it with meanwhile.
PAGES = {
    "parties of an agreement": (pact, "edit-pact", "parties", make_organisation),
    "towns of an agreement": (pact, "edit-pact", "places", make_town),
    "towns of a group": (make_body, "edit-body", "places", make_town),
    "initiatives of a group": (make_body, "edit-body", "initiatives", make_initiative),
    "groups of a partner": (partner, "edit-partner", "groups", working_group),
    "initiatives of an example": (practice, "write-practice", "initiatives", make_initiative),
    "organisations of an initiative": (
        make_initiative,
        "edit-initiative",
        "organisations",
        make_organisation,
    ),
    "towns of an initiative": (make_initiative, "edit-initiative", "places", make_town),
    "rounds of an initiative": (make_initiative, "edit-initiative", "rounds", planned_round),
    "courses of an initiative": (make_initiative, "edit-initiative", "courses", make_course),
}


@pytest.fixture
def client() -> Client:
    """The browser of a coordinator of the country."""
    client = Client()
    client.force_login(make_person(make_role("coordinator")).user)
    return client


def drawn(client: Client, page: str) -> dict[str, Any]:
    """What a browser would send back of a form as it was drawn."""
    return values(client.get(page).context["form"])


def values(form: Any) -> dict[str, Any]:
    found = {name: form[name].value() for name in form.fields}
    return {
        name: [getattr(one, "pk", one) for one in value] if hasattr(value, "all") else value
        for name, value in found.items()
        if value is not None and value is not False
    }


@pytest.mark.parametrize("what", PAGES)
def test_an_old_page_takes_no_link_away_unseen(client, what):
    make, name, link, other = PAGES[what]
    one, linked = make(), other()
    page = reverse(f"cooperation:{name}", args=[one.pk])
    seen = drawn(client, page)
    getattr(one, link).add(linked)

    refused = client.post(page, seen)

    assert refused.status_code == 422
    assert linked in getattr(one, link).all()
    told = {**seen, "seen": refused.context["form"]["seen"].value()}
    assert client.post(page, told).status_code == 302
    assert linked not in getattr(one, link).all()


def test_recommendations_are_seen_by_their_number_though_each_saving_writes_them_anew(
    client,
):
    one = make_initiative()
    page = reverse("cooperation:edit-initiative", args=[one.pk])
    seen = drawn(client, page)
    tag = InitiativeTag.objects.create(initiative=one, number=6)

    assert client.post(page, seen).status_code == 422
    assert list(one.tags.all()) == [tag]
    again = drawn(client, page)
    tag.delete()
    InitiativeTag.objects.create(initiative=one, number=6)
    assert client.post(page, again).status_code == 302


def test_what_names_it_never_looks_like_a_cpr_number():
    """The identity guard reads every field that is sent, and the form could never be saved."""
    seen = (item_seen(AgendaItem(title=str(number))) for number in range(5000))

    assert not [one for one in seen if has_cpr_like(one)]


# --- The draft of a status ------------------------------------------------------------------------


def say(one: Initiative, words: str, publish: bool = False) -> None:
    facts = {"state": "on_track", "words": words, "said_on": TODAY}
    write_status(one, publish=publish, by=None, at=AT, **facts)


@pytest.mark.parametrize("publishes", [False, True])
def test_whoever_comes_second_with_how_it_comes_along_is_told_and_may_insist(client, publishes):
    one = make_initiative()
    page = reverse("cooperation:write-status", args=[one.pk])
    facts = {"state": "at_risk", "words": "Tolk mangler.", "said_on": "2026-01-01"}
    mine = drawn(client, page) | facts
    say(one, "Det går.", publish=publishes)
    say(one, "Det går.")

    refused = client.post(page, mine)

    assert refused.status_code == 422
    assert refused.context["form"]["words"].value() == "Tolk mangler."
    assert "Det går." in dict(refused.context["form"].meanwhile).values()
    assert one.updates.get(published_at=None).words == "Det går."
    told = {**mine, "seen": refused.context["form"]["seen"].value()}
    assert client.post(page, told).status_code == 302
    assert one.updates.get(published_at=None).words == "Tolk mangler."


@pytest.mark.parametrize("do", ["keep", "publish"])
def test_how_it_comes_along_sent_twice_is_said_once(client, do):
    one = make_initiative()
    page = reverse("cooperation:write-status", args=[one.pk])
    facts = {"state": "at_risk", "words": "Tolk mangler.", "said_on": "2026-01-01", "do": do}
    mine = drawn(client, page) | facts

    assert [client.post(page, mine).status_code for _time in range(2)] == [302, 302]
    assert one.updates.count() == 1


def test_a_draft_that_was_published_meanwhile_is_not_begun_again_unseen(client):
    one = make_initiative()
    page = reverse("cooperation:write-status", args=[one.pk])
    say(one, "Det går.")
    mine = drawn(client, page) | {"words": "Det går langsomt."}
    say(one, "Det går godt.", publish=True)

    assert client.post(page, mine).status_code == 422
    assert not one.updates.filter(published_at=None).exists()
