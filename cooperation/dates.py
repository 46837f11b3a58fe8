"""What the cooperation has in a person's calendar: meetings, actions, reports to deliver.

Seminars stand in :mod:`cooperation.events.dates`.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from cooperation.models import HalfYearReport, Meeting
from cooperation.permissions import own_actions, own_seats
from cooperation.reports.halves import HalfYear
from cooperation.reports.permissions import reported_municipalities
from core.calendars import Entry, deadline
from core.periods import midnight
from people.models import Organisation, Role
from people.permissions import Standing


def meetings(standing: Standing, since: date, until: date) -> Iterable[Entry]:
    """The meetings of the bodies one sits in, cancelled ones too; one query."""
    if standing.person is None:
        return
    found = Meeting.objects.filter(
        body__in=own_seats(standing).values("body"),
        starts_at__gte=midnight(since),
        starts_at__lt=midnight(until),
    )
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


def actions(standing: Standing, since: date, until: date) -> Iterable[Entry]:
    """What one is to do after a decision, while it is open; one query.

    Without its words: whoever knows the secret address of a calendar reads it.
    """
    if standing.person is None:
        return
    found = own_actions(standing).open().filter(due_on__gte=since, due_on__lt=until)
    for one in found.select_related("body").soonest_first():
        yield deadline(
            str(one.pk),
            _("Action for %(body)s") % {"body": one.body.name},
            one.due_on,
            url=one.get_absolute_url(),
            is_late=one.is_late(on=standing.day),
        )


def reports(standing: Standing, since: date, until: date) -> Iterable[Entry]:
    """When the own municipalities deliver their half-years, until they have; two queries.

    Whoever coordinates the country has no such day: it is the municipalities'.
    """
    own = {
        role.municipality_id
        for role in standing.scopes(Role.Key.COORDINATOR)
        if role.municipality_id is not None
    }
    halves = [half for half in _halves(since, until) if since <= half.due_on < until]
    if not own or not halves:
        return
    frozen = HalfYearReport.objects.of_municipalities().frozen().filter(municipality__in=own)
    delivered = set(frozen.values_list("municipality", "year", "half"))
    municipalities = Organisation.objects.filter(pk__in=own & reported_municipalities(standing))
    for municipality in municipalities.order_by("name", "pk"):
        for half in halves:
            if (municipality.pk, half.year, half.half) in delivered:
                continue
            if not municipality.is_valid_on(half.last_day):
                continue
            yield deadline(
                f"report-{municipality.pk}-{half.key}",
                _("Deliver the half-year report of %(name)s") % {"name": municipality.name},
                half.due_on,
                url=f"{reverse('cooperation:reports')}?halvaar={half.key}",
                is_late=half.due_on < standing.day,
            )


def _halves(since: date, until: date) -> list[HalfYear]:
    """The half-years whose day to deliver may lie in [since, until)."""
    half, found = HalfYear.of(since).before, []
    while half.ends_on <= until:
        found.append(half)
        half = half.after
    return found
