"""Telling learners by mail that a rule they had learnt has changed: once for a day of decisions.

What has changed stands on their start page at once; the mail comes the day after, so that a
reviewer who goes through a whole law on one day causes one mail and not twenty.
"""

from collections import defaultdict
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F
from django.urls import reverse
from django.utils.translation import override

from core.mail import absolute_url
from core.models import SentMail
from core.periods import is_working_hour, local_day
from courses.actions.reminders import stopping
from courses.learning.shown import shown
from courses.models import LessonProgress, SeenChange, Told
from notices.mail import send
from people.models import Person
from rules.models import Decision

TELL_WITHIN = timedelta(days=7)
AT_ONCE = 500


def tell_of_changes(at: datetime) -> int:
    """Queue a mail to everybody who had learnt a rule that was changed before today.

    Runs again and again; nobody is told twice of the same decisions, nor of what they have seen.

    Returns:
        How many mails were queued.
    """
    if not is_working_hour(at):
        return 0
    today = local_day(at)
    recent = [
        decision
        for decision in Decision.objects.changes().filter(decided_at__gt=at - TELL_WITHIN)
        if local_day(decision.decided_at) < today
    ]
    if not recent:
        return 0
    learnt = _who_had_learnt(recent)
    told = 0
    keys = sorted(learnt)
    for begin in range(0, len(keys), AT_ONCE):
        told += _tell({key: learnt[key] for key in keys[begin : begin + AT_ONCE]})
    return told


def _who_had_learnt(decisions: list[Decision]) -> dict[UUID, set[int]]:
    """The decisions that concern each person, by the person's key; what they have seen is out."""
    found: defaultdict[UUID, set[int]] = defaultdict(set)
    change = "lesson__rule_changes__decision"
    read = LessonProgress.objects.learnt_before(
        F(f"{change}__decided_at"), **{f"{change}__in": decisions}
    )
    for person, decision in read.values_list("person", change):
        found[person].add(decision)
    by_rule: defaultdict[UUID, list[Decision]] = defaultdict(list)
    for one in decisions:
        by_rule[one.rule_id].append(one)
    for known in shown(rules=list(by_rule)):
        found[known.person].update(
            one.pk for one in by_rule[known.rule] if known.since < one.decided_at
        )
    for person, decision in SeenChange.objects.filter(decision__in=decisions).values_list(
        "person", "decision"
    ):
        found[person].discard(decision)
    return {person: keys for person, keys in found.items() if keys}


def _tell(learnt: dict[UUID, set[int]]) -> int:
    people = (
        Person.objects.filter(pk__in=list(learnt))
        .exclude(email="")
        .exclude(stopping(Told.CHANGED, "mail", "pk"))
    )
    keys = {f"changed:{one.pk}:{max(learnt[one.pk])}": one for one in people}
    sent = set(SentMail.objects.filter(key__in=list(keys)).values_list("key", flat=True))
    due = {key: one for key, one in keys.items() if key not in sent}
    for key, person in due.items():
        with override(person.language):
            said = {
                "link": absolute_url(reverse("courses:changes")),
                "choose": absolute_url(reverse("people:me")) + "#paamindelser",
            }
        send(person, "courses/mail/rules_changed", said, key=key, stops="laering")
    return len(due)
