"""What people have to say on the start page: whoever gives accounts finds the way to them."""

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from core.start_page import Section
from people.models import Invitation
from people.permissions import Standing


def accounts(_request: HttpRequest, standing: Standing) -> Section | None:
    """The people, and how many invitations ran out unanswered. For administrators; one query."""
    if not standing.manages_accounts:
        return None
    expired = Invitation.objects.waiting().filter(expires_at__lte=timezone.now()).count()
    return Section(
        _("People"), "people/start/accounts.html", {"expired": expired}, order=14, is_next_step=True
    )
