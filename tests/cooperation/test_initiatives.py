"""Initiatives: those of the programme come with the release, and everybody in it reads them."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cooperation.initiatives.register import load_initiatives, read
from cooperation.models import Initiative, StatusUpdate
from mentoring.models import PairingTag, Recommendation, RoundTag
from tests.factories.cooperation import make_body, make_initiative, make_member
from tests.factories.mentoring import make_pairing
from tests.factories.people import AT, make_person, make_role
from tests.factories.rounds import make_round

pytestmark = pytest.mark.django_db


def signed_in(*roles: str) -> Client:
    client = Client()
    client.force_login(make_person(*(make_role(key) for key in roles)).user)
    return client


def say(initiative: Initiative, state: str, day: date, *, published: bool = True) -> StatusUpdate:
    return initiative.updates.create(
        state=state,
        said_on=day,
        words="Det går fremad.",
        written_at=AT,
        published_at=AT if published else None,
    )


# --- The register ---------------------------------------------------------------------------------


def test_the_known_recommendations_come_with_the_release_and_no_other():
    load_initiatives(at=AT)

    numbers = Initiative.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == [1, 2, 3, 5, 6, 7, 8, 9, 10]
    assert set(numbers) == set(Recommendation.values)


def test_loading_again_corrects_titles_and_leaves_what_people_entered():
    load_initiatives(at=AT)
    first = Initiative.objects.get(number=1)
    Initiative.objects.filter(number=1).update(
        title_da="Forkert", title_kl="[kl] Titel", ends_on=date(2028, 1, 1)
    )

    count = load_initiatives(at=AT + timedelta(days=1))

    again = Initiative.objects.get(number=1)
    assert count == len(read()["initiatives"]) == Initiative.objects.count()
    assert (again.pk, again.title_da) == (first.pk, first.title_da)
    assert (again.title_kl, again.ends_on) == ("[kl] Titel", date(2028, 1, 1))


@pytest.mark.parametrize("number", [4, 11, 16])
def test_an_unknown_number_is_refused_by_the_database(number: int):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_initiative(number=number)


# --- What serves one ------------------------------------------------------------------------------


def test_a_round_serves_several_initiatives_and_is_counted_once_for_each():
    load_initiatives(at=AT)
    early, casework = (Initiative.objects.get(number=number) for number in (2, 6))
    own, other = make_initiative(), make_initiative()
    planned = make_round(recommendations=[2, 6])
    own.rounds.add(planned)
    casework.rounds.add(planned)  # linked here, too: still one

    assert [list(one.linked_rounds()) for one in (early, casework, own, other)] == [
        [planned],
        [planned],
        [planned],
        [],
    ]
    assert RoundTag.objects.filter(round=planned).count() == 2


def test_a_pairing_serves_the_recommendations_it_is_tagged_with():
    load_initiatives(at=AT)
    pairing = make_pairing()
    PairingTag.objects.create(pairing=pairing, number=5)

    assert list(Initiative.objects.get(number=5).linked_pairings()) == [pairing]
    assert not Initiative.objects.get(number=6).linked_pairings().exists()


# --- Reading --------------------------------------------------------------------------------------


def test_the_list_shows_what_was_last_said_and_no_draft():
    one = make_initiative(title_da="Sammen om barnet")
    say(one, "on_track", date(2027, 1, 4))
    say(one, "at_risk", date(2027, 3, 1))
    say(one, "late", date(2027, 5, 3), published=False)

    found = Initiative.objects.with_status().get()

    assert (found.status, found.status_on) == ("at_risk", date(2027, 3, 1))
    page = signed_in("caseworker").get(one.get_absolute_url()).content.decode()
    assert "3. maj 2027" not in page
    assert "1. marts 2027" in page


def test_an_initiative_is_under_way_from_its_first_day_until_the_day_before_its_end():
    today = timezone.localdate()
    make_initiative(title_da="Begynder i dag", starts_on=today)
    make_initiative(title_da="Sidste dag", ends_on=today + timedelta(days=1))
    make_initiative(title_da="Sluttet", ends_on=today)
    make_initiative(title_da="I morgen", starts_on=today + timedelta(days=1))

    context = signed_in("leader").get(reverse("cooperation:initiatives")).context

    assert [one.title_da for one in context["under_way"]] == ["Begynder i dag", "Sidste dag"]
    assert [one.title_da for one in context["others"]] == ["I morgen", "Sluttet"]


@pytest.mark.parametrize("count", [1, 12])
def test_the_list_asks_the_same_however_many_there_are(count: int, django_assert_num_queries):
    for _ in range(count):
        say(make_initiative(), "on_track", date(2027, 1, 4))
    client = signed_in("coordinator")
    client.get(reverse("cooperation:initiatives"))

    with django_assert_num_queries(4):  # session, account, roles; the initiatives
        response = client.get(reverse("cooperation:initiatives"))

    assert len(response.context["under_way"]) == count


def test_without_a_role_and_without_a_seat_the_cooperation_is_closed():
    one = make_initiative()
    somebody = make_person()
    client = Client()
    client.force_login(somebody.user)

    refused = [
        client.get(url).status_code
        for url in (
            reverse("cooperation:home"),
            "/da/samarbejde/initiativer/",
            one.get_absolute_url(),
        )
    ]
    make_member(make_body(), somebody)
    open_now = client.get(one.get_absolute_url()).status_code

    assert refused == [403, 403, 403]
    assert open_now == 200


def test_coordinators_and_leaders_find_it_in_the_navigation():
    shown = {
        key: "/da/samarbejde/"
        in [link.url for link in signed_in(key).get("/da/start/").context["navigation"]]
        for key in ("coordinator", "leader", "caseworker", "mentor", "editor")
    }

    assert shown == {
        "coordinator": True,
        "leader": True,
        "caseworker": False,
        "mentor": False,
        "editor": False,
    }
