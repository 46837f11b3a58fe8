"""Needs and stays as files: a Danish spreadsheet's CSV, all or nothing, with errors by line.

The headings are Danish in every language: they are the format of the file. Choices stand in it in
Danish, too; their keys are read as well.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from competences.models import Competence
from core.periods import day_after
from mentoring.actions import (
    NeedFacts,
    RoundRefused,
    StayFacts,
    put_back,
    save_need,
    save_stay,
)
from mentoring.actions.rounds import MOST_WINDOWS, MOST_WISHES
from mentoring.models import Need, Pairing, Round, Stay
from people.models import Affiliation, LanguageSkill, Person, Place

MOST_BYTES = 500_000
MOST_LINES = 500

NEED_HEADINGS = (
    "By",
    "Form",
    "Mentorer",
    "Fag",
    "Første dag",
    "Sidste dag",
    "Tolk",
    "Sprog",
    "Kompetencer",
    "Lokal ansvarlig",
    "Note",
)
STAY_HEADINGS = (
    "Mentor",
    "Navn",
    "Fag",
    "Kolleger",
    *(
        f"{name} {n}"
        for n in range(1, MOST_WINDOWS + 1)
        for name in ("Form", "Første dag", "Sidste dag")
    ),
    "Kompetencer",
    *(f"Ønske {n}" for n in range(1, MOST_WISHES + 1)),
    "Rejser med",
    "Note",
)
YES, NO = "ja", "nej"


class FileRefused(ValueError):
    """A file that cannot be read at all; its text says why."""


@dataclass(frozen=True, slots=True)
class LineError:
    """What is wrong in a line; never what stands there."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a file: how many were new and changed, or what is wrong."""

    new: int = 0
    changed: int = 0
    errors: Sequence[LineError] = ()


# --- Out ------------------------------------------------------------------------------------------


def _labels(choices: Iterable[tuple[Any, Any]]) -> dict[Any, str]:
    with override("da"):
        return {key: str(label) for key, label in choices}


def _competences(found: Iterable[Competence]) -> str:
    return ", ".join(sorted(f"{one.framework.key}/{one.key}" for one in found))


def need_rows(needs: QuerySet[Need]) -> Iterator[list[object]]:
    """Each of these needs that stands, as the file says it."""
    kinds = _labels(Pairing.Kind.choices)
    professions = _labels(Affiliation.Profession.choices)
    languages = _labels(LanguageSkill.Language.choices)
    levels = _labels(LanguageSkill.Level.choices)
    standing = (
        needs.filter(withdrawn_at__isnull=True)
        .select_related("place", "owner")
        .prefetch_related("languages", "competences__framework")
        .order_by("place__name", "kind", "profession")
    )
    for need in standing:
        spoken = sorted((languages[one.language], one.level) for one in need.languages.all())
        yield [
            need.place.name,
            kinds[need.kind],
            need.seats,
            professions.get(need.profession, ""),
            need.starts_on,
            need.last_day,
            YES if need.has_interpreter else NO,
            ", ".join(f"{language}: {levels[level]}" for language, level in spoken),
            _competences(need.competences.all()),
            need.owner.email if need.owner else "",
            need.note,
        ]


def stay_rows(planned: Round) -> Iterator[list[object]]:
    """Every stay of the round, as the file says it."""
    kinds = _labels(Pairing.Kind.choices)
    professions = _labels(Affiliation.Profession.choices)
    stays = (
        Stay.objects.standing()
        .filter(round=planned)
        .select_related("person")
        .prefetch_related(
            "windows", "wishes__place", "competences__framework", "travels_with__person"
        )
        .order_by("person__name", "pk")
    )
    for stay in stays:
        windows: list[object] = []
        for window in sorted(stay.windows.all(), key=lambda one: (one.starts_on, one.kind)):
            windows += [kinds[window.kind], window.starts_on, window.last_day]
        wishes = [wish.place.name for wish in sorted(stay.wishes.all(), key=lambda w: w.position)]
        yield [
            stay.person.email,
            stay.person.name,
            professions[stay.profession],
            stay.most_colleagues,
            *windows,
            *[""] * (3 * MOST_WINDOWS - len(windows)),
            _competences(stay.competences.all()),
            *wishes,
            *[""] * (MOST_WISHES - len(wishes)),
            ", ".join(sorted(other.person.email for other in stay.travels_with.all())),
            stay.note,
        ]


# --- In -------------------------------------------------------------------------------------------


def read_file(content: bytes, headings: Sequence[str]) -> list[tuple[int, dict[str, str]]]:
    """The lines of a file by heading, with their numbers; the first line names the columns.

    Raises:
        FileRefused: For a file that is too big, is no UTF-8, is no CSV or lacks a column.
    """
    if len(content) > MOST_BYTES:
        raise FileRefused(_("The file is bigger than 500 kB. Divide it."))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileRefused(_("The file is not UTF-8. Save it again as “CSV UTF-8”.")) from None
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    except csv.Error:
        raise FileRefused(
            _("The file is not written as CSV. Look for a quotation mark that is not closed.")
        ) from None
    if not rows:
        raise FileRefused(_("The file is empty."))
    names = [name.strip() for name in rows[0]]
    if missing := [name for name in headings if name not in names]:
        raise FileRefused(
            _("The file lacks these columns: %(names)s.") % {"names": ", ".join(missing)}
        )
    found = [
        (
            number,
            {
                name: _unquoted(cell.strip())
                for name, cell in zip(names, [*row, *[""] * len(names)], strict=False)
            },
        )
        for number, row in enumerate(rows[1:], start=2)
        if any(cell.strip() for cell in row)
    ]
    if len(found) > MOST_LINES:
        raise FileRefused(_("The file has more than 500 lines. Divide it."))
    return found


def _unquoted(cell: str) -> str:
    """What our own files say with an apostrophe so that no spreadsheet takes it for a formula."""
    return cell.removeprefix("'")


class _Line:
    """Reads the cells of a line, and collects what is wrong with them."""

    def __init__(self, cells: Mapping[str, str]) -> None:
        self.cells = cells
        self.errors: list[str] = []

    def __getitem__(self, heading: str) -> str:
        return self.cells[heading]

    def wrong(self, heading: str, text: str) -> None:
        self.errors.append(f"{heading}: {text}")

    def choice(
        self, heading: str, choices: Iterable[tuple[Any, Any]], *, may_be_empty: bool = False
    ) -> str:
        """A choice by its Danish name or its key."""
        given = self[heading].casefold()
        if not given and may_be_empty:
            return ""
        for key, label in _labels(choices).items():
            if given in {str(key).casefold(), label.casefold()}:
                return str(key)
        self.wrong(heading, _("not one of the choices"))
        return ""

    def number(self, heading: str, most: int) -> int:
        given = self[heading]
        if given.isascii() and given.isdigit() and len(given) < 4 and 1 <= int(given) <= most:
            return int(given)
        self.wrong(heading, _("write a number from 1 to %(most)d") % {"most": most})
        return 1

    def day(self, heading: str, *, may_be_empty: bool = False) -> date | None:
        given = self[heading]
        if not given and may_be_empty:
            return None
        for form in ("%d-%m-%Y", "%Y-%m-%d", "%d.%m.%Y"):
            try:
                return datetime.strptime(given, form).date()  # noqa: DTZ007  a day has no zone
            except ValueError:
                continue
        self.wrong(heading, _("write a day as 31-12-2027"))
        return None

    def several(self, heading: str, known: Mapping[str, Any]) -> list[Any]:
        """Several things by name, parted by commas."""
        found = []
        for name in filter(None, (one.strip() for one in self[heading].split(","))):
            if name.casefold() in known:
                found.append(known[name.casefold()])
            else:
                self.wrong(heading, _("something is not known here"))
        return found

    def one(self, heading: str, known: Mapping[str, Any]) -> Any:
        """One thing by name, or nothing."""
        found = self.several(heading, known)
        if len(found) > 1:
            self.wrong(heading, _("write one only"))
        return found[0] if found else None


def _by_name(places: Iterable[Place]) -> dict[str, Place]:
    return {key: place for place in places for key in (place.name.casefold(), place.key)}


def _by_address(people: Iterable[Person]) -> dict[str, Person]:
    return {person.email.casefold(): person for person in people if person.email}


def _by_key(competences: Iterable[Competence]) -> dict[str, Competence]:
    return {f"{one.framework.key}/{one.key}".casefold(): one for one in competences}


def take_needs(
    planned: Round,
    content: bytes,
    *,
    places: Iterable[Place],
    owners: Iterable[Person],
    competences: Iterable[Competence],
) -> Taken:
    """Take the needs of a file: all of them, or none when anything is wrong.

    A need is known by town, form and profession: it is changed, any other is new.

    Raises:
        FileRefused: As :func:`read_file`.
    """
    towns, people, known = _by_name(places), _by_address(owners), _by_key(competences)
    present = {
        (need.place_id, need.kind, need.profession): need
        for need in Need.objects.filter(round=planned)
    }
    seen = set()

    def take(line: _Line) -> bool:
        place = line.one("By", towns)
        if place is None and not line.errors:
            line.wrong("By", _("write the town"))
        starts, last = line.day("Første dag"), line.day("Sidste dag")
        kind = line.choice("Form", Pairing.Kind.choices)
        profession = line.choice("Fag", Affiliation.Profession.choices, may_be_empty=True)
        facts: dict[str, Any] = {
            "seats": line.number("Mentorer", 20),
            "has_interpreter": _yes(line, "Tolk"),
            "languages": _languages(line),
            "competences": line.several("Kompetencer", known),
            "owner": line.one("Lokal ansvarlig", people),
            "note": line["Note"],
        }
        key = (place.pk if place else None, kind, profession)
        if not line.errors and key in seen:
            line.wrong("By", _("the same town, form and profession stand twice"))
        if line.errors or starts is None or last is None:
            return False
        seen.add(key)
        need = present.get(key)
        made = NeedFacts(
            place=place,
            kind=kind,
            profession=profession,
            starts_on=starts,
            ends_on=day_after(last),
            **facts,
        )
        saved = save_need(planned, made, need=need)
        if saved.withdrawn_at is not None:
            put_back(planned, saved)
        return need is None

    return _take(content, NEED_HEADINGS, take)


def _yes(line: _Line, heading: str) -> bool:
    given = line[heading].casefold()
    if given not in {"", YES, NO}:
        line.wrong(heading, _("write ja or nej"))
    return given == YES


def _languages(line: _Line) -> dict[str, int]:
    """Languages with their level: "Dansk: På arbejde, Vestgrønlandsk: Flydende"."""
    found: dict[str, int] = {}
    languages = {
        label.casefold(): key for key, label in _labels(LanguageSkill.Language.choices).items()
    } | {key: key for key in LanguageSkill.Language.values}
    levels = {
        label.casefold(): key for key, label in _labels(LanguageSkill.Level.choices).items() if key
    } | {str(key): key for key in LanguageSkill.Level.values if key}
    for part in filter(None, (one.strip() for one in line["Sprog"].split(","))):
        language, _colon, level = (one.strip().casefold() for one in part.partition(":"))
        if language in languages and level in levels:
            found[languages[language]] = levels[level]
        else:
            line.wrong("Sprog", _("write for example Dansk: 2"))
    return found


def take_stays(
    planned: Round,
    content: bytes,
    *,
    places: Iterable[Place],
    people: Iterable[Person],
    competences: Iterable[Competence],
) -> Taken:
    """Take the stays of a file: all of them, or none when anything is wrong.

    A stay is known by the mentor's e-mail address. Who travels with whom may stand in any line;
    each of them has a stay in the round, or gets one by the file.

    Raises:
        FileRefused: As :func:`read_file`.
    """
    towns, mentors, known = _by_name(places), _by_address(people), _by_key(competences)
    present = {
        stay.person_id: stay for stay in Stay.objects.filter(round=planned).select_related("person")
    }
    together: list[tuple[_Line, Stay, list[Person]]] = []
    seen = set()

    def take(line: _Line) -> bool:
        person = line.one("Mentor", mentors)
        if person is None and not line.errors:
            line.wrong("Mentor", _("write the e-mail address"))
        windows = []
        for n in range(1, MOST_WINDOWS + 1):
            names = (f"Form {n}", f"Første dag {n}", f"Sidste dag {n}")
            if any(line[name] for name in names):
                kind = line.choice(names[0], Pairing.Kind.choices)
                starts, ends = line.day(names[1]), day_after(line.day(names[2]))
                if kind and starts and ends:
                    windows.append((kind, starts, ends))
        wishes = [line.one(f"Ønske {n}", towns) for n in range(1, MOST_WISHES + 1)]
        profession = line.choice("Fag", Affiliation.Profession.choices)
        most = line.number("Kolleger", 10)
        brought = line.several("Kompetencer", known)
        companions = line.several("Rejser med", mentors)
        if person is not None and person.pk in seen:
            line.wrong("Mentor", _("the same mentor stands twice"))
        if line.errors:
            return False
        seen.add(person.pk)
        stay = present.get(person.pk)
        facts = StayFacts(
            person=person,
            profession=profession,
            windows=windows,
            most_colleagues=most,
            competences=brought,
            wishes=[place for place in wishes if place is not None],
            note=line["Note"],
        )
        saved = save_stay(planned, facts, stay=stay)
        if saved.withdrawn_at is not None:
            put_back(planned, saved)
        together.append((line, saved, companions))
        return stay is None

    def link() -> None:
        stays = {stay.person_id: stay for stay in Stay.objects.filter(round=planned)}
        for line, stay, companions in together:
            others = [one for one in companions if one.pk != stay.person_id]
            if any(one.pk not in stays for one in others):
                line.wrong("Rejser med", _("somebody has no stay in the round"))
            else:
                stay.travels_with.add(*(stays[one.pk] for one in others))

    return _take(content, STAY_HEADINGS, take, link)


def _take(
    content: bytes,
    headings: Sequence[str],
    take: Callable[[_Line], bool],
    last: Callable[[], None] = lambda: None,
) -> Taken:
    """Take each line, and do ``last`` once all are there; anything wrong undoes all of them."""
    lines: list[tuple[int, _Line]] = []
    new = changed = 0
    with transaction.atomic():
        for number, cells in read_file(content, headings):
            line = _Line(cells)
            lines.append((number, line))
            try:
                with transaction.atomic():
                    is_new = take(line)
            except RoundRefused as refusal:
                line.errors += refusal.messages
            except ValidationError as refusal:
                line.errors += refusal.messages
            if not line.errors:
                new, changed = new + is_new, changed + (not is_new)
        if not any(line.errors for _number, line in lines):
            last()
        errors = [LineError(number, text) for number, line in lines for text in line.errors]
        if errors:
            transaction.set_rollback(True)
    return Taken(errors=errors) if errors else Taken(new, changed)
