"""Where a device sends its records, and the description for whoever writes one."""

import json
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from devices.records.keeping import keep
from devices.records.kinds import Malformed, Refused, Sender, Sent
from devices.records.schema import MOST_BYTES, document
from people.access import PersonRequiredMixin


class RecordView(PersonRequiredMixin):
    """One record, sent as often as it takes: 201 with a receipt, 200 with the same one again.

    For whoever has signed in; what each kind may touch is asked by its domain. The identity guard
    looks through all of it before it comes here.
    """

    http_method_names = ["put"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Signed out is a 401 in JSON, never a page that looks like success."""
        if not request.user.is_authenticated:
            return JsonResponse({"error": "sign_in"}, status=401)
        return super().dispatch(request, *args, **kwargs)

    def put(self, request: HttpRequest, record: UUID) -> JsonResponse:
        """Keep the record with this id."""
        if len(request.body) > MOST_BYTES:
            return JsonResponse({"error": "too_large"}, status=413)
        try:
            sent = Sent.read(record, _letter(request.body), at=timezone.now())
            receipt = keep(Sender(self.person, self.standing, request), sent)
        except Malformed:
            return JsonResponse({"error": "malformed"}, status=400)
        except Refused as refusal:
            return JsonResponse({"error": refusal.code, **refusal.told}, status=refusal.status)
        except ValidationError as refusal:
            return JsonResponse(_told(refusal), status=422)
        return JsonResponse(receipt.as_json(), status=201 if receipt.is_new else 200)


def _letter(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Malformed("json") from error


def _told(refusal: ValidationError) -> dict[str, Any]:
    """The refusal of an action: its code, and its messages by field. None repeats a text."""
    if hasattr(refusal, "error_dict"):
        return {"error": "invalid", "fields": refusal.message_dict}
    code = getattr(refusal, "code", None) or "invalid"
    return {"error": code, "message": " ".join(refusal.messages)}


@require_safe
@cache_control(public=True, max_age=3600)
def schema(_request: HttpRequest) -> JsonResponse:
    """The description, for everybody: it says nothing about anybody."""
    return JsonResponse(document(), content_type="application/vnd.oai.openapi+json")
