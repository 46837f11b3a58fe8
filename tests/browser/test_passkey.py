"""Passkeys with the virtual authenticator of a real Chromium."""

from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import Page

from people.models import Person
from tests.factories.people import PASSWORD, make_person, make_role

pytestmark = pytest.mark.browser


@pytest.fixture
def site(live_server, settings) -> str:
    """The server under a host name: passkeys refuse an address of numbers."""
    settings.SIDEMAND_SECOND_FACTOR = True
    return live_server.url.replace("127.0.0.1", "localhost")


@pytest.fixture
def person(base: None, live_server) -> Person:
    return make_person(make_role("administrator"), name="Administrator Demo")


@pytest.fixture
def telephone(page: Page) -> Iterator[Page]:
    """A page on a telephone that answers with a fingerprint; anything on the console fails."""
    faults: list[str] = []
    page.on("console", lambda m: faults.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    yield page
    assert faults == []


def sign_in_with_password(page: Page, site: str, person: Person) -> None:
    page.goto(f"{site}/da/konto/log-ind/")
    page.get_by_label("E-mail").fill(person.email)
    page.get_by_label("Adgangskode").fill(PASSWORD)
    page.get_by_role("button", name="Log ind", exact=True).click()


def test_a_passkey_is_set_up_when_demanded_and_then_signs_in_alone(
    telephone: Page, site: str, person: Person
) -> None:
    sign_in_with_password(telephone, site, person)
    telephone.wait_for_url("**/personer/totrin/")
    telephone.get_by_role("link", name="Tilføj en adgangsnøgle").click()
    telephone.get_by_label("Adgangskode").fill(PASSWORD)
    telephone.get_by_role("button", name="Gå videre").click()
    telephone.get_by_label("Navn").fill("Kontorets computer")
    telephone.get_by_role("button", name="Tilføj adgangsnøglen").click()
    telephone.wait_for_url("**/totrin/koder/")
    telephone.goto(f"{site}/da/personer/")
    assert telephone.get_by_role("heading", level=1).inner_text() == "Personer"
    key = Authenticator.objects.get(type="webauthn")
    assert (str(key.wrap().name), key.wrap().is_passwordless) == ("Kontorets computer", True)

    telephone.context.clear_cookies()
    telephone.goto(f"{site}/da/konto/log-ind/?next=/da/personer/mig/")
    telephone.get_by_label("Delt computer").check()
    telephone.get_by_role("button", name="Brug en adgangsnøgle").click()
    telephone.wait_for_url(f"{site}/da/personer/mig/")

    cookies = {cookie["name"]: cookie for cookie in telephone.context.cookies()}
    assert cookies["sessionid"]["expires"] == -1  # goes with the browser: the box counted


def test_a_passkey_is_the_second_step_after_a_password(
    telephone: Page, site: str, person: Person
) -> None:
    sign_in_with_password(telephone, site, person)
    telephone.goto(f"{site}/da/konto/totrin/noegler/ny/")
    telephone.get_by_label("Adgangskode").fill(PASSWORD)
    telephone.get_by_role("button", name="Gå videre").click()
    telephone.get_by_role("button", name="Tilføj adgangsnøglen").click()
    telephone.wait_for_url("**/totrin/koder/")
    telephone.context.clear_cookies()

    sign_in_with_password(telephone, site, person)
    telephone.wait_for_url("**/log-ind/totrin/")
    telephone.get_by_role("button", name="Brug en adgangsnøgle").click()

    telephone.wait_for_url("**/start/")
