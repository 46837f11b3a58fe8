"""What pages show of cases and their plays: a fixed number of queries, whatever there is."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse

from core.prepared import Prepared
from courses.cases import Ending
from courses.learning.overview import NOBODY
from courses.models import Bookmark, Case, CasePlay, Note
from people.companions import Done
from people.models import Person
from people.permissions import Standing

PLAYS_SHOWN = 10
CASES_SHOWN = 25


def ending_in_words(ending: str) -> str:
    """How a case ended, in words; empty while it goes on."""
    return str(Ending(ending).label) if ending else ""


@dataclass(frozen=True)
class CaseRow:
    """A case in the list of its module."""

    case: Case
    last_at: datetime | None
    best: str

    @property
    def state(self) -> str:
        """How far the person is, in the words of ``components/status.html``."""
        if self.best:
            return "done"
        return "not_begun" if self.last_at is None else "in_progress"

    @property
    def best_in_words(self) -> str:
        """The best ending so far, in words."""
        return ending_in_words(self.best)


@dataclass(frozen=True)
class CaseState:
    """A case with the latest plays of a person; for nobody, without any."""

    case: Case
    plays: Sequence[CasePlay]
    is_saved: bool = False
    has_note: bool = False

    @property
    def open(self) -> CasePlay | None:
        """The play to go on with."""
        return next((play for play in self.plays if not play.is_ended), None)

    @property
    def stamp(self) -> str:
        """Changes with everything here that the page of the case shows."""
        shown = (
            [
                self.case.titles,
                self.case.paths,
                self.case.minutes,
                self.case.number,
                self.case.is_required,
            ],
            [self.case.module.titles, self.case.module.paths, self.case.module.number],
            [self.case.course.titles, self.case.course.paths],
            [(str(play.pk), play.turn, play.ending, play.last_at) for play in self.plays],
            [self.is_saved, self.has_note],
            self.case.changed_rules,
        )
        return hashlib.sha256(repr(shown).encode()).hexdigest()[:20]


def cases_in(module: UUID, person: Person | None) -> list[CaseRow]:
    """The cases that ``module`` offers, with how far ``person`` is. One query."""
    return [
        CaseRow(case=case, last_at=case.last_at, best=case.best or "")
        for case in _cases(module=module, person=person.pk if person else NOBODY)
    ]


def case_state(key: UUID, person: Person | None) -> CaseState | None:
    """The case ``key`` as ``person`` meets it; none when it has no record. Two queries at most."""
    reader = person.pk if person else NOBODY
    case: Any = _case.first(key=key, person=reader)
    if case is None:
        return None
    return CaseState(
        case,
        list(plays_of(person).filter(case=key)[:PLAYS_SHOWN]) if person else [],
        is_saved=case.is_saved,
        has_note=case.has_note,
    )


def plays_of(person: Person) -> QuerySet[CasePlay]:
    """The plays of ``person``, the latest first, with their case and people."""
    own = CasePlay.objects.of(person).select_related("case", "person", "partner")
    return own.defer("case__said", "path", "last_press").order_by("-last_at", "pk")


def played_in(standing: Standing, meeting: UUID) -> list[Done]:
    """The cases that were played in a logged session; those who played may look. One query."""
    plays = CasePlay.objects.filter(meeting=meeting).select_related("case")
    own = standing.person.pk if standing.person else None
    return [
        Done(
            title=play.case.title,
            url=reverse("courses:case_play", args=[play.pk])
            if own in {play.person_id, play.partner_id}
            else "",
        )
        for play in plays.defer("case__said", "path", "last_press").order_by("started_at", "pk")
    ]


@Prepared
def _case(key: UUID, person: UUID) -> QuerySet[Case]:
    own = Note.objects.filter(person=person, case=OuterRef("pk"), deleted_at__isnull=True)
    saved = Bookmark.objects.filter(person=person, case=OuterRef("pk"))
    found = Case.objects.filter(pk=key).select_related("module", "course").defer("said")
    return found.annotate(is_saved=Exists(saved), has_note=Exists(own))


@Prepared
def _cases(module: UUID, person: UUID) -> QuerySet[Case]:
    offered = Case.objects.filter(module=module).offered().with_plays_of(person)
    return offered.defer("said", "summaries")[:CASES_SHOWN]
