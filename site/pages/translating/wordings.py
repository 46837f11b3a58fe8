"""Two pairs of eyes for what stands outside pages: proposed by one, released by another.

The record's own field is what readers see. A proposal waits beside it (:class:`Wording`) with the
Danish words it was made from, until somebody who wrote none of it releases it. Which records there
are says :mod:`pages.translating.records`.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from core.periods import local_day
from pages.models import TranslationOrder, Wording
from pages.translating import orders, states
from pages.translating.passages import Changed
from pages.translating.records import KINDS, Kind, Place, kind_of
from pages.translating.second_eyes import TranslationRefused
from pages.translating.states import WAITING, Queue, State, targets
from people.models import Person
from rules.differences import pieces

RELEASE = "pages.release_wording"
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


# --- What translators do ------------------------------------------------------------------------


@transaction.atomic
def take(kind: Kind, record: UUID, language: str, by: Person, *, at: datetime) -> TranslationOrder:
    """Let ``by`` translate it, as its owner from now on.

    Raises:
        TranslationRefused: As :func:`pages.translating.orders.take` does.
    """
    return orders.own(record, language, by, at=at, kind=kind.key)


@transaction.atomic
def write(
    kind: Kind,
    record: UUID,
    language: str,
    texts: Mapping[str, str],
    by: Person,
    *,
    at: datetime,
    seen: str = "",
) -> Wording | None:
    """Keep ``texts`` as the proposal; readers see nothing of it.

    Whoever changes a word of it is one of its writers. A text that is left empty is shown in
    Danish. What says again what is live, made from the Danish of today, is no proposal.

    Args:
        texts: What is proposed, by its place; a place that is left out stays as it is.
        seen: The ``version`` of what ``by`` had before them.

    Raises:
        TranslationRefused: With code "missing" when it is not in use, "in_review" while it waits
            for other eyes, "not_yours" when somebody else has it, "stale" when another text was
            kept meanwhile. Nothing is saved.
    """
    now = _standing(kind, record, language, at=at)
    if now.order is not None and now.order.state == TranslationOrder.State.REVIEW:
        raise TranslationRefused(
            _("It waits for the second pair of eyes. Send it back first."), code="in_review"
        )
    if now.owner_pk != by.pk:
        raise TranslationRefused(_("Take it first. It is not yours."), code="not_yours")
    if seen != now.version:
        raise TranslationRefused(
            _(
                "Somebody has saved another text meanwhile. Yours still stands here, but it is not "
                "saved. Save once more if it is to take the other one's place."
            ),
            code="stale",
        )
    wanted = {path: texts.get(path, words) for path, words in now.begun.items()}
    if wanted == now.live and not now.since(now.released):
        if now.proposed is not None:
            now.proposed.delete()
        return None
    proposed, is_new = Wording.objects.get_or_create(
        record=record,
        language=language,
        released_at=None,
        defaults={"kind": kind.key, "written_at": at},
    )
    if is_new or wanted != now.begun:
        proposed.written_by.add(by)
    proposed.texts = _told(wanted)
    proposed.made_from = _told(now.danish)
    proposed.written_at = at
    proposed.save()
    return proposed


@transaction.atomic
def bring(
    record: Any, words: Mapping[str, str], language: str, by: Person | None, *, at: datetime
) -> None:
    """Let ``words`` from a file wait for the second pair of eyes, as what ``by`` wrote.

    What somebody is at work on is left alone: what is proposed already stays as it is, and what a
    translator has taken is theirs to send on.

    Args:
        words: What the file says, by its place; what it leaves out stays as it is.
        by: Who brought the file; where nobody is known, anybody may release it.
    """
    kind = kind_of(record)
    if kind is None:
        raise ValueError(record)
    key = kind.key_of(record)
    list(Wording.objects.select_for_update().of(key, language).proposed())
    if Wording.objects.of(key, language).proposed().exists():
        return
    places = kind.places([record], language)[key]
    proposed = Wording.objects.create(
        kind=kind.key,
        record=key,
        language=language,
        texts=_told({place.path: words.get(place.path) or place.live for place in places}),
        made_from=_told({place.path: place.danish for place in places}),
        written_at=at,
    )
    if by is not None:
        proposed.written_by.add(by)
    found = TranslationOrder.objects.select_for_update().current().of(key, language).first()
    found = found or orders.order(key, language, at=at, by=by, kind=kind.key)
    if found.owner_id in {None, by.pk if by else None}:
        orders.send_on(found, by, at=at)


@transaction.atomic
def submit(
    kind: Kind, record: UUID, language: str, by: Person, *, at: datetime
) -> TranslationOrder:
    """Send what is proposed to the second pair of eyes.

    Raises:
        TranslationRefused: With code "nothing_new" when nothing is proposed, "changed" when the
            Danish text is newer. Sending twice changes nothing.
    """
    now = _standing(kind, record, language, at=at)
    if now.proposed is None:
        raise TranslationRefused(
            _("Nothing new is translated yet. Translate a text first."), code="nothing_new"
        )
    _refuse_changed(now)
    found = now.order or orders.order(record, language, at=at, by=by, owner=by, kind=kind.key)
    if found.state != TranslationOrder.State.REVIEW:
        orders.send_on(found, by, at=at)
    return found


@transaction.atomic
def release(
    kind: Kind, record: UUID, language: str, by: Person, *, at: datetime, seen: str
) -> Wording:
    """Let readers see what is proposed, looked at by ``by``; its order is closed.

    Args:
        seen: The ``version`` of what ``by`` has looked at.

    Raises:
        TranslationRefused: With code "not_sent" when nothing was sent on, "own_work" when ``by``
            wrote some of it, "stale" when it says something else by now, "changed" when the
            Danish text has changed since. Nothing is changed.
        ValidationError: When the record refuses it, as a question on a rule that is not verified.
    """
    now = _standing(kind, record, language, at=at)
    proposed = _for_other_eyes(now, by)
    if seen != now.version:
        raise TranslationRefused(
            _("The text has been changed since you looked at it. Look at it once more."),
            code="stale",
        )
    kind.put(now.record, dict(proposed.texts), language, at=at, by=by)
    proposed.released_by, proposed.released_at = by, at
    proposed.save(update_fields=["released_by", "released_at"])
    orders.close(record, language, by, at=at)
    log(instance=now.record, action=RELEASE, user=by.user, data={"language": language})
    return proposed


def why_not(now: Standing, by: Person) -> str:
    """Why ``by`` may not release it now, in words; empty where they may."""
    try:
        _for_other_eyes(now, by)
    except TranslationRefused as refusal:
        return str(refusal)
    return ""


def _for_other_eyes(now: Standing, by: Person) -> Wording:
    """What waits to be looked at by ``by``.

    Raises:
        TranslationRefused: With code "not_sent", "own_work" or "changed", see :func:`release`.
    """
    is_sent = now.order is not None and now.order.state == TranslationOrder.State.REVIEW
    if now.proposed is None or not is_sent:
        raise TranslationRefused(_("It is with the translator already."), code="not_sent")
    if now.proposed.written_by.filter(pk=by.pk).exists():
        raise TranslationRefused(
            _("You have written some of this yourself. Ask somebody else to release it."),
            code="own_work",
        )
    _refuse_changed(now)
    return now.proposed


def keep_what_is_live(*, at: datetime) -> int:
    """Write down of what Danish each text is made that came by a file; how many there were.

    From then on a newer Danish text is told. What is written down already is left alone.
    """
    count = 0
    for language, _name in targets():
        for kind in KINDS.values():
            for now in standing_of(kind, language, today=local_day(at)):
                if now.translated and now.released is None:
                    Wording.objects.create(
                        kind=kind.key,
                        record=now.key,
                        language=language,
                        texts=_told(now.live),
                        made_from=_told(now.danish),
                        written_at=at,
                        released_at=at,
                    )
                    _remember_danish(now.places)
                    count += 1
    return count


def _standing(kind: Kind, record: UUID, language: str, *, at: datetime) -> Standing:
    """What is known of the record, its proposal and order locked.

    Raises:
        TranslationRefused: With code "missing" when it is not in use.
    """
    list(Wording.objects.select_for_update().of(record, language).proposed())
    list(TranslationOrder.objects.select_for_update().current().of(record, language))
    found = one_of(kind, record, language, today=local_day(at))
    if found is None:
        raise TranslationRefused(_("It is not in use any more."), code="missing")
    return found


def _remember_danish(places: Iterable[Place]) -> None:
    """Let readers be told once the Danish of ``places`` changes; nothing is drawn anew by it."""
    changed: dict[UUID, Any] = {
        place.owner.pk: place.owner for place in places if place.remember_danish()
    }
    for owner in changed.values():
        type(owner)._base_manager.filter(pk=owner.pk).update(made_from=owner.made_from)


def _refuse_changed(now: Standing) -> None:
    if now.changed:
        raise TranslationRefused(
            _(
                "The Danish text has changed since it was translated. Look at what has changed, "
                "then save the translation anew."
            ),
            code="changed",
        )


def _told(texts: Mapping[str, str]) -> list[list[str]]:
    return [[path, words] for path, words in texts.items() if words]
