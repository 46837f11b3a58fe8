"""What an editor reads when a page was refused at a door that has no form of its own."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from wagtail.admin import messages

from pages.models.base import PublishingRefused


class RefusalMiddleware:
    """Lead from a refused publication to the page, with the reason; its text is kept as a draft.

    The editor's own form asks at the field. This is for approving from a list, for the review's
    dialogue, and for whatever door comes next.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Say why; nothing for other exceptions, and outside the admin."""
        if not isinstance(exception, PublishingRefused):
            return None
        if not request.path_info.startswith("/admin/"):
            return None
        messages.error(request, " ".join(exception.messages))
        address = (
            reverse("wagtailadmin_pages:edit", args=[exception.page_pk])
            if exception.page_pk
            else reverse("wagtailadmin_home")
        )
        if request.headers.get("x-requested-with") == "XMLHttpRequest":  # the review's dialogue
            return JsonResponse({"step": "success", "redirect": address})
        return redirect(address)
