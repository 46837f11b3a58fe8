"""What belongs to a course or a path: its lessons and cases, and the pieces each consists of.

A device compares the pieces with those it has: what is missing is the difference.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import translation

from core.bilingual import Text
from courses.models import Case, Course, LearningPath, Lesson, Module, PackedPiece, Piece
from files.access import closed_among
from pages.travelling.packing import bring_up_to_date, wanted
from pages.travelling.pieces import SCHEMA

#: What comes with every piece on the way beside its content: the head of the answer.
HEAD_BYTES = 850
#: More than any path has.
MOST_MODULES = 500


@dataclass(frozen=True)
class Luggage:
    """What is chosen to be taken along, and how it is called on the device.

    A path demands its modules, also those that a course can do without (``is_path``).
    """

    key: str
    titles: Mapping[str, str]
    paths: Mapping[str, str]
    modules: Sequence[Module]
    is_path: bool = False

    def is_optional(self, record: Module | Lesson | Case) -> bool:
        """Whether one may leave it out."""
        if isinstance(record, Module):
            return record.is_optional and not self.is_path
        return record.is_optional if self.is_path else not record.is_required


def of_course(course: Course) -> Luggage:
    """A course with all its modules. One query."""
    modules = Module.objects.filter(course=course).offered()
    return Luggage(f"course:{course.pk}", course.titles, course.paths, list(modules))


def of_path(path: LearningPath) -> Luggage:
    """A path with the modules of its steps, in their order. One query."""
    modules = Module.objects.filter(path_steps__path=path).exclude(number=None)
    found = {module.pk: module for module in modules.order_by("path_steps__sort_order", "pk")}
    titles = {"da": path.title_da} | ({"kl": path.title_kl} if path.title_kl else {})
    return Luggage(
        f"path:{path.key}", titles, {}, list(found.values())[:MOST_MODULES], is_path=True
    )


@dataclass(frozen=True)
class Contents:
    """What a device is told: everything there is to fetch, with its size."""

    luggage: Luggage
    language: str
    told: Mapping[str, Any]

    @property
    def size(self) -> int:
        """What all of it weighs on the way."""
        size: int = self.told["size"]
        return size

    @property
    def picture_size(self) -> int:
        """What of that is pictures."""
        size: int = self.told["picture_size"]
        return size

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to take along."""
        return not self.told["modules"]


def contents_of(luggage: Luggage, language: str, *, at: datetime) -> Contents:
    """The contents in ``language``. A dozen queries at any size, once everything is drawn.

    What a page shows now and is not drawn yet is drawn first.
    """
    keys = [module.pk for module in luggage.modules]
    lessons = list(Lesson.objects.filter(module__in=keys).offered())
    cases = list(Case.objects.filter(module__in=keys).offered().defer("said"))
    items = wanted(lessons, cases, language)
    bring_up_to_date(items, language, at=at)
    can_travel = {item.key for item in items}
    pieces = _pieces(can_travel, language)
    with translation.override(language):
        modules = [
            told
            for module in luggage.modules
            if (told := _module(luggage, module, lessons, cases, pieces))["lessons"]
            or told["cases"]
        ]
        told = {
            "schema": SCHEMA,
            "id": luggage.key,
            "language": language,
            "title": _said(luggage.titles),
            "path": luggage.paths.get(language, ""),
            "modules": modules,
            "left_out": len(lessons) + len(cases) - len(can_travel),
        }
    every = {piece.sha256: piece for found in pieces.values() for piece in found}.values()
    pictures = [piece for piece in every if piece.kind == Piece.Kind.PICTURE]
    return Contents(
        luggage,
        language,
        {
            **told,
            "head_bytes": HEAD_BYTES,
            "size": _weight(every),
            "picture_size": _weight(pictures),
        },
    )


def _weight(pieces: Collection[Piece]) -> int:
    return sum(piece.size + HEAD_BYTES for piece in pieces)


def _pieces(subjects: Collection[UUID], language: str) -> Mapping[UUID, list[Piece]]:
    """The pieces of each, in their order; no picture of a closed collection. Three queries."""
    rows = list(
        PackedPiece.objects.filter(packing__subject__in=subjects, packing__language=language)
        .select_related("packing", "piece")
        .defer("piece__data")
        .order_by("packing", "position")
    )
    closed = closed_among({row.piece.file for row in rows if row.piece.file})
    found: dict[UUID, list[Piece]] = defaultdict(list)
    for row in rows:
        if row.piece.file not in closed:
            found[row.packing.subject].append(row.piece)
    return found


def _module(
    luggage: Luggage,
    module: Module,
    lessons: Sequence[Lesson],
    cases: Sequence[Case],
    pieces: Mapping[UUID, list[Piece]],
) -> dict[str, Any]:
    return {
        "id": str(module.pk),
        "number": module.number,
        "title": _said(module.titles),
        **_optional(luggage, module),
        "lessons": [
            _one(luggage, lesson, pieces)
            for lesson in lessons
            if lesson.module_id == module.pk and lesson.pk in pieces
        ],
        "cases": [
            _one(luggage, case, pieces)
            for case in cases
            if case.module_id == module.pk and case.pk in pieces
        ],
    }


def _optional(luggage: Luggage, record: Module | Lesson | Case) -> dict[str, bool]:
    """Said only of what may be left out: a list without it says that all is required."""
    return {"optional": True} if luggage.is_optional(record) else {}


def _one(
    luggage: Luggage, record: Lesson | Case, pieces: Mapping[UUID, list[Piece]]
) -> dict[str, Any]:
    told = {
        "id": str(record.pk),
        "title": _said(record.titles),
        "path": record.path,
        "minutes": record.minutes,
        **_optional(luggage, record),
        "pieces": [[piece.sha256, piece.kind, piece.size] for piece in pieces[record.pk]],
    }
    if isinstance(record, Lesson):
        told["pass_percent"] = record.pass_percent
    return told


def _said(titles: Mapping[str, str]) -> list[str]:
    """A title in the active language, else in Danish; and the language that it is in."""
    title = Text.choose(titles)
    return [str(title), title.language]
