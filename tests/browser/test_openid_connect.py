"""A real browser leaves for the provider of OpenID Connect under our policy."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit

import pytest
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from playwright.sync_api import expect

from tests.people.test_openid_connect import APP, reload_urls

pytestmark = [pytest.mark.browser, pytest.mark.once]


class Provider(BaseHTTPRequestHandler):
    """Answers every address with the provider's own page for signing in."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<title>x</title><link rel=icon href='data:,'><h1>Kommunens login</h1>")

    def log_message(self, *_said: object) -> None:
        """Say nothing."""


@pytest.fixture
def provider(settings, monkeypatch) -> Iterator[str]:
    """The origin of a provider on this machine, which the settings name."""
    with ThreadingHTTPServer(("localhost", 0), Provider) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        origin = f"http://localhost:{server.server_port}"
        settings.SIDEMAND_OIDC_SERVER = origin
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [APP]}}
        policy = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
        allowed = policy | {"form-action": [*policy["form-action"], origin]}
        settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": allowed}
        known = {"authorization_endpoint": f"{origin}/login", "token_endpoint": f"{origin}/token"}
        monkeypatch.setattr(OpenIDConnectOAuth2Adapter, "openid_config", known)
        reload_urls()
        yield origin
        server.shutdown()
    settings.SIDEMAND_OIDC_SERVER = ""
    reload_urls()


def test_the_button_leads_to_the_provider(visit, watch, provider):
    watch.expect_host(urlsplit(provider).netloc)
    person = visit(None, "/da/konto/log-ind/")

    person.get_by_label("delt computer").check()
    person.get_by_role("button", name="Log ind med Kommunens login").click()

    expect(person.get_by_role("heading", name="Kommunens login")).to_be_visible()
    assert person.url.startswith(f"{provider}/login?client_id=sidemand")
