"""Keeping the pieces of lessons and cases in step with what their pages show.

A packing has a stamp of everything its pieces were drawn from. Where that is another one by now it
is drawn anew: in the background, a quarter of an hour after a change at the latest, or by whoever
asks first. The day is part of it, because a rule that was fine yesterday may be overdue today.
"""

import hashlib
import logging
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation

from core.periods import local_day
from courses.models import (
    Case,
    CaseRule,
    CaseVersion,
    Lesson,
    LessonQuestion,
    PackedPiece,
    Packing,
    Piece,
    QuestionVersion,
)
from pages.models import CasePage, LessonPage
from pages.models.base import language_of
from pages.privacy import is_restricted
from pages.travelling.pieces import Made, case_piece, languages, lesson_pieces
from rules.models import RegisterStamp, Rule

#: Grows with every change of what lies in a piece.
FORMAT = 1
#: Drawn with the same few queries.
AT_ONCE = 20
#: So long after it was drawn a piece that nothing needs stays: a text is often put back as it was.
KEPT_UNUSED = timedelta(days=30)

logger = logging.getLogger(__name__)

LearningPage = TypeVar("LearningPage", LessonPage, CasePage)


@dataclass(frozen=True)
class Wanted:
    """One lesson or case that can be taken along in a language, and the stamp of how it is now."""

    page: LessonPage | CasePage
    stamp: str

    @property
    def key(self) -> UUID:
        """The id of the lesson or case."""
        key: UUID = self.page.translation_key
        return key


# --- What there is, and how it is now -------------------------------------------------------------


def wanted(lessons: Collection[Lesson], cases: Collection[Case], language: str) -> list[Wanted]:
    """Those of the lessons and cases that can be taken along. Four queries, however many there are.

    A page that an editor has restricted is none of them: what lies on a device opens for whoever
    holds it.
    """
    day = local_day(timezone.now())
    register = RegisterStamp.objects.values_list("value", flat=True).first()
    by_key = {one.pk: one for one in lessons}
    found: list[Wanted] = []
    for lesson_page in _pages(LessonPage, by_key, language):
        stamp = by_key[lesson_page.translation_key].body_stamp
        # A question cites rules, too, and the lesson does not know them.
        found.append(Wanted(lesson_page, _stamp(lesson_page, register, stamp, day)))
    frozen = dict(
        CaseVersion.objects.filter(case__in=[one.pk for one in cases], is_current=True).values_list(
            "case", "pk"
        )
    )
    return found + [
        Wanted(case_page, _stamp(case_page, register, version, day))
        for case_page in _pages(CasePage, [one.pk for one in cases], language)
        if (version := frozen.get(case_page.translation_key))
    ]


def _pages(
    kind: type[LearningPage], keys: Collection[UUID], language: str
) -> Iterable[LearningPage]:
    """The live pages in ``language``, each with the Danish one it comes from."""
    if not keys:
        return []
    read = {language, settings.LANGUAGE_CODE}
    pages = (
        kind.objects.filter(
            live=True, translation_key__in=list(keys), locale__language_code__in=read
        )
        .annotate(is_restricted=is_restricted())
        .defer_streamfields()
    )
    by_language: dict[str, dict[UUID, LearningPage]] = defaultdict(dict)
    for page in pages:
        by_language[language_of(page.locale_id)][page.translation_key] = page
    danish = by_language[settings.LANGUAGE_CODE]
    own = by_language[language]
    for page in own.values():
        page.source = danish.get(page.translation_key) if own is not danish else None
    return [page for page in own.values() if not page.is_restricted]


def _stamp(page: LessonPage | CasePage, *shown: Any) -> str:
    made_of = (FORMAT, settings.VERSION, page.revision_stamp, page.title, shown)
    return hashlib.sha256(repr(made_of).encode()).hexdigest()


# --- Drawing --------------------------------------------------------------------------------------


def bring_up_to_date(items: Collection[Wanted], language: str, *, at: datetime) -> int:
    """Draw what has changed; how many that was. One query where nothing has.

    What cannot be drawn is logged, stays as it was, and holds up nothing else.
    """
    kept = dict(
        Packing.objects.filter(
            language=language, subject__in=[item.key for item in items]
        ).values_list("subject", "stamp")
    )
    stale = [item for item in items if kept.get(item.key) != item.stamp]
    return sum(
        _draw(stale[begin : begin + AT_ONCE], language, at=at)
        for begin in range(0, len(stale), AT_ONCE)
    )


def _draw(items: Collection[Wanted], language: str, *, at: datetime) -> int:
    made: dict[UUID, list[Made]] = {}
    with translation.override(language):
        lessons = [item.page.pk for item in items if isinstance(item.page, LessonPage)]
        asked = _asked([item.key for item in items if isinstance(item.page, LessonPage)])
        for lesson_page in LessonPage.objects.filter(pk__in=lessons):
            key = lesson_page.translation_key
            with _logged(key, language):
                made[key] = lesson_pieces(lesson_page, language, asked.get(key, []))
        cases = [item for item in items if isinstance(item.page, CasePage)]
        made |= _drawn_cases([item.page.pk for item in cases], language)
    for item in items:
        if item.key in made:  # its page may have gone meanwhile
            _keep(item, language, made[item.key], at=at)
    return len(made)


def _asked(lessons: Collection[UUID]) -> Mapping[UUID, list[QuestionVersion]]:
    """What each lesson asks now, in its order. Two queries."""
    found: dict[UUID, list[QuestionVersion]] = defaultdict(list)
    rows = LessonQuestion.objects.filter(lesson__in=lessons).order_by("lesson", "position")
    placed = list(rows.values_list("lesson", "question"))
    versions = {
        version.question_id: version
        for version in QuestionVersion.objects.filter(
            is_current=True, question__in={question for _lesson, question in placed}
        ).select_related("rule__act")
    }
    for lesson, question in placed:
        if question in versions:
            found[lesson].append(versions[question])
    return found


def _drawn_cases(pages: Collection[int], language: str) -> dict[UUID, list[Made]]:
    if not pages:
        return {}
    found = list(CasePage.objects.filter(pk__in=pages))
    versions = {
        version.case_id: version
        for version in CaseVersion.objects.filter(
            is_current=True, case__in=[page.translation_key for page in found]
        )
    }
    cited = CaseRule.objects.filter(version__in=versions.values()).values("rule")
    rules = {rule.pk: rule for rule in Rule.objects.filter(pk__in=cited).select_related("act")}
    made = {}
    for page in found:
        key = page.translation_key
        if key in versions:
            with _logged(key, language):
                made[key] = [case_piece(page, language, versions[key], rules)]
    return made


@contextmanager
def _logged(key: UUID, language: str) -> Iterator[None]:
    """Log what fails within: one that cannot be drawn holds up no other."""
    try:
        yield
    except Exception:
        logger.exception("%s cannot be taken along in %s", key, language)


@transaction.atomic
def _keep(item: Wanted, language: str, made: Collection[Made], *, at: datetime) -> None:
    Piece.objects.bulk_create(
        (
            Piece(
                sha256=one.sha256,
                kind=one.kind,
                data=one.data,
                file=one.file,
                size=one.size,
                made_at=at,
            )
            for one in sorted(made, key=lambda one: one.sha256)  # two at once lock in one order
        ),
        # The same picture may lie elsewhere by now: an editor has put it there again.
        update_conflicts=True,
        unique_fields=["sha256"],
        update_fields=["file"],
    )
    packing, _created = Packing.objects.get_or_create(subject=item.key, language=language)
    packing = Packing.objects.select_for_update(no_key=True).get(pk=packing.pk)
    PackedPiece.objects.filter(packing=packing).delete()
    PackedPiece.objects.bulk_create(
        PackedPiece(packing=packing, piece_id=one.sha256, position=position)
        for position, one in enumerate(made)
    )
    packing.stamp = item.stamp
    packing.save(update_fields=["stamp"])


# --- In the background ----------------------------------------------------------------------------


def pack_all(at: datetime) -> int:
    """Draw what has changed of everything that is offered, and throw away what nothing needs.

    Runs again and again; what has not changed costs a comparison. Of what is offered no more
    nothing is kept but quizzes.

    Returns:
        How many lessons and cases were drawn.
    """
    lessons = list(Lesson.objects.offered().only("pk", "body_stamp"))
    cases = list(Case.objects.offered().only("pk"))
    drawn = 0
    for language in languages():
        items = wanted(lessons, cases, language)
        offered = [item.key for item in items]
        Packing.objects.filter(language=language).exclude(subject__in=offered).delete()
        drawn += bring_up_to_date(items, language, at=at)
    Piece.objects.unused().filter(made_at__lt=at - KEPT_UNUSED).delete()
    return drawn
