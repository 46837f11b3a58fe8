"""The mails about messages, written by the worker in the reader's language."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import override
from django_tasks import task

from core import telling
from core.mail import absolute_url, deliver
from core.periods import local_day
from notices import stopping
from notices.models import MailChoice, Notice
from notices.saying import say

#: The sort of mail that :mod:`notices.stopping` stops here.
STOPS = "beskeder"
#: The hour of the day, where the product is, from which on gathered mail leaves.
MORNING = 8
MONDAY = 0
MOST_IN_A_MAIL = 30


@task()
def send_notice(notice_id: str, attachments: list[list[str]]) -> bool:
    """Send one message now, unless its person has no address or no open account.

    Returns:
        Whether it was sent by this run.
    """
    notice = Notice.objects.select_related("person__user").filter(pk=notice_id).first()
    if notice is None or not _reads_mail(notice):
        return False
    person = notice.person
    kind = telling.kind_of(notice.kind)
    can_be_stopped = kind is not None and not kind.always
    with override(person.language):
        said = say(notice)
        context = {
            "name": person.name,
            "title": said.title,
            "more": said.more,
            "link": absolute_url(said.url or reverse("notices:inbox")),
            "stop": stopping.address(person, STOPS) if can_be_stopped else "",
        }
    return deliver(
        person.email,
        "notices/mail/notice",
        context,
        language=person.language,
        key=f"notice:{notice.pk}",
        headers=stopping.headers(person, STOPS) if can_be_stopped else None,
        attachments=[(name, content, kind) for name, content, kind in attachments],
    )


def _reads_mail(notice: Notice) -> bool:
    person = notice.person
    return bool(person.email) and (person.user is None or person.user.is_active)


def send_digests(at: datetime) -> int:
    """Queue the gathered mail of everybody whose time has come; how many. Runs every hour.

    Daily from eight in the morning, weekly on Mondays, at most once a day each.
    """
    local = at.astimezone(ZoneInfo(settings.TIME_ZONE))
    if local.hour < MORNING:
        return 0
    often = [MailChoice.Often.DAILY]
    if local.weekday() == MONDAY:
        often.append(MailChoice.Often.WEEKLY)
    today = local.replace(hour=0, minute=0, second=0, microsecond=0)
    waiting = Notice.objects.filter(digest_at__isnull=False, digest_at__lte=at)
    choices = MailChoice.objects.filter(
        often__in=often, person__in=waiting.values("person")
    ).exclude(digested_at__gte=today)
    count = 0
    for choice in choices.order_by("pk"):
        with transaction.atomic():
            taken = MailChoice.objects.filter(pk=choice.pk).exclude(digested_at__gte=today)
            if not taken.update(digested_at=at):
                continue
            send_digest.enqueue(str(choice.person_id), at.isoformat())
            count += 1
    return count


@task()
def send_digest(person_id: str, moment: str) -> bool:
    """Send what has gathered for a person until ``moment`` and was not read meanwhile."""
    at = datetime.fromisoformat(moment)
    found = Notice.objects.filter(
        person=UUID(person_id), digest_at__isnull=False, digest_at__lte=at
    )
    notices = list(found.select_related("person__user").order_by("-made_at", "pk"))
    if not notices:
        return False
    sent = False
    if _reads_mail(notices[0]):
        person = notices[0].person
        with override(person.language):
            context = {
                "name": person.name,
                "titles": [say(notice).title for notice in notices[:MOST_IN_A_MAIL]],
                "count": len(notices),
                "more": max(0, len(notices) - MOST_IN_A_MAIL),
                "link": absolute_url(reverse("notices:inbox")),
                "stop": stopping.address(person, STOPS),
            }
        sent = deliver(
            person.email,
            "notices/mail/digest",
            context,
            language=person.language,
            key=f"digest:{person.pk}:{local_day(at).isoformat()}",
            headers=stopping.headers(person, STOPS),
        )
    found.update(digest_at=None)
    return sent
