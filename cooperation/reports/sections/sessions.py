"""What was trained: sessions and hours, how, which steps, in which languages.

All four sections read the same one GROUP BY. Each hour counts once, whoever logged it.
"""

import json
from abc import abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import (
    Case,
    Count,
    IntegerField,
    Q,
    QuerySet,
    Sum,
    TextField,
    Value,
    When,
)
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from competences.models import Topic
from cooperation.reports.frame import Frame
from cooperation.reports.sections.base import MINUTES, Figure, Section
from core.spreadsheets import Cell
from mentoring.content import Interpreter, Language
from mentoring.models import Mode, Session
from mentoring.models.session import SessionQuerySet

WHERE = "pairing__place__municipality"
_TOPICS = Cast("topics", TextField())
_LANGUAGES = Cast(KeyTextTransform("languages", "current__content"), TextField())
_INTERPRETER = Cast(KeyTextTransform("interpreter", "current__content"), TextField())


@dataclass(frozen=True, slots=True)
class Kind:
    """Sessions that are alike in all that a report asks, and how many there are."""

    municipality: Any
    is_late_half: int
    mode: str
    topics: tuple[str, ...]
    languages: tuple[str, ...]
    interpreter: str
    number: int
    minutes: int
    confirmed: int


def counted(frame: Frame) -> SessionQuerySet:
    """The sessions of the report."""
    found = Session.objects.counted().filter(
        frame.within(WHERE), held_on__gte=frame.half.starts_on, held_on__lt=frame.half.ends_on
    )
    return found.filter(frame.serving("pairing"))


def grouped(frame: Frame) -> "QuerySet[Any, Any]":
    """The one GROUP BY of the report."""
    turn = Case(
        When(held_on__gte=frame.half.turns_on, then=Value(1)),
        default=Value(0),
        output_field=IntegerField(),
    )
    return (
        counted(frame)
        .order_by()
        .annotate(turn=turn, steps=_TOPICS, spoken=_LANGUAGES, interpreted=_INTERPRETER)
        .values_list(WHERE, "turn", "mode", "steps", "spoken", "interpreted")
        .annotate(number=Count("pk"), all_minutes=Sum("minutes"), confirmed=Count("locked_at"))
    )


def kinds(frame: Frame) -> list[Kind]:
    """The sessions by kind; one query, asked once for all sections."""

    def read(frame: Frame) -> list[Kind]:
        return [
            Kind(place, turn, mode, _listed(steps), _listed(spoken), interpreted or "", *numbers)
            for place, turn, mode, steps, spoken, interpreted, *numbers in grouped(frame).iterator()
        ]

    found: list[Kind] = frame.kept("sessions", read)
    return found


@lru_cache(maxsize=4096)
def _listed(text: str | None) -> tuple[str, ...]:
    return tuple(json.loads(text)) if text else ()


def _summed(frame: Frame, rows: Iterable[Kind], what: str = "number") -> dict[str, int]:
    return frame.by_column((row.municipality, getattr(row, what)) for row in rows)


class OfSessions(Section):
    """Rows that are sessions: never their text."""

    def rows(self, frame: Frame, figure: str) -> "QuerySet[Any] | None":
        """The sessions, the newest first."""
        condition = self.condition(figure, frame)
        if condition is None:
            return None
        found = counted(frame).annotate(steps=_TOPICS, spoken=_LANGUAGES, interpreted=_INTERPRETER)
        return found.filter(condition).select_related("place").newest_first()

    @abstractmethod
    def condition(self, figure: str, frame: Frame) -> Q | None:
        """What sessions of the figure have; none for no such figure."""

    def header(self) -> Sequence[Any]:
        """When, where, how long, how, what."""
        return [_("Date"), _("Town"), _("Minutes"), _("How"), _("Worked on"), _("Confirmed")]

    def cells(self, rows: Iterable[Session]) -> Iterable[Sequence[Cell]]:
        """A session each; one query for the words of the steps."""
        titles = {topic.key: str(topic.title) for topic in Topic.objects.all()}
        for row in rows:
            yield [
                row.held_on,
                str(row.place),
                row.minutes,
                str(row.get_mode_display()),
                "; ".join(titles.get(key, key) for key in row.topics),
                str(_("Yes")) if row.locked_at else str(_("No")),
            ]


class Sessions(OfSessions):
    """How many, how long."""

    key = "sessions"
    title = _("Sessions and hours")
    note = _("Each hour counts once, also where two people logged it.")

    def figures(self, frame: Frame) -> Sequence[Figure]:
        """Sessions, hours, confirmed ones."""
        rows = kinds(frame)
        return [
            Figure("all", _("Sessions"), _summed(frame, rows)),
            Figure("hours", _("Hours"), _summed(frame, rows, "minutes"), unit=MINUTES),
            Figure(
                "confirmed",
                _("Confirmed by the colleagues"),
                _summed(frame, rows, "confirmed"),
                of="all",
            ),
        ]

    def condition(self, figure: str, frame: Frame) -> Q | None:
        """All of them, or the confirmed."""
        return {"all": Q(), "hours": Q(), "confirmed": Q(locked_at__isnull=False)}.get(figure)


class Modes(OfSessions):
    """Who leads, and how that moves within the half-year."""

    key = "modes"
    title = _("In front, beside, behind")
    note = _("More behind from quarter to quarter is the sign that the training works.")

    def figures(self, frame: Frame) -> Sequence[Figure]:
        """Each mode in the half-year, then in each of its quarters."""
        rows = kinds(frame)
        figures = [Figure("all", _("Sessions"), _summed(frame, rows))]
        for mode in Mode:
            own = [row for row in rows if row.mode == mode]
            figures.append(Figure(mode.value, mode.label, _summed(frame, own), of="all"))
        for turn, whole, part in (
            (0, _("Sessions in the first quarter"), _("behind, in the first quarter")),
            (1, _("Sessions in the second quarter"), _("behind, in the second quarter")),
        ):
            own = [row for row in rows if row.is_late_half == turn]
            behind = [row for row in own if row.mode == Mode.BEHIND]
            name = f"quarter{turn + 1}"
            figures += [
                Figure(name, whole, _summed(frame, own)),
                Figure(f"{name}-behind", part, _summed(frame, behind), of=name),
            ]
        return figures

    def condition(self, figure: str, frame: Frame) -> Q | None:
        """By mode, by quarter, or by both."""
        if figure == "all":
            return Q()
        if figure in Mode.values:
            return Q(mode=figure)
        name, _dash, mode = figure.partition("-")
        turns = {
            "quarter1": Q(held_on__lt=frame.half.turns_on),
            "quarter2": Q(held_on__gte=frame.half.turns_on),
        }
        if name not in turns or mode not in {"", "behind"}:
            return None
        return turns[name] & Q(mode=mode) if mode else turns[name]


class Steps(OfSessions):
    """Which steps of the casework."""

    key = "steps"
    title = _("Steps of the casework")
    note = _("A session may work on several steps.")
    lines_are_found = True

    def figures(self, frame: Frame) -> Sequence[Figure]:
        """A line for each step that is taught, and for each that was logged."""
        rows = kinds(frame)
        topics = {topic.key: topic for topic in Topic.objects.order_by("position", "key")}
        logged = {key for row in rows for key in row.topics}
        figures = [Figure("all", _("Sessions"), _summed(frame, rows))]
        for key, topic in topics.items():
            if key in logged or topic.retired_on is None or topic.retired_on > frame.day:
                own = [row for row in rows if key in row.topics]
                label = {"da": topic.title_da, "kl": topic.title_kl}
                figures.append(Figure(key, label, _summed(frame, own), of="all"))
        return figures

    def condition(self, figure: str, frame: Frame) -> Q | None:
        """That worked on the step."""
        if figure == "all":
            return Q()
        if not Topic.objects.filter(key=figure).exists():
            return None
        return Q(steps__contains=f'"{figure}"')


class Languages(OfSessions):
    """What was spoken, and where an interpreter was missing."""

    key = "languages"
    title = _("Languages and interpreters")
    note = _("A session may be in several languages. Where nothing was said of it, nothing counts.")

    def figures(self, frame: Frame) -> Sequence[Figure]:
        """Each language, then how it was interpreted."""
        rows = kinds(frame)
        figures = [Figure("all", _("Sessions"), _summed(frame, rows))]
        for language in Language:
            own = [row for row in rows if language.value in row.languages]
            figures.append(Figure(language.value, language.label, _summed(frame, own), of="all"))
        for interpreter in Interpreter:
            own = [row for row in rows if row.interpreter == interpreter]
            figures.append(
                Figure(
                    interpreter.value.replace("_", "-"), _INTERPRETED[interpreter],
                    _summed(frame, own), of="all",
                )
            )  # fmt: skip
        return figures

    def condition(self, figure: str, frame: Frame) -> Q | None:
        """In that language, or interpreted so."""
        if figure == "all":
            return Q()
        if figure in Language.values:
            return Q(spoken__contains=f'"{figure}"')
        interpreter = figure.replace("-", "_")
        return Q(interpreted=interpreter) if interpreter in Interpreter.values else None


_INTERPRETED = {
    Interpreter.NOT_NEEDED: _("No interpreter needed"),
    Interpreter.COLLEAGUE: _("A colleague interpreted"),
    Interpreter.PROFESSIONAL: _("An interpreter in the room"),
    Interpreter.PHONE_VIDEO: _("An interpreter by phone or video"),
    Interpreter.MISSING: _("An interpreter was needed, but there was none"),
}
