"""What lies below ``/api/`` is for programs: it has no language, and each refusal is JSON."""

from contextlib import suppress
from http import HTTPStatus

from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import translation

from core import database_identity

PREFIX = "/api/"
#: What a refusal is called that no view has named.
ERRORS = {
    HTTPStatus.BAD_REQUEST: "malformed",
    HTTPStatus.UNAUTHORIZED: "sign_in",
    HTTPStatus.FORBIDDEN: "forbidden",
    HTTPStatus.NOT_FOUND: "not_found",
    HTTPStatus.METHOD_NOT_ALLOWED: "method_not_allowed",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "too_large",
    HTTPStatus.TOO_MANY_REQUESTS: "too_many",
}


class ApiLocaleMiddleware(LocaleMiddleware):
    """Django's own, but a program that finds nothing is not led to the page of a reader.

    A device that keeps what somebody wrote must never take a page for a receipt.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Leave pages to Django; turn every refusal below ``/api/`` into JSON.

        Each answer below ``/api/`` says which database gave it.
        """
        if not request.path_info.startswith(PREFIX):
            answer: HttpResponseBase = super().process_response(request, response)
            return answer
        if response.status_code >= 400 and "json" not in response.get("Content-Type", ""):
            error = ERRORS.get(HTTPStatus(response.status_code), "failed")
            refusal = JsonResponse({"error": error}, status=response.status_code)
            for name in ("Allow", "Retry-After"):
                if name in response:
                    refusal[name] = response[name]
            response = refusal
        response.headers.setdefault("Content-Language", translation.get_language() or "")
        # A database that is down has failed the view already; the refusal must still get out.
        with suppress(DatabaseError):
            response.headers[database_identity.HEADER] = str(database_identity.current())
        return response
