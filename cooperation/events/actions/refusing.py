"""Why a change of an event was not accepted."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cooperation.models import Event


class EventRefused(ValidationError):
    """A change was not accepted; nothing was saved.

    Codes: "changed" (somebody else was first), "cancelled", "draft", "over" (it has begun),
    "seats" (fewer than are promised or taken), "days" (something lies outside them), "field"
    (one that does not hold), "overlap" (two workshops at one time), "twice".
    """

    def __init__(self, message: Any, code: str) -> None:
        super().__init__(message, code=code)
        self.code = code


def locked(event: Event, *, seen: int | None = None) -> Event:
    """The event as it stands now, locked until the transaction ends.

    Raises:
        EventRefused: With code "changed" for another version than was ``seen``, "cancelled".
    """
    found = Event.objects.select_for_update(of=("self",), no_key=True).select_related(
        "place", "host"
    )
    now = found.get(pk=event.pk)
    if now.state == Event.State.CANCELLED:
        raise EventRefused(_("The event is cancelled."), "cancelled")
    if seen is not None and now.version != seen:
        raise EventRefused(somebody_was_first(), "changed")
    return now


def somebody_was_first() -> str:
    """What is said to whoever comes second."""
    return _(
        "Somebody else has changed this meanwhile. Look at yours again; "
        "if you send it once more, yours counts."
    )
