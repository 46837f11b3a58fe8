"""Who may read a stored file: decided by its collection, for every kind alike."""

from django.http import HttpRequest
from wagtail.documents.permissions import permission_policy as document_policy
from wagtail.images.permissions import permission_policy as image_policy
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
    policy = (
        image_policy
        if isinstance(upload, Image)
        else document_policy
        if isinstance(upload, Document)
        else media_policy()
    )
    return bool(
        policy.user_has_any_permission_for_instance(request.user, ["choose", "change"], upload)
    )
