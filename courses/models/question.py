"""The question bank: what editors write, and the frozen versions that learners answer."""

import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Self

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Count, Q
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable
from wagtail.search import index

from core.bilingual import Bilingual, Text, Translated
from core.identity import refuse_cpr_like


class QuestionQuerySet(models.QuerySet["Question"]):
    """What one asks about many questions."""

    def in_use(self) -> Self:
        """Questions that can be chosen for a quiz: not retired."""
        return self.filter(retired_at__isnull=True)

    def with_use(self) -> Self:
        """Annotate ``lesson_count``: how many offered lessons ask the question."""
        offered = Q(lesson_questions__lesson__sequence__isnull=False)
        return self.annotate(lesson_count=Count("lesson_questions", filter=offered))


class Question(index.Indexed, Translated, ClusterableModel):
    """A question on an invented situation, of one of the kinds in :mod:`courses.kinds`.

    Written by :func:`courses.actions.questions.freeze_question` and the admin form that calls
    it; what learners see and answer is a :class:`QuestionVersion`.
    """

    class Kind(models.TextChoices):
        SINGLE = "single", _("One right answer")
        MULTIPLE = "multiple", _("Several right answers")
        TRUE_FALSE = "true_false", _("True or false")
        MATCHING = "matching", _("Match what belongs together")
        ORDERING = "ordering", _("Put in order")
        NUMERIC = "numeric", _("A number")
        SHORT = "short", _("A short text")
        CLOZE = "cloze", _("A text with gaps")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.SlugField(
        _("key"), max_length=60, unique=True, help_text=_("Names the question in the bank.")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.SINGLE)
    situation_da = models.TextField(
        _("situation in Danish"),
        blank=True,
        validators=[refuse_cpr_like],
        help_text=_("Short and invented. No name, no settlement, no exact age."),
    )
    situation_kl = models.TextField(
        _("situation in Kalaallisut"), blank=True, validators=[refuse_cpr_like]
    )
    text_da = models.TextField(_("question in Danish"), validators=[refuse_cpr_like])
    text_kl = models.TextField(
        _("question in Kalaallisut"), blank=True, validators=[refuse_cpr_like]
    )
    rule = models.ForeignKey(
        "rules.Rule",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("rule behind the answer"),
    )
    feedback_da = models.TextField(
        _("feedback in Danish"),
        blank=True,
        validators=[refuse_cpr_like],
        help_text=_("For everybody who has answered, whatever they answered."),
    )
    feedback_kl = models.TextField(
        _("feedback in Kalaallisut"), blank=True, validators=[refuse_cpr_like]
    )
    unit_da = models.CharField(
        _("unit in Danish"),
        max_length=40,
        blank=True,
        validators=[refuse_cpr_like],
        help_text=_("For a number, for example timer."),
    )
    unit_kl = models.CharField(
        _("unit in Kalaallisut"), max_length=60, blank=True, validators=[refuse_cpr_like]
    )
    keeps_order = models.BooleanField(
        _("fixed order"),
        default=False,
        help_text=_("Show the answers in the order written here. Otherwise they are mixed."),
    )
    competences: Any = ParentalManyToManyField(
        "competences.Competence",
        blank=True,
        related_name="+",
        verbose_name=_("competences"),
        help_text=_("What a right answer shows, beside what the lesson that asks it teaches."),
    )
    retired_at = models.DateTimeField(_("retired"), null=True, editable=False)

    objects = QuestionQuerySet.as_manager()
    text = Bilingual()

    search_fields = [
        index.SearchField("text_da"),
        index.SearchField("situation_da"),
        index.AutocompleteField("text_da"),
        index.FilterField("kind"),
        index.FilterField("retired_at"),
    ]

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        permissions = [("approve_question", "Can change a question that learners answer now")]

    def __str__(self) -> str:
        return f"{self.text_da[:90]}{'…' if len(self.text_da) > 90 else ''}"

    def in_words(self) -> str:
        """Where it is used, for the list; reads what ``with_use`` annotates."""
        if self.retired_at is not None:
            return gettext("Retired")
        count = getattr(self, "lesson_count", 0)
        return ngettext("%(count)d lesson", "%(count)d lessons", count) % {"count": count}

    in_words.short_description = _("Used in")  # type: ignore[attr-defined]  # read by Wagtail


class Choice(Translated, Orderable):
    """One row of a question, and what to say to whoever answers so.

    What a row is hangs on the kind: a possible answer, an item with what belongs to it, a step,
    a number, an accepted text, what stands in a gap.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    question = ParentalKey(Question, on_delete=models.CASCADE, related_name="choices")
    text_da = models.CharField(
        _("answer in Danish"), max_length=300, blank=True, validators=[refuse_cpr_like]
    )
    text_kl = models.CharField(
        _("answer in Kalaallisut"), max_length=400, blank=True, validators=[refuse_cpr_like]
    )
    match_da = models.CharField(
        _("belongs to it, in Danish"), max_length=300, blank=True, validators=[refuse_cpr_like]
    )
    match_kl = models.CharField(
        _("belongs to it, in Kalaallisut"),
        max_length=400,
        blank=True,
        validators=[refuse_cpr_like],
    )
    gap = models.PositiveSmallIntegerField(_("gap"), null=True, blank=True)
    tolerance = models.DecimalField(
        _("tolerance"),
        max_digits=14,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
        help_text=_("How far off a number may be and still count."),
    )
    is_correct = models.BooleanField(_("right"), default=False)
    feedback_da = models.TextField(
        _("feedback in Danish"), blank=True, validators=[refuse_cpr_like]
    )
    feedback_kl = models.TextField(
        _("feedback in Kalaallisut"), blank=True, validators=[refuse_cpr_like]
    )
    rule = models.ForeignKey(
        "rules.Rule",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("rule behind the feedback"),
    )

    class Meta(Orderable.Meta):
        verbose_name = _("answer")
        verbose_name_plural = _("answers")

    def __str__(self) -> str:
        return self.text_da or self.match_da


@dataclass(frozen=True)
class AskedChoice:
    """One possible answer as it was shown."""

    id: str
    is_correct: bool
    texts: dict[str, dict[str, str]]

    @property
    def text(self) -> Text:
        """The answer in the active language, else in Danish."""
        return Text.choose(self.texts["text"])

    @property
    def feedback(self) -> Text:
        """What to say to whoever chooses it."""
        return Text.choose(self.texts["feedback"])


class QuestionVersion(models.Model):
    """A question as it was asked from one moment on, so that an answer stays readable.

    Rows are added, never changed, but for ``is_current`` and ``correction``: what was wrong with
    the version, written by :func:`courses.actions.corrections.correct_version` alone. Of it,
    ``all`` means that every answer counts, ``out`` that none does, ``also`` lists further answers
    that are right.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    question = models.ForeignKey(Question, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    is_current = models.BooleanField(default=True)
    kind = models.CharField(max_length=10, choices=Question.Kind)
    content = models.JSONField()
    correction = models.JSONField(default=dict)
    rule = models.ForeignKey("rules.Rule", models.PROTECT, null=True, related_name="+")
    frozen_at = models.DateTimeField()
    rules: "models.ManyToManyField[Any, Any]" = models.ManyToManyField(
        "rules.Rule", through="courses.QuestionRule", related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["question", "number"], name="courses_question_version_number_once"
            ),
            models.UniqueConstraint(
                fields=["question"],
                condition=Q(is_current=True),
                name="courses_question_one_current_version",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def situation(self) -> Text:
        """The situation in the active language, else in Danish."""
        return Text.choose(self.content["situation"])

    @property
    def text(self) -> Text:
        """The question in the active language, else in Danish."""
        return Text.choose(self.content["text"])

    @property
    def feedback(self) -> Text:
        """What to say to everybody who has answered."""
        return Text.choose(self.content.get("feedback", {}))

    @property
    def is_older(self) -> bool:
        """Whether it was frozen with a translation that is older than its Danish."""
        return get_language() in self.content.get("older", ())

    @property
    def is_left_out(self) -> bool:
        """Whether it was found wrong and counts for nobody."""
        return bool(self.correction.get("out"))

    @property
    def choices(self) -> list[AskedChoice]:
        """The possible answers in the order they were shown."""
        return [
            AskedChoice(
                id=choice["id"],
                is_correct=choice["is_correct"],
                texts={"text": choice["text"], "feedback": choice["feedback"]},
            )
            for choice in self.content["choices"]
        ]

    @property
    def correct(self) -> frozenset[str]:
        """The ids of the right answers."""
        return frozenset(choice["id"] for choice in self.content["choices"] if choice["is_correct"])

    def as_content(self) -> dict[str, Any]:
        """What two versions are compared by."""
        return {**self.content, "kind": self.kind, "rule": str(self.rule_id or "")}


class QuestionRule(models.Model):
    """That a version of a question rests on a rule: as a whole, or in what is said to an answer."""

    version = models.ForeignKey(QuestionVersion, models.CASCADE, related_name="question_rules")
    rule = models.ForeignKey("rules.Rule", models.PROTECT, related_name="question_rules")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "rule"], name="courses_question_cites_once"),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.rule_id}"
