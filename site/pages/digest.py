"""The reviewers' weekly mail: how many rules, places and pages wait, and where. Never more."""

from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from core.mail import absolute_url
from core.models import SentMail
from core.periods import local_day
from notices.mail import send
from pages.models import PageCondition
from people.models import Person, Role
from rules.models import DigestStop, ReviewItem, Rule
from rules.review import unseen_to_check

#: The sort of mail that :mod:`notices.stopping` stops here.
STOPS = "regler"


def remind_reviewers(at: datetime) -> int:
    """Queue the mail of this week to every reviewer who has not stopped it; how many.

    Runs every day and sends nothing twice in a week, nor when nothing waits.
    """
    day = local_day(at)
    waiting = {
        "overdue": Rule.objects.overdue(on=day).count(),
        "waiting": Rule.objects.being_checked().count() + unseen_to_check().count(),
        "changed": ReviewItem.objects.open().count(),
        "pages": PageCondition.objects.overdue(on=day).count(),
    }
    if not any(waiting.values()):
        return 0
    year, week, _weekday = day.isocalendar()
    reviewing = Role.objects.valid_on(day).filter(key=Role.Key.REVIEWER)
    reviewers = Person.objects.filter(
        pk__in=reviewing.values("person"), user__is_active=True
    ).exclude(pk__in=DigestStop.objects.values("person"))
    keys = {f"law-digest:{person.pk}:{year}-{week:02}": person for person in reviewers}
    sent = set(SentMail.objects.filter(key__in=keys).values_list("key", flat=True))
    context = {
        **waiting,
        "link": absolute_url(reverse("rules_review")),
        "pages_link": absolute_url(reverse("pages_list", args=["laes-igen"])),
    }
    due = {key: person for key, person in keys.items() if key not in sent}
    for key, person in due.items():
        send(person, "rules/mail/digest", context, key=key, stops=STOPS)
    return len(due)


def stop_digest(person: Person) -> None:
    """Send ``person`` this mail no more."""
    DigestStop.objects.get_or_create(person=person, defaults={"stopped_at": timezone.now()})
