"""At most five words, in order, for who may see them, with the closest one current."""

import pytest
from django.test import RequestFactory

from core import navigation
from core.navigation import NavigationItem, links_for, register

pytestmark = pytest.mark.urls("tests.front.urls")


@pytest.fixture(autouse=True)
def empty_registry(monkeypatch):
    monkeypatch.setattr(navigation, "_items", {})


def item(key, url_name, position, visible_to=navigation.everybody):
    return NavigationItem(key, key.title(), url_name, position, visible_to)


def test_items_stand_in_order_and_the_closest_is_current():
    register(item("language", "set_language", 20))
    register(item("home", "home", 10))
    register(item("start", "start", 15))

    links = links_for(RequestFactory().get("/da/start/"))

    assert [(str(link.label), link.is_current) for link in links] == [
        ("Home", False),
        ("Start", True),
        ("Language", False),
    ]


def test_an_item_is_hidden_from_who_may_not_see_it():
    register(item("home", "home", 10, visible_to=lambda request: False))

    assert links_for(RequestFactory().get("/da/")) == []


def test_five_items_at_most():
    for position in range(7):
        register(item(f"word {position}", "home", position))

    links = links_for(RequestFactory().get("/da/"))

    assert [str(link.label) for link in links] == [f"Word {position}" for position in range(5)]


def test_registering_again_replaces():
    register(item("home", "home", 10))
    register(NavigationItem("home", "Begin", "home", 10))

    assert [link.label for link in links_for(RequestFactory().get("/da/"))] == ["Begin"]
