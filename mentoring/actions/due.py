"""Telling of what is due: once within a week before, and once after, for each day it is due."""

from datetime import date, timedelta

from django.db.models import F, Q

from mentoring.models import FollowUp, ReadinessItem

#: So long before something is due its owner is reminded.
REMIND_BEFORE = timedelta(days=7)
#: The fields that hold of which due day somebody was told; another day is told of anew.
TOLD = ["told_of", "told_late_of"]


def to_be_told_of(on: date) -> Q:
    """A filter for what is due within a week of ``on``, or late then, and not told of yet."""
    soon = Q(due_on__gte=on, due_on__lte=on + REMIND_BEFORE)
    not_yet = Q(told_of=None) | ~Q(told_of=F("due_on"))
    not_yet_late = Q(told_late_of=None) | ~Q(told_late_of=F("due_on"))
    return soon & not_yet | Q(due_on__lt=on) & not_yet_late


def note_told(one: FollowUp | ReadinessItem, *, on: date) -> bool:
    """Note, without saving, that it was told of on that day; whether it was late."""
    is_late = one.due_on < on
    if is_late:
        one.told_late_of = one.due_on
    else:
        one.told_of = one.due_on
    return is_late
