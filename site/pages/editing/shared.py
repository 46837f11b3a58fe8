"""Records that many pages show: where each is used, what changes with it, why it is kept."""

from collections.abc import Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import F
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import Page, ReferenceIndex, get_default_page_content_type

from pages import finding
from pages.models import BasePage, Checklist, ContactCard, GlossaryTerm
from pages.rendering import bodies
from rules.deleting import NAMED, Kept

SHARED = (ContactCard, Checklist, GlossaryTerm)


def pages_showing(record: models.Model) -> "models.QuerySet[Page]":
    """The pages whose published text or newest draft names ``record``, in the order of the tree."""
    named = ReferenceIndex.objects.filter(
        to_content_type=ContentType.objects.get_for_model(record),
        to_object_id=str(record.pk),
        base_content_type=get_default_page_content_type(),
    )
    keys = {int(key) for key in named.values_list("object_id", flat=True)}
    return Page.objects.filter(pk__in=keys).order_by("path")


@transaction.atomic
def draw_anew(record: models.Model) -> None:
    """Let every page that shows ``record`` be drawn and found by what it says now."""
    keys = list(pages_showing(record).values_list("pk", flat=True))
    if not keys:
        return
    for model in _kinds():
        shown = model.objects.filter(pk__in=keys)
        shown.update(shared_stamp=F("shared_stamp") + 1)
        for page in shown.live().filter(alias_of=None).select_related("locale"):
            finding.enter_page(page)
    bodies.clear()


def why_kept(record: models.Model) -> Kept | None:
    """Why ``record`` cannot be deleted: the pages that show it; None where none does."""
    pages = pages_showing(record).filter(alias_of=None)
    count = pages.count()
    if not count:
        return None
    text = ngettext(
        "“%(name)s” cannot be deleted: %(count)d page shows it.",
        "“%(name)s” cannot be deleted: %(count)d pages show it.",
        count,
    )
    named = [
        f"{capfirst(str(page.specific_class._meta.verbose_name))}: {page.title}"
        for page in pages[:NAMED]
    ]
    instead = _("Take it off those pages first, and publish them.")
    return Kept(text % {"name": record, "count": count}, named, max(0, count - NAMED), instead)


def _kinds() -> Iterable[Any]:
    return [model for model in BasePage.__subclasses__() if not model._meta.abstract]
