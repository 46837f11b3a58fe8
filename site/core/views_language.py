"""The language switch: the same page under the other language's prefix."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST


@csrf_exempt
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Remember the chosen language and show the page one came from in it.

    Open to everybody. Takes ``language``, ``next`` (a path on this host) and, where a page has
    another address in a language, ``next-<code>``. It asks for no CSRF token, so that public
    pages need no cookie; a request that another site sent is refused by its Origin. ``typed``
    says that something on the page would be lost: then the person is asked first.
    """
    if not _from_this_site(request):
        return HttpResponseForbidden()
    language = request.POST.get("language", "")
    if language not in dict(settings.LANGUAGES):
        language = settings.LANGUAGE_CODE
    if "typed" in request.POST:
        return _ask_first(request, language)
    target = request.POST.get(f"next-{language}") or request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        target = "/"
    response = HttpResponseRedirect(in_language(target, language))
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def _ask_first(request: HttpRequest, language: str) -> HttpResponse:
    """A page that says what would be lost, with a way on and a way back."""
    sent = [(name, value) for name, value in request.POST.items() if name.startswith("next")]
    name = dict(settings.LANGUAGES)[language]
    response = render(
        request, "language_typed.html", {"language": language, "name": name, "sent": sent}
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def in_language(path: str, language: str) -> str:
    """``path`` under the prefix of ``language``; without a prefix it stays as it is.

    >>> in_language("/da/start/?a=1", "kl")
    '/kl/start/?a=1'
    """
    for code, _name in settings.LANGUAGES:
        if path == f"/{code}" or path.startswith((f"/{code}/", f"/{code}?")):
            return f"/{language}{path[len(code) + 1 :]}"
    return path


def _from_this_site(request: HttpRequest) -> bool:
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.get_host()
