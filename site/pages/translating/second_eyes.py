"""Two pairs of eyes: who translated a text is not who lets it go live.

One rule for every door. A text in another language than Danish may go live when it stands there
already, when it is still the Danish one, or when its words as a whole were approved by somebody
who wrote none of the new ones. ``BasePage.publish`` asks :func:`approve`, ``BasePage.save`` asks
:func:`refuse_unapproved`: wagtail-localize writes into the live page before it publishes.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page, Revision
from wagtail_localize.models import StringTranslation, Translation

from pages.models.translation import TranslationApproval
from pages.translating.passages import Passage, digest_of, passages_of, words_of
from people.models import Person

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from pages.models import BasePage
    from people.models import User


class TranslationRefused(ValidationError, PermissionDenied):
    """A translation may not go live, or an order not change, as asked; ``code`` says why.

    Wagtail's admin treats it as a lack of permission. It names a field of no form, so that
    wagtail-localize, which looks for the field, passes it on.
    """

    code: str

    def __init__(self, message: str, *, code: str) -> None:
        super().__init__({"translation": ValidationError(message, code=code)})
        self.code = code

    def __str__(self) -> str:
        return " ".join(self.messages)


def is_translation(page: Page) -> bool:
    """Whether ``page`` has words of its own in another language; a copy has the Danish ones."""
    return page.alias_of_id is None and page.locale.language_code != settings.LANGUAGE_CODE


def danish_of(page: Page) -> "BasePage | None":
    """The Danish page of which ``page`` is a translation, as it is stored."""
    found: BasePage | None = (
        type(page)
        .objects.filter(
            translation_key=page.translation_key, locale__language_code=settings.LANGUAGE_CODE
        )
        .first()
    )
    return found


def new_passages(page: Page, version: Page) -> list[Passage]:
    """What of ``version`` neither stands on the live page nor is Danish."""
    danish = danish_of(page)
    known = {passage.key for passage in passages_of(danish)} if danish else set()
    stored = type(page).objects.filter(pk=page.pk).first()
    if stored is not None and stored.live and stored.alias_of_id is None:
        known |= {passage.key for passage in passages_of(stored)}
    return [passage for passage in passages_of(version) if passage.key not in known]


def draft_of(page: Page) -> Page:
    """``page`` as it would be published now: from its segments, or from its newest version."""
    task = localized(page)
    if task is not None:
        made: Page = task.source.get_ephemeral_translated_instance(
            task.target_locale, fallback=True
        )
        return made
    revision = page.get_latest_revision()
    return revision.as_object() if revision else page.specific


def localized(page: Page) -> Translation | None:
    """The work on ``page`` in wagtail-localize; none where it is edited by hand."""
    return (
        Translation.objects.select_related("source", "target_locale")
        .filter(source__object_id=page.translation_key, target_locale=page.locale_id, enabled=True)
        .first()
    )


def writers_of(page: Page, new: Iterable[Passage]) -> set[Person]:
    """Who wrote these passages: in the editor of translations, else in a version of the page."""
    wanted = {passage.key for passage in new}
    if not wanted:
        return set()
    users: dict[Any, Any] = {}
    for text in StringTranslation.objects.filter(
        context__object_id=page.translation_key, locale=page.locale_id
    ).select_related("context", "last_translated_by"):
        key = (text.context.path, words_of(text.data))
        if key in wanted:
            users[key] = text.last_translated_by
    left = wanted - users.keys()
    versions = page.revisions.order_by("created_at", "pk").select_related("user")
    if page.live_revision_id:
        versions = versions.filter(pk__gt=page.live_revision_id)
    for version in versions if left else []:
        found = left & {passage.key for passage in passages_of(version.as_object())}
        users |= dict.fromkeys(found, version.user)
        left -= found
    accounts = {user.pk for user in users.values() if user is not None}
    return set(Person.objects.filter(user__in=accounts))


def why_not(page: Page, version: Page, by: Person | None) -> str:
    """Why ``by`` may not let ``version`` go live, in words; empty where they may."""
    new = new_passages(page, version)
    if not new or _approvals(page, passages_of(version)).exists():
        return ""
    if by is not None and by in writers_of(page, new):
        return _(
            "You have translated some of this yourself. Ask somebody else to look at it and "
            "publish it. Your text is kept as a draft."
        )
    return ""


@transaction.atomic
def approve(page: Page, version: Page, by: Person | None, *, at: datetime) -> None:
    """Let the words of ``version`` go live, looked at by ``by``; asking again changes nothing.

    Raises:
        TranslationRefused: With code "own_work" when ``by`` wrote some of what is new.
    """
    new = new_passages(page, version)
    passages = passages_of(version)
    if not new or _approvals(page, passages).exists():
        return
    writers = writers_of(page, new)
    if by is not None and by in writers:
        raise TranslationRefused(why_not(page, version, by), code="own_work")
    approval = TranslationApproval.objects.create(
        page_key=page.translation_key,
        language=page.locale.language_code,
        digest=digest_of(passages),
        approved_by=by,
        approved_at=at,
    )
    approval.translated_by.set(writers)


def approve_revision(
    page: Page, revision: Revision, user: "User | None", *, is_checked: bool = False
) -> None:
    """What ``BasePage.publish`` asks: whoever publishes is the second pair of eyes.

    wagtail-localize publishes without saying who; then it is who saved the version. What was
    planned was checked when it was planned (``is_checked``).

    Raises:
        TranslationRefused: See :func:`approve`.
    """
    if is_translation(page):
        who = None if is_checked else user or revision.user
        approve(page, revision.as_object(), person_of(who), at=timezone.now())


def person_of(user: "User | AnonymousUser | None") -> Person | None:
    """The person behind an account; none for the command line."""
    return getattr(user, "person", None) if user else None


def refuse_unapproved(page: Page) -> None:
    """What ``BasePage.save`` asks: no unapproved words are written into a live page.

    Raises:
        TranslationRefused: With code "not_approved". Nothing is saved.
    """
    if not (page.live and page.pk and is_translation(page)):
        return
    if new_passages(page, page) and not _approvals(page, passages_of(page)).exists():
        raise TranslationRefused(
            _("Somebody other than the translator must look at this text before it is published."),
            code="not_approved",
        )


def _approvals(page: Page, passages: list[Passage]) -> Any:
    return TranslationApproval.objects.of(page.translation_key, page.locale.language_code).filter(
        digest=digest_of(passages)
    )
