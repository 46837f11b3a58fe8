"""Who may open a page of the bank in the admin."""

from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase


class BankMixin:
    """Asks for ``permission``, and gives the page what the admin's frame takes."""

    permission: ClassVar[str]
    page_title: Any = ""
    header_icon = "help"
    request: HttpRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Wagtail has asked who it is; here it is asked whether they may.

        Raises:
            PermissionDenied: For whoever may not.
        """
        if not request.user.has_perm(self.permission):
            raise PermissionDenied
        answer: HttpResponseBase = super().dispatch(  # type: ignore[misc]  # of a view
            request, *args, **kwargs
        )
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds what the frame shows."""
        frame = {"page_title": self.page_title, "header_icon": self.header_icon}
        context: dict[str, Any] = super().get_context_data(  # type: ignore[misc]  # of a view
            **frame | kwargs
        )
        return context


def attachment(text: str, name: str, kind: str) -> HttpResponse:
    """A file to keep."""
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    return HttpResponse(text, content_type=f"{kind}; charset=utf-8", headers=headers)
