"""What people have to say on the start page: whoever gives accounts finds the way to them."""

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from core.start_page import Section
from people.models import ErasureWish, Invitation
from people.permissions import Standing


def accounts(_request: HttpRequest, standing: Standing) -> Section | None:
    """The people, how many invitations ran out, how many want to be deleted; two queries.

    For administrators.
    """
    if not standing.manages_accounts:
        return None
    now = timezone.now()
    return Section(
        _("People"),
        "people/start/accounts.html",
        {
            "expired": Invitation.objects.waiting().filter(expires_at__lte=now).count(),
            "wishes": ErasureWish.objects.due(at=now).count(),
        },
        order=14,
        is_next_step=True,
    )
