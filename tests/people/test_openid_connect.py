"""OpenID Connect, when an operator names a server."""

import time
from collections.abc import Callable, Iterator
from importlib import reload
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialLogin
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from bs4 import BeautifulSoup
from django.http import HttpResponse
from django.test import Client
from django.urls import clear_url_caches, reverse
from django.utils import timezone

import config.urls
from people import account_urls, actions, invitations
from people.models import Person, Place, User
from people.sign_in import SocialAccountAdapter
from tests.factories.people import add_totp, make_person, make_role, totp_code
from tests.people.conftest import ALONE, COMMAND_LINE, SHARED, how_long

SERVER = "https://login.example.org"
APP = {
    "provider_id": "kommune",
    "name": "Kommunens login",
    "client_id": "sidemand",
    "secret": "not a secret",
    "settings": {"server_url": SERVER},
}


def reload_urls() -> None:
    reload(account_urls)
    reload(config.urls)
    clear_url_caches()


@pytest.fixture
def configured(settings, base: None) -> Iterator[None]:
    settings.SIDEMAND_OIDC_SERVER = SERVER
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [APP]}
    }
    reload_urls()
    yield
    settings.SIDEMAND_OIDC_SERVER = ""
    reload_urls()


def coming_with(email: str, *, verified: bool) -> SocialLogin:
    """Somebody whom the provider has let in."""
    return SocialLogin(
        user=User(email=email),
        account=SocialAccount(provider="kommune", uid="1"),
        email_addresses=[EmailAddress(email=email, verified=verified, primary=True)],
    )


@pytest.mark.usefixtures("configured")
def test_the_sign_in_page_offers_it(client: Client) -> None:
    page = BeautifulSoup(client.get(reverse("account_login")).content, "html.parser")

    button = page.find("button", formaction="/da/konto/oidc/kommune/")
    assert button.get_text() == "Log ind med Kommunens login"
    assert button.find_parent("form").find("input", {"name": "shared"}) is not None


def test_without_a_server_there_is_no_trace_of_it(client: Client, base: None) -> None:
    assert "/oidc/" not in client.get(reverse("account_login")).content.decode()
    assert client.get("/da/konto/oidc/kommune/").status_code == 404


# --- How long -------------------------------------------------------------------------------------


@pytest.fixture
def provider(configured: None, monkeypatch) -> Callable[..., HttpResponse]:
    """Leave for a provider that vouches for whom one names, and come back."""
    server = f"{SERVER}/"
    known = {"authorization_endpoint": server, "token_endpoint": server + "token"}
    monkeypatch.setattr(OpenIDConnectOAuth2Adapter, "openid_config", known)
    monkeypatch.setattr(
        OpenIDConnectOAuth2Adapter, "get_access_token_data", lambda *_, **__: {"access_token": "x"}
    )

    def leave_and_return(client: Client, email: str, **posted: str) -> HttpResponse:
        told = {"sub": "1", "email": email, "email_verified": True}
        monkeypatch.setattr(OpenIDConnectOAuth2Adapter, "_fetch_user_info", lambda *_: told)
        away = client.post("/da/konto/oidc/kommune/", posted)["Location"]
        state = parse_qs(urlsplit(away).query)["state"][0]
        return client.get("/da/konto/oidc/kommune/svar/", {"code": "x", "state": state})

    return leave_and_return


@pytest.mark.parametrize(("posted", "lasts"), [({}, ALONE), ({"shared": "on"}, SHARED)])
def test_the_box_counts_for_whoever_comes_back(
    client: Client, mentor: Person, provider, posted: dict[str, str], lasts: tuple[bool, int | str]
) -> None:
    provider(client, mentor.email, **posted)

    assert client.session["_auth_user_id"] == str(mentor.user.pk)
    assert how_long(client) == lasts


def test_the_box_counts_where_somebody_else_is_signed_in(
    client: Client, mentor: Person, coordinator: Person, provider
) -> None:
    client.force_login(coordinator.user)

    provider(client, mentor.email, shared="on")

    assert client.session["_auth_user_id"] == str(mentor.user.pk)
    assert how_long(client) == SHARED


def test_a_box_from_a_way_that_was_left_does_not_count(
    client: Client, mentor: Person, provider
) -> None:
    client.post("/da/konto/oidc/kommune/", {"shared": "on"})

    provider(client, mentor.email)

    assert how_long(client) == ALONE


def test_the_box_counts_until_the_second_step_and_after_it(
    client: Client, mentor: Person, provider
) -> None:
    add_totp(mentor.user)
    provider(client, mentor.email, shared="on")

    client.post(reverse("mfa_authenticate"), {"code": totp_code(time.time())})

    assert client.session["_auth_user_id"] == str(mentor.user.pk)
    assert how_long(client) == SHARED


def test_the_box_counts_for_an_invitation(client: Client, town: Place, provider) -> None:
    person = make_person(make_role("mentor", town), account=False, email="ny@example.org")
    invitation = actions.invite(person, COMMAND_LINE, at=timezone.now())
    client.get(invitations.link_to(invitation).removeprefix("http://localhost:8000"))

    provider(client, "ny@example.org", shared="on")

    assert client.session["_auth_user_id"] == str(Person.objects.get(pk=person.pk).user_id)
    assert how_long(client) == SHARED


# --- Who gets an account --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("email", "verified", "is_open"),
    [
        ("ny@example.org", True, True),
        ("NY@example.org", True, True),
        ("ny@example.org", False, False),
        ("other@example.org", True, False),
    ],
)
def test_only_the_invited_and_verified_address_makes_an_account(
    rf, town: Place, email: str, verified: bool, is_open: bool
) -> None:
    person = make_person(make_role("mentor", town), account=False, email="ny@example.org")
    invitation = actions.invite(person, COMMAND_LINE, at=timezone.now())
    request = rf.get("/")
    request.session = {}
    adapter = SocialAccountAdapter(request)
    before = adapter.is_open_for_signup(request, coming_with(email, verified=verified))
    invitations.remember(request, invitation)

    opened = adapter.is_open_for_signup(request, coming_with(email, verified=verified))

    assert (before, opened) == (False, is_open)


def test_the_account_becomes_the_invited_persons(rf, town: Place) -> None:
    person = make_person(make_role("mentor", town), account=False, email="ny@example.org")
    invitation = actions.invite(person, COMMAND_LINE, at=timezone.now())
    request = rf.get("/")
    request.session, request.user = {}, SimpleNamespace(is_authenticated=False)
    invitations.remember(request, invitation)

    user = SocialAccountAdapter(request).save_user(
        request, coming_with("ny@example.org", verified=True)
    )

    person = Person.objects.get(pk=person.pk)
    assert person.user == user
    assert not user.has_usable_password()
    assert invitations.remembered(request) is None
