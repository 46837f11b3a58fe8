"""Who may read a stored file: decided by its collection, for every kind alike."""

from typing import Any

from django.http import HttpRequest
from wagtail import permissions
from wagtail.models import CollectionViewRestriction
from wagtailmedia.permissions import get_permission_policy as media_policy

from files.models import Document, Image, Media


def restrictions_on(upload: Image | Document | Media) -> list[CollectionViewRestriction]:
    """What an editor has set on the file's collection or one above it; empty for a public one."""
    return list(upload.collection.get_view_restrictions())


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
