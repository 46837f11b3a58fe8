"""What other apps let somebody choose on their own page: each brings a section of its own.

An app registers a provider in ``AppConfig.ready``, as for the start page (``core.start_page``). Its
template draws its own heading and its own form, which is sent to an address of the app.
"""

from django.http import HttpRequest

from core.start_page import Provider, Section

_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """Let ``provider`` add to one's own page; registering it twice changes nothing."""
    if provider not in _providers:
        _providers.append(provider)


def sections_for(request: HttpRequest, standing: object) -> list[Section]:
    """The sections of the person with ``standing``, in order."""
    offered = (provider(request, standing) for provider in _providers)
    return sorted(
        (section for section in offered if section is not None),
        key=lambda section: (section.order, str(section.title)),
    )
