"""The translators' queue: who translates what until when, and who looks at it."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from wagtail.models import Locale, Page
from wagtail_localize.models import TranslationSource
from wagtail_localize.operations import TranslationCreator

from core import telling
from core.periods import local_day
from pages.models import BasePage, TranslationApproval, TranslationOrder, TranslationRequest
from pages.translating.passages import digest_of, passages_of, told, version_of
from pages.translating.second_eyes import (
    TranslationRefused,
    approve,
    danish_of,
    draft_of,
    is_translation,
    localized,
    new_passages,
    writers_of,
)
from people.models import Person, Role

if TYPE_CHECKING:
    from people.models import User

State = TranslationOrder.State
#: What is told to whoever asked for a page.
TRANSLATED = "pages.translated"


def translators(day: date) -> QuerySet[Person]:
    """Whom a page can be given to translate: translators, and editors who do it themselves."""
    roles = Role.objects.valid_on(day).filter(key__in=[Role.Key.TRANSLATOR, Role.Key.EDITOR])
    people = Person.objects.filter(pk__in=roles.values("person"), user__is_active=True)
    return people.order_by("name", "pk")


def page_in(page_key: UUID, language: str) -> Page:
    """The page under the address of ``language``; as itself, or as a copy of the Danish one.

    Raises:
        Page.DoesNotExist: Where there is none.
    """
    page: Page = Page.objects.get(translation_key=page_key, locale__language_code=language)
    return page.specific


@transaction.atomic
def order(
    page_key: UUID,
    language: str,
    *,
    at: datetime,
    by: Person | None,
    owner: Person | None = None,
    due_on: date | None = None,
    note: str = "",
    kind: str = "",
) -> TranslationOrder:
    """Ask for a translation, of ``owner`` or of whoever takes it; one that is open is changed.

    ``kind`` says what a record outside pages is; then ``page_key`` is the record's.

    Two editors who order the same page at once end with one order, the second one's.

    Raises:
        TranslationRefused: With code "not_a_translator" when ``owner`` has no such role today.
    """
    _refuse_others(owner, at)
    found = _locked(page_key, language)
    if found is None:
        try:
            with transaction.atomic():
                return TranslationOrder.objects.create(
                    kind=kind,
                    page_key=page_key,
                    language=language,
                    owner=owner,
                    due_on=due_on,
                    note=note,
                    ordered_by=by,
                    ordered_at=at,
                )
        except IntegrityError:
            found = _locked(page_key, language)
            if found is None:
                raise
    found.owner, found.due_on, found.note = owner, due_on, note
    found.save(update_fields=["owner", "due_on", "note"])
    return found


@transaction.atomic
def take(page_key: UUID, language: str, by: Person, *, at: datetime) -> TranslationOrder:
    """Let ``by`` translate the page: as its owner from now on, with segments to begin at.

    Raises:
        TranslationRefused: See :func:`own`.
    """
    found = own(page_key, language, by, at=at)
    begin(page_key, language, by.user)
    return found


@transaction.atomic
def own(
    page_key: UUID, language: str, by: Person, *, at: datetime, kind: str = ""
) -> TranslationOrder:
    """Give the order to ``by``, who takes it; one is made where there is none.

    Raises:
        TranslationRefused: With code "taken" when somebody else has it, "in_review" when it waits
            for the second pair of eyes, "not_a_translator" without that role.
    """
    _refuse_others(by, at)
    found = _locked(page_key, language)
    if found is None:
        found = order(page_key, language, at=at, by=by, owner=by, kind=kind)
    if found.state == State.REVIEW:
        raise TranslationRefused(
            _("It waits for the second pair of eyes. Send it back first."), code="in_review"
        )
    if found.owner_id not in {None, by.pk}:
        raise TranslationRefused(
            _("%(name)s has it. Ask for it to be handed over.") % {"name": found.owner},
            code="taken",
        )
    if found.owner_id is None:
        found.owner = by
        found.save(update_fields=["owner"])
    return found


@transaction.atomic
def hand_over(order_pk: UUID, owner: Person | None, *, at: datetime) -> TranslationOrder:
    """Give the order to ``owner``, or to whoever takes it.

    Raises:
        TranslationRefused: With code "closed" when it is closed, "not_a_translator" when
            ``owner`` has no such role today.
    """
    _refuse_others(owner, at)
    found = _open(order_pk)
    found.owner = owner
    found.save(update_fields=["owner"])
    return found


@transaction.atomic
def submit(order_pk: UUID, by: Person, *, at: datetime) -> TranslationOrder:
    """Send what is translated to the second pair of eyes.

    Raises:
        TranslationRefused: With code "closed"; "nothing_new" when nothing waits to be published.
            Sending twice changes nothing.
    """
    found = _open(order_pk)
    if found.state == State.REVIEW:
        return found
    page = page_in(found.page_key, found.language)
    if page.alias_of_id or not new_passages(page, draft_of(page)):
        raise TranslationRefused(
            _("Nothing new is translated yet. Translate a text first."), code="nothing_new"
        )
    send_on(found, by, at=at)
    return found


def send_on(found: TranslationOrder, by: Person | None, *, at: datetime) -> None:
    """Let the order, which is locked, wait for the second pair of eyes."""
    found.state = State.REVIEW
    found.submitted_by, found.submitted_at, found.remark = by, at, ""
    found.save(update_fields=["state", "submitted_by", "submitted_at", "remark"])


def close(page_key: UUID, language: str, by: Person | None, *, at: datetime) -> None:
    """What was ordered has gone live."""
    TranslationOrder.objects.current().of(page_key, language).update(
        state=State.DONE, closed_by=by, closed_at=at
    )


@transaction.atomic
def send_back(order_pk: UUID, remark: str) -> TranslationOrder:
    """Give it back to who translated it, with what is to be looked at once more.

    Raises:
        TranslationRefused: With code "closed", or "not_sent" when it does not wait.
    """
    found = _open(order_pk)
    if found.state != State.REVIEW:
        raise TranslationRefused(_("It is with the translator already."), code="not_sent")
    found.state, found.remark = State.OPEN, remark
    found.owner = found.owner or found.submitted_by
    found.save(update_fields=["state", "remark", "owner"])
    return found


@transaction.atomic
def drop(order_pk: UUID, by: Person | None, *, at: datetime) -> TranslationOrder:
    """It is needed no more; what is translated stays.

    Raises:
        TranslationRefused: With code "closed".
    """
    found = _open(order_pk)
    found.state, found.closed_by, found.closed_at = State.DROPPED, by, at
    found.save(update_fields=["state", "closed_by", "closed_at"])
    return found


@transaction.atomic
def publish(page: Page, by: Person, *, at: datetime, seen: str | None = None) -> None:
    """Let the translation of ``page`` go live as it is now, looked at by ``by``.

    Args:
        seen: The ``version_of`` the words that ``by`` has looked at; none where the press itself
            brings the translation in step.

    Raises:
        TranslationRefused: With code "own_work" when ``by`` translated some of it, "nothing_new"
            when nothing is translated, "not_live" when the Danish page cannot be read,
            "stale" when it says something else by now than what was looked at. Nothing is changed.
        PublishingRefused: When it cites a rule that is not verified. Nothing is changed.
    """
    danish = danish_of(page)
    if danish is None or not danish.live:
        raise TranslationRefused(
            _("The Danish page is not published. Publish it first."), code="not_live"
        )
    if page.alias_of_id:
        raise TranslationRefused(_("Nothing is translated yet."), code="nothing_new")
    draft = draft_of(page)
    words = version_of(passages_of(draft))
    approve(page, draft, by, at=at)
    _refuse_unseen(words, words if seen is None else seen)
    task = localized(page)
    if task is not None:
        task.save_target(user=by.user, publish=False)
        page = type(page).objects.get(pk=page.pk)
        _refuse_unseen(version_of(passages_of(draft_of(page))), words)  # written in between
    revision = page.get_latest_revision() or page.save_revision(user=by.user)
    revision.publish(user=by.user, skip_permission_checks=True)  # ours: to approve, see views


def _refuse_unseen(now: str, seen: str) -> None:
    if now != seen:
        raise TranslationRefused(
            _("The text has been changed since you looked at it. Look at it once more."),
            code="stale",
        )


def begin(page_key: UUID, language: str, user: "User | None") -> None:
    """Bring the segments of the page in step with the Danish text, and open the page for work.

    A page that is translated by hand, without segments, is left as it is.
    """
    page = page_in(page_key, language)
    danish = danish_of(page)
    if danish is None:
        return
    if page.alias_of_id is None:
        task = localized(page)
        if task is not None:
            task.source.update_from_db()
        return
    source = TranslationSource.objects.get_for_instance_or_none(danish)
    if source is not None:
        source.update_from_db()
    locale = Locale.objects.get(language_code=language)
    TranslationCreator(user, [locale]).create_translations(danish)
    page = page_in(page_key, language)
    if page.alias_of_id:  # words from before, not looked at, wait in its segments
        page.alias_of = None
        page.save()
        page.save_revision(user=user)


def went_live(page: BasePage, *, at: datetime) -> None:
    """Keep what a published translation was made from, close its order, tell who asked for it.

    A page that still says nothing but Danish is no translation, and closes nothing.
    """
    if not is_translation(page):
        _tell_outdated(page, at)
        return
    passages = passages_of(page)
    danish = danish_of(page)
    current = passages_of(danish) if danish else []
    if not {passage.key for passage in passages} - {passage.key for passage in current}:
        return
    task = localized(page)
    source = task.source.as_instance() if task is not None else danish
    made_from = told(passages_of(source)) if source is not None else []
    approval, _created = TranslationApproval.objects.get_or_create(
        page_key=page.translation_key,
        language=page.locale.language_code,
        digest=digest_of(passages),
        defaults={"approved_at": at},
    )
    approval.published_at, approval.made_from = at, made_from
    approval.outdated_at = None if made_from == told(current) else at
    approval.save(update_fields=["published_at", "made_from", "outdated_at"])
    close(page.translation_key, approval.language, approval.approved_by, at=at)
    _answer_wishes(page, approval.language, at)


def _tell_outdated(danish: BasePage, at: datetime) -> None:
    """Mark translations whose Danish text now says something else, or the same again."""
    if danish.locale.language_code != settings.LANGUAGE_CODE:
        return
    current: list[list[str]] | None = None
    seen: set[str] = set()
    for approval in TranslationApproval.objects.filter(page_key=danish.translation_key).published():
        if approval.language in seen:
            continue
        seen.add(approval.language)
        current = current if current is not None else told(passages_of(danish))
        outdated_at = None if approval.made_from == current else approval.outdated_at or at
        if outdated_at != approval.outdated_at:
            approval.outdated_at = outdated_at
            approval.save(update_fields=["outdated_at"])


def _answer_wishes(page: BasePage, language: str, at: datetime) -> None:
    """A message to everybody who asked, once for each wish."""
    wishes = TranslationRequest.objects.filter(
        page_key=page.translation_key, language=language, answered_at=None
    ).select_related("asked_by")
    for wish in wishes:
        taken = TranslationRequest.objects.filter(pk=wish.pk, answered_at=None)
        if taken.update(answered_at=at):
            telling.tell(
                wish.asked_by,
                TRANSLATED,
                {"title": page.title},
                url="ask_for_translation",
                url_args=[str(page.translation_key)],
            )


def may_approve(page: Page, by: Person) -> bool:
    """Whether ``by`` wrote none of what waits on ``page``."""
    return by not in writers_of(page, new_passages(page, draft_of(page)))


def wishes_for(keys: Iterable[UUID], language: str) -> QuerySet[TranslationRequest]:
    """What readers still wait for."""
    return TranslationRequest.objects.filter(page_key__in=keys, language=language, answered_at=None)


def _refuse_others(owner: Person | None, at: datetime) -> None:
    if owner is not None and not translators(local_day(at)).filter(pk=owner.pk).exists():
        raise TranslationRefused(
            _("%(name)s is no translator. Choose somebody else.") % {"name": owner},
            code="not_a_translator",
        )


def _locked(page_key: UUID, language: str) -> TranslationOrder | None:
    found = TranslationOrder.objects.select_for_update(of=("self",), no_key=True).current()
    return found.of(page_key, language).select_related("owner").first()


def _open(order_pk: UUID) -> TranslationOrder:
    found = TranslationOrder.objects.select_for_update(no_key=True).get(pk=order_pk)
    if found.closed_at is not None:
        raise TranslationRefused(_("Somebody has closed it already."), code="closed")
    return found
