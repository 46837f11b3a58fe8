"""Learning paths, who walks them until when, and what has been told about it.

A path is what editors write: modules in an order, and what completes each. An assignment is that
one person walks it; what they have done of it is written down step by step, so that a report over
ten thousand people reads and does not compute.
"""

import uuid
from datetime import date, datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable
from wagtail.search import index

from core.bilingual import Bilingual, Translated
from core.identity import refuse_cpr_like
from core.periods import not_retired
from courses.models.outline import Module
from people.models import Organisation, Person, Place, Role
from people.models.role import SCOPE_NAMES_ITS_PLACE


class LearningPathQuerySet(models.QuerySet["LearningPath"]):
    """What one asks about many paths."""

    def offered(self, *, on: date) -> Self:
        """Paths that can be taken and assigned on that day, in the editors' order."""
        return self.filter(not_retired(on), is_offered=True).order_by("position", "key")


class LearningPath(index.Indexed, Translated, ClusterableModel):
    """Modules in an order, for a profession and a level: "first week as caseworker"."""

    class Level(models.TextChoices):
        NEW = "new", _("New at the work")
        PRACTISED = "practised", _("Practised")
        EXPERIENCED = "experienced", _("Experienced")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.SlugField(
        _("key"), max_length=60, unique=True, help_text=_("Stands in the address of the path.")
    )
    title_da = models.CharField(_("title in Danish"), max_length=120, validators=[refuse_cpr_like])
    title_kl = models.CharField(
        _("title in Kalaallisut"), max_length=160, blank=True, validators=[refuse_cpr_like]
    )
    summary_da = models.TextField(
        _("summary in Danish"),
        max_length=300,
        blank=True,
        validators=[refuse_cpr_like],
        help_text=_("One or two sentences: what one can do after it."),
    )
    summary_kl = models.TextField(
        _("summary in Kalaallisut"), max_length=400, blank=True, validators=[refuse_cpr_like]
    )
    profession_da = models.CharField(
        _("profession in Danish"), max_length=60, blank=True, validators=[refuse_cpr_like]
    )
    profession_kl = models.CharField(
        _("profession in Kalaallisut"), max_length=80, blank=True, validators=[refuse_cpr_like]
    )
    level = models.CharField(_("level"), max_length=12, choices=Level, default=Level.NEW)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_offered = models.BooleanField(
        _("offered"),
        default=False,
        help_text=_("Learners find it in the catalogue, and coordinators can assign it."),
    )
    retired_on = models.DateField(
        _("retired on"),
        null=True,
        blank=True,
        help_text=_("From this day nobody begins it. Whoever has begun goes on to the end."),
    )

    objects = LearningPathQuerySet.as_manager()
    title = Bilingual()
    summary = Bilingual()
    profession = Bilingual()

    search_fields = [index.SearchField("title_da"), index.SearchField("title_kl")]

    class Meta:
        verbose_name = _("learning path")
        verbose_name_plural = _("learning paths")

    def __str__(self) -> str:
        return self.title_da

    def is_open_on(self, day: date) -> bool:
        """Whether somebody may begin it on ``day``."""
        return self.is_offered and (self.retired_on is None or day < self.retired_on)


# A Model by name, too: Wagtail's bases have no types, and what points here would not be checked.
class PathStep(Orderable, models.Model):
    """One module of a path, and what completes it: see :mod:`courses.paths.steps`."""

    #: For these its lessons are read, and for this its cases are played.
    READING, PLAYING = ("read", "quiz"), "case"

    path = ParentalKey(LearningPath, on_delete=models.CASCADE, related_name="steps")
    module = models.ForeignKey(
        Module, models.PROTECT, related_name="path_steps", verbose_name=_("module")
    )
    completes = models.CharField(_("completed by"), max_length=20, default="read")
    topic = models.ForeignKey(
        "competences.Topic",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("topic to practise"),
        help_text=_("Only for steps that are practised with a mentor."),
    )
    is_required = models.BooleanField(_("required"), default=True)

    objects = models.Manager["PathStep"]()

    class Meta(Orderable.Meta):
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        constraints = [
            models.UniqueConstraint(
                fields=["path", "module", "completes"], name="courses_path_step_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.module)


# A Model by name, too: Wagtail's bases have no types, and what points here would not be checked.
class PathOrder(Orderable, models.Model):
    """Advice, never a lock: this module is best taken after that one."""

    path = ParentalKey(LearningPath, on_delete=models.CASCADE, related_name="orders")
    module = models.ForeignKey(
        Module, models.PROTECT, related_name="+", verbose_name=_("this module")
    )
    first = models.ForeignKey(
        Module, models.PROTECT, related_name="+", verbose_name=_("best after this module")
    )

    class Meta(Orderable.Meta):
        verbose_name = _("advice on the order")
        verbose_name_plural = _("advice on the order")
        constraints = [
            models.UniqueConstraint(
                fields=["path", "module", "first"], name="courses_path_order_once"
            ),
            models.CheckConstraint(
                condition=~Q(module=F("first")), name="courses_path_order_names_two"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.module_id} {self.first_id}"


class PathRule(models.Model):
    """Whoever holds this role in this place gets this path, due so many days later.

    Ending a rule takes nothing away from those who have got the path by it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    path = models.ForeignKey(
        LearningPath, models.PROTECT, related_name="rules", verbose_name=_("learning path")
    )
    role_key = models.CharField(_("role"), max_length=15, choices=Role.Key)
    scope = models.CharField(_("scope"), max_length=12, choices=Role.Scope)
    municipality = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+"
    )
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+")
    due_days = models.PositiveSmallIntegerField(_("days until due"), null=True, blank=True)
    made_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("rule of assignment")
        verbose_name_plural = _("rules of assignment")
        constraints = [
            models.CheckConstraint(
                condition=SCOPE_NAMES_ITS_PLACE,
                name="courses_path_rule_scope_names_its_place",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role_key} {self.scope}"

    @property
    def scope_name(self) -> str:
        """The town or municipality by name, or that it is the whole country."""
        return str(self.place or self.municipality or self.get_scope_display())


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    """What one asks about many assignments."""

    def active(self) -> Self:
        """Not withdrawn, and no newer round has begun: one at most per person and path."""
        return self.filter(withdrawn_at__isnull=True, retaken_at__isnull=True)

    def unfinished(self) -> Self:
        """Active ones with something left to do."""
        return self.active().filter(completed_at__isnull=True)

    def late(self, *, on: date) -> Self:
        """Unfinished ones whose day has passed."""
        return self.unfinished().filter(due_on__lt=on)

    def stuck(self, *, since: datetime) -> Self:
        """Unfinished ones older than ``since`` in which nothing has happened since then."""
        quiet = Q(last_at__isnull=True) | Q(last_at__lt=since)
        return self.unfinished().filter(quiet, assigned_at__lt=since)


class Assignment(models.Model):
    """That a person walks a path, by whom it was given, until when, and how far it is done.

    ``done_count`` of ``step_count`` required steps, ``last_at`` and ``completed_at`` are derived
    by :mod:`courses.actions.paths` from what the person does. A completed path stays completed
    when an editor adds a step. ``counts_from`` is set on a second round: only what is done from
    then on counts.
    """

    class Origin(models.TextChoices):
        SELF = "self", _("Taken by oneself")
        COORDINATOR = "coordinator", _("Assigned by a coordinator")
        RULE = "rule", _("Assigned by a rule")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    path = models.ForeignKey(LearningPath, models.PROTECT, related_name="assignments")
    person = models.ForeignKey(Person, models.PROTECT, related_name="path_assignments")
    origin = models.CharField(max_length=12, choices=Origin)
    assigned_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    rule = models.ForeignKey(PathRule, models.SET_NULL, null=True, related_name="+")
    batch = models.UUIDField(null=True, db_index=True)
    assigned_at = models.DateTimeField()
    due_on = models.DateField(null=True)
    round = models.PositiveSmallIntegerField(default=1)
    counts_from = models.DateTimeField(null=True)
    last_at = models.DateTimeField(null=True)
    step_count = models.PositiveSmallIntegerField(default=0)
    done_count = models.PositiveSmallIntegerField(default=0)
    completed_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    retaken_at = models.DateTimeField(null=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assignment of a path")
        verbose_name_plural = _("assignments of paths")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "path"],
                condition=Q(withdrawn_at__isnull=True, retaken_at__isnull=True),
                name="courses_assignment_one_active",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=F("assigned_at")),
                name="courses_assignment_withdrawn_after",
            ),
            models.CheckConstraint(
                condition=Q(done_count__lte=F("step_count")),
                name="courses_assignment_done_within_steps",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on"],
                condition=Q(
                    completed_at__isnull=True, withdrawn_at__isnull=True, retaken_at__isnull=True
                ),
                name="courses_assignment_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.path_id}"

    @property
    def is_active(self) -> bool:
        """Whether it holds: neither withdrawn nor followed by a newer round."""
        return self.withdrawn_at is None and self.retaken_at is None

    def is_late(self, *, on: date) -> bool:
        """Whether its day has passed and something is left to do."""
        return self.completed_at is None and self.due_on is not None and self.due_on < on

    @property
    def state(self) -> str:
        """How far it is, in the words of ``components/status.html``."""
        if self.completed_at is not None:
            return "done"
        return "in_progress" if self.done_count or self.last_at else "not_begun"


class StepDone(models.Model):
    """That a step of an assigned path is done. Named by module, so that editors may move steps."""

    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="done")
    module = models.ForeignKey(Module, models.PROTECT, related_name="+")
    completes = models.CharField(max_length=20)
    done_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assignment", "module", "completes"], name="courses_step_done_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assignment_id} {self.module_id}"


class Reminder(models.Model):
    """That a learner was told of a path: once per kind and the day it is about."""

    class Kind(models.TextChoices):
        ASSIGNED = "assigned", _("You get a new learning path")
        WEEK = "week", _("Seven days before a path is due")
        DAY = "day", _("The day before a path is due")
        AFTER = "after", _("The day after a path was due")
        ASKED = "asked", _("A coordinator reminds you")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="reminders")
    kind = models.CharField(max_length=10, choices=Kind)
    about_on = models.DateField()
    made_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        constraints = [
            models.UniqueConstraint(
                fields=["assignment", "kind", "about_on"], name="courses_reminder_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.about_on}"


class Told(models.TextChoices):
    """Everything that learning tells somebody by itself, and that can be stopped."""

    ASSIGNED = Reminder.Kind.ASSIGNED.value, Reminder.Kind.ASSIGNED.label
    WEEK = Reminder.Kind.WEEK.value, Reminder.Kind.WEEK.label
    DAY = Reminder.Kind.DAY.value, Reminder.Kind.DAY.label
    AFTER = Reminder.Kind.AFTER.value, Reminder.Kind.AFTER.label
    ASKED = Reminder.Kind.ASKED.value, Reminder.Kind.ASKED.label
    CHANGED = "changed", _("A rule that you have learnt changes")
    EXPIRES = "expires", _("A certificate of yours expires")
    ANSWER = "answer", _("The editors answer you")


class ReminderStop(models.Model):
    """That a person wants one kind of reminder no more, by mail or on the site."""

    class Channel(models.TextChoices):
        MAIL = "mail", _("By e-mail")
        SITE = "site", _("On the site")

    person = models.ForeignKey(Person, models.CASCADE, related_name="reminder_stops")
    kind = models.CharField(max_length=10, choices=Told)
    channel = models.CharField(max_length=4, choices=Channel)

    class Meta:
        verbose_name = _("stopped reminder")
        verbose_name_plural = _("stopped reminders")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind", "channel"], name="courses_reminder_stop_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.channel}"
