"""What learning has in a person's calendar: the days by which paths are walked."""

from collections.abc import Iterable
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from core.calendars import Entry, deadline
from courses.models import Assignment
from courses.models.path import AssignmentQuerySet
from people.permissions import Standing


def due_between(standing: Standing, since: date, until: date) -> AssignmentQuerySet:
    """The own paths that have a day and are not completed."""
    if standing.person is None:
        return Assignment.objects.none()
    return Assignment.objects.unfinished().filter(
        person=standing.person, due_on__gte=since, due_on__lt=until
    )


def due(standing: Standing, since: date, until: date) -> Iterable[Entry]:
    """The days by which the own paths are walked; one query."""
    found = due_between(standing, since, until)
    for one in found.select_related("path").order_by("due_on", "pk"):
        if one.due_on is not None:
            yield deadline(
                str(one.pk),
                _("Learning path: %(title)s") % {"title": one.path.title},
                one.due_on,
                url=reverse("courses:path", args=[one.path.key]),
                is_late=one.is_late(on=standing.day),
            )
