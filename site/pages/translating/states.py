"""How far each page has come in each language: the table behind the translators' work."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextChoices,
    Value,
    When,
)
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page
from wagtail_localize.models import StringSegment, StringTranslation, Translation

from core.periods import local_day
from pages.models import CoursePage, TranslationApproval, TranslationOrder, TranslationRequest
from pages.translating.passages import NOT_READ
from people.models import Person

FREE, MINE = "fri", "mig"


class State(TextChoices):
    """How far a page has come in a language."""

    MISSING = "missing", _("Missing")
    DRAFT = "draft", _("Draft")
    REVIEW = "review", _("In review")
    READY = "ready", _("Ready")
    OUTDATED = "outdated", _("The Danish text is newer")


#: What waits for a translator.
WAITING = (State.MISSING, State.DRAFT, State.OUTDATED)


def targets() -> list[tuple[str, str]]:
    """The languages that Danish is translated into, by code and own name."""
    return [(code, name) for code, name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


class Sort(TextChoices):
    """What comes first."""

    WISHES = "oensker", _("Most asked for")
    TITLE = "titel", _("Title")
    DUE = "frist", _("To be ready first")
    CHANGED = "dansk", _("Newest Danish text")
    TREE = "kursus", _("Place in the course")


_ORDER: dict[str, tuple[Any, ...]] = {
    Sort.WISHES: (
        F("wishes").desc(nulls_last=True),
        F("first_asked_at").asc(nulls_last=True),
        "path",
    ),
    Sort.TITLE: (Lower("title"), "path"),
    Sort.DUE: (F("due_on").asc(nulls_last=True), "path"),
    Sort.CHANGED: (F("last_published_at").desc(nulls_last=True), "path"),
    Sort.TREE: ("path",),
}


def pages_with_state(language: str) -> QuerySet[Page]:
    """The live Danish pages, each with ``state`` in ``language`` and what the table shows.

    A page that has no segments is translated by hand: then its versions say how far it is.
    """
    key = OuterRef("translation_key")
    translated = Page.objects.filter(translation_key=key, locale__language_code=language)
    own = translated.filter(alias_of=None)
    orders = TranslationOrder.objects.current().filter(page_key=key, language=language)
    approvals = TranslationApproval.objects.filter(page_key=key, language=language).published()
    wishes = (
        TranslationRequest.objects.filter(page_key=key, language=language, answered_at=None)
        .order_by()
        .values("page_key")
    )
    task = Translation.objects.filter(
        source__object_id=key, target_locale__language_code=language, enabled=True
    )
    written = StringTranslation.objects.filter(
        context__object_id=key, locale__language_code=language
    ).exclude(context__path__in=NOT_READ)
    unwritten = _segments().filter(~Exists(_texts_of_segment(language)), source__object_id=key)
    pages = (
        Page.objects.live()
        .filter(locale__language_code=settings.LANGUAGE_CODE, depth__gt=1)
        .annotate(
            translation_pk=Subquery(own.values("pk")[:1]),
            is_live_there=Exists(own.filter(live=True)),
            has_draft_there=Exists(own.filter(Q(live=False) | Q(has_unpublished_changes=True))),
            translated_at=Subquery(own.values("last_published_at")[:1]),
            order_pk=Subquery(orders.values("pk")[:1]),
            order_state=Subquery(orders.values("state")[:1]),
            owner_pk=Subquery(orders.values("owner")[:1]),
            owner_name=Subquery(orders.values("owner__name")[:1]),
            due_on=Subquery(orders.values("due_on")[:1]),
            approved_at=Subquery(approvals.values("published_at")[:1]),
            outdated_at=Subquery(approvals.values("outdated_at")[:1]),
            wishes=Subquery(wishes.annotate(all=Count("pk")).values("all")),
            first_asked_at=Subquery(wishes.annotate(first=Min("asked_at")).values("first")),
            has_task=Exists(task),
            has_words=Exists(written),
            has_new_words=Exists(written.filter(updated_at__gt=OuterRef("translated_at"))),
            has_gaps=Exists(unwritten),
        )
    )
    in_segments = Q(has_task=True, has_words=True)
    by_hand = Q(has_task=False)
    state = Case(
        When(order_state=TranslationOrder.State.REVIEW, then=Value(State.REVIEW)),
        When(translation_pk=None, then=Value(State.MISSING)),
        When(in_segments & (Q(has_new_words=True) | Q(has_gaps=True)), then=Value(State.DRAFT)),
        When(by_hand & Q(has_draft_there=True), then=Value(State.DRAFT)),
        When(outdated_at__isnull=False, then=Value(State.OUTDATED)),
        When(
            Q(approved_at=None, translated_at__lt=F("last_published_at")) & (by_hand | in_segments),
            then=Value(State.OUTDATED),
        ),
        When(Q(is_live_there=True) & (by_hand | in_segments), then=Value(State.READY)),
        default=Value(State.MISSING),
        output_field=CharField(),
    )
    return pages.annotate(state=state)


def _segments() -> QuerySet[StringSegment]:
    """The Danish passages; what is part of an address is not translated."""
    segments = StringSegment.objects.filter(source__locale__language_code=settings.LANGUAGE_CODE)
    return segments.exclude(context__path__in=NOT_READ)


def _texts_of_segment(language: str) -> QuerySet[StringTranslation]:
    return StringTranslation.objects.filter(
        translation_of=OuterRef("string"),
        context=OuterRef("context"),
        locale__language_code=language,
        has_error=False,
    )


@dataclass(frozen=True)
class Filters:
    """What of the table is wanted; what cannot be read is left out."""

    language: str = ""
    state: str = ""
    course: str = ""
    owner: str = ""
    sort: str = Sort.WISHES

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> "Filters":
        """The filters of an address."""
        codes = dict(targets())
        language, state = asked.get("sprog", ""), asked.get("tilstand", "")
        course, owner = asked.get("kursus", ""), asked.get("hvem", "")
        sort = asked.get("orden", "")
        return cls(
            language=language if language in codes else next(iter(codes)),
            state=state if state in State.values else "",
            course=course if _uuid(course) else "",
            owner=owner if owner in {FREE, MINE} or _uuid(owner) else "",
            sort=sort if sort in Sort.values else Sort.WISHES,
        )

    def pages(self, person: Person | None) -> QuerySet[Page]:
        """The pages that are wanted, in their order."""
        pages: Any = pages_with_state(self.language)
        if self.state:
            pages = pages.filter(state=self.state)
        if self.course:
            course = CoursePage.objects.filter(
                translation_key=self.course, locale__language_code=settings.LANGUAGE_CODE
            ).first()
            pages = pages.descendant_of(course, inclusive=True) if course else pages.none()
        if self.owner == FREE:
            pages = pages.filter(owner_pk=None)
        elif self.owner:
            owner = (person.pk if person else None) if self.owner == MINE else UUID(self.owner)
            pages = pages.filter(owner_pk=owner) if owner else pages.none()
        ordered: QuerySet[Page] = pages.order_by(*_ORDER[self.sort])
        return ordered


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Row:
    """One page in one language."""

    page: Any
    language: str
    course: str
    today: date
    #: How many passages there are and how many of them are translated; none without segments.
    passages: int | None = None
    translated: int = 0

    @property
    def key(self) -> UUID:
        """Names the page in every language."""
        key: UUID = self.page.translation_key
        return key

    @property
    def title(self) -> str:
        """What the page is called."""
        return str(self.page.title)

    @property
    def owner_name(self) -> str:
        """Who translates it."""
        return self.page.owner_name or ""

    @property
    def due_on(self) -> date | None:
        """When it is to be ready."""
        due: date | None = self.page.due_on
        return due

    @property
    def state(self) -> State:
        """How far it is."""
        return State(self.page.state)

    @property
    def is_overdue(self) -> bool:
        """Whether it should have been ready by now."""
        return bool(self.due_on and self.due_on < self.today and self.state != State.READY)

    @property
    def wishes(self) -> int:
        """How many readers wait for it."""
        return self.page.wishes or 0

    @property
    def since(self) -> datetime | None:
        """Since when it has been in this state, where that is known."""
        known = {State.OUTDATED: self.page.outdated_at, State.READY: self.page.translated_at}
        return known.get(self.state)

    @property
    def url(self) -> str:
        """Everything about it."""
        return reverse("translation", args=[self.key, self.language])

    @property
    def do_url(self) -> str:
        """Where its buttons lead."""
        return reverse("do_with_translation", args=[self.key, self.language])


def rows_of(pages: Iterable[Page], filters: Filters, *, today: date) -> list[Row]:
    """The pages as rows, in two queries at any number of them."""
    found = list(pages)
    names = course_names()
    counts = _counts([page.translation_key for page in found], filters.language)
    return [
        Row(page, filters.language, _course_of(page, names), today, *counts.get(
            page.translation_key, (None, 0)
        ))
        for page in found
    ]  # fmt: skip


def course_names() -> dict[str, str]:
    """The Danish courses by their place in the tree."""
    courses = CoursePage.objects.filter(locale__language_code=settings.LANGUAGE_CODE)
    return dict(courses.order_by("path").values_list("path", "title"))


def _course_of(page: Page, names: Mapping[str, str]) -> str:
    steps = range(page.steplen, len(page.path) + 1, page.steplen)
    return next((names[page.path[:end]] for end in steps if page.path[:end] in names), "")


def _counts(keys: Iterable[UUID], language: str) -> dict[UUID, tuple[int, int]]:
    """How many passages each page has, and how many of them are translated."""
    segments = (
        _segments()
        .filter(
            source__object_id__in=list(keys),
            source__translations__target_locale__language_code=language,
            source__translations__enabled=True,
        )
        .annotate(is_translated=Exists(_texts_of_segment(language)))
        .order_by()
        .values("source__object_id")
        .annotate(all=Count("pk"), done=Count("pk", filter=Q(is_translated=True)))
    )
    return {row["source__object_id"]: (row["all"], row["done"]) for row in segments}


HEADER = (
    "Side", "Kursus", "Sprog", "Tilstand", "Oversætter", "Skal være klar", "Læsere, der har bedt",
    "Dansk udgivet", "Oversættelse udgivet", "Adresse",
)  # fmt: skip


def csv_rows(filters: Filters, person: Person | None) -> Iterator[list[object]]:
    """The whole table, with the same filters."""
    names = course_names()
    language = dict(targets())[filters.language]
    for page in filters.pages(person).iterator(chunk_size=500):
        found: Any = page
        yield [
            page.title,
            _course_of(page, names),
            language,
            State(found.state).label,
            found.owner_name or "",
            found.due_on,
            found.wishes or 0,
            local_day(page.last_published_at) if page.last_published_at else None,
            local_day(found.translated_at) if found.translated_at else None,
            page.url_path.split("/", 2)[2],
        ]


def totals(language: str) -> dict[State, int]:
    """How many pages are in each state. One query."""
    counted = pages_with_state(language).order_by().values("state").annotate(all=Count("pk"))
    found = {row["state"]: row["all"] for row in counted}
    return {state: found.get(state, 0) for state in State}


def waiting(language: str | None = None) -> QuerySet[Page]:
    """What waits for a translator, asked for most first."""
    pages = pages_with_state(language or targets()[0][0]).filter(state__in=WAITING)
    return pages.order_by(*_ORDER[Sort.WISHES])


@dataclass(frozen=True)
class Queue:
    """What of the queue concerns somebody: what is theirs, free, and waits for other eyes.

    Its rows are pages (:class:`Row`) and texts outside pages, which answer to the same names.
    """

    mine: list[Any] = field(default_factory=list)
    review: list[Any] = field(default_factory=list)
    free: list[Any] = field(default_factory=list)
    asked: list[Any] = field(default_factory=list)

    def beside(self, other: "Queue", *, most: int) -> "Queue":
        """Both together, what is to be ready first at the top."""

        def first(row: Any) -> tuple[date, str]:
            return row.due_on or date.max, row.title

        return Queue(
            mine=sorted([*self.mine, *other.mine], key=first)[:most],
            review=sorted([*self.review, *other.review], key=first)[:most],
            free=sorted([*self.free, *other.free], key=first)[:most],
            asked=self.asked,
        )


def queue_of(person: Person | None, language: str, *, today: date, most: int) -> Queue:
    """The queue as ``person`` sees it, at most ``most`` of each; six queries at any size.

    Who is owner of what waits for other eyes does not see it as theirs meanwhile.
    """
    pages = pages_with_state(language)
    filters = Filters(language=language)
    ordered = pages.filter(order_pk__isnull=False)
    due = _ORDER[Sort.DUE]
    wished = pages.filter(order_pk=None, wishes__gt=0).exclude(state=State.READY)
    parts = {
        "mine": ordered.filter(
            owner_pk=person.pk if person else None, order_state=TranslationOrder.State.OPEN
        ).order_by(*due) if person else pages.none(),
        "review": ordered.filter(order_state=TranslationOrder.State.REVIEW).order_by(*due),
        "free": ordered.filter(
            owner_pk=None, order_state=TranslationOrder.State.OPEN
        ).order_by(*due),
        "asked": wished.order_by(*_ORDER[Sort.WISHES]),
    }  # fmt: skip
    found = {name: list(part[:most]) for name, part in parts.items()}
    rows = rows_of([page for part in found.values() for page in part], filters, today=today)
    by_key = {row.key: row for row in rows}
    return Queue(
        **{name: [by_key[page.translation_key] for page in part] for name, part in found.items()}
    )
