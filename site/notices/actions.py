"""Telling people, and what they do with what they were told."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from core import telling
from notices import tasks
from notices.models import MailChoice, Notice
from people.models import Person

Often = MailChoice.Often


def keep_notice(person: Person, notice: telling.Notice, **_signal: Any) -> None:
    """Hear :data:`core.telling.told`: keep it, and mail it as the person chose.

    Once the running transaction is committed; nothing that was rolled back was ever told.
    """
    kind = telling.kind_of(notice.kind)
    always = kind is not None and kind.always
    often = Often.NOW if always else often_of(person)
    now = timezone.now()
    kept = Notice.objects.create(
        person=person,
        kind=notice.kind,
        facts=dict(notice.facts),
        url=notice.url,
        url_args=[str(one) for one in notice.url_args],
        made_at=now,
        digest_at=now if often in {Often.DAILY, Often.WEEKLY} else None,
    )
    if often == Often.NOW:
        attachments = [[one.name, one.content, one.mime_type] for one in notice.attachments]
        transaction.on_commit(partial(tasks.send_notice.enqueue, str(kept.pk), attachments))


def often_of(person: Person) -> str:
    """How often ``person`` wants mail."""
    chosen = MailChoice.objects.filter(person=person).values_list("often", flat=True).first()
    return chosen or Often.NOW


@transaction.atomic
def choose_mail(person: Person, often: str, *, at: datetime) -> None:
    """Keep how often ``person`` wants mail. What waits to be gathered follows the choice."""
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    MailChoice.objects.update_or_create(person=person, defaults={"often": Often(often)})
    waiting = Notice.objects.filter(person=person, digest_at__isnull=False)
    if often == Often.NOW:  # rather twice here and in a mail than never
        for pk in waiting.values_list("pk", flat=True):
            transaction.on_commit(partial(tasks.send_notice.enqueue, str(pk), []))
    if often in {Often.NOW, Often.NEVER}:
        waiting.update(digest_at=None)


def stop_mail(person: Person) -> None:
    """Send ``person`` no more mail about messages; they stay on the site."""
    choose_mail(person, Often.NEVER, at=timezone.now())


# --- In the inbox ---------------------------------------------------------------------------------


def read_notice(person: Person, key: UUID, *, at: datetime) -> Notice | None:
    """Mark a message of ``person`` as read; none without one."""
    notice = Notice.objects.filter(person=person, pk=key).first()
    if notice is not None and notice.read_at is None:
        Notice.objects.filter(pk=key).update(read_at=at, digest_at=None)
        notice.read_at = at
    return notice


def archive_notices(
    person: Person, keys: Sequence[UUID], *, at: datetime, back: bool = False
) -> int:
    """Put messages of ``person`` away, or bring them ``back``; how many."""
    own = Notice.objects.filter(person=person, pk__in=keys)
    if back:
        return own.update(archived_at=None)
    return own.update(archived_at=at, digest_at=None)


def read_all(person: Person, *, at: datetime) -> int:
    """Mark everything of ``person`` as read; how many."""
    unread = Notice.objects.filter(person=person, read_at=None)
    return unread.update(read_at=at, digest_at=None)
