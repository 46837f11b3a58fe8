"""The list of people is filtered, searched and paged."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone

from people import actions
from people.models import Person, Place
from tests.factories.people import make_person, make_role
from tests.people.conftest import COMMAND_LINE
from tests.people.pages.looking import signed_in


def names(response) -> list[str]:
    return [person.name for person in response.context["page"]]


def test_who_looks_after_people_finds_them_and_the_search_from_every_page(
    coordinator: Person, mentor: Person
) -> None:
    def words(person: Person) -> tuple[list[str], list[str]]:
        soup = BeautifulSoup(signed_in(person).get(reverse("start")).content, "html.parser")
        menu, footer = soup.select(".nav a"), soup.select(".footer a")
        return [one.text for one in menu], [one.text for one in footer]

    assert "Personer" in words(coordinator)[0]
    assert "Personer" not in words(mentor)[0]
    assert "Søg" in words(coordinator)[1]
    assert "Søg" in words(mentor)[0]


@pytest.mark.parametrize("count", [1, 20])
def test_the_list_takes_the_same_queries_for_one_and_many(
    administrator: Person, town: Place, django_assert_num_queries, count: int
) -> None:
    for number in range(count):
        person = make_person(make_role("mentor", town), account=number % 2 == 0)
        if number % 2:
            actions.invite(person, COMMAND_LINE, at=timezone.now())
    client = signed_in(administrator)
    client.get(reverse("people:people"))

    # session; user with roles; towns to choose from; how many; the page, its roles,
    # its invitations; the lines of the access log
    with django_assert_num_queries(8):
        response = client.get(reverse("people:people"))

    assert len(names(response)) == count + 1


@pytest.mark.parametrize("count", [1, 20])
def test_the_page_of_one_takes_the_same_queries_whatever_was_held(
    administrator: Person, town: Place, django_assert_num_queries, count: int
) -> None:
    person = make_person()
    for number in range(count):
        begins = timezone.now().date() - timedelta(days=40 * (number + 2))
        role = make_role("mentor", town, starts_on=begins, ends_on=begins + timedelta(days=30))
        role.person = person
        role.save()
        person.affiliations.create(
            organisation=town.municipality,
            place=town,
            profession="leader",
            starts_on=begins,
            ends_on=begins,
        )
    client = signed_in(administrator)

    # session; user; roles; the person, the log's line, roles, invitation, work, languages
    with django_assert_num_queries(8):
        client.get(reverse("people:person", args=[person.pk]))


def test_filters_stand_in_the_address(
    administrator: Person, mentor: Person, subject: Person, elsewhere: Place
) -> None:
    leader = make_person(make_role("leader", elsewhere), name="Leder Demo")
    actions.close_account(leader, COMMAND_LINE, at=timezone.now())
    actions.invite(subject, COMMAND_LINE, at=timezone.now())
    client = signed_in(administrator)

    def shown(query: str) -> set[str]:
        return set(names(client.get(reverse("people:people") + query)))

    assert shown("?role=mentor") == {"Mentor Demo", "Ny Mentor Demo"}
    assert shown("?town=sisimiut") == {"Leder Demo"}
    assert shown("?state=closed") == {"Leder Demo"}
    assert shown("?state=invited") == {"Ny Mentor Demo"}
    assert shown("?state=active") == {"Administrator Demo", "Mentor Demo"}
    assert shown("?state=none") == set()
    assert shown("?role=nonsense&town=nonsense") == shown("")


def test_a_search_is_posted_and_keeps_the_filters(
    administrator: Person, mentor: Person, subject: Person
) -> None:
    client = signed_in(administrator)

    found = client.post(reverse("people:people") + "?role=mentor", {"q": "ny mentor"})
    by_address = client.post(reverse("people:people"), {"q": mentor.email})

    assert names(found) == ["Ny Mentor Demo"]
    assert names(by_address) == ["Mentor Demo"]


def test_a_search_for_a_cpr_number_is_refused_and_finds_nobody(
    administrator: Person, mentor: Person
) -> None:
    response = signed_in(administrator).post(reverse("people:people"), {"q": "010170" + "-1234"})

    assert response.status_code == 422
    assert names(response) == []


def test_pages_of_a_long_list_keep_the_filter(administrator: Person, town: Place) -> None:
    for _number in range(26):
        make_person(make_role("mentor", town), account=False)
    client = signed_in(administrator)

    first = client.get(reverse("people:people") + "?role=mentor")
    second = client.get(reverse("people:people") + "?role=mentor&page=2")

    assert (len(names(first)), len(names(second))) == (25, 1)
    assert "?role=mentor&amp;page=2" in first.content.decode()


def test_a_role_for_the_whole_municipality_is_found_in_each_of_its_towns(
    administrator: Person, coordinator: Person, mentor: Person, town: Place, elsewhere: Place
) -> None:
    client = signed_in(administrator)

    here = names(client.get(reverse("people:people") + f"?town={town.key}"))
    there = names(client.get(reverse("people:people") + f"?town={elsewhere.key}"))

    assert here == ["Koordinator Demo", "Mentor Demo"]
    assert there == []
