"""Course, module, lesson: the records behind the pages, and their order.

A lesson is two things: a page per language, which editors arrange, and this record, which
learners' progress points at. The record's key is the page's ``translation_key``. It is kept in
step by :mod:`courses.actions.outline` alone and never deleted: a record whose page is gone is
no longer offered, what people did with it stays.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Case, Count, F, FilteredRelation, Max, Q, Subquery, Value, When
from django.utils.translation import gettext_lazy as _

from core.bilingual import Text

if TYPE_CHECKING:
    from people.models import Person


#: How much of a quiz must be right where its lesson does not say otherwise.
PASS_PERCENT = 80


def own_words(texts: Mapping[str, str]) -> dict[str, str]:
    """``texts`` without those that say in another language again what the Danish one says.

    >>> own_words({"da": "Kursus", "kl": "Kursus"})
    {'da': 'Kursus'}
    """
    danish = texts.get(settings.LANGUAGE_CODE)
    return {
        code: words
        for code, words in texts.items()
        if code == settings.LANGUAGE_CODE or words != danish
    }


class Record(models.Model):
    """What courses, modules and lessons have in common: texts and addresses per language.

    ``paths`` names the languages under whose address the page can be read now, where it is not
    translated as a copy of the Danish one; ``titles`` remembers all languages in which it has been
    given a title of its own.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    titles = models.JSONField(default=dict)
    paths = models.JSONField(default=dict)
    position = models.PositiveIntegerField(default=0)
    is_live = models.BooleanField(default=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> Text:
        """The title in the active language, else in Danish; it knows which (``.language``)."""
        return Text.choose(self.titles)

    @property
    def title_language(self) -> str:
        """The language that :attr:`title` is in."""
        return self.title.language

    @property
    def languages(self) -> list[str]:
        """The languages in which it can be read now, not counting copies of the Danish page."""
        return sorted(code for code in own_words(self.titles) if code in self.paths)

    @property
    def path(self) -> str:
        """The address in the active language, else in Danish; empty where no page is live."""
        return Text.choose(self.paths)


class CourseQuerySet(models.QuerySet["Course"]):
    """What one asks about many courses."""

    def offered(self) -> Self:
        """Courses that can be found and read now, in the catalogue's order."""
        return self.filter(is_live=True).order_by("position", "pk")


class Course(Record):
    """A course: modules with lessons.

    ``lesson_count`` counts the lessons it offers, ``required_count`` those of them that are not
    optional: one reads them to complete it. What it demands besides is what the Danish page says;
    ``quiz_count`` and ``case_count`` count the quizzes and cases that it demands.
    """

    summaries = models.JSONField(default=dict)
    lesson_count = models.PositiveIntegerField(default=0)
    required_count = models.PositiveIntegerField(default=0)
    demands_quizzes = models.BooleanField(default=True)
    demands_cases = models.BooleanField(default=False)
    demands_practice = models.BooleanField(default=False)
    quiz_count = models.PositiveIntegerField(default=0)
    case_count = models.PositiveIntegerField(default=0)

    objects = CourseQuerySet.as_manager()

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")

    @property
    def summary(self) -> Text:
        """One or two sentences on what it is about, in the active language, else in Danish."""
        return Text.choose(self.summaries)


class ModuleQuerySet(models.QuerySet["Module"]):
    """What one asks about many modules."""

    def offered(self) -> Self:
        """Modules that can be read now, in the order of their course."""
        return self.filter(number__isnull=False).order_by("number")

    def with_progress_of(self, person: "Person | UUID", *, since: datetime) -> Self:
        """Annotate ``read_count`` and ``last_at`` of ``person``.

        Counted are the lessons that the module asks for; where all are optional, those it offers.

        Args:
            since: When the round began in which they count.
        """
        own = Q(lessons__progress__person=person)
        asked = Q(lessons__is_optional=False) | Q(required_count=0)
        read = Q(own__read_at__gte=since) | Q(own__read_before_at__gte=since)
        return self.annotate(own=FilteredRelation("lessons__progress", condition=own)).annotate(
            read_count=Count(
                "own__lesson", filter=Q(lessons__sequence__isnull=False) & asked & read
            ),
            last_at=Max("own__last_at"),
        )


class Module(Record):
    """A part of a course: lessons and cases on one theme.

    ``number`` and the counts are counted over what is offered; without a number it is not.
    ``is_optional`` is what its page says: whoever takes the course may leave it out.
    ``required_count`` counts the lessons that are not optional in the module itself.
    """

    course = models.ForeignKey(Course, models.PROTECT, related_name="modules")
    summaries = models.JSONField(default=dict)
    is_optional = models.BooleanField(default=False)
    number = models.PositiveIntegerField(null=True)
    lesson_count = models.PositiveIntegerField(default=0)
    required_count = models.PositiveIntegerField(default=0)
    case_count = models.PositiveIntegerField(default=0)

    objects = ModuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("module")
        verbose_name_plural = _("modules")
        indexes = [models.Index(fields=["course", "number"], name="courses_module_order")]

    if TYPE_CHECKING:  # annotated by with_progress_of
        read_count: int
        last_at: datetime | None

    @property
    def summary(self) -> Text:
        """One or two sentences on what it is about, in the active language, else in Danish."""
        return Text.choose(self.summaries)


class LessonQuerySet(models.QuerySet["Lesson"]):
    """What one asks about many lessons."""

    def offered(self) -> Self:
        """Lessons that can be read now, in the reading order of their course."""
        return self.filter(sequence__isnull=False).order_by("sequence")

    def asked_in_modules(self) -> Self:
        """Offered lessons that their module asks for, whatever the course asks of the module."""
        return self.filter(sequence__isnull=False, is_optional=False)

    def with_progress_of(self, person: "Person | UUID") -> Self:
        """Annotate ``opened_at``, ``read_at``, ``read_before_at``, ``last_at`` of ``person``."""
        own = Q(progress__person=person)
        return self.annotate(own=FilteredRelation("progress", condition=own)).annotate(
            opened_at=F("own__opened_at"),
            read_at=F("own__read_at"),
            read_before_at=F("own__read_before_at"),
            last_at=F("own__last_at"),
        )

    def to_go_on_with(self, person: "Person | UUID", course: UUID) -> Self:
        """The lessons that ``course`` still asks of ``person`` in their round, the next one first.

        That is the first unread one at or after the lesson where the person was last, and
        when there is none, the first of those before it. A lesson that waits to be read again says
        nothing of where they are in the new round.
        """
        own = apps.get_model("courses", "LessonProgress").objects.filter(person=person)
        read = own.read_in_round()
        last_seen = own.filter(
            Q(read_before_at__isnull=True) | Q(pk__in=read.values("pk")),
            lesson__course=course,
            lesson__sequence__isnull=False,
        )
        last_sequence = last_seen.order_by("-last_at", "-lesson__sequence").values(
            "lesson__sequence"
        )[:1]
        return (
            self.filter(course=course, is_required=True)
            .exclude(pk__in=read.values("lesson"))
            .annotate(
                is_behind=Case(
                    When(sequence__lt=Subquery(last_sequence), then=Value(1)), default=Value(0)
                )
            )
            .order_by("is_behind", "sequence")
        )


class Lesson(Record):
    """One lesson, readable in some minutes, perhaps with a quiz.

    Derived from the outline: ``course`` and, over what is offered, ``sequence`` (in the
    course) and ``number`` (in the module), both counted from 1, and the neighbours.
    ``is_optional`` is what its page says; ``is_required`` is derived: it is offered, and neither
    it nor its module is optional.
    ``body_stamp`` grows whenever something that the lesson shows has changed, so that a kept
    rendering can be told from a current one. ``changed_rules`` says for each language whose page
    is to be looked through since when a rule that it cites says something else. ``published_at`` is
    when the Danish page was published last.
    """

    module = models.ForeignKey(Module, models.PROTECT, related_name="lessons")
    course = models.ForeignKey(Course, models.PROTECT, related_name="lessons")
    minutes = models.PositiveSmallIntegerField(default=0)
    size_bytes = models.PositiveIntegerField(null=True)
    pass_percent = models.PositiveSmallIntegerField(default=PASS_PERCENT)
    is_optional = models.BooleanField(default=False)
    is_required = models.BooleanField(default=False)
    body_stamp = models.PositiveBigIntegerField(default=1)
    changed_rules = models.JSONField(default=dict)
    sequence = models.PositiveIntegerField(null=True)
    number = models.PositiveIntegerField(null=True)
    previous = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")
    next = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")
    questions: "models.ManyToManyField[Any, Any]" = models.ManyToManyField(
        "courses.Question", through="courses.LessonQuestion", related_name="lessons"
    )
    rules: "models.ManyToManyField[Any, Any]" = models.ManyToManyField(
        "rules.Rule", through="courses.LessonRule", related_name="+"
    )

    competences: "models.ManyToManyField[Any, Any]" = models.ManyToManyField(
        "competences.Competence", related_name="+"
    )
    published_at = models.DateTimeField(null=True)

    objects = LessonQuerySet.as_manager()

    class Meta:
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")
        indexes = [
            models.Index(fields=["course", "sequence"], name="courses_lesson_in_course"),
            models.Index(fields=["module", "number"], name="courses_lesson_in_module"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(pass_percent__gte=1) & Q(pass_percent__lte=100),
                name="courses_lesson_can_be_passed",
            ),
            models.CheckConstraint(
                condition=Q(is_required=False) | Q(sequence__isnull=False),
                name="courses_lesson_required_is_offered",
            ),
        ]

    if TYPE_CHECKING:  # annotated by with_progress_of
        opened_at: datetime | None
        read_at: datetime | None
        read_before_at: datetime | None
        last_at: datetime | None

    @property
    def is_offered(self) -> bool:
        """Whether it, its module and its course can be read now."""
        return self.sequence is not None


class LessonQuestion(models.Model):
    """That a lesson asks a question, and in which place."""

    lesson = models.ForeignKey(Lesson, models.CASCADE, related_name="lesson_questions")
    question = models.ForeignKey(
        "courses.Question", models.PROTECT, related_name="lesson_questions"
    )
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lesson", "question"], name="courses_lesson_asks_once"),
        ]

    def __str__(self) -> str:
        return f"{self.lesson_id} {self.position}"


class LessonRule(models.Model):
    """That a lesson's page in one language cites a rule: what to look at when the rule changes."""

    lesson = models.ForeignKey(Lesson, models.CASCADE, related_name="lesson_rules")
    rule = models.ForeignKey("rules.Rule", models.PROTECT, related_name="lesson_rules")
    language = models.CharField(max_length=5)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["lesson", "rule", "language"], name="courses_lesson_cites_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lesson_id} {self.rule_id}"
