"""Sending a session from a device: the same action as the form, answered in JSON."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from mentoring.actions import (
    LookAgain,
    Receipt,
    SessionConflict,
    SessionRefused,
    log_session,
    pairing_of_stay,
)
from mentoring.api.schema import MOST_BYTES, MOST_DONE
from mentoring.permissions import pairing_to_log_in
from mentoring.telling import for_device
from people.access import PersonRequiredMixin

STATUS = {
    "invalid": 422,
    "look_again": 422,
    "not_member": 422,
    "stay_ended": 422,
    "moved": 422,
    "not_found": 404,
    "erased": 410,
    "locked": 409,
    "conflict": 409,
    "parent_unknown": 409,
    "taken": 409,
}


class SessionView(PersonRequiredMixin):
    """One session, sent as often as it takes: 201 with a receipt, 200 with the same one again.

    For whoever is a mentor of the pairing, and for ninety days after a stay for whoever was one on
    the day of the session. What is not accepted is answered with a code that says why.
    """

    http_method_names = ["put"]
    answer_refuses_identity = (
        True  # log_session judges all it takes, and the answer names the field
    )

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Signed out is a 401 in JSON, never a page that looks like success."""
        if not request.user.is_authenticated:
            return JsonResponse({"error": "sign_in"}, status=401)
        return super().dispatch(request, *args, **kwargs)

    def put(self, request: HttpRequest, session: UUID) -> JsonResponse:
        """Send the session with this id. The pairing is one of mine, or it is not found."""
        if len(request.body) > MOST_BYTES:
            return JsonResponse({"error": "too_large"}, status=413)
        try:
            letter = _Letter.read(request.body)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return JsonResponse({"error": "malformed"}, status=400)
        at = timezone.now()
        may_read = pairing = pairing_to_log_in(self.standing, letter.pairing_id)
        try:
            if pairing is None:
                pairing = pairing_of_stay(self.standing, letter.pairing_id, on=letter.held_on)
            if pairing is None:
                return JsonResponse({"error": "not_found"}, status=404)
            receipt = log_session(self.person, pairing, session_id=session, at=at, **letter.rest)
        except SessionRefused as refusal:
            told = _told(refusal, may_read=may_read is not None)
            return JsonResponse(told, status=STATUS[refusal.code])
        # The same text may have been stored under another id: the device knows its own by this.
        answer = receipt.as_json() | {"sent_as": str(letter.rest["version_id"])}
        return JsonResponse(answer, status=201 if receipt.is_new else 200)


@dataclass(frozen=True, slots=True)
class _Letter:
    """What a device sends: the pairing, and the arguments of the action."""

    pairing_id: UUID
    held_on: date | None
    rest: dict[str, Any]

    @classmethod
    def read(cls, body: bytes) -> "_Letter":
        """The letter in ``body``.

        Raises:
            ValueError, TypeError, KeyError, AttributeError, RecursionError: It is none.
        """
        sent = json.loads(body)
        if not isinstance(sent["content"], dict):
            raise TypeError("The content is an object.")
        done = sent.get("done", [])
        if not isinstance(done, list) or len(done) > MOST_DONE:
            raise TypeError("What is done is a list.")
        return cls(
            UUID(sent["pairing"]),
            _day(sent["content"].get("held_on")),
            {
                "version_id": UUID(sent["version"]),
                "parent_id": UUID(sent["parent"]) if sent.get("parent") else None,
                "joins_id": UUID(sent["joins"]) if sent.get("joins") else None,
                "content": sent["content"],
                "done": [UUID(one) for one in done],
                "device_at": _moment(sent.get("device_at")),
                "looked_again": sent.get("looked_again") is True,
            },
        )


def _day(value: object) -> date | None:
    """The day that is stated, if it is one; what is wrong with it is said elsewhere."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _moment(value: object) -> datetime | None:
    """An aware moment, or nothing.

    Raises:
        ValueError: For anything else.
    """
    if value is None:
        return None
    moment = parse_datetime(value) if isinstance(value, str) else None
    if moment is None or moment.tzinfo is None:
        raise ValueError("A moment names its time zone.")
    return moment


def _told(refusal: SessionRefused, *, may_read: bool) -> dict[str, Any]:
    """The refusal for a device: its code, and what it needs to show it.

    Whose stay has ended reads nothing of the pairing any more, not even in a conflict.
    """
    told: dict[str, Any] = {"error": refusal.code}
    if isinstance(refusal, SessionConflict):
        told["kept"] = for_device(refusal.kept)
        told["receipt"] = Receipt.of(refusal.kept).as_json()
        if may_read:
            told["current"] = for_device(refusal.current)
    elif isinstance(refusal, LookAgain):
        told["warnings"] = {
            field: [list(concern) for concern in concerns]
            for field, concerns in refusal.warnings.items()
        }
    elif hasattr(refusal, "error_dict"):
        told["fields"] = refusal.message_dict
    return told
