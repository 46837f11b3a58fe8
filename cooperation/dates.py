"""What the cooperation has in a person's calendar: meetings, actions, reports, agreements' ends.

Seminars stand in :mod:`cooperation.events.dates`.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from cooperation.models import (
    ActionQuerySet,
    HalfYearReport,
    Meeting,
    MeetingQuerySet,
    PactQuerySet,
)
from cooperation.permissions import kept_pacts, own_actions, own_seats
from cooperation.reports.halves import HalfYear
from cooperation.reports.permissions import answered_on
from core.calendars import Entry, deadline
from core.periods import PeriodQuerySet, midnight
from people.models import Organisation
from people.permissions import Standing


def meetings_between(standing: Standing, since: date, until: date) -> MeetingQuerySet:
    """The meetings of the bodies one sits in, cancelled ones too."""
    return Meeting.objects.filter(
        body__in=own_seats(standing).values("body"),
        starts_at__gte=midnight(since),
        starts_at__lt=midnight(until),
    )


def meetings(standing: Standing, since: date, until: date) -> Iterable[Entry]:
    """The meetings of the bodies one sits in; one query."""
    found = meetings_between(standing, since, until)
    for one in found.select_related("body", "place").order_by("starts_at", "pk"):
        yield Entry(
            str(one.pk),
            str(one.body.name),
            one.starts_at,
            one.starts_at + timedelta(minutes=one.duration_minutes),
            changed_at=one.called_at or one.created_at,
            kind=_("Meeting"),
            place=one.place.name if one.place else "",
            zone=one.place.time_zone if one.place else "",
            url=one.get_absolute_url(),
            is_cancelled=one.state == Meeting.State.CANCELLED,
        )


def actions_between(standing: Standing, since: date, until: date) -> ActionQuerySet:
    """What one is to do after a decision, while it is open."""
    return own_actions(standing).open().filter(due_on__gte=since, due_on__lt=until)


def actions(standing: Standing, since: date, until: date) -> Iterable[Entry]:
    """What one is to do after a decision, while it is open; one query.

    Without its words: whoever knows the secret address of a calendar reads it.
    """
    found = actions_between(standing, since, until)
    for one in found.select_related("body").soonest_first():
        yield deadline(
            str(one.pk),
            _("Action for %(body)s") % {"body": one.body.name},
            one.due_on,
            url=one.get_absolute_url(),
            is_late=one.is_late(on=standing.day),
        )


def reporting(standing: Standing, since: date, until: date) -> PeriodQuerySet[Organisation]:
    """The municipalities for which one delivers a half-year, where one is due on those days.

    Whoever coordinates the country has no such day: it is the municipalities'.
    """
    halves = _due_halves(since, until)
    if not halves:
        return Organisation.objects.none()
    own = {one for half in halves for one in answered_on(standing, half.last_day)}
    return Organisation.objects.filter(pk__in=own)


def reports(standing: Standing, since: date, until: date) -> Iterable[Entry]:
    """When the own municipalities deliver their half-years, until they have; two queries."""
    municipalities = list(reporting(standing, since, until).order_by("name", "pk"))
    if not municipalities:
        return
    frozen = HalfYearReport.objects.frozen().filter(municipality__in=municipalities)
    delivered = set(frozen.of_municipalities().values_list("municipality", "year", "half"))
    halves = [(one, answered_on(standing, one.last_day)) for one in _due_halves(since, until)]
    for municipality in municipalities:
        for half, own in halves:
            if municipality.pk not in own:
                continue
            if (municipality.pk, half.year, half.half) in delivered:
                continue
            yield deadline(
                f"report-{municipality.pk}-{half.key}",
                _("Deliver the half-year report of %(name)s") % {"name": municipality.name},
                half.due_on,
                url=f"{reverse('cooperation:reports')}?halvaar={half.key}",
                is_late=half.due_on < standing.day,
            )


def pacts_between(standing: Standing, since: date, until: date) -> PactQuerySet:
    """The agreements one looks after whose last day it is, and that nothing follows."""
    day = timedelta(days=1)
    return kept_pacts(standing).filter(
        ends_on__gte=since + day, ends_on__lt=until + day, followed_by__isnull=True
    )


def pacts(standing: Standing, since: date, until: date) -> Iterable[Entry]:
    """The last days of the agreements one looks after; one query."""
    for one in pacts_between(standing, since, until).order_by("ends_on", "pk"):
        yield deadline(
            f"pact-{one.pk}",
            _("Last day: %(title)s") % {"title": one.title},
            one.known_end - timedelta(days=1),
            kind=_("Co-operation agreement"),
            url=one.get_absolute_url(),
        )


def _due_halves(since: date, until: date) -> list[HalfYear]:
    """The half-years whose day to deliver lies in [since, until)."""
    half, found = HalfYear.of(since).before, []
    while half.ends_on <= until:
        if since <= half.due_on < until:
            found.append(half)
        half = half.after
    return found
