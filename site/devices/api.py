"""What a device asks of the server about itself: JSON both ways, for whoever has signed in."""

import base64
import json
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from allauth.account.authentication import get_authentication_records
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, JsonResponse, RawPostDataException
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.dateparse import parse_datetime
from django.views.generic import View

from devices import actions, keys
from devices.models import Device
from people.access import PersonRequiredMixin

MOST_BYTES = 8 * 1024
#: Whoever asks the server to open a key has shown so lately that it is they who sit there. No
#: longer than a shared computer stays open by itself, or the PIN would protect nothing.
FRESH_SECONDS = 5 * 60
STATUS = {
    "taken": 409,
    "too_many": 409,
    "revoked": 403,
    "key_gone": 409,
    "unopened": 422,
}


class Malformed(ValueError):
    """What was sent is not what this address takes."""


class DeviceApiView(PersonRequiredMixin, View):
    """Signed out is a 401 in JSON; a refusal is a code, never a page."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer, or say why not; no cache keeps either."""
        response = self._answer(request, *args, **kwargs)
        add_never_cache_headers(response)
        return response

    def _answer(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return JsonResponse({"error": "sign_in"}, status=401)
        try:
            return super().dispatch(request, *args, **kwargs)
        except Malformed:
            return JsonResponse({"error": "malformed"}, status=400)
        except Http404:
            return JsonResponse({"error": "not_found"}, status=404)
        except actions.DeviceRefused as refusal:
            code = str(refusal.code)
            return JsonResponse({"error": code}, status=STATUS[code])
        except ValidationError as refusal:
            return JsonResponse({"error": "invalid", "messages": refusal.messages}, status=422)

    def said(self) -> "Said":
        """The object that was sent.

        Raises:
            Malformed: It is none, or longer than it can be.
        """
        try:
            body = self.request.body
            sent = json.loads(body) if len(body) <= MOST_BYTES else None
        except (ValueError, RecursionError, RawPostDataException):  # the last: it was a form
            raise Malformed from None
        if not isinstance(sent, dict):
            raise Malformed
        return Said(sent)

    def device_of(self, said: "Said") -> Device:
        """The device it is about: one's own, or it is not found."""
        return get_object_or_404(
            Device.objects.select_related("owner__user"), pk=said.key("device"), owner=self.person
        )


@dataclass(frozen=True, slots=True)
class Said:
    """What was sent, field by field; whatever else it may be is ``Malformed``."""

    sent: dict[str, Any]

    def text(self, name: str) -> str:
        """A text without the character that no database keeps."""
        value = self.sent.get(name)
        if not isinstance(value, str) or "\0" in value:
            raise Malformed
        try:
            value.encode()
        except UnicodeEncodeError:  # half a surrogate pair
            raise Malformed from None
        return value

    def key(self, name: str) -> UUID:
        """An id."""
        try:
            return UUID(self.text(name))
        except ValueError:
            raise Malformed from None

    def flag(self, name: str) -> bool:
        """Yes or no."""
        value = self.sent.get(name)
        if not isinstance(value, bool):
            raise Malformed
        return value

    def count(self, name: str) -> int:
        """A whole number from nought on."""
        value = self.sent.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise Malformed
        return value

    def moment(self, name: str) -> datetime | None:
        """A moment with its time zone, or nothing."""
        if self.sent.get(name) is None:
            return None
        try:
            value = parse_datetime(self.text(name))
        except ValueError:
            raise Malformed from None
        if value is None or value.tzinfo is None:
            raise Malformed
        return value

    def binary(self, name: str) -> bytes:
        """Bytes in base64."""
        try:
            return base64.b64decode(self.text(name), validate=True)
        except ValueError:
            raise Malformed from None


class MineView(DeviceApiView):
    """Who has signed in, and the key to wrap with; and where a device is registered."""

    http_method_names = ["get", "post"]

    def get(self, request: HttpRequest) -> JsonResponse:
        """The owner as devices know them, and the server's public key, or none yet."""
        get_token(request)  # a device's own pages are nobody's, and bring no token along
        try:
            key_id, spki = keys.public_key()
        except keys.NoKey:
            return JsonResponse({"owner": str(self.person.pk), "key": None})
        return JsonResponse({"owner": str(self.person.pk), "key": {"id": key_id, "spki": spki}})

    def post(self, request: HttpRequest) -> JsonResponse:
        """Register a device of mine, as often as it takes."""
        said = self.said()
        device = actions.register(
            self.person,
            device_id=said.key("device"),
            name=said.text("name"),
            is_shared=said.flag("is_shared"),
            fingerprint=said.text("fingerprint"),
            at=timezone.now(),
        )
        return JsonResponse({"device": str(device.pk)}, status=201)


class ContactView(DeviceApiView):
    """A device of mine says how much waits on it, and since when; never what."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> JsonResponse:
        """Keep it; whether it was shut out meanwhile."""
        said = self.said()
        device = self.device_of(said)
        actions.note_contact(
            device,
            unsent_count=said.count("unsent"),
            oldest_unsent_at=said.moment("oldest_unsent_at"),
            at=timezone.now(),
        )
        return JsonResponse({"revoked": device.revoked_at is not None})


class OpenView(DeviceApiView):
    """Open the key of a device of mine, for whoever has just shown who they are."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> JsonResponse:
        """The key, to its owner alone."""
        said = self.said()
        device = self.device_of(said)
        if not has_just_signed_in(request):
            return JsonResponse({"error": "reauthenticate"}, status=403)
        opened = actions.open_key(
            device, wrapped=said.binary("wrapped"), key_id=said.text("key"), at=timezone.now()
        )
        return JsonResponse({"opened": base64.b64encode(opened).decode()})


def has_just_signed_in(request: HttpRequest) -> bool:
    """Whether password, passkey or code were given within five minutes."""
    records = get_authentication_records(request, request.user)
    latest = max((record["at"] for record in records), default=0.0)
    return time.time() - latest < FRESH_SECONDS
