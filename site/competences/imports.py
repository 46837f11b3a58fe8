"""A framework from a file: the shipped data, and what an editor uploads. All or nothing.

TOML has the tables ``[framework]``, ``[version]`` and ``[[competences]]`` (docs/competences.md);
a CSV file, as a spreadsheet saves it, has a row per competence and the framework's own columns
filled in on the first row. Every problem is told with its place; what a text says is never
repeated.

Kalaallisut in a file has been seen by one person. It is proposed, and goes live once somebody else
has released it.
"""

import csv
import io
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from competences.actions import (
    FrameworkRefused,
    keep_titles,
    name_competences,
    publish_version,
    released_before,
    say_in_kalaallisut,
)
from competences.models import Competence, CompetenceText, Framework, FrameworkVersion, Topic
from competences.models.framework import SAID
from competences.signals import words_brought
from people.models import Person

MOST_COMPETENCES = 200
OF_FRAMEWORK = (
    "key", "title_da", "title_kl", "profession_da", "profession_kl", "first_for", "position",
)  # fmt: skip
#: What a framework says itself in both languages.
TITLES = ("title", "profession")
OF_TEXT = ("key", *(f"{name}_{code}" for name in SAID for code in ("da", "kl")), "topics")
#: How the framework's own values are called in the columns of a CSV file.
IN_CSV = {f"framework_{name}": name for name in OF_FRAMEWORK}
DELIMITERS = ";,\t"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and where: a line of the file, or a row and its key."""

    place: str
    text: str


@dataclass
class Report:
    """What an import did, or why it did nothing.

    ``proposed`` names what has Kalaallisut in the file that somebody else is to release.
    """

    problems: list[Problem] = field(default_factory=list)
    version: FrameworkVersion | None = None
    is_new_framework: bool = False
    added: list[str] = field(default_factory=list)
    reworded: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    proposed: list[str] = field(default_factory=list)

    @property
    def is_refused(self) -> bool:
        """Whether nothing was taken in."""
        return bool(self.problems)


class _Refused(Exception):
    """Ends the transaction; the report holds the problems."""


Row = tuple[str, dict[str, Any]]  # its place, and its values


def import_framework(
    name: str, content: bytes, *, at: datetime, publish: bool = False, by: Person | None = None
) -> Report:
    """Take in the framework in ``content``, as a new draft, or as a published version.

    Args:
        name: The file's name; its ending says how it is read.
        by: Who brought it, where that is known; they release none of its Kalaallisut.

    Returns:
        What was taken in. With problems, nothing was saved.
    """
    report = Report()
    try:
        with transaction.atomic():
            head, version, rows = _read(name, content, report)
            _take_in(head, version, rows, report, at=at, publish=publish, by=by)
    except _Refused:
        report.version = None
    except FrameworkRefused as refusal:  # publishing was asked for
        report.version = None
        report.problems.append(Problem("version", refusal.messages[0]))
    return report


# --- Reading the file -------------------------------------------------------------------------


def _read(
    name: str, content: bytes, report: Report
) -> tuple[dict[str, Any], dict[str, Any], list[Row]]:
    try:
        if name.lower().endswith(".toml"):
            return _read_toml(content, report)
        if name.lower().endswith(".csv"):
            return _read_csv(content, report)
    except UnicodeDecodeError:
        report.problems.append(Problem(_("the file"), _("Save the file as UTF-8 and try again.")))
    except tomllib.TOMLDecodeError as error:
        report.problems.append(Problem(_toml_place(error), _("The file is not written as TOML.")))
    except csv.Error:
        report.problems.append(Problem(_("the file"), _("The file is not written as CSV.")))
    else:
        report.problems.append(Problem(_("the file"), _("Choose a file ending in .toml or .csv.")))
    raise _Refused


def _toml_place(error: tomllib.TOMLDecodeError) -> str:
    """The line, from the end of the library's message: the rest may repeat what was written."""
    _before, _at, where = str(error).rpartition("(at line ")
    line = where.partition(",")[0]
    return _("line %(line)s") % {"line": line} if line.isdecimal() else _("the file")


def _read_toml(content: bytes, report: Report) -> tuple[dict[str, Any], dict[str, Any], list[Row]]:
    data = tomllib.loads(content.decode("utf-8-sig"))
    known = {"framework": dict, "version": dict, "competences": list}
    for key, kind in known.items():
        if not isinstance(data.get(key), kind):
            report.problems.append(
                Problem(key, _("The part “%(part)s” is missing.") % {"part": key})
            )
    for key in sorted(set(data) - set(known)):
        report.problems.append(Problem(key[:40], _("This part is not known.")))
    if report.problems:
        raise _Refused
    rows = []
    for number, row in enumerate(data["competences"], start=1):
        values = row if isinstance(row, dict) else {}
        rows.append((_place(number, values), values))
    return data["framework"], data["version"], rows


def _place(number: int, row: dict[str, Any]) -> str:
    key = str(row.get("key", ""))[:40]
    return _("competence %(number)s (%(key)s)") % {"number": number, "key": key or "–"}


def _read_csv(content: bytes, report: Report) -> tuple[dict[str, Any], dict[str, Any], list[Row]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252")  # as a Danish Excel saves it by default
    first_line = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=first_line.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    columns = [column or "" for column in reader.fieldnames or []]
    known = {*IN_CSV, "version", "in_force_from", *OF_TEXT}
    for column in sorted(set(columns) - known):
        report.problems.append(Problem(column[:40], _("This column is not known.")))
    for column in ("framework_key", "version", "in_force_from", "key", "title_da"):
        if column not in columns:
            report.problems.append(Problem(column, _("This column is missing.")))
    if report.problems:
        raise _Refused
    head: dict[str, Any] = {}
    version: dict[str, Any] = {}
    rows: list[Row] = []
    for row in reader:
        place = _("line %(line)s") % {"line": reader.line_num}
        if None in row or None in row.values():
            report.problems.append(Problem(place, _("The line has too many or too few cells.")))
            continue
        if not any(value.strip() for value in row.values()):
            continue
        if not head:
            head = {own: row[column] for column, own in IN_CSV.items() if row.get(column)}
            version = {"number": row["version"], "in_force_from": row["in_force_from"]}
        values: dict[str, Any] = {name: row[name].strip() for name in OF_TEXT if name in row}
        values["topics"] = values.get("topics", "").replace(",", " ").split()
        rows.append((place, values))
    if report.problems:
        raise _Refused
    return head, version, rows


# --- Taking it in -----------------------------------------------------------------------------


def _take_in(
    head: dict[str, Any],
    version: dict[str, Any],
    rows: list[Row],
    report: Report,
    *,
    at: datetime,
    publish: bool,
    by: Person | None,
) -> None:
    framework = _framework(head, report, at=at, by=by)
    draft = _version(framework, version, report) if framework else None
    if not rows:
        report.problems.append(Problem("competences", _("There is no competence in it.")))
    if len(rows) > MOST_COMPETENCES:
        report.problems.append(
            Problem(
                "competences", _("More than %(most)s are too many.") % {"most": MOST_COMPETENCES}
            )
        )
        raise _Refused
    topics = {topic.key: topic for topic in Topic.objects.all()}
    version_of_texts = draft or FrameworkVersion()
    texts = list(_texts(rows, version_of_texts, topics, report))
    if report.problems or draft is None or framework is None:
        raise _Refused
    before = _worded_before(framework)
    draft.brought_by = by
    draft.save()
    released = released_before(draft)
    name_competences(framework, [text for text, _topics in texts])
    for position, (text, chosen) in enumerate(texts):
        text.sort_order = position
        _set_aside(text, released.get(text.key), report)
        text.topics.set(chosen)
        text.save()
    report.version = draft
    _compare(texts, before, report)
    if publish:
        publish_version(draft, at=at)
    elif not FrameworkVersion.objects.filter(
        framework=framework, published_at__isnull=False
    ).exists():
        keep_titles(draft)


def _set_aside(text: CompetenceText, released: CompetenceText | None, report: Report) -> None:
    """Let ``text`` say what is released, and keep what the file says beside it."""
    brought = {name: getattr(text, f"{name}_kl") for name in SAID}
    new = {
        name: words
        for name, words in brought.items()
        if words not in {"", getattr(released, f"{name}_kl", "")}
    }
    text.brought = new or None
    if new:
        report.proposed.append(text.title_da)
    say_in_kalaallisut(text, released)


def _framework(
    head: dict[str, Any], report: Report, *, at: datetime, by: Person | None
) -> Framework | None:
    place = "framework"
    for name in sorted(set(head) - set(OF_FRAMEWORK)):
        report.problems.append(Problem(f"{place}, {name[:40]}", _("This value is not known.")))
    found = Framework.objects.filter(key=str(head.get("key", ""))).first()
    framework = found or Framework()
    live = {name: getattr(framework, f"{name}_kl") for name in TITLES}
    report.is_new_framework = found is None
    for name in OF_FRAMEWORK:
        if name in head:
            setattr(framework, name, head[name])
    if not _clean(framework, place, report, exclude=[]):
        return None
    brought = {name: getattr(framework, f"{name}_kl") for name in TITLES}
    for name, words in live.items():
        setattr(framework, f"{name}_kl", words)
    framework.save()
    new = {name: words for name, words in brought.items() if words not in {"", live[name]}}
    if new:
        report.proposed.append(framework.title_da)
        words_brought.send(sender=Framework, record=framework, words=new, by=by, at=at)
    return framework


def _version(
    framework: Framework, values: dict[str, Any], report: Report
) -> FrameworkVersion | None:
    """A new draft under its number, or the draft that has it already, emptied."""
    version = FrameworkVersion(framework=framework)
    for name in sorted(set(values) - {"number", "in_force_from"}):
        report.problems.append(Problem(f"version, {name[:40]}", _("This value is not known.")))
    number = str(values.get("number", "")).strip()
    if not number.isdecimal() or not 1 <= int(number) <= 9999:
        report.problems.append(Problem("version", _("The version needs a number from 1 on.")))
        return None
    day = values.get("in_force_from")
    if isinstance(day, str):
        day = _day(day)
    if not isinstance(day, date) or isinstance(day, datetime):
        report.problems.append(
            Problem("in_force_from", _("Write the day as year-month-day, for example 2027-01-31."))
        )
        return None
    kept = FrameworkVersion.objects.filter(framework=framework, number=int(number)).first()
    if kept is not None and kept.is_frozen:
        report.problems.append(
            Problem(
                "version",
                _("Version %(number)s is published and stays as it is. Give the next number.")
                % {"number": number},
            )
        )
        return None
    if kept is not None:
        CompetenceText.objects.filter(version=kept).delete()
        version = FrameworkVersion.objects.get(pk=kept.pk)
    version.number, version.in_force_from = int(number), day
    return version


def _day(text: str) -> date | None:
    for pattern in ("%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y"):  # the last two are a spreadsheet's
        try:
            return datetime.strptime(text.strip(), pattern).date()  # noqa: DTZ007  a day, no moment
        except ValueError:
            continue
    return None


def _texts(
    rows: list[Row], version: FrameworkVersion, topics: dict[str, Topic], report: Report
) -> Iterator[tuple[CompetenceText, list[Topic]]]:
    seen: set[str] = set()
    for place, row in rows:
        for name in sorted(set(row) - set(OF_TEXT)):
            report.problems.append(Problem(f"{place}, {name[:40]}", _("This value is not known.")))
        values = {name: row[name] for name in OF_TEXT if name in row and name != "topics"}
        text = CompetenceText(version=version, **values)
        _clean(text, place, report, exclude=["version", "competence"])
        if text.key in seen:
            report.problems.append(Problem(place, _("The same key stands in the file before.")))
        seen.add(str(text.key))
        named = row.get("topics", [])
        named = named if isinstance(named, list) else [named]
        chosen = []
        for key in named:
            if key in topics:
                chosen.append(topics[key])
            else:
                report.problems.append(
                    Problem(place, _("There is no topic of casework with the key “%(key)s”.")
                            % {"key": str(key)[:40]})
                )  # fmt: skip
        yield text, chosen


def _clean(record: Any, place: str, report: Report, *, exclude: list[str]) -> bool:
    for kept in record._meta.fields:
        if isinstance(kept, models.CharField):
            value = getattr(record, kept.attname)
            setattr(record, kept.attname, value.strip() if isinstance(value, str) else value)
    try:
        record.full_clean(exclude=exclude)
    except ValidationError as refusal:
        for name, messages in refusal.message_dict.items():
            where = place if name == "__all__" else f"{place}, {name}"
            report.problems += [Problem(where, message) for message in messages]
        return False
    return True


def _worded_before(framework: Framework) -> dict[str, tuple[str, ...]]:
    """The Danish of the newest published version, by key."""
    newest = framework.versions.filter(published_at__isnull=False).order_by("-number").first()
    if newest is None:
        return {}
    return {text.key: _danish(text) for text in CompetenceText.objects.filter(version=newest)}


def _danish(text: CompetenceText) -> tuple[str, ...]:
    return tuple(getattr(text, f"{name}_da") for name in SAID)


def _compare(
    texts: list[tuple[CompetenceText, list[Topic]]],
    before: dict[str, tuple[str, ...]],
    report: Report,
) -> None:
    for text, _topics in texts:
        if text.key not in before:
            report.added.append(text.title_da)
        elif before[text.key] != _danish(text):
            report.reworded.append(text.title_da)
        else:
            report.unchanged.append(text.title_da)
    gone = set(before) - {text.key for text, _topics in texts}
    report.dropped = sorted(
        Competence.objects.filter(
            key__in=gone, framework=report.version.framework_id if report.version else None
        ).values_list("title_da", flat=True)
    )
