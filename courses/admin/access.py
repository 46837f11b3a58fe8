"""Who may open a page of the bank in the admin."""

from typing import Any

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import HttpResponse
from django.views.generic import View
from django.views.generic.base import ContextMixin


class BankMixin(PermissionRequiredMixin, ContextMixin, View):
    """Asks for ``permission_required``, and gives the page what the admin's frame takes."""

    # Wagtail has asked who it is; here it is asked whether they may.
    raise_exception = True
    page_title: Any = ""
    header_icon = "help"

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
