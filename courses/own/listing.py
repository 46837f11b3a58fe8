"""One's own notes as a list, as what holds some words, and as a file."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from core.languages import fold, human_date
from core.mail import absolute_url
from core.search_terms import clean_query
from courses.models import Note
from people.models import Person

EXCERPT_LENGTH = 240
FOUND_SHOWN = 100


@dataclass(frozen=True, slots=True)
class NoteRow:
    """A note in the list, with the part of its text that is shown there."""

    note: Note
    excerpt: str


def rows_of(notes: Iterable[Note]) -> list[NoteRow]:
    """``notes`` with how they begin."""
    return [NoteRow(note, _short(note.text)) for note in notes]


def find_notes(person: Person, query: str) -> list[NoteRow]:
    """The notes of ``person`` that hold every word of ``query``, also as a part. One query.

    One person's notes are few enough to be looked through; so there is no second copy of them to
    keep, to guard and to delete.
    """
    terms = fold(clean_query(query)).split()
    found = [
        NoteRow(note, _passage(note, terms))
        for note in Note.objects.of(person).in_order()
        if terms and all(term in _folded(note) for term in terms)
    ]
    return found[:FOUND_SHOWN]


def as_text_file(person: Person, *, on: date) -> str:
    """Every note of ``person`` with its heading, its address and its day."""
    parts = [_("My notes in Sidemand, %(day)s") % {"day": human_date(on, today=date.min)}]
    for note in Note.objects.of(person).in_order():
        lines = [str(note.subject.title)]
        if note.subject.path:
            lines.append(absolute_url(note.subject.path))
        lines.append(human_date(note.written_at, today=date.min))
        lines += ["", note.text]
        for other in note.beside:
            lines += ["", _("Written beside it:"), "", other]
        parts.append("\n".join(lines))
    return "\r\n".join(("\n\n" + "-" * 40 + "\n\n").join(parts).split("\n")) + "\r\n"


def _folded(note: Note) -> str:
    return fold("\n".join([str(note.subject.title), note.text, *note.beside]))


def _passage(note: Note, terms: Sequence[str]) -> str:
    """The line of the note that holds most of ``terms``."""
    lines = [line for text in (note.text, *note.beside) for line in text.split("\n") if line]
    best = max(lines, key=lambda line: sum(term in fold(line) for term in terms), default="")
    return _short(best)


def _short(text: str) -> str:
    return Truncator(text).chars(EXCERPT_LENGTH)
