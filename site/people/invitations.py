"""Links of invitations: signed, so that nothing that is stored anywhere opens an account."""

from datetime import timedelta

from django.core.signing import BadSignature, Signer
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import override

from core.mail import absolute_url
from people.models import Invitation

LIFETIME = timedelta(days=14)
_signer = Signer(salt="people.invitation", sep=".")
_IN_SESSION = "invitation"


def link_to(invitation: Invitation) -> str:
    """The address in the mail, in the person's language; only the latest sending's is good."""
    token = _signer.sign(f"{invitation.pk}.{invitation.sending}")
    with override(invitation.person.language):
        return absolute_url(reverse("people:invitation", args=[token]))


def find(token: str) -> tuple[Invitation | None, bool]:
    """The invitation that ``token`` was signed for, and whether it is the latest sending's.

    None for a token that we did not sign.
    """
    try:
        pk, sending = _signer.unsign(token).split(".")
    except BadSignature:
        return None, False
    invitation = Invitation.objects.select_related("person__user", "sent_by").filter(pk=pk).first()
    return invitation, invitation is not None and str(invitation.sending) == sending


def remember(request: HttpRequest, invitation: Invitation) -> None:
    """Keep in the session that its browser has followed the link."""
    request.session[_IN_SESSION] = [str(invitation.pk), invitation.sending]


def remembered(request: HttpRequest) -> Invitation | None:
    """The invitation whose link this browser has followed, unless a newer one was sent."""
    pk, sending = request.session.get(_IN_SESSION, [None, 0])
    if pk is None:
        return None
    return (
        Invitation.objects.select_related("person", "sent_by")
        .filter(pk=pk, sending=sending)
        .first()
    )


def forget(request: HttpRequest) -> None:
    """Drop the invitation from the session; it has served."""
    request.session.pop(_IN_SESSION, None)
