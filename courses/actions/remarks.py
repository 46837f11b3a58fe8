"""Tell the editors, answer, close. Each may be sent twice and counts once."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from core import access_log
from core.identity import refuse_cpr_like
from core.mail import absolute_url
from core.texts import as_kept
from courses.actions.refusals import LearningRefused
from courses.actions.reminders import wants
from courses.models import Case, Lesson, Remark
from courses.models.remark import LONGEST_REMARK
from notices.mail import send
from people.models import Person

#: So many messages one person may send within an hour.
MOST_IN_AN_HOUR = 10
KEPT = timedelta(days=2 * 365)


@transaction.atomic
def tell_editors(
    subject: Lesson | Case,
    person: Person,
    *,
    remark_id: UUID,
    kind: str,
    text: str,
    language: str,
    at: datetime,
) -> Remark:
    """Tell the editors something about ``subject``.

    The same id with the same words is the same message, however often it is sent.

    Args:
        remark_id: Made where the form is drawn.
        language: The one that the person was reading in.

    Raises:
        ValidationError: With code "cpr_like".
        LearningRefused: With code "conflict" when the id was used for something else, "empty" or
            "too_long" for the text, "too_many" after ten messages within an hour. Nothing is saved.
    """
    text = _checked(text)
    about: dict[str, Any] = {"lesson" if isinstance(subject, Lesson) else "case": subject}
    remark = Remark(
        pk=remark_id, person=person, kind=kind, text=text, language=language, sent_at=at, **about
    )
    if earlier := Remark.objects.filter(pk=remark_id).first():
        return _same(earlier, remark)
    # Whoever sends twice at once is counted.
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    since = at - timedelta(hours=1)
    if Remark.objects.filter(person=person, sent_at__gt=since).count() >= MOST_IN_AN_HOUR:
        raise LearningRefused(
            _("You have sent many messages. Wait an hour, and send this one then."), code="too_many"
        )
    try:
        with transaction.atomic():
            remark.save(force_insert=True)
    except IntegrityError:  # the same form was sent twice at once, and the other came first
        return _same(Remark.objects.get(pk=remark_id), remark)
    return remark


@transaction.atomic
def answer_remark(key: UUID, text: str, *, by: Person, at: datetime) -> Remark:
    """Answer a message; its reader is told on the start page and by mail, unless they stopped it.

    Whoever may do so is the view's to ask (``courses.change_remark``).

    Raises:
        Remark.DoesNotExist: When there is none.
        ValidationError: With code "cpr_like".
        LearningRefused: With code "answered" when somebody has answered it, with other words or in
            another name; "empty" or "too_long" for the text. Nothing is saved.
    """
    text = _checked(text)
    remark = (
        Remark.objects.select_for_update(of=("self",), no_key=True)
        .select_related("person")
        .get(pk=key)
    )
    if remark.answered_at is not None:
        if remark.answer == text and remark.answered_by_id == by.pk:
            return remark
        raise LearningRefused(
            _("Somebody has answered already. Read the answer; yours is not sent."), code="answered"
        )
    remark.answer, remark.answered_by, remark.answered_at = text, by, at
    remark.save(update_fields=["answer", "answered_by", "answered_at"])
    access_log.record(by.user, "answer", remark, at=at)
    if wants(remark.person, "answer", "mail"):
        with override(remark.person.language):
            said = {
                "title": str(remark.subject.title),
                "link": absolute_url(reverse("courses:remark", args=[remark.pk])),
                "choose": absolute_url(reverse("people:me")) + "#paamindelser",
            }
        send(
            remark.person,
            "courses/mail/answered",
            said,
            key=f"answered:{remark.pk}",
            stops="laering",
        )
    return remark


@transaction.atomic
def close_remark(key: UUID, *, by: Person, at: datetime) -> Remark:
    """Say that nothing more is to be done; whoever was first stays named.

    Raises:
        Remark.DoesNotExist: When there is none.
    """
    Remark.objects.filter(pk=key, closed_at__isnull=True).update(closed_at=at, closed_by=by)
    return Remark.objects.get(pk=key)


@transaction.atomic
def reopen_remark(key: UUID) -> Remark:
    """Take closing back.

    Raises:
        Remark.DoesNotExist: When there is none.
    """
    Remark.objects.filter(pk=key).update(closed_at=None, closed_by=None)
    return Remark.objects.get(pk=key)


def forget_remarks(at: datetime) -> int:
    """Delete what was closed two years ago, as the privacy page says; how many."""
    count, _rows = Remark.objects.filter(closed_at__lte=at - KEPT).delete()
    return count


def see_answer(key: UUID, person: Person, *, at: datetime) -> bool:
    """Remember that its reader has seen the answer; whether there is such a message of theirs."""
    own = Remark.objects.filter(pk=key, person=person)
    own.filter(answered_at__isnull=False, seen_at__isnull=True).update(seen_at=at)
    return own.exists()


def _checked(text: str) -> str:
    refuse_cpr_like(text)
    kept = as_kept(text)
    if not kept.strip():
        raise LearningRefused(_("Write a few words."), code="empty")
    if len(kept) > LONGEST_REMARK:
        raise LearningRefused(
            _("Write at most %(most)d characters.") % {"most": LONGEST_REMARK}, code="too_long"
        )
    return kept


def _same(earlier: Remark, sent: Remark) -> Remark:
    """The message that was kept, if it is this one."""
    names = ("person_id", "lesson_id", "case_id", "kind", "text", "language")
    if any(getattr(earlier, name) != getattr(sent, name) for name in names):
        raise LearningRefused(
            _("You have already sent this message. Send again to send the new one too."),
            code="conflict",
        )
    return earlier
