"""What a device may ask while nobody is signed in on it: whether its owner's account is open.

A device that is answered 401 cannot tell a session that has run out from an account that was
closed, and its owner must do something else in each case. It names itself by the id that it made,
which nobody can guess; all that is told is whether the account is open.
"""

import json
from uuid import UUID

from django.http import HttpRequest, JsonResponse, RawPostDataException
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from devices.models import Device

MOST_BYTES = 1024


@csrf_exempt  # it changes nothing
@require_POST
def standing(request: HttpRequest) -> JsonResponse:
    """Whether the account of the device's owner is open, closed, or not known.

    Open to everybody. By POST, so that the id stands in no address and no log.
    """
    try:
        body = request.body
    except RawPostDataException:  # it was a form
        return JsonResponse({"error": "malformed"}, status=400)
    if len(body) > MOST_BYTES:
        return JsonResponse({"error": "too_large"}, status=413)
    try:
        device = UUID(json.loads(body)["device"])
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return JsonResponse({"error": "malformed"}, status=400)
    is_active = (
        Device.objects.filter(pk=device).values_list("owner__user__is_active", flat=True).first()
    )
    account = "unknown" if is_active is None else "open" if is_active else "closed"
    return JsonResponse({"account": account})
