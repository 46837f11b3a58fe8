"""Lists and files ask as much for one row as for many."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from mentoring.actions.saved import save_view
from people.models import Person
from tests.factories.mentoring import make_pairing, make_town, send_many
from tests.factories.rounds import make_mentor, make_need, make_stay
from tests.mentoring.oversight.world import LISTS, Browse, World

pytestmark = pytest.mark.django_db
MOST = 18


def grow(world: World, *, sessions: int) -> None:
    """More of everything, in the same towns and rounds."""
    for name in ("Uummannaq", "Ilulissat", "Qaanaaq"):
        town = make_town(name)
        pairing = make_pairing(place=town, mentors=2, caseworkers=2)
        send_many(pairing, sessions // 4)
        make_need(world.rounds[0], town, languages={"da": 2, "kl-west": 1})
        make_stay(world.rounds[0], make_mentor(town), wishes=[town])
    send_many(world.here, sessions // 4)


@pytest.mark.parametrize("sessions", [10, 1000])
def test_every_list_asks_as_much_for_one_as_for_many(
    world: World, count_queries: Callable[[Person, str], int], sessions: int
) -> None:
    addresses = {name: reverse(f"mentoring:{name}") for name in LISTS}
    for_one = {name: count_queries(world.country, url) for name, url in addresses.items()}
    assert {name: count for name, count in for_one.items() if count > MOST} == {}

    grow(world, sessions=sessions)
    for number in range(5):
        save_view(world.country, "forloeb", name=f"{number}", query="", is_first=False,
                  at=timezone.now())  # fmt: skip

    for_many = {name: count_queries(world.country, url) for name, url in addresses.items()}
    assert for_many == for_one


@pytest.mark.parametrize("key", LISTS.values())
def test_a_file_asks_as_much_for_one_as_for_many(world: World, browse: Browse, key: str) -> None:
    client, address = browse(world.country), reverse("mentoring:list-csv", args=[key])

    def queries() -> int:
        with CaptureQueriesContext(connection) as taken:
            b"".join(client.get(address).streaming_content)
        return len(taken)

    queries()
    for_one = queries()
    grow(world, sessions=120)
    assert queries() == for_one <= MOST
