"""What is printed: the lessons of a module that a reader may read, and how a file says them."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urljoin, urlsplit
from uuid import UUID

from django.conf import settings
from django.core.files.storage import default_storage
from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from wagtail.models import PageViewRestriction

from core.languages import human_date
from core.mail import absolute_url
from core.paper.markup import Node, Reader, under_each_other
from core.periods import local_day
from courses.models import Lesson
from courses.quizzes.form import draw_questions
from pages.conditional import release
from pages.models import BasePage, LessonPage, ModulePage
from pages.privacy import may_read
from pages.rendering import Body


@dataclass(frozen=True)
class Part:
    """One lesson as it is printed."""

    page: LessonPage
    record: Lesson

    @property
    def body(self) -> Body:
        """Its body, the same that readers see."""
        return self.page.kept_body(self.record.body_stamp)

    @cached_property
    def questions(self) -> SafeString:
        """Its quiz to read, without anything that tells what is right."""
        if not self.body.has_quiz:
            return SafeString("")
        return draw_questions(self.record, get_language() or "", is_signed_in=False)

    @property
    def language(self) -> str:
        """The language of its words: of a copy that is not translated yet, Danish."""
        return settings.LANGUAGE_CODE if self.page.alias_of_id else self.page.language

    @property
    def stamp(self) -> tuple[Any, ...]:
        """Changes with everything of it that is printed."""
        return (*self.page.revision_stamp, self.page.title, self.record.body_stamp)


@dataclass(frozen=True)
class Print:
    """A lesson, or a module with its lessons, for paper. ``page`` is what it is called after."""

    page: BasePage
    parts: Sequence[Part]

    @property
    def is_module(self) -> bool:
        """Whether it is a whole module."""
        return isinstance(self.page, ModulePage)

    @property
    def minutes(self) -> int:
        """How long it takes to read."""
        return sum(part.page.minutes for part in self.parts)

    @property
    def stamp(self) -> tuple[Any, ...]:
        """Changes with everything that is printed; with the day, for a rule may be overdue."""
        return (
            release(),
            get_language(),
            local_day(timezone.now()),
            self.page.revision_stamp,
            self.page.body_stamp_of({}) if self.is_module else None,
            [part.stamp for part in self.parts],
        )

    @property
    def key(self) -> str:
        """Names its file while nothing in it changes."""
        return hashlib.sha256(repr(self.stamp).encode()).hexdigest()[:40]

    @property
    def day(self) -> date:
        """When the newest part of it was published."""
        days = [page.last_published_at for page in (self.page, *(part.page for part in self.parts))]
        return local_day(max((day for day in days if day), default=timezone.now()))


def lesson_print(request: HttpRequest, key: UUID) -> Print | None:
    """The lesson ``key`` in the reader's language; none where the reader may not read it."""
    page = _pages().filter(translation_key=key).first()
    if page is None or not may_read(request, page):
        return None
    parts = _parts([page])
    return Print(page, parts) if parts else None


def module_print(request: HttpRequest, key: UUID) -> Print | None:
    """The module ``key`` with its lessons; none where the reader may not read it, or it has none.

    A lesson that an editor has restricted by itself is left out for everybody: a file is handed on.
    The same number of queries for one lesson and for many, once their bodies have been drawn.
    """
    modules = ModulePage.objects.filter(locale__language_code=get_language(), live=True)
    module = modules.defer_streamfields().filter(translation_key=key).first()
    if module is None or not may_read(request, module):
        return None
    own = PageViewRestriction.objects.filter(page__translation_key=OuterRef("translation_key"))
    pages = _pages().child_of(module).exclude(Exists(own)).order_by("path")
    parts = _parts(list(pages))
    return Print(module, parts) if parts else None


def _pages() -> Any:
    return LessonPage.objects.filter(
        live=True, locale__language_code=get_language()
    ).defer_streamfields()


def _parts(pages: Sequence[LessonPage]) -> list[Part]:
    """The pages with their records and Danish sources: two queries, one in Danish."""
    keys = [page.translation_key for page in pages]
    records = Lesson.objects.offered().select_related("module").in_bulk(keys)
    translated = [page for page in pages if page.language != settings.LANGUAGE_CODE]
    sources = {
        source.translation_key: source
        for source in LessonPage.objects.filter(
            translation_key__in=[page.translation_key for page in translated],
            locale__language_code=settings.LANGUAGE_CODE,
        ).defer_streamfields()
    } if translated else {}  # fmt: skip
    for page in translated:
        page.__dict__["source"] = sources.get(page.translation_key)  # what it would ask for
    return [
        Part(page, records[page.translation_key])
        for page in pages
        if page.translation_key in records
    ]


# --- As the file says it --------------------------------------------------------------------------


def contents(printed: Print) -> dict[str, Any]:
    """Everything that the PDF says."""
    language = get_language() or settings.LANGUAGE_CODE
    page = printed.page
    pictures: list[list[int]] = []
    places: dict[str, int | None] = {}

    def picture(src: str) -> int | None:
        if src not in places:
            content = _read(src)
            places[src] = len(pictures) if content is not None else None
            if content is not None:
                pictures.append(list(content))
        return places[src]

    nodes: list[Node] = []
    if printed.is_module:
        nodes += _head(page, level=1, facts=_facts(printed))
        for part in printed.parts:
            nodes += _head(part.page, level=2, facts=[])
            nodes += _body(part, level=2, picture=picture)
    else:
        nodes += _head(page, level=1, facts=_facts(printed))
        nodes += _body(printed.parts[0], level=1, picture=picture)
    return {
        "language": language,
        "title": page.title,
        "issuer": f"Sidemand · {settings.SIDEMAND_RUN_BY}"
        if settings.SIDEMAND_RUN_BY
        else "Sidemand",
        "day": [printed.day.year, printed.day.month, printed.day.day],
        "nodes": nodes,
        "pictures": pictures,
    }


def _head(page: BasePage, *, level: int, facts: Sequence[str]) -> list[Node]:
    lang = settings.LANGUAGE_CODE if page.alias_of_id else page.language
    nodes: list[Node] = [{"k": "h", "level": level, "runs": [_words(page.title, lang)]}]
    if page.introduction:
        nodes.append({"k": "p", "runs": [_words(page.introduction, lang)]})
    language = get_language() or settings.LANGUAGE_CODE
    nodes += [{"k": "p", "runs": [_words(fact, language)]} for fact in facts]
    return nodes


def _facts(printed: Print) -> list[str]:
    minutes = printed.minutes
    facts = [ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}]
    if printed.is_module:
        count = len(printed.parts)
        facts.append(ngettext("%(count)s lesson", "%(count)s lessons", count) % {"count": count})
    facts.append(_("published %(day)s") % {"day": human_date(printed.day, today=date.min)})
    record = printed.parts[0].record
    path = record.module.path if printed.is_module else record.path
    return [" · ".join(facts), absolute_url(path)]


def _body(part: Part, *, level: int, picture: Any) -> list[Node]:
    """The body of a lesson and its quiz, below a heading of ``level``."""
    reader = Reader(part.language, shift=level - 1, address=_whole, picture=picture)
    interface = Reader(get_language() or settings.LANGUAGE_CODE, shift=level - 1)
    nodes = reader.read(part.body.before_quiz)
    if part.questions:
        nodes.append({
            "k": "h", "level": level + 1, "runs": [_words(_("Quiz"), interface.language)],
        })  # fmt: skip
        nodes += interface.read(part.questions)
    nodes += reader.read(part.body.after_quiz)
    return under_each_other(nodes, below=level)


def _words(text: str, lang: str) -> dict[str, Any]:
    return {"t": str(text), "lang": lang, "b": False, "i": False, "href": ""}


def _whole(href: str) -> str:
    """The address as one types it from paper; empty for a place on the page itself."""
    if href.startswith("#"):
        return ""
    return urljoin(settings.WAGTAILADMIN_BASE_URL, href)


def _read(src: str) -> bytes | None:
    """The picture at ``src``, where it is one of ours in a form that a PDF takes."""
    path = urlsplit(src).path
    if not path.startswith(settings.MEDIA_URL) or not path.lower().endswith(KINDS_OF_PICTURES):
        return None
    name = path.removeprefix(settings.MEDIA_URL)
    if not default_storage.exists(name):
        return None
    with default_storage.open(name) as file:
        content: bytes = file.read()
    return content


KINDS_OF_PICTURES = (".jpg", ".jpeg", ".png", ".gif")
