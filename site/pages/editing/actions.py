"""What editors do to a page beside writing it."""

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from wagtail.log_actions import log

from pages.editing.weighing import weigh

if TYPE_CHECKING:
    from pages.models import BasePage


@transaction.atomic
def give_reason(draft: "BasePage", reason: str, *, user: Any) -> None:
    """Say why the page may weigh what its newest version weighs, in a new version of it.

    The row of the page learns it too: the editor of translations writes its next version from
    there. Nothing else of the row changes, and nothing is published.

    Raises:
        PermissionDenied: For whoever may not edit the page, or not while it is locked or under
            review. Nothing is kept.
    """
    lock = draft.get_lock()
    if not draft.permissions_for_user(user).can_edit() or (lock and lock.for_user(user)):
        raise PermissionDenied
    draft.weight_reason = reason.strip()
    draft.weight_explained = weigh(draft).total
    type(draft).objects.filter(pk=draft.pk).update(
        weight_reason=draft.weight_reason, weight_explained=draft.weight_explained
    )
    revision = draft.save_revision(user=user, log_action=False, changed=False)
    log(
        draft,
        "pages.weight_reason",
        user=user,
        revision=revision,
        data={"reason": draft.weight_reason},
    )
