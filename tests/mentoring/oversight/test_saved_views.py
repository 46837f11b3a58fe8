"""A filter is kept under a name, opens with one press, and belongs to one person."""

import pytest
from bs4 import BeautifulSoup
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mentoring.actions.saved import MOST_VIEWS, ViewRefused, open_first, save_view
from mentoring.models import SavedView
from people.models import Person
from tests.factories.mentoring import make_person
from tests.mentoring.oversight.test_lists import of, records
from tests.mentoring.oversight.world import Browse, World

pytestmark = pytest.mark.django_db
SAVE = "mentoring:save-view"


def keep(client: Client, name: str, query: str = "by=sisimiut", **more: str):
    return client.post(
        reverse(SAVE, args=["forloeb"]), {"name": name, "query": query, **more}, follow=True
    )


def views_of(person: Person) -> list[tuple[str, str, bool]]:
    found = SavedView.objects.filter(person=person).order_by("name")
    return list(found.values_list("name", "query", "is_first"))


def test_a_view_is_kept_and_opens_with_one_press(world: World, browse: Browse) -> None:
    client = browse(world.country)

    response = keep(client, "Syd", "by=sisimiut&sorter=slut")

    assert of(response) == [world.there]
    everything, own = response.context["links"]
    assert (own["title"], own["is_current"], everything["is_current"]) == ("Syd", True, False)
    assert of(client.get(own["url"])) == [world.there]
    assert len(of(client.get(everything["url"]))) == 2
    assert views_of(world.country) == [("Syd", "by=sisimiut&sorter=slut", False)]


def test_the_first_view_opens_with_the_list_and_with_no_other_address(
    world: World, browse: Browse
) -> None:
    client, address = browse(world.country), reverse("mentoring:pairings")
    keep(client, "Syd", is_first="on")
    assert of(client.get(address)) == [world.there]
    assert of(client.post(address, {"q": "demo"})) == [world.there]
    assert len(records(client, "pairings", vis="alt")) == 2
    assert records(client, "pairings", by="upernavik") == [world.here]
    assert len(records(client, "members")) == 4  # another list

    keep(client, "Nord", "by=upernavik", is_first="on")
    assert views_of(world.country) == [
        ("Nord", "by=upernavik", True),
        ("Syd", "by=sisimiut", False),
    ]
    assert of(client.get(address)) == [world.here]
    view = SavedView.objects.get(name="Nord")
    client.post(reverse("mentoring:view", args=[view.pk]), {"not_first": "1"})
    assert len(of(client.get(address))) == 2
    client.post(reverse("mentoring:view", args=[view.pk]), {"first": "1"})
    assert of(client.get(address)) == [world.here]


def test_the_list_goes_on_from_a_view_that_was_refused(world: World, browse: Browse) -> None:
    client = browse(world.country)

    refused = keep(client, "", "by=sisimiut")
    search = BeautifulSoup(refused.content, "html.parser").select_one("form[role=search]")

    assert refused.status_code == 422
    assert search["action"] == f"{reverse('mentoring:pairings')}?by=sisimiut"
    ordered = client.get(reverse(SAVE, args=["forloeb"]), {"by": "sisimiut", "page": "1"})
    assert ordered["Location"] == f"{reverse('mentoring:pairings')}?by=sisimiut&page=1"


def test_a_view_holds_keys_and_days_never_words(world: World, browse: Browse) -> None:
    client = browse(world.country)
    keep(client, "Alt", "by=sisimiut&q=Aviaja&page=3&vis=alt&ukendt=x&sorter=navn&tilstand=nej")
    assert views_of(world.country) == [("Alt", "by=sisimiut", False)]


def test_sent_twice_it_is_kept_once_and_another_of_the_name_is_refused(
    world: World, browse: Browse
) -> None:
    client = browse(world.country)
    keep(client, "Syd")
    assert keep(client, "Syd").status_code == 200

    refused = keep(client, "Syd", "by=upernavik")

    assert refused.status_code == 422
    assert refused.context["save"].errors["name"]
    assert of(refused) == [world.here]  # what was to be kept is still shown
    assert views_of(world.country) == [("Syd", "by=sisimiut", False)]


@pytest.mark.parametrize("name", ["", "0101701234", "x" * 61, "Kind 010170-1234"])
def test_a_name_that_does_not_hold_is_refused_at_its_field(
    world: World, browse: Browse, name: str
) -> None:
    client = browse(world.country)
    response = keep(client, name)
    assert response.status_code == 422
    assert response.context["save"].errors["name"]
    assert views_of(world.country) == []

    keep(client, "Syd")
    view = SavedView.objects.get()
    renamed = client.post(reverse("mentoring:view", args=[view.pk]), {"name": name})
    assert renamed.status_code == 422
    assert views_of(world.country) == [("Syd", "by=sisimiut", False)]


def test_a_view_is_renamed_and_deleted(world: World, browse: Browse) -> None:
    client = browse(world.country)
    keep(client, "Syd")
    keep(client, "Nord", "by=upernavik")
    address = reverse("mentoring:view", args=[SavedView.objects.get(name="Syd").pk])
    assert client.get(address).status_code == 200

    assert client.post(address, {"name": "Nord"}).status_code == 422
    assert client.post(address, {"name": "Qeqqata"}).status_code == 302
    assert [name for name, _query, _first in views_of(world.country)] == ["Nord", "Qeqqata"]
    client.post(address, {"delete": "1"})
    assert [name for name, _query, _first in views_of(world.country)] == ["Nord"]
    assert client.post(address, {"delete": "1"}).status_code == 404


def test_the_view_of_somebody_else_is_not_there(world: World, browse: Browse) -> None:
    view = save_view(
        world.coordinator, "forloeb", name="Min", query="", is_first=False, at=timezone.now()
    )
    client, address = browse(world.country), reverse("mentoring:view", args=[view.pk])

    assert client.get(address).status_code == 404
    for press in ({"name": "Din"}, {"delete": "1"}, {"first": "1"}):
        assert client.post(address, press).status_code == 404
    view.refresh_from_db()
    assert (view.name, view.is_first) == ("Min", False)
    assert client.get(reverse("mentoring:pairings")).context["views"] == []
    lost = browse(make_person("mentor"))
    assert lost.get(address).status_code == 403


def test_there_are_so_many_views_and_no_more(world: World) -> None:
    for number in range(MOST_VIEWS):
        save_view(world.country, "klar", name=f"{number}", query="", is_first=False,
                  at=timezone.now())  # fmt: skip
    with pytest.raises(ViewRefused) as refusal:
        save_view(world.country, "klar", name="en til", query="", is_first=False,
                  at=timezone.now())  # fmt: skip
    assert refusal.value.code == "many"
    save_view(world.country, "behov", name="en til", query="", is_first=False, at=timezone.now())


def test_the_database_holds_one_first_view_of_a_list(world: World) -> None:
    first, second = (
        save_view(world.country, "klar", name=name, query="", is_first=False, at=timezone.now())
        for name in ("a", "b")
    )
    open_first(first)
    with pytest.raises(IntegrityError), transaction.atomic():
        SavedView.objects.filter(pk=second.pk).update(is_first=True)
    open_first(second)
    assert views_of(world.country) == [("a", "", False), ("b", "", True)]


def test_a_list_that_there_is_not_is_a_404(world: World, browse: Browse) -> None:
    client = browse(world.country)
    assert client.post(reverse(SAVE, args=["nej"]), {"name": "x"}).status_code == 404
    assert client.get(reverse("mentoring:list-csv", args=["nej"])).status_code == 404
    gone = SavedView.objects.create(
        person=world.country, listing="gone", name="x", made_at=timezone.now()
    )
    assert client.get(reverse("mentoring:view", args=[gone.pk])).status_code == 404
