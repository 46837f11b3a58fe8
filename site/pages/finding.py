"""Finding pages, rules and words by any part of a word, in Danish and in Kalaallisut.

Both languages put words together: "underretningspligten" must be found by "pligt", and a word of
forty letters by four in its middle. So there is no dictionary and no stem: what is looked for is
compared letter by letter with what is there, both folded (:func:`core.languages.fold`). On
PostgreSQL an index of three-letter pieces keeps that fast; SQLite looks through the few thousand
texts that a site has.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from wagtail.models import Page

from core.languages import fold
from core.periods import local_day
from core.search_terms import clean_query
from courses.models import LearningPath
from pages.models import (
    BasePage,
    CasePage,
    CoursePage,
    Findable,
    GlossaryTerm,
    LessonPage,
    ModulePage,
)
from pages.privacy import is_restricted
from pages.records import path_of
from rules.models import Rule

Kind = Findable.Kind

FOUND_PER_PAGE = 20
#: Fewer letters than this are found at the beginning of a word only: "§ 1" is no part of "§ 12".
SHORTEST_PART = 3
EXCERPT_LENGTH = 180
LANGUAGES = ("da", "kl")
WORD = re.compile(r"\w+(?:-\w+)*")
SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
KINDS_OF_PAGES: dict[type[BasePage], str] = {
    CoursePage: Kind.COURSE,
    ModulePage: Kind.MODULE,
    LessonPage: Kind.LESSON,
    CasePage: Kind.CASE,
}
#: The lists in which those stand that have no page of their own.
_LISTS: dict[str, str] = {Kind.RULE: "rules", Kind.WORD: "glossary"}
#: How much a kind is worth where two entries fit alike: what explains before what contains.
ORDER = [
    Kind.WORD,
    Kind.RULE,
    Kind.LESSON,
    Kind.CASE,
    Kind.MODULE,
    Kind.COURSE,
    Kind.PATH,
    Kind.PAGE,
]


# --- What can be found --------------------------------------------------------------------------


def enter_page(page: BasePage) -> None:
    """Enter the words of ``page`` as it is published.

    A copy under ``/kl/`` that still shows the Danish words has none of its own: whoever reads in
    Kalaallisut finds the Danish page's entry, and is led to the copy.
    """
    if page.alias_of_id is not None:
        return
    _enter(
        KINDS_OF_PAGES.get(type(page), Kind.PAGE),
        page.translation_key,
        page.locale.language_code,
        title=page.title,
        text=text_of(page),
        page=page,
    )


def enter_rule(rule: Rule) -> None:
    """Enter the rule in each language it is written in; nothing of one that may not be shown."""
    for language in LANGUAGES:
        statement = getattr(rule, f"statement_{language}")
        if not rule.is_publishable or not statement:
            Findable.objects.filter(kind=Kind.RULE, key=rule.pk, language=language).delete()
            continue
        parts = [
            statement,
            getattr(rule, f"deadline_{language}"),
            getattr(rule, f"deadline_starts_{language}"),
            str(rule.act or ""),
        ]
        title = rule.paragraph or statement
        _enter(Kind.RULE, rule.pk, language, title=title, text=_lines(parts), anchor=rule.key)


def enter_word(term: GlossaryTerm) -> None:
    """Enter a word of the glossary in each language; nothing of one that is not shown."""
    for language in LANGUAGES:
        title = getattr(term, f"term_{language}")
        if not term.is_shown or not title:
            Findable.objects.filter(kind=Kind.WORD, key=term.pk, language=language).delete()
            continue
        other = getattr(term, f"term_{'kl' if language == 'da' else 'da'}")
        meaning = getattr(term, f"meaning_{language}") or term.meaning_da
        _enter(
            Kind.WORD,
            term.pk,
            language,
            title=title,
            text=_lines([meaning, other]),
            anchor=term.key,
        )


def enter_path(path: LearningPath) -> None:
    """Enter a learning path in each language it has a title in, as long as it is offered."""
    for language in LANGUAGES:
        title = getattr(path, f"title_{language}")
        if not path.is_offered or not title:
            Findable.objects.filter(kind=Kind.PATH, key=path.pk, language=language).delete()
            continue
        text = _lines([getattr(path, f"{name}_{language}") for name in ("summary", "profession")])
        _enter(Kind.PATH, path.pk, language, title=title, text=text, anchor=path.key)


def leave(kind: str, key: UUID) -> None:
    """Find it no more, in no language."""
    Findable.objects.filter(kind=kind, key=key).delete()


@transaction.atomic
def build() -> int:
    """Enter everything anew; how many entries there are."""
    Findable.objects.all().delete()
    for model in BasePage.__subclasses__():
        for page in model.objects.live().filter(alias_of=None).select_related("locale").iterator():
            enter_page(page)
    for rule in Rule.objects.select_related("act").iterator():
        enter_rule(rule)
    for path in LearningPath.objects.iterator():
        enter_path(path)
    for term in GlossaryTerm.objects.iterator():
        enter_word(term)
    return Findable.objects.count()


def text_of(page: BasePage) -> str:
    """Everything that a reader of ``page`` reads, a line for each text, without any HTML."""
    texts = [page.introduction]
    with translation.override(page.locale.language_code):  # of records in both languages
        for child in page.body:
            texts += child.block.get_searchable_content(child.value)
        return _lines(texts)


def _lines(texts: Iterable[object]) -> str:
    lines = (line.strip() for text in texts for line in str(text).splitlines())
    return "\n".join(line for line in lines if line)


def _enter(kind: str, key: UUID, language: str, *, title: str, text: str, **place: object) -> None:
    values = {
        "page": None,
        "anchor": "",
        **place,
        "title": title[:300],
        "text": text,
        "folded_title": fold(title),
        "folded": f" {fold(title)}\n{fold(text)}".replace("\n", "\n "),
    }
    Findable.objects.update_or_create(kind=kind, key=key, language=language, defaults=values)


# --- Finding it ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Hit:
    """One result: what it is, where it is, and the sentence that holds what was looked for.

    ``language``: the language its words are in, where that is not the reader's; else empty.
    """

    kind: str
    title: SafeString
    excerpt: SafeString
    url: str
    language: str

    @property
    def kind_label(self) -> str:
        """The kind in words."""
        return str(Kind(self.kind).label)


@dataclass(frozen=True)
class Hits:
    """One page of results; ``count`` counts all."""

    hits: Sequence[Hit]
    count: int
    page: int

    @property
    def first(self) -> int:
        """The number of the first hit of this page among all, from 1."""
        return (self.page - 1) * FOUND_PER_PAGE + 1

    @property
    def page_count(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.count // FOUND_PER_PAGE))

    @property
    def has_next(self) -> bool:
        """Whether there is more."""
        return self.page < self.page_count


def find(query: str, language: str, *, page: int = 1) -> Hits:
    """What holds every word of ``query`` or has it as a part, the best first. Three queries.

    Pages that an editor has restricted are left out for everybody. What exists in the reader's
    language is found in that language and, by other words, in Danish; the same thing once.
    """
    terms = terms_of(query)
    if not terms:
        return Hits([], 0, 1)
    found = _that_hold(terms, language)
    count = found.count()
    page = min(max(page, 1), max(1, -(-count // FOUND_PER_PAGE)))
    first = (page - 1) * FOUND_PER_PAGE
    rows = (
        list(found.select_related("page__locale")[first : first + FOUND_PER_PAGE]) if count else []
    )
    own = _pages_in(language, rows)
    return Hits(
        [_hit(row, terms, language, own.get(row.key, row.page)) for row in rows], count, page
    )


def terms_of(query: str) -> list[str]:
    """The folded words of ``query``, each once."""
    return list(dict.fromkeys(fold(clean_query(query)).split()))


def _that_hold(terms: Sequence[str], language: str) -> "QuerySet[Findable]":
    open_pages = Page.objects.filter(pk=OuterRef("page"), live=True).exclude(is_restricted())
    open_paths = LearningPath.objects.offered(on=local_day(timezone.now()))
    public = (
        Exists(open_pages)
        | Q(Exists(open_paths.filter(pk=OuterRef("key"))), kind=Kind.PATH)
        | Q(kind__in=_LISTS)
    )
    found = Findable.objects.filter(public, _all(terms, "folded"))
    in_own_words = Findable.objects.filter(
        _all(terms, "folded"), kind=OuterRef("kind"), key=OuterRef("key"), language=language
    )
    found = found.filter(Q(language=language) | ~Exists(in_own_words))
    whole, begins = fold(" ".join(terms)), terms[0]
    fits = Case(
        When(folded_title=whole, then=Value(0)),
        When(folded_title__startswith=begins, then=Value(1)),
        When(_all(terms, "folded_title"), then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )
    worth = Case(
        *(When(kind=kind, then=Value(place)) for place, kind in enumerate(ORDER)),
        output_field=IntegerField(),
    )
    return found.annotate(fits=fits, worth=worth).order_by("fits", "worth", "title", "pk")


def _all(terms: Iterable[str], field: str) -> Q:
    condition = Q()
    for term in terms:
        part = term if len(term) >= SHORTEST_PART else f" {term}"
        if field == "folded_title" and part.startswith(" "):
            condition &= Q(folded_title__startswith=term) | Q(folded_title__contains=part)
        else:
            condition &= Q(**{f"{field}__contains": part})
    return condition


def _pages_in(language: str, rows: Iterable[Findable]) -> dict[UUID, Page]:
    """The reader's own page of each thing that was found in the other language, by its key."""
    keys = [row.key for row in rows if row.page is not None and row.language != language]
    if not keys:
        return {}
    pages = Page.objects.live().filter(translation_key__in=keys, locale__language_code=language)
    pages = pages.select_related("locale")
    return {page.translation_key: page for page in pages}


def _hit(row: Findable, terms: Sequence[str], language: str, page: Page | None) -> Hit:
    return Hit(
        kind=row.kind,
        title=marked(row.title, terms),
        excerpt=marked(excerpt(row.text, terms), terms),
        url=path_of(page) if page else _address(row),
        language=row.language if row.language != language else "",
    )


def _address(row: Findable) -> str:
    if row.kind == Kind.PATH:
        return reverse("courses:path", args=[row.anchor])
    return f"{reverse(_LISTS[row.kind])}#{row.anchor}"


def excerpt(text: str, terms: Sequence[str]) -> str:
    """The sentence of ``text`` that holds most of ``terms``, cut to a readable length."""
    sentences = [sentence for sentence in SENTENCE.split(text) if sentence.strip()]
    if not sentences:
        return ""
    best = max(sentences, key=lambda one: sum(term in fold(one) for term in terms))
    if len(best) <= EXCERPT_LENGTH:
        return best
    words = best.split()
    hit = next((i for i, word in enumerate(words) if any(t in fold(word) for t in terms)), 0)
    begin = max(0, hit - 8)
    kept: list[str] = []
    for word in words[begin:]:
        if sum(map(len, kept)) + len(kept) + len(word) > EXCERPT_LENGTH:
            break
        kept.append(word)
    before, after = "… " if begin else "", " …" if begin + len(kept) < len(words) else ""
    return f"{before}{' '.join(kept)}{after}"


def marked(text: str, terms: Sequence[str]) -> SafeString:
    """``text`` as HTML, with ``<mark>`` around each word that holds one of ``terms``."""
    return mark_safe("".join(_marked(text, terms)))  # noqa: S308  every piece is escaped


def _marked(text: str, terms: Sequence[str]) -> Iterator[str]:
    end = 0
    for word in WORD.finditer(text):
        yield conditional_escape(text[end : word.start()])
        hit = any(_fits(fold(word.group()), term) for term in terms)
        yield (
            format_html("<mark>{}</mark>", word.group())
            if hit
            else conditional_escape(word.group())
        )
        end = word.end()
    yield conditional_escape(text[end:])


def _fits(word: str, term: str) -> bool:
    holds: Callable[[str], bool] = (
        word.__contains__ if len(term) >= SHORTEST_PART else word.startswith
    )
    return holds(term)
