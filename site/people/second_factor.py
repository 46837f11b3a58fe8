"""What counts as a second factor."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import QuerySet


def second_factors_of(account: Any) -> QuerySet[Authenticator]:
    """The passkeys and code apps of ``account``, or of an outer query's reference to one.

    Recovery codes are none: they stand in for one that was lost.
    """
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return Authenticator.objects.filter(user=account, type__in=kinds)
