"""The sections of the report, in order. A new one is a class, added here or registered."""

from cooperation.reports.sections.base import Figure, Section
from cooperation.reports.sections.decisions import Actions, Decisions
from cooperation.reports.sections.evaluations import Evaluations
from cooperation.reports.sections.events import Events
from cooperation.reports.sections.learning import Certificates, Completions, Courses, Ratings
from cooperation.reports.sections.pairings import Pairings
from cooperation.reports.sections.preparing import FollowUps, Readiness
from cooperation.reports.sections.register import OverdueRules, Untranslated
from cooperation.reports.sections.sessions import Languages, Modes, Sessions, Steps

_SECTIONS: dict[str, Section] = {
    section.key: section
    for section in (
        Pairings(),
        Sessions(),
        Modes(),
        Steps(),
        Languages(),
        Readiness(),
        FollowUps(),
        Ratings(),
        Completions(),
        Courses(),
        Certificates(),
        Events(),
        Evaluations(),
        Decisions(),
        Actions(),
        OverdueRules(),
        Untranslated(),
    )
}


def register(section: Section) -> None:
    """Add ``section`` at the end, or replace the one with its key."""
    _SECTIONS[section.key] = section


def sections() -> list[Section]:
    """All of them, in the order of the report."""
    return list(_SECTIONS.values())


def section_of(key: str) -> Section | None:
    """The section of that key; none for one that there is not."""
    return _SECTIONS.get(key)


__all__ = ["Figure", "Section", "register", "section_of", "sections"]
