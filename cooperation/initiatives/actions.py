"""Entering and changing initiatives, their goals and values, and saying how they come along."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from cooperation.changing import by_id, seen_of
from cooperation.models import (
    IndicatorValue,
    Initiative,
    InitiativeGoal,
    InitiativeTag,
    StatusUpdate,
)
from cooperation.refusals import CooperationRefused, changed
from core.periods import local_day
from courses.models import Course
from mentoring.models import Round
from people.models import Organisation, Person, Place

SEEN = (
    *("title_da", "title_kl", "summary_da", "summary_kl"),
    *("owner_id", "starts_on", "ends_on"),
)
LINKED = {**by_id("organisations", "places", "rounds", "courses"), "tags": "number"}
SEEN_GOAL = (
    *("text_da", "text_kl", "indicator", "unit"),
    *("baseline", "target", "due_on"),
)
SEEN_DRAFT = ("state", "words", "said_on")
MOST_GOALS = 20


def initiative_seen(initiative: Initiative | None) -> str:
    """Names what somebody saw of an initiative, and of all that it is linked with."""
    return seen_of(initiative, *SEEN, linked=LINKED)


def goal_seen(goal: InitiativeGoal | None) -> str:
    """Names what somebody saw of a goal."""
    return seen_of(goal, *SEEN_GOAL)


def draft_of(initiative: Initiative) -> StatusUpdate | None:
    """How it comes along as far as it is written and not published."""
    return initiative.updates.filter(published_at__isnull=True).first()


def draft_seen(draft: StatusUpdate | None) -> str:
    """Names what somebody saw of the draft; empty where there was none."""
    return seen_of(draft, *SEEN_DRAFT)


@transaction.atomic
def save_initiative(
    key: UUID,
    *,
    seen: str | None,
    organisations: Iterable[Organisation],
    places: Iterable[Place],
    rounds: Iterable[Round],
    courses: Iterable[Course],
    recommendations: Iterable[int],
    by: Person | None,
    at: datetime,
    **facts: Any,
) -> Initiative:
    """Enter an initiative, or change the one with that key; sent twice, it is entered once.

    The title of a numbered one follows the release: it is left as it is. Rounds that ``by`` does
    not plan stay linked as they are; the caller says which of them there are.

    Raises:
        CooperationRefused: With code "changed" if somebody else was first.
    """
    initiative = Initiative.objects.select_for_update(no_key=True).filter(pk=key).first()
    if initiative is None:
        initiative = Initiative(pk=key, created_by=by, created_at=at)
    elif seen and initiative_seen(initiative) != seen:
        raise changed()
    if initiative.number is not None:
        facts.pop("title_da", None)
    for name, value in facts.items():
        setattr(initiative, name, value)
    initiative.full_clean()
    initiative.save()
    initiative.organisations.set(organisations)
    initiative.places.set(places)
    initiative.rounds.set(rounds)
    initiative.courses.set(courses)
    initiative.tags.all().delete()
    if initiative.number is None:  # a recommendation serves none but itself
        InitiativeTag.objects.bulk_create(
            InitiativeTag(initiative=initiative, number=number)
            for number in sorted(set(recommendations))
        )
    return initiative


@transaction.atomic
def save_goal(
    initiative: Initiative,
    key: UUID,
    *,
    seen: str | None,
    by: Person | None,
    at: datetime,
    **facts: Any,
) -> InitiativeGoal:
    """Enter a goal, or change one; sent twice, it is one.

    Raises:
        CooperationRefused: With code "changed" if somebody else was first, "late" for too many.
    """
    Initiative.objects.select_for_update(no_key=True).get(pk=initiative.pk)
    goal = InitiativeGoal.objects.filter(pk=key, initiative=initiative).first()
    if goal is None:
        if initiative.goals.count() >= MOST_GOALS:
            raise CooperationRefused(_("There are many goals. Change one of them."), "late")
        last = initiative.goals.aggregate(last=Max("position"))["last"]
        goal = InitiativeGoal(pk=key, initiative=initiative, position=int(last or 0) + 1)
    elif not seen:
        return goal
    elif goal_seen(goal) != seen:
        raise changed()
    for name, value in facts.items():
        setattr(goal, name, value)
    goal.full_clean()
    goal.save()
    return goal


@transaction.atomic
def measure(
    goal: InitiativeGoal, *, value: Decimal, measured_on: date, by: Person | None, at: datetime
) -> IndicatorValue:
    """Write what the indicator showed on a day; written again for the same day, it is corrected.

    Raises:
        CooperationRefused: With code "empty" for a goal without an indicator, "late" for a day
            that has not come.
    """
    if not goal.indicator:
        raise CooperationRefused(_("Write first how one sees it."), "empty")
    if measured_on > local_day(at):
        raise CooperationRefused(
            _("Nobody has measured that day yet. Choose today or a day before."),
            "late",
            "measured_on",
        )
    measured, _is_new = IndicatorValue.objects.update_or_create(
        goal=goal,
        measured_on=measured_on,
        defaults={"value": value, "written_by": by, "written_at": at},
    )
    return measured


@transaction.atomic
def write_status(
    initiative: Initiative,
    *,
    state: str,
    words: str,
    said_on: date,
    publish: bool,
    by: Person | None,
    at: datetime,
    seen: str | None = None,
) -> StatusUpdate:
    """Say how an initiative comes along: as a draft of its owner, or for everybody to read.

    There is one draft at a time; publishing it ends it. What is published never changes: who has
    more to say says it on another day. The same said twice is said once.

    Args:
        seen: What ``by`` saw of the draft (:func:`draft_seen`).

    Raises:
        CooperationRefused: With code "empty" when it is published without words, "late" for a day
            that has not come, "changed" if somebody else was first.
    """
    Initiative.objects.select_for_update(no_key=True).get(pk=initiative.pk)
    if said_on > local_day(at):
        raise CooperationRefused(
            _("Nobody knows that day yet. Choose today or a day before."), "late", "said_on"
        )
    if publish and not words.strip():
        raise CooperationRefused(_("Write it in words, too."), "empty", "words")
    same = initiative.updates.published().filter(state=state, words=words, said_on=said_on)
    if publish and (there := same.first()) is not None:
        return there
    update = draft_of(initiative)
    is_same = update is not None and (update.state, update.words, update.said_on) == (
        *(state, words),
        said_on,
    )
    if seen is not None and draft_seen(update) != seen and not is_same:
        raise changed()
    update = update or StatusUpdate(initiative=initiative)
    update.state, update.words, update.said_on = state, words, said_on
    update.written_by, update.written_at = by, at
    update.published_at = at if publish else None
    update.full_clean()
    update.save()
    return update
