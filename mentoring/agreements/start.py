"""What agreements have to say on the start page."""

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access_log import record
from core.start_page import Section
from mentoring.agreements.listing import rows_of
from mentoring.models import Session
from mentoring.permissions import ROLES, own_agreements
from people.permissions import Standing

SHOWN = 5


def agreed(request: HttpRequest, standing: Standing) -> Section | None:
    """What is agreed in the own pairings and not done yet, the soonest first; two queries."""
    if not standing.has(*(key for keys in ROLES.values() for key in keys)):
        return None
    waiting = own_agreements(standing).open().soonest_first()
    rows = rows_of(waiting.in_words()[: SHOWN + 1], on=standing.day)
    if not rows:
        return None
    shown = rows[:SHOWN]
    person = standing.person
    sessions = [
        Session(pk=row.agreement.session_id)
        for row in shown
        if person is None or row.agreement.version.author_id != person.pk
    ]
    record(request.user, "list", sessions, at=timezone.now())
    return Section(
        _("Agreements"),
        "mentoring/start/agreed.html",
        {"rows": shown, "has_more": len(rows) > SHOWN},
        order=8,
    )
