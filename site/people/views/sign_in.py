"""The sign-in page, where password and passkey share one form, and what leads to an account."""

from typing import Any

from allauth.account import views as account
from allauth.account.views import login as login_with_password
from allauth.account.views import logout as sign_out
from allauth.mfa.webauthn.views import login_webauthn as login_with_passkey
from allauth.socialaccount.providers.openid_connect.views import login as leave_for_provider
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.views.generic import TemplateView, View

from people import actions, invitations
from people.access import PersonRequiredMixin, wants_json
from people.middleware import LAST_USED, forget_pages
from people.models import Invitation
from people.sign_in import SHARED


def login(request: HttpRequest) -> HttpResponseBase:
    """Sign in with password or passkey. Open to everybody.

    One form serves both, so that the box "Shared computer" counts for both: the passkey's script
    asks this address for its challenge and posts the answer here.
    """
    if request.POST.get("credential") or (request.method == "GET" and wants_json(request)):
        response: HttpResponseBase = login_with_passkey(request)
    else:
        response = login_with_password(request)
    return response


def logout(request: HttpRequest) -> HttpResponseBase:
    """Sign out. A shared computer's browser is told to forget the pages it has kept."""
    is_shared = LAST_USED in request.session
    response: HttpResponseBase = sign_out(request)
    if is_shared and request.method == "POST":
        forget_pages(response)
    return response


def openid_connect(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Go to the provider; the box "Shared computer" waits in the session. Open to everybody.

    Its button stands in the form of the sign-in or of the invitation, so that their box counts.
    """
    if request.method == "POST":
        request.session[SHARED] = bool(request.POST.get("shared"))
    response: HttpResponseBase = leave_for_provider(request, provider_id)
    return response


class ConfirmEmailView(account.ConfirmEmailView):
    """Prove an address with the link that was mailed there. Open to whoever holds the link.

    If somebody else bears it, here is said so, and nothing changes.
    """

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Whether the account may take it, beside what Allauth's page shows."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        if self.object is not None:
            context["can_confirm"] = actions.may_take(self.object.email_address)
        return context

    def respond(self, success: bool) -> HttpResponseBase:
        """Go on, or say on this very page that somebody else bears it."""
        if not success:
            context = {**self.get_context_data(), "can_confirm": False}
            return self.render_to_response(context, status=409)
        response: HttpResponseBase = super().respond(success)
        return response


confirm_email = ConfirmEmailView.as_view()


class InvitationView(View):
    """What a link of an invitation leads to. Open to whoever holds the link."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """On to making the account, or why that is not possible."""
        invitation, is_latest = invitations.find(token)
        if invitation is None:
            return self._page(request, "unknown", status=404)
        state = invitation.state(at=timezone.now())
        if state == Invitation.State.ACCEPTED and request.user == invitation.person.user:
            return redirect("start")
        if state == Invitation.State.OPEN and not is_latest:
            return self._page(request, "newer", status=410)
        if state != Invitation.State.OPEN:
            return self._page(request, state, status=410, invitation=invitation)
        if request.user.is_authenticated:
            return self._page(request, "signed_in")
        invitations.remember(request, invitation)
        return redirect("account_signup")

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        """Ask whoever sent the expired invitation for a new one."""
        invitation, _is_latest = invitations.find(token)
        if invitation is None:
            return self._page(request, "unknown", status=404)
        actions.ask_again(invitation, at=timezone.now())
        return self._page(request, "asked")

    def _page(
        self,
        request: HttpRequest,
        state: str,
        *,
        status: int = 200,
        invitation: Invitation | None = None,
    ) -> HttpResponse:
        context = {"state": state, "invitation": invitation}
        response = render(request, "people/invitation.html", context, status=status)
        add_never_cache_headers(response)
        return response


class SecondFactorView(PersonRequiredMixin, TemplateView):
    """Why a second step is asked for, and the two ways to set it up. For whoever signed in."""

    template_name = "people/second_factor.html"
