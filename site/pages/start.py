"""What pages have to say on the start page: where they are edited, and what waits there."""

from django.conf import settings
from django.db.models import TextField
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.models import TaskState

from core.start_page import Section
from pages.editing.lists import Asking, listing_of
from pages.models import InformationPage
from pages.records import path_of
from people.models import Role
from people.permissions import Standing
from rules.models import DigestStop, ReviewItem, Rule


def weekly_mail(_request: HttpRequest, standing: Standing) -> Section | None:
    """On one's own page: the weekly mail about rules that wait. For reviewers; one query."""
    if standing.person is None or not standing.has(Role.Key.REVIEWER):
        return None
    has_stopped = DigestStop.objects.filter(person=standing.person).exists()
    return Section(
        _("Weekly mail to reviewers"),
        "pages/start/weekly_mail.html",
        {"has_stopped": has_stopped},
        order=51,
    )


def differences(_request: HttpRequest, standing: Standing) -> Section | None:
    """The way to what is different in Denmark and here. For mentors; one query."""
    if not standing.has(Role.Key.MENTOR):
        return None
    pages = InformationPage.objects.live().public().annotate(text=Cast("body", TextField()))
    found = (
        pages.filter(
            text__contains='"type": "difference"',
            locale__language_code=get_language() or settings.LANGUAGE_CODE,
        )
        .defer_streamfields()
        .order_by("path")
        .first()
    )
    if found is None:
        return None
    return Section(
        _("In Denmark … here …"),
        "pages/start/differences.html",
        {"path": path_of(found), "title": found.title, "is_danish": bool(found.alias_of_id)},
        order=60,
    )


#: How many of one's drafts the start page names.
DRAFTS_SHOWN = 3
#: The lists of the admin's first page (:mod:`pages.editing.lists`) that it counts.
COUNTED = ("laes-igen", "links-og-billeder")


def editing(request: HttpRequest, standing: Standing) -> Section | None:
    """The way into the admin: one's drafts, and how much waits; for reviewers, for their review.

    Seven queries at most.
    """
    if not standing.has(Role.Key.EDITOR, Role.Key.TRANSLATOR, Role.Key.REVIEWER):
        return None
    reviews = None
    overdue = changed = waiting = 0
    if standing.has(Role.Key.REVIEWER):
        reviews = TaskState.objects.reviewable_by(request.user).count()
        overdue = Rule.objects.overdue(on=standing.day).count()
        changed = ReviewItem.objects.open().count()
        waiting = Rule.objects.being_checked().count()
    asking = Asking(request.user, timezone.now())
    drafts = listing_of("kladder", asking)
    counted = [found for key in COUNTED if (found := listing_of(key, asking))]
    return Section(
        _("Pages and courses"),
        "pages/start/editing.html",
        {
            "drafts": drafts and list(drafts.rows(drafts.found(asking)[:DRAFTS_SHOWN], asking)),
            "counted": [(listing, listing.found(asking).count()) for listing in counted],
            "reviews": reviews,
            "overdue": overdue,
            "changed": changed,
            "waiting": waiting,
        },
        order=12,
        is_next_step=True,
    )
