"""Who may read a stored file: decided by its collection, for every kind alike."""

from collections.abc import Collection
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from wagtail import permissions
from wagtail.models import CollectionViewRestriction
from wagtailmedia.permissions import get_permission_policy as media_policy

from files.models import Document, Image, Media, Rendition


def restrictions_on(upload: Image | Document | Media) -> list[CollectionViewRestriction]:
    """What an editor has set on the file's collection or one above it; empty for a public one."""
    return list(upload.collection.get_view_restrictions())


def closed_among(drawn: Collection[str]) -> set[str]:
    """Those of the drawn pictures, by the name of their file, whose collection is not public.

    Two queries at most.
    """
    if not drawn:
        return set()
    paths = CollectionViewRestriction.objects.values_list("collection__path", flat=True).distinct()
    below = [Q(image__collection__path__startswith=path) for path in paths]
    if not below:
        return set()
    closed = Rendition.objects.filter(reduce(or_, below), file__in=drawn)
    return set(closed.values_list("file", flat=True))


def may_read(
    request: HttpRequest,
    upload: Image | Document | Media,
    restrictions: list[CollectionViewRestriction],
) -> bool:
    """Whether this reader passes every restriction, or works with the file in the admin."""
    if all(restriction.accept_request(request) for restriction in restrictions):
        return True
    return request.user.is_authenticated and _works_with(request, upload)


def _works_with(request: HttpRequest, upload: Image | Document | Media) -> bool:
    return bool(
        _policy_of(upload).user_has_any_permission_for_instance(
            request.user, ["choose", "change"], upload
        )
    )


def _policy_of(upload: Image | Document | Media) -> Any:
    """What Wagtail's admin itself asks about such a file."""
    if isinstance(upload, Media):
        return media_policy()
    if registry := getattr(permissions, "policy_registry", None):  # from Wagtail 8 on
        return registry.get(upload)
    if isinstance(upload, Image):
        from wagtail.images.permissions import permission_policy
    else:
        from wagtail.documents.permissions import permission_policy
    return permission_policy
