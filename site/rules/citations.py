"""What rests on a rule: apps say which of their objects cite one, so that none is forgotten.

An app registers a source in ``AppConfig.ready``::

    register(QuestionSource())

    class QuestionSource:
        kind = "question"                 # names it for ever, at most 30 letters
        label = _("Question")             # what the reviewer reads

        def citing(self, rule):           # everything that cites the rule now
            for question in Question.objects.filter(rule=rule):
                yield Citation(question.pk, str(question), language="da")

        def edit_addresses(self, keys):   # keys: a set of (object_id, language)
            return {key: address, ...}    # one or two queries, whatever there is

The register marks what a source names (:class:`rules.models.ReviewItem`) when a rule is changed or
retired; it lists it where somebody wants to delete the rule. ``rules.signals.review_changed`` tells
the app when one of its objects was marked or looked through.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from django.utils.functional import Promise

from rules.models import Rule

Key = tuple[UUID, str]


@dataclass(frozen=True, slots=True)
class Citation:
    """One object that cites a rule, in one language where it has several."""

    object_id: UUID
    title: str
    language: str = ""


class Source(Protocol):
    """One kind of object that cites rules."""

    kind: str

    @property
    def label(self) -> "str | Promise":
        """What the reviewer reads."""

    def citing(self, rule: Rule) -> Iterable[Citation]:
        """Everything of this kind that cites ``rule`` now."""

    def edit_addresses(self, keys: Collection[Key]) -> Mapping[Key, str]:
        """Where each of ``keys`` is edited; one that is gone is left out."""


_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    """Let ``source`` be asked, or replace the one of its kind."""
    _sources[source.kind] = source


def sources() -> Mapping[str, Source]:
    """Every kind of object that may cite a rule."""
    return dict(_sources)


def citing(rule: Rule) -> Iterator[tuple[Source, Citation]]:
    """Everything that cites ``rule`` now, with the source that knows it."""
    for source in _sources.values():
        for citation in source.citing(rule):
            yield source, citation


def edit_addresses(keys: Iterable[tuple[str, UUID, str]]) -> dict[tuple[str, UUID, str], str]:
    """Where each of ``keys`` (kind, object_id, language) is edited; each kind is asked once."""
    wanted: dict[str, set[Key]] = {}
    for kind, object_id, language in keys:
        wanted.setdefault(kind, set()).add((object_id, language))
    return {
        (kind, *key): address
        for kind, asked in wanted.items()
        if kind in _sources
        for key, address in _sources[kind].edit_addresses(asked).items()
    }
