"""What a learner keeps for themselves: places to find again, and notes.

Read by the person alone. Nothing here is a snippet, and no page, report or export of anybody else
asks for it. It goes when the person does.
"""

import uuid
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.bilingual import Text
from core.identity import refuse_cpr_like
from courses.models.case import Case
from courses.models.outline import Lesson
from people.models import Person
from rules.models import Rule

LONGEST_NOTE = 10_000


class About(models.Model):
    """That a record speaks of one lesson or one case: by its record, so that pages may go."""

    lesson = models.ForeignKey(
        Lesson, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("lesson")
    )
    case = models.ForeignKey(
        Case, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("case")
    )

    class Meta:
        abstract = True

    @property
    def subject(self) -> Any:
        """The lesson or case."""
        return self.lesson or self.case

    @property
    def place(self) -> str:
        """What kind of thing it speaks of, as addresses name it."""
        return "lektion" if self.lesson_id else "sag"


#: Exactly one of the two.
ABOUT_ONE = Q(lesson__isnull=False, case__isnull=True) | Q(lesson__isnull=True, case__isnull=False)


class BookmarkQuerySet(models.QuerySet["Bookmark"]):
    """What one asks about many bookmarks."""

    def of(self, person: Person) -> Self:
        """Those of ``person``, the latest first, with what they lead to."""
        own = self.filter(person=person).select_related("lesson__module", "case__module", "rule")
        return own.defer("case__said").order_by("-saved_at", "-pk")


class Bookmark(models.Model):
    """A lesson, case or rule that a person wants to find again."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="bookmarks")
    lesson = models.ForeignKey(Lesson, models.PROTECT, null=True, related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="+")
    rule = models.ForeignKey(Rule, models.CASCADE, null=True, related_name="+")
    saved_at = models.DateTimeField()

    objects = BookmarkQuerySet.as_manager()

    #: What an address calls each kind, and the field that names it.
    KINDS: ClassVar[dict[str, str]] = {"lektion": "lesson", "sag": "case", "regel": "rule"}

    class Meta:
        verbose_name = _("bookmark")
        verbose_name_plural = _("bookmarks")
        constraints = [
            *(
                models.UniqueConstraint(
                    fields=["person", field],
                    condition=Q(**{f"{field}__isnull": False}),
                    name=f"courses_bookmark_{field}_once",
                )
                for field in ("lesson", "case", "rule")
            ),
            models.CheckConstraint(
                condition=Q(lesson__isnull=False, case__isnull=True, rule__isnull=True)
                | Q(lesson__isnull=True, case__isnull=False, rule__isnull=True)
                | Q(lesson__isnull=True, case__isnull=True, rule__isnull=False),
                name="courses_bookmark_of_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"

    @property
    def kind(self) -> str:
        """What it marks, as addresses name it."""
        return next(kind for kind, field in self.KINDS.items() if getattr(self, f"{field}_id"))

    @property
    def key(self) -> uuid.UUID:
        """The key of what it marks."""
        key: uuid.UUID = getattr(self, f"{self.KINDS[self.kind]}_id")
        return key

    @property
    def title(self) -> Text:
        """What it is called, in the reader's language where that is known."""
        if self.rule:
            text = Text(f"{self.rule.paragraph}: {self.rule.statement}".removeprefix(": "))
            text.language, text.is_fallback = (
                self.rule.statement.language,
                self.rule.statement.is_fallback,
            )
            return text
        subject: Any = self.lesson or self.case
        title: Text = subject.title
        return title


class NoteQuerySet(models.QuerySet["Note"]):
    """What one asks about many notes."""

    def of(self, person: Person) -> Self:
        """Those of ``person`` that are not in the bin."""
        return self.filter(person=person, deleted_at__isnull=True)

    def in_order(self) -> Self:
        """The latest first, with what they speak of."""
        found = self.select_related("lesson__module", "case__module").defer("case__said")
        return found.order_by("-written_at", "pk")


class Note(About):
    """What a person has written for themselves at a lesson or a case: one text each.

    ``version`` grows with each change; a form names the version it was opened with. A text that was
    written beside a newer one waits in ``beside`` until the person has chosen or joined.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="notes")
    text = models.TextField(_("note"), max_length=LONGEST_NOTE, validators=[refuse_cpr_like])
    beside = models.JSONField(default=list, blank=True, validators=[refuse_cpr_like])
    version = models.PositiveIntegerField(default=1)
    written_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True)

    objects = NoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        constraints = [
            *(
                models.UniqueConstraint(
                    fields=["person", field],
                    condition=Q(**{f"{field}__isnull": False, "deleted_at__isnull": True}),
                    name=f"courses_note_{field}_once",
                )
                for field in ("lesson", "case")
            ),
            models.CheckConstraint(condition=ABOUT_ONE, name="courses_note_about_one"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"
