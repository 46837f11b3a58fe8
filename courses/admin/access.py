"""Who may open a page of the bank in the admin."""

from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.generic import View
from django.views.generic.base import ContextMixin


class BankMixin(ContextMixin, View):
    """Asks for ``permission``, and gives the page what the admin's frame takes."""

    permission: ClassVar[str]
    page_title: Any = ""
    header_icon = "help"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Wagtail has asked who it is; here it is asked whether they may.

        Raises:
            PermissionDenied: For whoever may not.
        """
        if not request.user.has_perm(self.permission):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds what the frame shows."""
        frame = {"page_title": self.page_title, "header_icon": self.header_icon}
        return super().get_context_data(**frame | kwargs)


def attachment(text: str, name: str, kind: str) -> HttpResponse:
    """A file to keep."""
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    return HttpResponse(text, content_type=f"{kind}; charset=utf-8", headers=headers)
