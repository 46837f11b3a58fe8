"""Mails that people's actions send, written by the worker: links are made there, never stored."""

from allauth.account.forms import EmailAwarePasswordResetTokenGenerator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from django.urls import reverse
from django.utils.translation import override
from django_tasks import task

from core.mail import absolute_url, deliver
from people import invitations
from people.models import Invitation, User


@task()
def send_invitation(invitation_id: str, sending: int) -> None:
    """Send the invitation, unless it was sent again or ended in the meantime."""
    invitation = (
        Invitation.objects.waiting()
        .select_related("person", "sent_by")
        .filter(pk=invitation_id, sending=sending)
        .first()
    )
    if invitation is None:
        return
    deliver(
        invitation.email,
        "people/mail/invitation",
        {
            "name": invitation.person.name,
            "sender": invitation.sent_by.name if invitation.sent_by else "",
            "link": invitations.link_to(invitation),
            "expires_at": invitation.expires_at,
        },
        language=invitation.person.language,
        key=f"invitation:{invitation.pk}:{sending}",
    )


@task()
def send_asked_again(invitation_id: str, sending: int) -> None:
    """Tell the sender of an invitation that it expired and a new one is wanted."""
    invitation = Invitation.objects.select_related("person", "sent_by").get(pk=invitation_id)
    sender = invitation.sent_by
    if sender is None:
        return
    with override(sender.language):
        link = absolute_url(reverse("people:person", args=[invitation.person_id]))
    deliver(
        sender.email,
        "people/mail/asked_again",
        {"name": sender.name, "invited": invitation.person.name, "link": link},
        language=sender.language,
        key=f"asked-again:{invitation.pk}:{sending}",
    )


@task()
def send_password_reset(user_id: int, email: str, language: str, key: str) -> None:
    """Send a link that lets the owner of the account choose a new password."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        return
    token = EmailAwarePasswordResetTokenGenerator().make_token(user)
    with override(language):
        path = reverse(
            "account_reset_password_from_key",
            kwargs={"uidb36": user_pk_to_url_str(user), "key": token},
        )
    deliver(
        email,
        "people/mail/password_reset",
        {"name": user.get_full_name(), "link": absolute_url(path)},
        language=language,
        key=key,
    )


@task()
def send_address_confirmation(address_id: int, language: str, key: str) -> None:
    """Send a link that proves the owner of the account reads mail at the address."""
    address = EmailAddress.objects.select_related("user__person").filter(pk=address_id).first()
    if address is None or address.verified:
        return
    with override(language):
        path = reverse("account_confirm_email", args=[EmailConfirmationHMAC(address).key])
    deliver(
        address.email,
        "people/mail/confirm_address",
        {"name": str(address.user), "link": absolute_url(path)},
        language=language,
        key=key,
    )


@task()
def make_export(export_id: str) -> None:
    """Write the file of an export that somebody waits for; whoever was erased waits no more."""
    from people.models import DataExport
    from people.own_data.exporting import make_export as make

    export = DataExport.objects.filter(pk=export_id, ready_at=None).first()
    if export is not None:
        make(export)


@task()
def send_second_factor_reset(user_id: int, moment: str) -> None:
    """Tell the owner of an account that its second step was removed."""
    user = User.objects.select_related("person").get(pk=user_id)
    person = getattr(user, "person", None)
    deliver(
        user.email,
        "people/mail/second_factor_reset",
        {"name": user.get_full_name()},
        language=person.language if person is not None else "da",
        key=f"second-factor-reset:{user_id}:{moment}",
    )
