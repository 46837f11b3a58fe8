"""OpenID Connect, when an operator names a server."""

from collections.abc import Iterator
from importlib import reload
from types import SimpleNamespace

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.test import Client
from django.urls import clear_url_caches, reverse
from django.utils import timezone

import config.urls
from people import account_urls, actions, invitations
from people.models import Person, Place, User
from people.sign_in import SocialAccountAdapter
from tests.factories.people import make_person, make_role
from tests.people.conftest import COMMAND_LINE


def reload_urls() -> None:
    reload(account_urls)
    reload(config.urls)
    clear_url_caches()


@pytest.fixture
def configured(settings, base: None) -> Iterator[None]:
    app = {
        "provider_id": "kommune",
        "name": "Kommunens login",
        "client_id": "sidemand",
        "secret": "not a secret",
        "settings": {"server_url": "https://login.example.org"},
    }
    settings.SIDEMAND_OIDC_SERVER = "https://login.example.org"
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}
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
    page = client.get(reverse("account_login")).content.decode()

    assert "Log ind med Kommunens login" in page
    assert 'action="/da/konto/oidc/kommune/' in page


def test_without_a_server_there_is_no_trace_of_it(client: Client, base: None) -> None:
    assert "/oidc/" not in client.get(reverse("account_login")).content.decode()
    assert client.get("/da/konto/oidc/kommune/").status_code == 404


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
