"""What was decided, and who does what about it by when.

A decision keeps every version of itself: what the register shows today, and what it said before.
An action belongs to a body, too: what nobody has done stands on that body's next agenda.
"""

import uuid
from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cooperation.models.body import Body
from cooperation.models.fields import title, words
from cooperation.models.initiative import Initiative
from cooperation.models.meeting import AgendaItem
from core.bilingual import Bilingual
from people.models import Organisation, Person

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager


class DecidedQuerySet(models.QuerySet["Decision"]):
    """The vocabulary of decisions."""

    def open(self) -> Self:
        """Those that are not carried out, replaced or given up."""
        return self.filter(state=Decision.State.OPEN)

    def newest_first(self) -> Self:
        """As the register lists them."""
        return self.order_by("-decided_on", "-year", "-number", "pk")


class Decision(models.Model):
    """What a body decided; numbered within its body and year.

    ``source`` says where it comes from when it was not an item of a meeting: a seminar, a letter.
    """

    class State(models.TextChoices):
        OPEN = "open", _("To be carried out")
        DONE = "done", _("Carried out")
        REPLACED = "replaced", _("Replaced by another")
        DROPPED = "dropped", _("Given up")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    body = models.ForeignKey(Body, models.PROTECT, related_name="decisions", verbose_name=_("body"))
    year = models.PositiveSmallIntegerField(_("year"), editable=False)
    number = models.PositiveSmallIntegerField(_("number"), editable=False)
    title_da = title(_("title in Danish"))
    title_kl = title(_("title in Kalaallisut"), blank=True)
    text_da = words(_("what was decided, in Danish"))
    text_kl = words(_("what was decided, in Kalaallisut"))
    decided_on = models.DateField(_("decided on"))
    item = models.ForeignKey(
        AgendaItem, models.PROTECT, null=True, blank=True, related_name="decisions"
    )
    source = title(_("where it comes from"), blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    settled_on = models.DateField(_("settled on"), null=True, blank=True)
    replaced_by = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replaces"
    )
    initiatives = models.ManyToManyField(
        Initiative, blank=True, related_name="decisions", verbose_name=_("initiatives")
    )
    written_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    written_at = models.DateTimeField()

    title = Bilingual()
    text = Bilingual()
    objects = DecidedQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        indexes = [
            models.Index(fields=["body", "state"], name="cooperation_decision_open"),
            models.Index(fields=["-decided_on"], name="cooperation_decision_newest"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["body", "year", "number"], name="cooperation_decision_number_once"
            ),
            models.CheckConstraint(
                condition=Q(state="open", settled_on__isnull=True)
                | ~Q(state="open") & Q(settled_on__isnull=False),
                name="cooperation_decision_settled_on_a_day",
            ),
            models.CheckConstraint(
                condition=Q(state="replaced", replaced_by__isnull=False)
                | ~Q(state="replaced") & Q(replaced_by__isnull=True),
                name="cooperation_decision_replaced_by_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.title}"

    def get_absolute_url(self) -> str:
        """Its page in the register."""
        return reverse("cooperation:decision", args=[self.pk])

    @property
    def label(self) -> str:
        """What it is called on the phone, for example 2027/4."""
        return f"{self.year}/{self.number}"


class DecisionVersion(models.Model):
    """A decision as it was written at a moment, by whom and why. Never changed afterwards."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    decision = models.ForeignKey(Decision, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    title_da = title(_("title in Danish"))
    title_kl = title(_("title in Kalaallisut"), blank=True)
    text_da = words(_("what was decided, in Danish"))
    text_kl = words(_("what was decided, in Kalaallisut"))
    state = models.CharField(_("state"), max_length=10, choices=Decision.State)
    reason = words(_("why it is changed"))
    written_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    written_at = models.DateTimeField()

    title = Bilingual()
    text = Bilingual()

    class Meta:
        verbose_name = _("version of a decision")
        verbose_name_plural = _("versions of decisions")
        constraints = [
            models.UniqueConstraint(
                fields=["decision", "number"], name="cooperation_decision_version_once"
            ),
            models.CheckConstraint(
                condition=Q(number=1) | ~Q(reason=""),
                name="cooperation_decision_changed_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.decision_id}: {self.number}"


class ActionQuerySet(models.QuerySet["Action"]):
    """The vocabulary of actions."""

    def open(self) -> Self:
        """Those that are neither done nor given up."""
        return self.filter(done_on__isnull=True, dropped_on__isnull=True)

    def late(self, *, on: date) -> Self:
        """Open ones whose day has gone by on that day."""
        return self.open().filter(due_on__lt=on)

    def of(self, person: Person) -> Self:
        """Those that ``person`` owns."""
        return self.filter(owner=person)

    def soonest_first(self) -> Self:
        """By the day they are due; the same on every page."""
        return self.order_by("due_on", "written_at", "pk")


class Action(models.Model):
    """That somebody does something by a day, for a body.

    It may follow from a decision, an item of an agenda, or what ``source`` says. ``organisation``
    is the one the owner answers for: it stays when the owner moves.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    body = models.ForeignKey(Body, models.PROTECT, related_name="actions", verbose_name=_("body"))
    decision = models.ForeignKey(
        Decision, models.PROTECT, null=True, blank=True, related_name="actions"
    )
    item = models.ForeignKey(
        AgendaItem, models.PROTECT, null=True, blank=True, related_name="actions"
    )
    source = title(_("where it comes from"), blank=True)
    text = title(_("what is to be done"))
    owner = models.ForeignKey(
        Person, models.PROTECT, related_name="cooperation_actions", verbose_name=_("who does it")
    )
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="cooperation_actions",
        verbose_name=_("for which organisation"),
    )
    due_on = models.DateField(_("by when"))
    done_on = models.DateField(_("done"), null=True, blank=True)
    dropped_on = models.DateField(_("given up"), null=True, blank=True)
    settled_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    note = words(_("what came of it"))
    written_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    written_at = models.DateTimeField()
    #: The due day that the owner was reminded of, and that everybody was told was over.
    told_of = models.DateField(null=True, blank=True, editable=False)
    told_late_of = models.DateField(null=True, blank=True, editable=False)

    moves: "RelatedManager[ActionMove]"
    objects = ActionQuerySet.as_manager()

    class Meta:
        verbose_name = _("action")
        verbose_name_plural = _("actions")
        indexes = [
            models.Index(
                fields=["owner", "due_on"],
                condition=Q(done_on__isnull=True, dropped_on__isnull=True),
                name="cooperation_action_owned",
            ),
            models.Index(
                fields=["body", "due_on"],
                condition=Q(done_on__isnull=True, dropped_on__isnull=True),
                name="cooperation_action_of_body",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_on__isnull=True) | Q(dropped_on__isnull=True),
                name="cooperation_action_one_end",
            ),
            models.CheckConstraint(
                condition=Q(
                    done_on__isnull=True,
                    dropped_on__isnull=True,
                    settled_by__isnull=True,
                )
                | Q(settled_by__isnull=False),
                name="cooperation_action_settled_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(dropped_on__isnull=True) | ~Q(note=""),
                name="cooperation_action_dropped_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("cooperation:action", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Whether it is neither done nor given up."""
        return self.done_on is None and self.dropped_on is None

    def is_late(self, *, on: date) -> bool:
        """Whether it is open, and its day has gone by."""
        return self.is_open and self.due_on < on


class ActionMove(models.Model):
    """That an action was put off, and why, or given to somebody else; who says why may."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    action = models.ForeignKey(Action, models.CASCADE, related_name="moves")
    from_on = models.DateField(null=True, blank=True)
    to_on = models.DateField(null=True, blank=True)
    from_owner = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    to_owner = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    reason = words(_("reason"))
    moved_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    moved_at = models.DateTimeField()

    class Meta:
        verbose_name = _("action that was moved")
        verbose_name_plural = _("actions that were moved")
        constraints = [
            models.CheckConstraint(
                condition=Q(from_on__isnull=True, to_on__isnull=True)
                | Q(from_on__isnull=False, to_on__isnull=False, to_on__gt=F("from_on")),
                name="cooperation_action_moved_on",
            ),
            models.CheckConstraint(
                condition=Q(from_owner__isnull=True, to_owner__isnull=True)
                | Q(from_owner__isnull=False, to_owner__isnull=False),
                name="cooperation_action_passed_from_to",
            ),
            models.CheckConstraint(
                condition=Q(to_on__isnull=False) | Q(to_owner__isnull=False),
                name="cooperation_action_moved_somehow",
            ),
            models.CheckConstraint(
                condition=Q(to_on__isnull=True) | ~Q(reason=""),
                name="cooperation_action_moved_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action_id}: {self.moved_at:%Y-%m-%d}"
