"""What a browser asks for to keep the site on a device."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from devices import shell


@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """The script that serves the site without net. Open to everybody: it names nobody.

    At the root, because a worker serves only what lies below its own address.
    """
    return shell.answer_worker(request)


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """How the site looks as an app. Open to everybody.

    ``sprog`` names the language: a browser asks for it without its cookies.
    """
    language = request.GET.get("sprog", "")
    known = dict(settings.LANGUAGES)
    return shell.answer_manifest(request, language if language in known else settings.LANGUAGE_CODE)
