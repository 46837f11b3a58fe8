"""A course as one file for a translator's own tool, and back: look first, then keep.

The file is gettext's PO. Each passage is one entry: its context names page and place, its comment
says what an editor calls them, and marks what was translated when the file was downloaded. So what
somebody has translated since is left alone. What comes back is a draft until somebody else has
looked at it.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from typing import Any
from uuid import UUID

import polib
from bs4 import BeautifulSoup
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Locale, Page
from wagtail_localize.models import (
    String,
    StringTranslation,
    Translation,
    TranslationContext,
)
from wagtail_localize.strings import StringValue, validate_translation_links

from core.identity import has_cpr_like
from core.periods import local_day
from core.seen_versions import LETTERS
from pages.models import BasePage, CoursePage, TranslationOrder
from pages.translating.orders import begin, order, submit, translators
from pages.translating.passages import Passage, label_of, passages_of, room_for, words_of
from pages.translating.second_eyes import TranslationRefused
from people.models import Person

MOST_BYTES = 2_000_000
MOST_ENTRIES = 10_000
TOOL = "PO"
_COURSE, _LANGUAGE = "X-Sidemand-Course", "Language"
_MARK = re.compile(r"\bsidemand:([a-p]{16})\b")
_LINE = re.compile(r"\(line (\d+)\)")
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
_NOT_SHOWN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)


class FileRefused(ValidationError):
    """Nothing of the file can be read, or it belongs elsewhere."""

    def __init__(self, reason: str, *, line: int | None = None) -> None:
        place = _("line %(line)d: ") % {"line": line} if line else ""
        super().__init__(place + reason, code="file")


@dataclass(frozen=True, slots=True)
class Line:
    """What becomes of one entry that has a translation."""

    line: int
    page: str
    label: str
    source: str
    target: str
    state: str  # new, same, newer or refused
    reason: str = ""
    here: str = ""  # what is translated already, and differs
    key: UUID | None = None
    path: str = ""

    @property
    def title(self) -> str:
        """What a translator knows it by."""
        words = words_of(self.source)
        return f"{words[:79]}…" if len(words) > 80 else words

    @property
    def both(self) -> tuple[str, str] | None:
        """What is read here and what the file says, where the one would go for the other."""
        differ = self.here or self.state == "newer"
        return (words_of(self.here), words_of(self.target)) if differ else None


@dataclass
class Report:
    """What becomes of a file, entry by entry."""

    lines: list[Line] = field(default_factory=list)
    empty: int = 0

    def _in(self, state: str) -> list[Line]:
        return [line for line in self.lines if line.state == state]

    @property
    def new(self) -> list[Line]:
        """What would be kept."""
        return self._in("new")

    @property
    def same(self) -> list[Line]:
        """What is here already."""
        return self._in("same")

    @property
    def newer(self) -> list[Line]:
        """What somebody has translated since the file was downloaded; it is left alone."""
        return self._in("newer")

    @property
    def refused(self) -> list[Line]:
        """What is not taken, each with its reason."""
        return self._in("refused")


class CourseTexts:
    """The passages of a course as they are now, and what is translated of them."""

    def __init__(self, course: CoursePage, language: str, *, is_held: bool = False) -> None:
        self.course, self.language, self.is_held = course, language, is_held

    @cached_property
    def pages(self) -> dict[UUID, BasePage]:
        """The course's pages that can be read, in their order."""
        pages: Iterable[Any] = (
            Page.objects.live().descendant_of(self.course, inclusive=True).order_by("path")
        ).specific()
        return {page.translation_key: page for page in pages}

    @cached_property
    def by_hand(self) -> set[UUID]:
        """Pages whose translation has no segments: somebody edits it as a page of its own."""
        own = Page.objects.filter(
            translation_key__in=self.pages,
            locale__language_code=self.language,
            alias_of=None,
        ).values_list("translation_key", flat=True)
        in_segments = Translation.objects.filter(
            source__object_id__in=self.pages,
            target_locale__language_code=self.language,
            enabled=True,
        ).values_list("source__object_id", flat=True)
        return set(own) - set(in_segments)

    @cached_property
    def passages(self) -> dict[UUID, list[Passage]]:
        """The Danish texts of each page."""
        return {key: passages_of(page) for key, page in self.pages.items()}

    @cached_property
    def translated(self) -> dict[tuple[UUID, str, str], str]:
        """What is translated, by page, place and Danish text."""
        return {place: data for place, data, _by in self._kept}

    @cached_property
    def brought_by(self) -> dict[tuple[UUID, str, str], Any]:
        """Whose account brought by a file what is translated, by page, place and Danish text."""
        return {place: by for place, _data, by in self._kept if by}

    @cached_property
    def _kept(self) -> list[tuple[tuple[UUID, str, str], str, Any]]:
        """What is translated; nobody changes it meanwhile where it ``is_held``."""
        kept = StringTranslation.objects.filter(
            context__object_id__in=self.pages, locale__language_code=self.language
        ).order_by("pk")
        if self.is_held:
            kept = kept.select_for_update(of=("self",), no_key=True)
        found = kept.select_related("context", "translation_of")
        return [
            (
                (one.context.object_id, one.context.path, one.translation_of.data),
                one.data,
                one.last_translated_by_id if one.tool_name == TOOL else None,
            )
            for one in found
        ]


def export(course: CoursePage, language: str, *, at: datetime) -> str:
    """The whole course as a PO file, with what is translated already."""
    texts = CourseTexts(course, language)
    file = polib.POFile(wrapwidth=0)
    file.header = course.title
    file.metadata = {
        "Project-Id-Version": "Sidemand",
        "POT-Creation-Date": f"{timezone.localtime(at):%Y-%m-%d %H:%M%z}",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        _LANGUAGE: language,
        _COURSE: str(course.translation_key),
    }
    for key, page in texts.pages.items():
        if key in texts.by_hand:
            continue
        for passage in dict.fromkeys(texts.passages[key]):
            label = label_of(page, passage.path)
            known = texts.translated.get((key, passage.path, passage.data), "")
            place = f"{page.specific_class._meta.verbose_name}: {page.title} · {label}"
            file.append(
                polib.POEntry(
                    msgctxt=f"{key}:{passage.path}",
                    msgid=passage.data,
                    msgstr=known,
                    comment=f"{place}\nsidemand:{_mark(known)}",
                )
            )
    return f"{file}\n"


def _mark(translated: str) -> str:
    """Names what was translated, in letters: the identity guard looks for digits in the file."""
    said = sha256(translated.encode("utf-8", "surrogatepass")).hexdigest()
    return said.translate(LETTERS)[:16]


def read(text: str) -> polib.POFile:
    """The file, if it is one.

    Raises:
        FileRefused: With the line where reading stopped.
    """
    try:
        file = polib.pofile(f"\n{text}", wrapwidth=0)  # a line break: never taken for a path
    except (OSError, ValueError, UnicodeError, IndexError, AttributeError) as error:
        line = _LINE.search(str(error))
        raise FileRefused(
            _("This is no PO file."), line=int(line[1]) - 1 if line else None
        ) from None
    if len(file) > MOST_ENTRIES:
        raise FileRefused(_("The file has too many entries. Divide it."))
    return file


def examine(text: str, course: CoursePage, language: str, *, by: Person | None = None) -> Report:
    """What would become of each entry if ``by`` brought it; nothing is kept.

    Raises:
        FileRefused: When it cannot be read, or is of another course or language.
    """
    return _examine(read(text), CourseTexts(course, language), by)


def _examine(file: polib.POFile, texts: CourseTexts, by: Person | None) -> Report:
    course, language = texts.course, texts.language
    if file.metadata.get(_COURSE) != str(course.translation_key):
        raise FileRefused(
            _("The file is not of the course “%(title)s”. Download the file of this course.")
            % {"title": course.title}
        )
    if file.metadata.get(_LANGUAGE) != language:
        raise FileRefused(_("The file is for another language."))
    report, seen = Report(), set()
    for entry in file:
        if entry.obsolete:
            continue
        if not entry.msgstr and not entry.msgid_plural:
            report.empty += 1
            continue
        name = (entry.msgctxt, entry.msgid)
        report.lines.append(_line(entry, texts, by, is_twice=name in seen))
        seen.add(name)
    return report


def _line(entry: polib.POEntry, texts: CourseTexts, by: Person | None, *, is_twice: bool) -> Line:
    key, path = _place(entry.msgctxt or "")
    page = texts.pages.get(key) if key else None
    label = label_of(page, path) if page and _has_field(page, path) else ""
    state, reason, here = "new", "", ""
    if is_twice:
        state, reason = "refused", _("It stands in the file twice. The first one counts.")
    elif page is None or key is None:
        state, reason = "refused", _("The page is not in this course, or cannot be read now.")
    elif reason := _why_not(entry, page, path, texts):
        state = "refused"
    elif texts.translated.get((key, path, entry.msgid)) == entry.msgstr:
        state = "same"
    else:
        here = texts.translated.get((key, path, entry.msgid), "")
        if _is_newer(entry, (key, path, entry.msgid), texts, by):
            state = "newer"
            reason = _(
                "The text here has been changed since the file was downloaded. It stays. If yours "
                "is to take its place, download the file again and write yours there."
            )
    return Line(
        line=max(1, (entry.linenum or 1) - 1),
        page=page.title if page else "",
        label=label,
        source=entry.msgid,
        target=entry.msgstr,
        state=state,
        reason=reason,
        here=here,
        key=key,
        path=path,
    )


def _is_newer(
    entry: polib.POEntry, place: tuple[UUID, str, str], texts: CourseTexts, by: Person | None
) -> bool:
    """Whether somebody has changed the text since the file was downloaded.

    What ``by`` brought by a file is no other's work: one file may come back several times. Of an
    entry whose tool dropped the mark nothing is known.
    """
    mark = _MARK.search(entry.comment)
    if mark is None or mark[1] == _mark(texts.translated.get(place, "")):
        return False
    return by is None or place not in texts.brought_by or texts.brought_by[place] != by.user_id


def _why_not(entry: polib.POEntry, page: BasePage, path: str, texts: CourseTexts) -> str:
    """Why an entry is not taken; empty where it is."""
    key = page.translation_key
    if key in texts.by_hand:
        return _("This page is translated by hand in the editor. Change it there.")
    if entry.msgid_plural:
        return _("It has forms for one and for many. The course has none.")
    here = [passage for passage in texts.passages[key] if passage.path == path]
    if not here:
        return _("This passage is no longer on the page.")
    if entry.msgid not in {passage.data for passage in here}:
        return _("The Danish text has changed since the file was made. Download it again.")
    if "fuzzy" in entry.flags:
        return _("It is marked as unsure (fuzzy). Check it, and take the mark away.")
    return why_not_text(entry.msgid, entry.msgstr) or _too_long(page, path, entry.msgstr)


def why_not_text(source: str, target: str) -> str:
    """Why ``target`` cannot stand for ``source``; empty where it can."""
    if has_cpr_like(target):
        return _(
            "It holds digits that look like a CPR number. Write about the work, never about a "
            "person."
        )
    if _NOT_SHOWN.search(target) or not words_of(target):
        return _("It holds no words, or characters that cannot be seen.")
    if Counter(_PLACEHOLDER.findall(source)) != Counter(_PLACEHOLDER.findall(target)):
        return _("The placeholders are not the same as in Danish.")
    if not _has_markup_of(source, target):
        return _("The markup is not the same as in Danish: keep <b>, <i> and <a id=…> as they are.")
    return ""


def _has_markup_of(source: str, target: str) -> bool:
    try:
        StringValue.from_translated_html(target)
        validate_translation_links(source, target)
    except ValueError:
        return False
    return _tags(source) == _tags(target)


def _tags(text: str) -> Counter[tuple[str, str]]:
    soup = BeautifulSoup(text, "html.parser")
    return Counter((tag.name, str(tag.get("id", ""))) for tag in soup.find_all(True))


def _too_long(page: BasePage, path: str, target: str) -> str:
    room = room_for(page, path)
    if room is not None and len(words_of(target)) > room:
        return _("It is longer than the %(count)d characters there is room for.") % {"count": room}
    return ""


def _place(context: str) -> tuple[UUID | None, str]:
    key, _colon, path = context.partition(":")
    try:
        return UUID(key), path
    except ValueError:
        return None, path


def _has_field(page: BasePage, path: str) -> bool:
    name = path.partition(".")[0]
    return any(one.name == name for one in page._meta.get_fields() if isinstance(one, models.Field))


@transaction.atomic
def take(
    text: str,
    course: CoursePage,
    language: str,
    *,
    by: Person,
    at: datetime,
    take_the_good: bool = False,
) -> Report:
    """Keep what the file has to say, as drafts of ``by`` for the second pair of eyes.

    Pages that are whole are sent on to them; the others stay with ``by``. Nothing is kept while an
    entry is refused, unless ``take_the_good`` leaves those out. What somebody has changed since the
    file was downloaded stays as it is. Of two files at once the second is examined once more when
    the first is kept.

    Raises:
        FileRefused: When it cannot be read, or is of another course or language.
    """
    CoursePage.objects.select_for_update(no_key=True).get(pk=course.pk)
    report = _examine(read(text), CourseTexts(course, language, is_held=True), by)
    if not report.new or (report.refused and not take_the_good):
        return Report(lines=[*report.newer, *report.refused], empty=report.empty)
    source = Locale.objects.get(language_code=settings.LANGUAGE_CODE)
    locale = Locale.objects.get(language_code=language)
    by_page: dict[UUID, list[Line]] = {}
    for line in report.new:
        if line.key is not None:
            by_page.setdefault(line.key, []).append(line)
    for key, lines in by_page.items():
        begin(key, language, by.user)
        contexts = {
            context.path: context for context in TranslationContext.objects.filter(object_id=key)
        }
        for line in lines:
            string = String.objects.get(locale=source, data_hash=String._get_data_hash(line.source))
            StringTranslation.objects.update_or_create(
                translation_of=string,
                locale=locale,
                context=contexts[line.path],
                defaults={
                    "data": line.target,
                    "translation_type": StringTranslation.TRANSLATION_TYPE_MANUAL,
                    "tool_name": TOOL,
                    "last_translated_by": by.user,
                    "has_error": False,
                    "field_error": "",
                },
            )
    _queue(by_page, CourseTexts(course, language), by, at)
    return report


def _queue(keys: Iterable[UUID], texts: CourseTexts, by: Person, at: datetime) -> None:
    """An order for each page; those that are whole wait for the second pair of eyes."""
    is_translator = translators(local_day(at)).filter(pk=by.pk).exists()
    for key in keys:
        found = TranslationOrder.objects.current().of(key, texts.language).first()
        if found is None:
            owner = by if is_translator else None
            found = order(key, texts.language, at=at, by=by, owner=owner)
        is_whole = all(
            (key, passage.path, passage.data) in texts.translated for passage in texts.passages[key]
        )
        if is_whole:
            try:
                submit(found.pk, by, at=at)
            except TranslationRefused:
                continue  # the same words as are live: nothing to look at
