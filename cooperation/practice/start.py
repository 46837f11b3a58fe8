"""What the library has to say on the start page: which examples wait to be looked through."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from cooperation.permissions import reviewable_practices
from core.start_page import Section
from people.permissions import Standing

SHOWN = 5


def to_review(_request: HttpRequest, standing: Standing) -> Section | None:
    """The examples one looks through, the longest waiting first; three queries at most."""
    found = reviewable_practices(standing).select_related("organisation")
    waiting = list(found.order_by("written_at", "pk")[:SHOWN])
    if not waiting:
        return None
    return Section(
        _("Good practice"), "cooperation/practice/start.html", {"waiting": waiting}, order=8
    )
