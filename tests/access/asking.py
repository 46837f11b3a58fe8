"""Asks every person of the table for one address, and looks at what they get."""

import html
from dataclasses import dataclass, field
from typing import Any

from django.core.cache import cache

from mentoring.content import TEXTS
from mentoring.handover.dossier import dossier_of
from mentoring.models import PairingMember, SessionVersion
from mentoring.permissions import received_handovers
from people.models import Person
from people.permissions import standing_of
from tests.access.matrix import (
    Answer,
    Row,
    Visitor,
    asked,
    reviewed_table,
    write_table,
)
from tests.access.samples import Samples
from tests.access.world import build

REVIEWED = reviewed_table()
#: What a GET may write: sessions and the access log; Wagtail's notes that somebody has a form
#: open and wants to hear of comments, and its row of one's settings; the sizes of a picture,
#: drawn when first asked for; the pieces of a course to take along, cut when first asked for; the
#: id of a new database.
WRITTEN_BY_READING = {
    "django_session",
    "core_accesslog",
    "wagtailadmin_editingsession",
    "wagtailcore_pagesubscription",
    "wagtailusers_userprofile",
    "files_rendition",
    "courses_piece",
    "courses_packing",
    "courses_packedpiece",
    "core_databaseidentity",
}


@dataclass
class Asking:
    """The people, the things in the addresses, and what has been found."""

    visitors: dict[str, Visitor]
    people: dict[str, Person | None]
    samples: Samples
    texts: dict[str, list[bytes]]
    names: dict[str, list[bytes]]
    is_writing: bool
    found: dict[tuple[str, str], str] = field(default_factory=dict)
    kept: dict[tuple[Row, str], dict[str, Answer]] = field(default_factory=dict)

    @classmethod
    def begin(cls, *, is_writing: bool) -> "Asking":
        """Build the world and sign everybody in."""
        cache.clear()
        people = build()
        samples = Samples(people)
        visitors = {
            name: Visitor(person.user if person else None) for name, person in people.items()
        }
        return cls(visitors, people, samples, _texts(people), _names(people), is_writing)

    def everybody(self, row: Row, method: str) -> dict[str, Answer]:
        """What each person gets; asked once, however often a test wants to know."""
        if (row, method) in self.kept:
            return self.kept[row, method]
        path, fields = self.samples.fill(row), self.samples.fields(row, method)
        answers = {name: who.ask(method, path, fields) for name, who in self.visitors.items()}
        letters = "".join(answer.letter for answer in answers.values())
        self.found[str(row), method] = letters
        if not row.pattern.startswith("admin/"):
            self.kept[row, method] = answers
        return answers

    def reviewed(self, row: Row, method: str) -> str | None:
        """The letters of the table; while it is written anew, those that were found."""
        table = self.found if self.is_writing else REVIEWED
        return table.get((str(row), method))

    def read_what_is_not_theirs(self, answers: dict[str, Answer]) -> list[str]:
        """Who was shown the text of a session of a pairing that is not theirs."""
        return [
            name
            for name, answer in answers.items()
            if any(text in answer.body for text in self.texts[name])
        ]

    def named(self, name: str, answer: Answer) -> bool:
        """Whether the answer shows somebody else's name to ``name``."""
        person = self.people[name]
        own = html.escape(person.name).encode() if person else b" "
        return any(other in answer.body.replace(own, b"") for other in self.names[name])

    def write(self) -> None:
        """Put what was found into the table; lines of addresses that are gone leave it."""
        wanted = {(str(row), method) for row, method in asked()}
        table = reviewed_table() | self.found
        write_table({key: table[key] for key in table if key in wanted}, self.people)


def _texts(people: dict[str, Person | None]) -> dict[str, list[bytes]]:
    """For everybody, the texts of sessions that they are no member of, nor took over."""
    today = PairingMember.objects.all()
    written: dict[Any, set[str]] = {}
    for version in SessionVersion.objects.select_related("session"):
        texts = {str(version.content[name]) for name in TEXTS if version.content.get(name)}
        written.setdefault(version.session.pairing_id, set()).update(texts)
    kept: dict[str, list[bytes]] = {}
    for name, person in people.items():
        own = {member.pairing_id for member in today if person and member.person_id == person.pk}
        if name == "a mentor whose stay has ended":
            own = set()
        theirs = set().union(*(texts for pairing, texts in written.items() if pairing in own))
        theirs |= _handed_over(person)
        others = set().union(*written.values()) - theirs
        kept[name] = sorted(
            {form.encode() for text in others for form in (text, html.escape(text))}
        )
    return kept


def _handed_over(person: Person | None) -> set[str]:
    """What somebody reads of sessions because it is handed over to them: of the last three."""
    if person is None or person.user is None:
        return set()
    received = received_handovers(standing_of(person.user))
    dossiers = map(dossier_of, received.select_related("member__pairing__place"))
    return {words.text for dossier in dossiers for words in dossier.texts if words.text}


def _names(people: dict[str, Person | None]) -> dict[str, list[bytes]]:
    """For everybody, the names of everybody else, as a page writes them."""
    everybody = {person.name for person in Person.objects.all()}
    return {
        name: [
            html.escape(other).encode() for other in everybody if not person or other != person.name
        ]
        for name, person in people.items()
    }
