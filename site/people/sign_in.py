"""Signing in with allauth: by invitation, in the person's language, for as long as was chosen."""

import base64
import hashlib
import time
from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import uuid4

from allauth.account import forms as account_forms
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import EmailAddress
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from cryptography.fernet import Fernet, MultiFernet
from django import forms
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, PermissionDenied, ValidationError
from django.core.validators import MaxLengthValidator
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from core.identity import refuse_cpr_like
from core.mail import send_written_mail
from core.views_language import in_language
from people import actions, invitations, tasks
from people.middleware import LAST_USED
from people.models import Invitation, User
from people.permissions import standing_of

#: In the session between the form and the end of the sign-in: the box "Shared computer". Between
#: coming back from a provider and the session, it lies in the state of Allauth's ``SocialLogin``.
SHARED = "shared_computer"
#: Stands in for an address that the server does not tell, as behind a Unix socket.
UNKNOWN_ADDRESS = "0.0.0.0"  # noqa: S104  nothing listens there


NEW_PASSWORD_HELP = _(
    "At least 8 characters. A short sentence is easy to remember and hard to guess."
)


class PlainForm(forms.Form):
    """Allauth's forms without placeholders, which vanish when one needs them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            if name in {"email", "login"}:
                field.label = _("E-mail")
            elif name == "password1":
                field.help_text = NEW_PASSWORD_HELP
            elif name in {"password", "oldpassword"}:
                field.help_text = ""


class SharedComputerMixin(forms.Form):
    """The one box that decides how long one stays signed in."""

    shared = forms.BooleanField(
        label=_("Shared computer"),
        required=False,
        help_text=_("Tick it if others use this computer. You are signed out after 30 minutes."),
    )


class LoginForm(SharedComputerMixin, PlainForm, account_forms.LoginForm):
    """Allauth's form with the box."""

    field_order = ["login", "password", "shared"]

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        """Sign in, or lead on to the second factor."""
        response: HttpResponse = super().login(request, redirect_url)
        _keep_as_chosen(request)  # allauth has just set a lifetime of its own
        return response


class SignupForm(SharedComputerMixin, PlainForm, account_forms.SignupForm):
    """The address stands fixed: it is the invited one. The box counts for the first session."""

    field_order = ["email", "password1", "shared"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        invitation = invitations.remembered(context.request)
        self.fields["email"].widget.attrs["readonly"] = True
        self.fields["email"].initial = invitation.email if invitation is not None else ""

    def try_save(self, request: HttpRequest) -> tuple[User, None]:
        """Make the account and accept the invitation, both or neither.

        Whoever has just chosen a password has shown it: the second step, asked for on the next
        page, does not ask for it again.
        """
        user = _accept(request, partial(self.save, request))
        record_authentication(request, user, method="password", reauthenticated=True)
        return user, None


class ResetPasswordForm(PlainForm, account_forms.ResetPasswordForm):
    """Ask for a link to choose a new password."""


class ResetPasswordKeyForm(PlainForm, account_forms.ResetPasswordKeyForm):
    """Choose a new password through such a link."""


class ChangePasswordForm(PlainForm, account_forms.ChangePasswordForm):
    """Choose a new password, knowing the present one."""


class SetPasswordForm(PlainForm, account_forms.SetPasswordForm):
    """Choose a first password."""


class ReauthenticateForm(PlainForm, account_forms.ReauthenticateForm):
    """Show with the password that it is still the same person."""


class ChangeEmailForm(PlainForm, account_forms.AddEmailForm):
    """Choose another address to sign in with.

    Every address is answered alike. That somebody else bears it is told to whoever reads mail
    there (:class:`people.views.sign_in.ConfirmEmailView`).
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("New address")


class NameOfKeyMixin(forms.Form):
    """The name of a passkey is free text, which holds no CPR number."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name = self.fields["name"]
        name.label = _("Name")
        name.help_text = _("So that you know it again, for example the name of the device.")
        name.validators += [refuse_cpr_like, MaxLengthValidator(100)]


class AddPasskeyForm(NameOfKeyMixin, AddWebAuthnForm):
    """Add a passkey."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["passwordless"].initial = True
        self.fields["passwordless"].label = _("Sign in with it alone, without a password")
        self.fields["passwordless"].help_text = ""


class EditPasskeyForm(NameOfKeyMixin, EditWebAuthnForm):
    """Rename a passkey."""


def _open_invitation(request: HttpRequest) -> Invitation | None:
    invitation = invitations.remembered(request)
    if invitation is None or invitation.state(at=timezone.now()) != Invitation.State.OPEN:
        return None
    return invitation


def _accept(request: HttpRequest, open_account: Callable[[], User]) -> User:
    """Accept the invitation of this browser.

    Raises:
        ImmediateHttpResponse: To the page that says what became of the invitation, when
            somebody else was faster or it has just ended.
    """
    invitation = invitations.remembered(request)
    try:
        if invitation is None:
            raise ImmediateHttpResponse(redirect("account_signup"))
        user = actions.accept_invitation(invitation, open_account, at=timezone.now())
    except actions.PeopleRefused as refusal:
        raise ImmediateHttpResponse(redirect("account_signup")) from refusal
    invitations.forget(request)
    return user


def _keep_as_chosen(request: HttpRequest) -> None:
    """On a shared computer the cookie goes with the browser, else it stays for its time."""
    shared = LAST_USED in request.session or request.session.get(SHARED)
    request.session.set_expiry(0 if shared else settings.SESSION_COOKIE_AGE)


class AccountAdapter(DefaultAccountAdapter):
    """Where allauth asks us."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("The account is closed."),
        "email_password_mismatch": _("The e-mail address or the password is wrong."),
        "email_taken": _("Somebody has an account with this address."),
        "enter_current_password": _("Enter your current password."),
        "incorrect_code": _("The code is wrong or too old. Enter the one you see now."),
        "incorrect_password": _("The password is wrong."),
        "invalid_login": _("The e-mail address or the password is wrong."),
        "invalid_password_reset": _("The link is no longer valid. Ask for a new one."),
        "same_as_current": _("Enter something else than the current one."),
        "too_many_login_attempts": _("Too many tries. Wait ten minutes, or reset the password."),
        "rate_limited": _("Too many tries. Wait a few minutes."),
    }

    # --- Who may ---

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Only in a browser that has followed the link of an open invitation."""
        return _open_invitation(request) is not None

    def clean_email(self, email: str) -> str:
        """Whoever signs up takes the invited address; with an account any may be proven.

        Raises:
            ValidationError: For another address than the invited one.
        """
        invitation = _open_invitation(self.request) if self._signs_up() else None
        if invitation is not None and email.lower() != invitation.email.lower():
            raise ValidationError(_("The invitation was sent to another address."))
        return super().clean_email(email)

    def _signs_up(self) -> bool:
        match = getattr(self.request, "resolver_match", None)  # no request on the command line
        return match is not None and match.view_name == "account_signup"

    def is_email_verified(self, request: HttpRequest, email: str) -> bool:
        """The link of the invitation has proven the address."""
        invitation = invitations.remembered(request)
        return invitation is not None and email.lower() == invitation.email.lower()

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Let account and person take the proven address, both or neither.

        Somebody else may have got it since it was asked for.
        """
        if not actions.may_take(email_address):
            return False
        try:
            with transaction.atomic():
                confirmed: bool = super().confirm_email(request, email_address)
        except IntegrityError:  # entered for somebody else just now
            return False
        return confirmed

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address limits are counted by; never one that the client made up.

        With fewer addresses in X-Forwarded-For than the operator has proxies, something did not
        come through them all: then the connection's own address counts.
        """
        try:
            return super().get_client_ip(request)
        except ImproperlyConfigured:
            return request.META.get("REMOTE_ADDR") or UNKNOWN_ADDRESS
        except PermissionDenied:
            return UNKNOWN_ADDRESS

    # --- What happens at the sign-in ---

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        """Remember the box until the second factor has been given, too.

        Whoever comes back from a provider ticked it before leaving.
        """
        sociallogin = (kwargs.get("signal_kwargs") or {}).get("sociallogin")
        box = request.POST.get("shared") if sociallogin is None else sociallogin.state.get(SHARED)
        request.session[SHARED] = bool(box)
        response: HttpResponse | None = super().pre_login(request, user, **kwargs)
        return response

    def login(self, request: HttpRequest, user: User) -> None:
        """Start the session, for as long as was chosen."""
        super().login(request, user)
        request.session.pop(LAST_USED, None)
        if request.session.pop(SHARED, False):
            request.session[LAST_USED] = int(time.time())
        _keep_as_chosen(request)

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Go on in the language the person has chosen."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        person = getattr(user, "person", None)
        if person is not None:
            if "Location" in response:
                response["Location"] = in_language(response["Location"], person.language)
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                person.language,
                max_age=settings.LANGUAGE_COOKIE_AGE,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to where the password is one of several things."""
        return reverse("mfa_index")

    # --- Mail ---

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a notice without secrets through the queue, in its reader's language."""
        user = context.get("user")
        with override(_language_of(user)):
            message = self.render_mail(template_prefix, email, context)
        _after_commit(send_written_mail.enqueue, email, str(message.subject), str(message.body))

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        """Let the worker make the link: the queue holds no key to an account."""
        _after_commit(
            tasks.send_password_reset.enqueue,
            user.pk,
            email,
            _language_of(user),
            f"password-reset:{uuid4()}",
        )

    def send_confirmation_mail(
        self, request: HttpRequest, emailconfirmation: Any, signup: bool
    ) -> None:
        """Let the worker make the link, as for the password."""
        address = emailconfirmation.email_address
        _after_commit(
            tasks.send_address_confirmation.enqueue,
            address.pk,
            _language_of(address.user),
            f"confirm-address:{uuid4()}",
        )


def _after_commit(enqueue: Callable[..., Any], *args: Any) -> None:
    transaction.on_commit(partial(enqueue, *args))


def _language_of(user: Any) -> str:
    person = getattr(user, "person", None)
    return person.language if person is not None else settings.LANGUAGE_CODE


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """OpenID Connect: the provider must vouch for the very address that was invited."""

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Take along the box from before leaving: whoever was signed in here is signed out now,
        and their session goes.
        """
        sociallogin.state[SHARED] = request.session.pop(SHARED, False)

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Only with an open invitation to an address that the provider has verified."""
        invitation = _open_invitation(request)
        return invitation is not None and any(
            address.verified and address.email.lower() == invitation.email.lower()
            for address in sociallogin.email_addresses
        )

    def is_auto_signup_allowed(self, request: HttpRequest, sociallogin: Any) -> bool:
        """There is nothing left to ask."""
        return True

    def save_user(self, request: HttpRequest, sociallogin: Any, form: Any = None) -> User:
        """Make the account and accept the invitation, both or neither."""
        save = super().save_user

        def open_account() -> User:
            invitation = invitations.remembered(request)
            if invitation is not None:
                sociallogin.user.email = invitation.email
            user: User = save(request, sociallogin, form)
            return user

        return _accept(request, open_account)


class MFAAdapter(DefaultMFAAdapter):
    """Keeps the secrets of second factors unreadable in the database and its backups."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("The code is wrong or too old. Enter the one you see now."),
        "cannot_delete_authenticator": _(
            "Your role asks for a second step. Add another one before you remove this."
        ),
    }

    def encrypt(self, text: str) -> str:
        """Encrypt with the secret key of today."""
        return _fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Decrypt with the secret key of today or an earlier one."""
        return _fernet().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Not the last one while it is demanded."""
        if authenticator.type == Authenticator.Type.RECOVERY_CODES:
            return True
        if not (
            settings.SIDEMAND_SECOND_FACTOR and standing_of(authenticator.user).needs_second_factor
        ):
            return True
        return (
            Authenticator.objects.filter(user=authenticator.user)
            .exclude(pk=authenticator.pk)
            .exclude(type=Authenticator.Type.RECOVERY_CODES)
            .exists()
        )


def _fernet() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = (hashlib.sha256(b"sidemand.mfa:" + force_bytes(key)).digest() for key in keys)
    return MultiFernet(Fernet(base64.urlsafe_b64encode(digest)) for digest in digests)
