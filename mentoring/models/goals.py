"""What a caseworker wants to learn, agreed with a mentor; and what they say after a session.

A goal belongs to the person and outlives the mentor's stay. What was agreed stands in its terms:
each change is a new row that the other side answers, and until then the terms before it hold.
"""

import uuid
from datetime import date, timedelta
from typing import TYPE_CHECKING, Self

from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from competences.models import Competence, Level
from core.identity import refuse_cpr_like
from mentoring.models.pairing import Pairing
from mentoring.models.session import MOST_CHARACTERS, Mode, Session
from people.models import Person

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

#: More goals than this at once are none.
MOST_GOALS = 8
STEPS = list(Level)


class GoalQuerySet(models.QuerySet["Goal"]):
    """The vocabulary of goals."""

    def live(self) -> Self:
        """Goals that are proposed or agreed."""
        return self.filter(state__in=Goal.LIVE)

    def with_terms(self) -> Self:
        """With competence, person, and the terms that hold or wait: two queries for any number."""
        open_terms = GoalTerms.objects.filter(state__in=GoalTerms.OPEN).select_related(
            "proposed_by"
        )
        return self.select_related("competence", "person").prefetch_related(
            models.Prefetch("terms", queryset=open_terms, to_attr="open_terms")
        )


class Goal(models.Model):
    """That a person wants to get further with one competence.

    ``pairing`` is the one it was first proposed in. ``plan_number`` grows with every change of
    the plan for the weeks and names the plan that whoever changes it has seen.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        AGREED = "agreed", _("Agreed")
        REACHED = "reached", _("Reached")
        STOPPED = "stopped", _("Stopped")
        DROPPED = "dropped", _("Not agreed")

    LIVE = (State.PROPOSED, State.AGREED)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="goals")
    competence = models.ForeignKey(
        Competence, models.PROTECT, related_name="+", verbose_name=_("competence")
    )
    pairing = models.ForeignKey(Pairing, models.PROTECT, related_name="goals")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PROPOSED)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(_("ended"), null=True)
    ended_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    plan_number = models.PositiveSmallIntegerField(default=0)

    terms: "RelatedManager[GoalTerms]"
    weeks: "RelatedManager[GoalWeek]"
    objects = GoalQuerySet.as_manager()

    class Meta:
        verbose_name = _("learning goal")
        verbose_name_plural = _("learning goals")
        indexes = [models.Index(fields=["person", "state"], name="mentoring_goal_of_person")]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "competence"],
                condition=Q(state__in=["proposed", "agreed"]),
                name="mentoring_goal_one_live",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["proposed", "agreed"], ended_at__isnull=True)
                | Q(state__in=["reached", "stopped", "dropped"], ended_at__isnull=False),
                name="mentoring_goal_ended_and_at",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.competence_id} {self.get_state_display()}"

    @property
    def is_live(self) -> bool:
        """Whether it is proposed or agreed."""
        return self.state in self.LIVE

    @cached_property
    def open_terms(self) -> "list[GoalTerms]":
        """The terms that hold and those that wait; see ``with_terms``."""
        return list(self.terms.filter(state__in=GoalTerms.OPEN).select_related("proposed_by"))

    @property
    def held(self) -> "GoalTerms | None":
        """What was agreed last."""
        return next((one for one in self.open_terms if one.state == GoalTerms.State.HOLDS), None)

    @property
    def waiting(self) -> "GoalTerms | None":
        """What was proposed and nobody has answered."""
        return next((one for one in self.open_terms if one.state == GoalTerms.State.WAITS), None)

    @property
    def said(self) -> "GoalTerms | None":
        """What to show of it: what holds, or else what is proposed."""
        return self.held or self.waiting

    def waits_for(self, person: Person) -> bool:
        """Whether a proposal waits for the side that ``person`` stands on."""
        if self.waiting is None or not self.is_live:
            return False
        return self.waiting.is_by_person != (person.pk == self.person_id)

    def is_late(self, *, on: date) -> bool:
        """Whether it is agreed and its day is over."""
        return self.state == self.State.AGREED and self.held is not None and self.held.due_on < on


class GoalTerms(models.Model):
    """What one side proposed about a goal, and what the other side answered.

    ``is_by_person``: proposed by the person the goal is of; otherwise by a mentor. Nothing but
    the answer is ever changed, apart from the text that an erasure takes out.
    """

    class State(models.TextChoices):
        WAITS = "waits", _("Waits for an answer")
        HOLDS = "holds", _("Agreed")
        PAST = "past", _("Agreed, and replaced since")
        DECLINED = "declined", _("Declined")
        REPLACED = "replaced", _("Replaced by another proposal")
        WITHDRAWN = "withdrawn", _("Taken back")

    OPEN = (State.WAITS, State.HOLDS)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    goal = models.ForeignKey(Goal, models.CASCADE, related_name="terms")
    number = models.PositiveSmallIntegerField()
    start = models.CharField(_("today"), max_length=10, choices=Level)
    target = models.CharField(_("target"), max_length=10, choices=Level)
    due_on = models.DateField(_("by"))
    why = models.CharField(
        _("why"),
        max_length=MOST_CHARACTERS,
        blank=True,
        validators=[refuse_cpr_like, MaxLengthValidator(MOST_CHARACTERS)],
    )
    proposed_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    is_by_person = models.BooleanField()
    proposed_at = models.DateTimeField()
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITS)
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("terms of a learning goal")
        verbose_name_plural = _("terms of learning goals")
        constraints = [
            models.UniqueConstraint(fields=["goal", "number"], name="mentoring_terms_number"),
            models.UniqueConstraint(
                fields=["goal"], condition=Q(state="waits"), name="mentoring_terms_one_waits"
            ),
            models.UniqueConstraint(
                fields=["goal"], condition=Q(state="holds"), name="mentoring_terms_one_holds"
            ),
            models.CheckConstraint(
                condition=Q(start="not_yet", target__in=["with_help", "alone", "can_teach"])
                | Q(start="with_help", target__in=["alone", "can_teach"])
                | Q(start="alone", target="can_teach"),
                name="mentoring_terms_go_further",
            ),
            models.CheckConstraint(
                condition=Q(state="waits", answered_at__isnull=True)
                | (~Q(state="waits") & Q(answered_at__isnull=False)),
                name="mentoring_terms_answered_and_at",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_start_display()} → {self.get_target_display()}"


def further(start: str, target: str) -> bool:
    """Whether ``target`` lies beyond ``start``."""
    return STEPS.index(Level(target)) > STEPS.index(Level(start))


def monday(day: date) -> date:
    """The first day of the week of ``day``."""
    return day - timedelta(days=day.weekday())


class GoalWeek(models.Model):
    """How they mean to work on a goal in the week that begins on a Monday."""

    goal = models.ForeignKey(Goal, models.CASCADE, related_name="weeks")
    week_on = models.DateField(_("week"))
    mode = models.CharField(_("how"), max_length=10, choices=Mode)

    class Meta:
        verbose_name = _("week of a learning goal")
        verbose_name_plural = _("weeks of learning goals")
        constraints = [
            models.UniqueConstraint(fields=["goal", "week_on"], name="mentoring_goal_week_once"),
        ]

    def __str__(self) -> str:
        return f"{self.week_on:%Y-%m-%d} {self.get_mode_display()}"


class Reflection(models.Model):
    """What a caseworker thought of a session afterwards; read by the members of the pairing.

    It is no part of the session: it may come when the session is locked, may be changed by who
    wrote it, and goes when the session's text is erased. ``number`` names the text seen.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(Session, models.PROTECT, related_name="reflections")
    person = models.ForeignKey(Person, models.PROTECT, related_name="reflections")
    text = models.CharField(
        _("reflection"),
        max_length=MOST_CHARACTERS,
        validators=[refuse_cpr_like, MaxLengthValidator(MOST_CHARACTERS)],
    )
    number = models.PositiveSmallIntegerField(default=1)
    written_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("reflection")
        verbose_name_plural = _("reflections")
        constraints = [
            models.UniqueConstraint(fields=["session", "person"], name="mentoring_reflection_once"),
        ]

    def __str__(self) -> str:
        return f"{self.session_id} {self.person_id}"
