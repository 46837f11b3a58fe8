"""The language switch leads to the same page, remembers the choice and trusts no other site."""

import pytest

from core.views_language import in_language


@pytest.mark.parametrize(
    ("path", "language", "expected"),
    [
        ("/da/start/", "kl", "/kl/start/"),
        ("/kl/start/?page=2", "da", "/da/start/?page=2"),
        ("/da", "kl", "/kl"),
        ("/da?a=1", "kl", "/kl?a=1"),
        ("/kl/da/", "da", "/da/da/"),
        ("/dante/", "kl", "/dante/"),
        ("/", "kl", "/"),
    ],
)
def test_the_prefix_of_the_path_is_replaced(path, language, expected):
    assert in_language(path, language) == expected


def test_switch_shows_the_same_page_and_remembers(client):
    response = client.post(
        "/sprog/", {"language": "kl", "next": "/da/konto/login/?next=/da/start/"}
    )

    assert response.status_code == 302
    assert response.url == "/kl/konto/login/?next=/da/start/"
    assert response.cookies["sidemand_language"].value == "kl"
    assert response.cookies["sidemand_language"]["httponly"] is True


def test_a_page_may_have_another_address_in_the_other_language(client):
    response = client.post(
        "/sprog/", {"language": "kl", "next": "/da/om/", "next-kl": "/kl/pillugu/"}
    )

    assert response.url == "/kl/pillugu/"


@pytest.mark.parametrize(
    "target",
    ["https://example.org/da/", "//example.org/da/", "javascript:alert(1)", "/\\example.org", ""],
)
def test_the_switch_never_leaves_the_site(client, target):
    response = client.post("/sprog/", {"language": "kl", "next": target})

    assert response.url == "/"


def test_an_unknown_language_becomes_danish(client):
    response = client.post("/sprog/", {"language": "xx", "next": "/kl/start/"})

    assert response.url == "/da/start/"
    assert response.cookies["sidemand_language"].value == "da"


def test_another_site_is_refused(client):
    response = client.post(
        "/sprog/", {"language": "kl", "next": "/da/"}, headers={"Origin": "https://example.org"}
    )

    assert response.status_code == 403
    assert "sidemand_language" not in response.cookies


def test_own_origin_is_let_in(client):
    response = client.post(
        "/sprog/", {"language": "kl", "next": "/da/"}, headers={"Origin": "http://testserver"}
    )

    assert response.url == "/kl/"


def test_a_link_changes_nothing(client):
    assert client.get("/sprog/?language=kl").status_code == 405


def test_where_something_typed_would_be_lost_the_switch_asks_first(client):
    sent = {"language": "kl", "next": "/da/om/", "next-kl": "/kl/pillugu/"}
    response = client.post("/sprog/", {**sent, "typed": "yes"})

    assert response.status_code == 200
    assert "sidemand_language" not in response.cookies
    page = response.content.decode()
    assert "Skift til Kalaallisut uden min tekst" in page
    for name, value in sent.items():
        assert f'name="{name}" value="{value}"' in page
    assert 'name="typed"' not in page
