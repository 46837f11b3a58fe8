"""A small correction: what an editor may publish alone, without a review.

A spelling mistake should not wait for a reviewer; a rule, a figure or a question must. So the draft
is held against the page as it is read now, and goes through only where

- its blocks are the same, in the same order, and only running text in them differs,
- no figure differs, written in digits or in words, no unit of time, month or day of the week, and
  no section or per cent sign,
- no word differs that binds: a duty, a denial, how many, on what condition, an authority
  (:mod:`pages.editing.binding`),
- where the page cites rules, no word takes the place of another unless it is a spelling of it,
- no link differs, and no more than a few words do,
- nothing else of the page differs: address, minutes, competences, schedule.

Everything else goes the usual way: draft, subject review, published. A correction is logged as
one, renews no review date, and stands on the reviewers' first page for two weeks.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from bs4 import BeautifulSoup
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.blocks import StreamValue
from wagtail.fields import StreamField
from wagtail.models import Page

from pages.editing.binding import binding, replaced
from pages.editing.figures import figures
from pages.models.base import CORRECTION

if TYPE_CHECKING:
    from pages.models import BasePage

PERMISSION = "pages.publish_correction"
MOST_WORDS = 25
#: How many of the words are named that took the place of others.
MOST_NAMED = 5
#: Fields of a page that are running text.
TEXTS = ("title", "introduction", "search_description")
#: What publishing itself writes, and what says nothing to a reader.
WITHOUT_MEANING = frozenset(
    {
        "latest_revision", "latest_revision_created_at", "live_revision", "draft_title",
        "has_unpublished_changes", "last_published_at", "first_published_at", "live", "expired",
        "page_ptr", "locked", "locked_at", "locked_by", "path", "depth", "numchild", "owner",
        "content_type", "url_path", "weight_reason", "weight_explained",
        "shared_stamp", *TEXTS,
    }
)  # fmt: skip
#: Blocks whose words may be put right. A difference, a source or a quiz is never only words.
TEXT_BLOCKS = frozenset({"heading", "text", "fact_box", "practice", "checklist"})
WORD = re.compile(r"\w+", re.UNICODE)


class CorrectionRefused(ValidationError):
    """The draft is no small correction, or may not be published as one now."""


@transaction.atomic
def publish_correction(page: "BasePage", *, user: Any, at: datetime) -> None:
    """Publish the newest draft of ``page`` without a review, logged as a small correction.

    Locks the page while it looks, so that what is published is what was looked at.

    Raises:
        PermissionDenied: For whoever may not edit the page, or not publish corrections.
        CorrectionRefused: With every reason why it needs a review. Nothing is published; the
            draft stays as it is.
        PublishingRefused: As for every publication.
    """
    may = user.has_perm(PERMISSION) and page.permissions_for_user(user).can_edit()
    if not may:
        raise PermissionDenied
    Page.objects.select_for_update(no_key=True).get(pk=page.pk)
    live = type(page).objects.get(pk=page.pk)
    revision = live.get_latest_revision()
    draft: BasePage = revision.as_object() if revision else live
    reasons = _not_now(live, draft, user, at) or list(why_no_correction(live, draft))
    if reasons:
        raise CorrectionRefused(reasons)
    try:
        for field in _streams(draft):
            field.stream_block.clean(getattr(draft, field.name))
        draft.full_clean()
    except ValidationError as problem:
        raise CorrectionRefused([_("A field is empty or too long: save it and look.")]) from problem
    revision.publish(
        user=user,
        log_action=CORRECTION,
        previous_revision=live.live_revision,  # the log then names what it was held against
        skip_permission_checks=True,
    )


def is_offered(page: Page, user: Any) -> bool:
    """Whether the button is shown: what the draft holds is judged when it is pressed."""
    return bool(
        page.live
        and page.alias_of_id is None
        and page.locale.language_code == settings.LANGUAGE_CODE
        and user.has_perm(PERMISSION)
        and not page.permissions_for_user(user).can_publish()
        and not page.workflow_in_progress
    )


def _not_now(live: "BasePage", draft: "BasePage", user: Any, at: datetime) -> list[str]:
    if not live.live:
        return [_("The page is not published. The first time, it goes through the review.")]
    if live.alias_of_id or live.language != settings.LANGUAGE_CODE:
        return [_("A translation is published by those who check it.")]
    if live.workflow_in_progress:
        return [_("The page is under review. Wait for the answer, or cancel the review.")]
    lock = live.get_lock()
    if lock is not None and lock.for_user(user):
        return [_("The page is locked.")]
    if draft.go_live_at and draft.go_live_at > at:
        return [_("The draft has a time at which it goes live. That needs a review.")]
    return []


# --- What a small correction is -----------------------------------------------------------------


def why_no_correction(live: "BasePage", draft: "BasePage") -> Iterator[str]:
    """Why the step from ``live`` to ``draft`` needs a review; nothing where it is small."""
    before, after = list(_texts(live)), list(_texts(draft))
    others = [name for name in _other_fields(live) if _value(live, name) != _value(draft, name)]
    if others:
        labels = (str(live._meta.get_field(name).verbose_name) for name in others)
        yield _("More than text has changed: %(fields)s.") % {"fields": ", ".join(labels)}
    if _shapes(live) != _shapes(draft):
        yield _("A block that holds more than text has changed, or blocks were added or moved.")
        return
    if before == after and not others:
        yield _("Nothing has changed since the page was published.")
        return
    yield from _in_words(before, after, is_of_rules=bool(live.cited_rules()))


def _in_words(before: list[str], after: list[str], *, is_of_rules: bool) -> Iterator[str]:
    """What of the changed words is more than spelling."""
    plain = [(_plain(old), _plain(new)) for old, new in zip(before, after, strict=True)]
    if any(figures(old) != figures(new) for old, new in plain):
        yield _("A figure or a time limit has changed.")
    if any(binding(old) != binding(new) for old, new in plain):
        yield _("A word has changed that says who must, may or must not, or on what condition.")
    others = [word for old, new in plain for word in replaced(old, new)] if is_of_rules else []
    if others:
        yield _("Another word has been written on a page that cites rules: %(words)s.") % {
            "words": ", ".join(others[:MOST_NAMED])
        }
    if [_links(text) for text in before] != [_links(text) for text in after]:
        yield _("A link has changed.")
    changed = sum(_changed_words(old, new) for old, new in plain)
    if changed > MOST_WORDS:
        yield _("%(count)d words have changed; a small correction changes at most %(most)d.") % {
            "count": changed,
            "most": MOST_WORDS,
        }


def _links(html: str) -> list[tuple[str, ...]]:
    anchors = BeautifulSoup(html, "html.parser").find_all("a") if "<a" in html else []
    names = ("href", "linktype", "id")
    return [tuple(str(anchor.get(name) or "") for name in names) for anchor in anchors]


def _plain(html: str) -> str:
    return BeautifulSoup(html, "html.parser").get_text(" ") if "<" in html else html


def _changed_words(before: str, after: str) -> int:
    old, new = WORD.findall(before), WORD.findall(after)
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return sum(max(i2 - i1, j2 - j1) for kind, i1, i2, j1, j2 in blocks if kind != "equal")


# --- A page as texts, and as everything else ----------------------------------------------------


def _streams(page: Page) -> list[StreamField]:
    return [field for field in page._meta.concrete_fields if isinstance(field, StreamField)]


def _other_fields(page: Page) -> list[str]:
    """The fields that are no running text, many-to-many ones included."""
    fields = [*page._meta.concrete_fields, *page._meta.many_to_many]
    return [
        field.name
        for field in fields
        if field.name not in WITHOUT_MEANING and not isinstance(field, StreamField)
    ]


def _value(page: Page, name: str) -> Any:
    value = getattr(page, name)
    return sorted(one.pk for one in value.all()) if hasattr(value, "all") else value


def _texts(page: "BasePage") -> Iterator[str]:
    """The running texts of ``page``: its own, then those of its text blocks."""
    for name in TEXTS:
        yield getattr(page, name)
    for child in _stored(page.body):
        if child["type"] in TEXT_BLOCKS:
            yield from _strings(child["value"])


def _shapes(page: "BasePage") -> list[Any]:
    """The page's blocks without their running text; whatever holds more than text is whole."""
    shapes: list[Any] = [
        (child["type"], child.get("id"), _hollow(child["value"]))
        if child["type"] in TEXT_BLOCKS
        else child
        for child in _stored(page.body)
    ]
    others = (field.name for field in _streams(page) if field.name != "body")
    return [*shapes, *(_stored(getattr(page, name)) for name in others)]


def _stored(stream: StreamValue) -> list[Any]:
    return list(stream.get_prep_value())


def _strings(value: Any) -> Iterator[str]:
    """The texts below ``value``, without the ids of list items."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item["value"] if isinstance(item, dict) else item)
    elif isinstance(value, dict):
        for name in sorted(value):
            yield from _strings(value[name])


def _hollow(value: Any) -> Any:
    """``value`` with every text left out: its shape."""
    if isinstance(value, list):
        return [
            {"id": item.get("id"), "value": _hollow(item.get("value"))}
            if isinstance(item, dict)
            else _hollow(item)
            for item in value
        ]
    if isinstance(value, dict):
        return {name: _hollow(part) for name, part in value.items()}
    return "" if isinstance(value, str) else value
