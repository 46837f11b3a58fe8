"""Two pairs of eyes for what stands outside pages: proposed by one, released by another.

How a text stands says :mod:`pages.translating.wordings`.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from core.periods import local_day
from pages.models import TranslationOrder, Wording
from pages.translating import orders
from pages.translating.records import KINDS, Kind, Place, kind_of
from pages.translating.second_eyes import TranslationRefused
from pages.translating.states import targets
from pages.translating.wordings import Standing, one_of, standing_of
from people.models import Person

RELEASE = "pages.release_wording"


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
    list(Wording.objects.select_for_update(no_key=True).of(key, language).proposed())
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
    found = (
        TranslationOrder.objects.select_for_update(no_key=True).current().of(key, language).first()
    )
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
    """What is known of the record: locked, with its proposal and order, before it is read.

    Raises:
        TranslationRefused: With code "missing" when it is not in use.
    """
    today = local_day(at)
    kind.hold(record, today)
    list(Wording.objects.select_for_update(no_key=True).of(record, language).proposed())
    list(TranslationOrder.objects.select_for_update(no_key=True).current().of(record, language))
    found = one_of(kind, record, language, today=today)
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
