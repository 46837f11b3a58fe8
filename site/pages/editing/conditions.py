"""Write down how a page is when it goes live, and that somebody has read it through."""

from calendar import monthrange
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from wagtail.log_actions import log
from wagtail.models import Page

from core.periods import local_day
from pages.editing.faults import faults_of, links_of
from pages.editing.weighing import Weight, weigh
from pages.models.condition import OutsideLink, PageCondition

if TYPE_CHECKING:
    from pages.models import BasePage
    from people.models import Person

LONGEST_ADDRESS, LONGEST_WORDS = 2000, 300
MOST_AT_ONCE = 20


@transaction.atomic
def note(
    page: "BasePage", weight: Weight, *, at: datetime, by: "Person | None", renews: bool
) -> None:
    """Write down how ``page``, just published, is.

    Args:
        renews: Whether somebody has read all of it, so that its next day is counted from now. A
            page without such a day gets one in any case.
    """
    faults = faults_of(page)
    condition, is_new = PageCondition.objects.get_or_create(page_id=page.pk)
    condition.first_visit_bytes = weight.first_visit
    condition.picture_bytes = weight.picture_bytes
    condition.requests = weight.requests
    condition.is_heavy = weight.is_heavy
    condition.faults = [[fault.kind, fault.words] for fault in faults]
    condition.has_faults = bool(faults)
    condition.measured_at = at
    if is_new or renews or condition.review_by is None:
        _read(condition, page.review_months, at=at, by=by)
    condition.save()
    _note_outside(page)


def note_missing(at: datetime) -> int:
    """Write down how pages are that went live before this was written down, or past it; how many.

    Their months are counted from when they were published. Some at a time; may run again.
    """
    missing = Page.objects.live().filter(alias_of=None, depth__gt=1, condition=None)
    pages = list(missing.order_by("path")[:MOST_AT_ONCE].specific())
    for page in pages:
        read_at = page.last_published_at or at
        note(page, weigh(page), at=read_at, by=None, renews=True)
    return len(pages)


def confirm(page: "BasePage", *, user: Any, by: "Person | None", at: datetime) -> None:
    """``by`` has read ``page`` and found it right: it is to be read again after its months.

    Raises:
        PermissionDenied: For whoever may not publish it. Nothing is changed.
    """
    if not page.permissions_for_user(user).can_publish():
        raise PermissionDenied
    with transaction.atomic():
        condition, _is_new = PageCondition.objects.select_for_update(no_key=True).get_or_create(
            page_id=page.pk
        )
        _read(condition, page.review_months, at=at, by=by)
        condition.save()
        log(instance=page, action="pages.confirm", user=user)


def _read(condition: PageCondition, months: int, *, at: datetime, by: "Person | None") -> None:
    condition.review_by = months_after(local_day(at), months)
    condition.reviewed_at = at
    condition.reviewed_by = by


def months_after(day: date, months: int) -> date:
    """The same day of the month, ``months`` later; the last one where that month is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _note_outside(page: Page) -> None:
    """The addresses outside of ``page``; what is known of one that stays is kept."""
    wanted = {
        link.address: link.words[:LONGEST_WORDS]
        for link in links_of(page)
        if link.is_outside and len(link.address) <= LONGEST_ADDRESS
    }
    kept = set(page.outside_links.values_list("address", flat=True))
    page.outside_links.exclude(address__in=wanted).delete()
    OutsideLink.objects.bulk_create(
        OutsideLink(page_id=page.pk, address=address, words=words)
        for address, words in wanted.items()
        if address not in kept
    )
