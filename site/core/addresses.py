"""What an address may hold, put right before any view reads it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class PlainAddressMiddleware:
    """Leaves the NUL characters out of the query of an address.

    No link or form of ours makes one, and PostgreSQL takes none in any text: whichever view
    looked something up by it would fail.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Go on with what is left."""
        query = request.META.get("QUERY_STRING", "")
        while "%00" in query or "\0" in query:  # what is left may hold another one
            query = query.replace("%00", "").replace("\0", "")
        request.META["QUERY_STRING"] = query
        return self.get_response(request)
