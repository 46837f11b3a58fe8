"""What every page shows around its content."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from core.data_saver import saves_data
from core.navigation import links_for


def site_chrome(request: HttpRequest) -> dict[str, Any]:
    """The keys listed at the top of ``base.html``; asks the database nothing by itself."""
    language = get_language() or settings.LANGUAGE_CODE
    return {
        "navigation": SimpleLazyObject(lambda: links_for(request)),
        "languages": settings.LANGUAGES,
        "language": language,
        # Strings without a Kalaallisut text are shown in Danish and say so.
        "interface_language": settings.LANGUAGE_CODE,
        "saves_data": saves_data(request),
        "demo_mark": settings.SIDEMAND_DEMO,
        "help_phone": settings.SIDEMAND_HELP_PHONE,
        "help_email": settings.SIDEMAND_HELP_EMAIL,
        "run_by": settings.SIDEMAND_RUN_BY,
    }
