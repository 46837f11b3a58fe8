"""What the translators' queue has to say on the start page."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from core.start_page import Section
from pages.translating import wordings
from pages.translating.states import State, targets, totals
from people.models import Role
from people.permissions import Standing

MOST = 5


def translating(_request: HttpRequest, standing: Standing) -> Section | None:
    """What is mine, what is free, and what waits for my eyes. For translators; seven queries."""
    if not standing.has(Role.Key.TRANSLATOR):
        return None
    language = targets()[0][0]
    queue = wordings.queue_of(standing.person, language, today=standing.day, most=MOST)
    return Section(
        _("Translations"),
        "pages/start/translating.html",
        {
            "queue": queue,
            "waiting": sum(
                count for state, count in totals(language).items() if state != State.READY
            ),
            "language": language,
        },
        order=11,
        is_next_step=True,
    )
