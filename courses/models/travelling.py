"""What a device takes along of courses: pieces that are known by their content and never change.

Drawn and kept by ``pages.travelling``; see docs/courses-to-take-along.md.
"""

import gzip
import json
from typing import Any, Self
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _


class PieceQuerySet(models.QuerySet["Piece"]):
    """What one asks about many pieces."""

    def unused(self) -> Self:
        """Pieces that no lesson and no case is taken along as any more, quizzes left out.

        What a device answered later is judged by the questions that its quiz asked.
        """
        return self.exclude(kind=Piece.Kind.QUIZ).filter(packings__isnull=True)


class Piece(models.Model):
    """A part of a course as it travels: the text of a lesson, a quiz, a case, a picture.

    Its key is the SHA-256 of its content, so that a device checks what it got, and what is the
    same is fetched once. A text is JSON and travels as ``data``, compressed; of a picture ``file``
    says where it lies. ``size`` is what it weighs on the way.
    """

    class Kind(models.TextChoices):
        LESSON = "lesson", _("lesson")
        QUIZ = "quiz", _("quiz")
        CASE = "case", _("case")
        PICTURE = "picture", _("picture")

    sha256 = models.CharField(max_length=64, primary_key=True)
    kind = models.CharField(max_length=10, choices=Kind)
    data = models.BinaryField(default=bytes)
    file = models.CharField(max_length=255, blank=True)
    size = models.PositiveIntegerField()
    made_at = models.DateTimeField()

    objects = PieceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["lesson", "quiz", "case"], file="")
                | models.Q(kind="picture") & ~models.Q(file=""),
                name="courses_piece_holds_text_or_picture",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.sha256[:12]}"

    def read(self) -> dict[str, Any]:
        """What the text says."""
        said: dict[str, Any] = json.loads(gzip.decompress(self.data))
        return said


class Packing(models.Model):
    """That a lesson or case is taken along as certain pieces in one language.

    ``stamp`` changes with everything they were drawn from: with another one they are drawn anew.
    """

    subject = models.UUIDField()
    language = models.CharField(max_length=5)
    stamp = models.CharField(max_length=64)
    pieces: "models.ManyToManyField[Any, Any]" = models.ManyToManyField(
        Piece, through="courses.PackedPiece", related_name="packings"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "language"], name="courses_packed_once"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.language}"


class PackedPiece(models.Model):
    """One piece of a packing, in its place."""

    packing = models.ForeignKey(Packing, models.CASCADE, related_name="packed")
    piece = models.ForeignKey(Piece, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["packing", "position"], name="courses_piece_has_place"),
        ]

    def __str__(self) -> str:
        return f"{self.packing_id} {self.position}"


def questions_asked_by(sha256: str, lesson: UUID) -> list[UUID] | None:
    """The questions that the quiz in this piece asks, if it is one of ``lesson``."""
    piece = Piece.objects.filter(pk=sha256, kind=Piece.Kind.QUIZ).first()
    said = piece.read() if piece else {}
    if said.get("lesson") != str(lesson):
        return None
    return [UUID(one["question"]) for one in said["questions"]]
