"""What bodies have to say on the first page of the cooperation."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from cooperation.permissions import readable_bodies
from core.start_page import Section
from people.permissions import Standing

SHOWN = 20


def my_bodies(_request: HttpRequest, standing: Standing) -> Section | None:
    """The bodies in which one sits, or that one looks after; one query."""
    found = readable_bodies(standing).valid_on(standing.day).order_by("kind", "name_da", "pk")
    bodies = list(found[:SHOWN])
    if not bodies:
        return None
    return Section(
        _("Groups and meetings"), "cooperation/bodies/section.html", {"bodies": bodies}, order=10
    )
