"""Kits: what a page of a device needs where there is no link, for one person, as JSON.

A part of the site registers under a name what builds its kit. The device fetches it with net, keeps
it sealed, and asks again with the mark of what it has: an unchanged kit costs one small answer.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.decorators import method_decorator
from django.utils.http import quote_etag
from django.views.decorators.csrf import ensure_csrf_cookie

from core.access_log import record
from people.access import PersonRequiredMixin
from people.permissions import Standing

#: The content, and the records of others that it lets the person read; None for whoever has none.
Kit = tuple[dict[str, Any], Sequence[Model]]
Builder = Callable[[Standing], Kit | None]

_builders: dict[str, Builder] = {}


def register(name: str, build: Builder) -> None:
    """Let ``build`` make the kit ``name``; it asks as many queries at many rows as at one.

    Raises:
        ValueError: The name is taken.
    """
    if _builders.setdefault(name, build) is not build:
        raise ValueError(f"The kit {name} is built already.")


@method_decorator(ensure_csrf_cookie, name="dispatch")
class KitView(PersonRequiredMixin):
    """A kit of whoever has signed in. It brings the token, too, that sending takes."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest, name: str) -> HttpResponse:
        """The kit, that it has not changed, or nothing for whoever has none.

        Raises:
            Http404: There is no such kit.
        """
        build = _builders.get(name)
        if build is None:
            raise Http404
        kit = build(self.standing)
        if kit is None:
            return HttpResponse(status=204, headers={"Cache-Control": "private, no-cache"})
        content, shown = kit
        body = json.dumps(content, cls=DjangoJSONEncoder, ensure_ascii=False).encode()
        etag = quote_etag(hashlib.sha256(body).hexdigest())
        response = get_conditional_response(request, etag=etag)
        if response is None:
            response = HttpResponse(body, content_type="application/json")
            record(request.user, "read", shown, at=timezone.now())
        response["ETag"] = etag
        response["Cache-Control"] = "private, no-cache"
        return response
