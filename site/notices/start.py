"""What notices have to say on the start page and on one's own page."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from core.start_page import Section
from notices.actions import often_of
from notices.models import MailChoice, Notice
from notices.saying import say
from people.permissions import Standing

SHOWN = 3


def unread(_request: HttpRequest, standing: Standing) -> Section | None:
    """The newest unread messages; one query."""
    if standing.person is None:
        return None
    found = list(Notice.objects.unread().filter(person=standing.person).newest_first()[: SHOWN + 1])
    if not found:
        return None
    return Section(
        _("Messages"),
        "notices/start/unread.html",
        {"notices": [say(one) for one in found[:SHOWN]], "has_more": len(found) > SHOWN},
        order=8,
    )


def chosen_mail(_request: HttpRequest, standing: Standing) -> Section | None:
    """On one's own page: how often one wants mail; one query."""
    if standing.person is None:
        return None
    return Section(
        _("Mail about messages"),
        "notices/mail_form.html",
        {"choices": MailChoice.Often.choices, "chosen": often_of(standing.person)},
        order=10,
    )
