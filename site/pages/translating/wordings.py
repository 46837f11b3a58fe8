"""How the texts outside pages stand: what is live, what is proposed, and whose turn it is.

The record's own field is what readers see. A proposal waits beside it (:class:`Wording`) with the
Danish words it was made from, until somebody who wrote none of it releases it
(:mod:`pages.translating.proposing`). Which records there are says :mod:`pages.translating.records`.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.urls import reverse

from pages.models import TranslationOrder, Wording
from pages.translating import states
from pages.translating.passages import Changed
from pages.translating.records import KINDS, Kind, Place
from pages.translating.states import WAITING, Queue, State
from people.models import Person
from rules.differences import pieces

MOST_TITLE = 90
#: The identity guard looks for digits in everything that is sent.
_LETTERS = str.maketrans("0123456789", "ghijklmnop")


@dataclass(frozen=True, slots=True)
class Standing:
    """One record in one language: what it says, what is proposed, how far it is."""

    kind: Kind
    record: Any
    language: str
    places: Sequence[Place]
    today: date
    proposed: Wording | None = None
    released: Wording | None = None
    order: TranslationOrder | None = None

    @property
    def key(self) -> UUID:
        """Names the record."""
        return self.kind.key_of(self.record)

    @property
    def title(self) -> str:
        """What it is called in Danish."""
        words = str(getattr(self.record, self.kind.title))
        return words if len(words) <= MOST_TITLE else f"{words[:MOST_TITLE].rstrip()}…"

    @property
    def course(self) -> str:
        """What stands below its title in the queue: the kind of record it is."""
        return str(self.kind.label)

    @property
    def danish(self) -> dict[str, str]:
        """What is to be translated, by its place."""
        return {place.path: place.danish for place in self.places}

    @property
    def live(self) -> dict[str, str]:
        """What readers see, by its place; empty where they see the Danish text."""
        return {place.path: place.live for place in self.places}

    @property
    def begun(self) -> dict[str, str]:
        """What a translator goes on from: the proposal, else what is live or was released last."""
        if self.proposed is not None:
            texts = dict(self.proposed.texts)
            return {path: texts.get(path, "") for path in self.live}
        before = dict(self.released.texts) if self.released else {}
        return {path: words or before.get(path, "") for path, words in self.live.items()}

    @property
    def version(self) -> str:
        """Names what is proposed now, so that nobody saves or releases what they have not seen."""
        return version_of(self.proposed)

    @property
    def changed(self) -> list[Changed]:
        """What of the Danish text the translation does not know, word by word."""
        return self.since(self.proposed or self.released)

    def since(self, known: Wording | None) -> list[Changed]:
        """What has changed in Danish since ``known`` was made from it; what is new is missing."""
        before = dict(known.made_from) if known else {}
        return [
            Changed(place.label, *pieces(before[place.path], place.danish))
            for place in self.places
            if before.get(place.path, place.danish) != place.danish
        ]

    @property
    def state(self) -> State:
        """How far it is."""
        if self.order is not None and self.order.state == TranslationOrder.State.REVIEW:
            return State.REVIEW
        if self.proposed is not None:
            return State.DRAFT
        if self.changed:
            return State.OUTDATED
        if not self.translated:
            return State.MISSING
        return State.READY if self.translated == self.passages else State.DRAFT

    @property
    def passages(self) -> int:
        """How many texts there are."""
        return len(self.places)

    @property
    def translated(self) -> int:
        """How many of them readers see in their language."""
        return sum(1 for words in self.live.values() if words)

    @property
    def owner_pk(self) -> UUID | None:
        """Who translates it, by key."""
        return self.order.owner_id if self.order else None

    @property
    def owner_name(self) -> str:
        """Who translates it."""
        return str(self.order.owner) if self.order and self.order.owner else ""

    @property
    def due_on(self) -> date | None:
        """When it is to be ready."""
        return self.order.due_on if self.order else None

    @property
    def is_overdue(self) -> bool:
        """Whether it should have been ready by now."""
        return bool(self.due_on and self.due_on < self.today and self.state != State.READY)

    @property
    def wishes(self) -> str:
        """Readers ask for pages, not for texts."""
        return ""

    @property
    def url(self) -> str:
        """Everything about it."""
        return reverse("wording", args=[self.kind.key, self.key, self.language])

    @property
    def do_url(self) -> str:
        """Where its buttons lead."""
        return reverse("do_with_wording", args=[self.kind.key, self.key, self.language])


def version_of(proposed: Wording | None) -> str:
    """Names in letters what is proposed; empty where nothing is."""
    if proposed is None:
        return ""
    said = json.dumps([str(proposed.pk), proposed.texts, proposed.made_from])
    return sha256(said.encode("utf-8", "surrogatepass")).hexdigest().translate(_LETTERS)


@dataclass(frozen=True, slots=True)
class Known:
    """What is kept about records in one language, by their keys."""

    proposed: Mapping[UUID, Wording]
    released: Mapping[UUID, Wording]
    orders: Mapping[UUID, TranslationOrder]

    @classmethod
    def read(cls, language: str, keys: Iterable[UUID] | None = None) -> "Known":
        """Of all records, or of those with ``keys``; three queries."""
        found = Wording.objects.filter(language=language)
        ordered = TranslationOrder.objects.current().filter(language=language).exclude(kind="")
        if keys is not None:
            keys = list(keys)
            found, ordered = found.filter(record__in=keys), ordered.filter(page_key__in=keys)
        newer = Wording.objects.released().filter(
            record=OuterRef("record"), language=language, released_at__gt=OuterRef("released_at")
        )
        return cls(
            proposed={one.record: one for one in found.proposed()},
            released={one.record: one for one in found.released().exclude(Exists(newer))},
            orders={one.page_key: one for one in ordered.select_related("owner", "submitted_by")},
        )


def standing_of(
    kind: Kind,
    language: str,
    *,
    today: date,
    keys: Iterable[UUID] | None = None,
    known: Known | None = None,
) -> list[Standing]:
    """The records of one kind, by their Danish title; five queries at any number of them."""
    records = kind.records(today, keys)
    places = kind.places(records, language)
    known = known or Known.read(language, places)
    return [
        Standing(
            kind, record, language, places[key], today,
            known.proposed.get(key), known.released.get(key), known.orders.get(key),
        )
        for record in records
        for key in [kind.key_of(record)]
        if places[key]
    ]  # fmt: skip


def one_of(kind: Kind, record: UUID, language: str, *, today: date) -> Standing | None:
    """One record; None for one that is not in use."""
    return next(iter(standing_of(kind, language, today=today, keys=[record])), None)


def counts(language: str, *, today: date) -> list[tuple[Kind, int]]:
    """How many of each kind wait for a translator: what lacks a text, or says an older one."""
    known = Known.read(language)
    return [
        (kind, sum(one.state in WAITING for one in found))
        for kind in KINDS.values()
        for found in [standing_of(kind, language, today=today, known=known)]
    ]


def queue_of(person: Person | None, language: str, *, today: date, most: int) -> Queue:
    """The whole queue as ``person`` sees it: pages, and the texts outside them."""
    of_pages = states.queue_of(person, language, today=today, most=most)
    return of_pages.beside(_texts_ordered(person, language, today=today), most=most)


def _texts_ordered(person: Person | None, language: str, *, today: date) -> Queue:
    """The texts that are ordered; one query while there are none, at most two a kind else."""
    keys: defaultdict[str, list[UUID]] = defaultdict(list)
    ordered = TranslationOrder.objects.current().filter(language=language).exclude(kind="")
    for name, key in ordered.values_list("kind", "page_key"):
        keys[name].append(key)
    if not keys:
        return Queue()
    known = Known.read(language, [key for some in keys.values() for key in some])
    texts = [
        one
        for name, wanted in keys.items()
        if name in KINDS
        for one in standing_of(KINDS[name], language, today=today, keys=wanted, known=known)
    ]
    to_do = [one for one in texts if one.state != State.REVIEW]
    mine = person.pk if person else None
    return Queue(
        mine=[one for one in to_do if one.owner_pk is not None and one.owner_pk == mine],
        review=[one for one in texts if one.state == State.REVIEW],
        free=[one for one in to_do if one.owner_pk is None],
    )
