"""Events in the catalogue, beside courses and learning paths."""

from collections.abc import Iterable
from datetime import date

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import ngettext

from cooperation.events.permissions import opens_events
from cooperation.models import Event
from core.bilingual import Text
from core.languages import human_date
from courses.learning.offers import MOST_OF_A_KIND, Offer
from people.models import Person
from people.permissions import standing_of

#: As the catalogue counts the length of something: a day of an event.
MINUTES_A_DAY = 6 * 60
#: Most characters that the catalogue shows of what an event is about.
MOST_OF_ABOUT = 160


def offered_events(person: Person | None, day: date) -> Iterable[Offer]:
    """The events that are announced and not over, the next first.

    Whoever has signed in is offered what they may open; others are led to sign in. One query, and
    a few more where there is an event.
    """
    found = Event.objects.standing().to_come(on=day).select_related("place")
    events = list(found.order_by("starts_on", "title_da", "pk")[:MOST_OF_A_KIND])
    if events and person is not None and person.user:
        events = events if opens_events(standing_of(person.user)) else []
    for event in events:
        days = len(event.days)
        size = ngettext(
            "%(count)d day in %(town)s, %(day)s", "%(count)d days in %(town)s from %(day)s", days
        )
        about = {
            code: Truncator(text).chars(MOST_OF_ABOUT)
            for code, text in (("da", event.about_da), ("kl", event.about_kl))
        }
        yield Offer(
            kind="seminar",
            key=str(event.pk),
            title=event.title,
            summary=Text.choose(about),
            url=reverse("cooperation:event", args=[event.pk]),
            minutes=days * MINUTES_A_DAY,
            languages=["da", "kl"] if event.title_kl else ["da"],
            size=size
            % {"count": days, "town": event.place.name, "day": human_date(event.starts_on)},
            is_timed=False,
        )
