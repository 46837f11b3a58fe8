"""What goes live after the law has changed: marked, or held back, as if it had been live then.

A change of a rule marks what can be read at that moment (``rules.actions.mark_citing``). What was
planned, withdrawn or a draft then is looked at here once it goes live.
"""

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import TextField
from django.db.models.functions import Cast
from wagtail.models import Revision

from core import telling
from core.periods import local_day
from people.models import Person, Role
from rules.actions import mark_late
from rules.citations import Citation
from rules.models import Decision, ReviewItem

if TYPE_CHECKING:
    from pages.models import BasePage

#: What reviewers are told of a page that its check has held back.
HELD_BACK = "pages.held_back"


def mark_if_late(page: "BasePage", *, at: datetime) -> None:
    """Mark ``page`` for each of its rules that has changed since it was written to cite it.

    A decision counts once for each page and language: what somebody has looked through is not
    marked again. A text that began to cite the rule after the change was written under it. A copy
    that is not translated follows the Danish page. One query where nothing has changed.
    """
    rules = set() if page.alias_of_id else page.cited_rules()
    if not rules:
        return
    kind, key, language = page.cited_as, page.translation_key, page.language
    unmarked = Decision.objects.changes().unmarked(kind, key, language).filter(rule__in=rules)
    late = [one for one in unmarked if _cited_before(page, one) or _is_behind(page, one)]
    mark_late(kind, Citation(key, page.title, language), late, at=at)


@transaction.atomic
def hold_back(page: "BasePage", revision: Revision, *, at: datetime) -> None:
    """Leave ``revision``, which was to go live by now, unpublished: its check finds a problem.

    It is planned no more. The reviewers and whoever wrote it are told; its rules that have
    changed are marked. A second run at the same moment finds nothing to do.
    """
    planned = Revision.objects.select_for_update(no_key=True).filter(
        approved_go_live_at__isnull=False
    )
    kept = planned.filter(pk=revision.pk).first()
    if kept is None:
        return
    kept.approved_go_live_at = None
    kept.save(update_fields=["approved_go_live_at"])
    draft = kept.as_object()
    mark_if_late(draft, at=at)
    reviewing = Role.objects.valid_on(local_day(at)).filter(key=Role.Key.REVIEWER)
    told = {*Person.objects.filter(pk__in=reviewing.values("person"), user__is_active=True)}
    if writer := getattr(kept.user, "person", None):
        told.add(writer)
    for person in sorted(told, key=lambda one: str(one.pk)):
        telling.tell(
            person,
            HELD_BACK,
            {"title": draft.title},
            url="wagtailadmin_pages:edit",
            url_args=[page.pk],
        )


def _cited_before(page: "BasePage", decision: Decision) -> bool:
    """Whether some version of ``page`` from before ``decision`` names its rule."""
    earlier = Revision.objects.for_instance(page).filter(created_at__lt=decision.decided_at)
    texts = earlier.annotate(text=Cast("content", TextField()))
    return bool(texts.filter(text__contains=str(decision.rule_id)).exists())


def _is_behind(page: "BasePage", decision: Decision) -> bool:
    """Whether ``page`` translates a page that is still to be looked through."""
    waiting = ReviewItem.objects.open().filter(
        decision=decision,
        kind=page.cited_as,
        object_id=page.translation_key,
        language=settings.LANGUAGE_CODE,
    )
    return page.language != settings.LANGUAGE_CODE and waiting.exists()
