"""The content security policy: strict everywhere, looser only where Wagtail needs it."""

from csp.constants import SELF, UNSAFE_INLINE
from csp.middleware import CSPMiddleware
from django.http import HttpRequest
from django.http.response import HttpResponseBase


class PathCSPMiddleware(CSPMiddleware):
    """Allow inline scripts and styles under ``/admin/`` only: Wagtail's editor writes them."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if request.path_info.startswith("/admin/"):
            replaced = getattr(response, "_csp_replace", None) or {}
            response._csp_replace = {  # type: ignore[attr-defined]  # django-csp's own hook
                **replaced,
                "script-src": [SELF, UNSAFE_INLINE],
                "style-src": [SELF, UNSAFE_INLINE],
            }
        return super().process_response(request, response)
