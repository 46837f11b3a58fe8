"""Views of a list: kept, renamed, opened first, forgotten."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from mentoring.models import SavedView
from people.models import Person

#: More names than this nobody finds again.
MOST_VIEWS = 20


class ViewRefused(ValidationError):
    """A view was not kept; nothing was saved.

    Codes: "name" for one that another view has, "many" when there are ``MOST_VIEWS``.
    """

    def __init__(self, message: Any, code: str) -> None:
        super().__init__(message, code=code)
        self.code = code


@transaction.atomic
def save_view(
    person: Person, listing: str, *, name: str, query: str, is_first: bool, at: datetime
) -> SavedView:
    """Keep what a list shows under a name; sent twice, it is kept once.

    Raises:
        ViewRefused: With code "name" when another view of the list is called so, "many".
        ValidationError: By field, for a name that does not hold.
    """
    own = _own(person, listing)
    known = own.filter(name=name).first()
    if known is not None and known.query != query:
        raise ViewRefused(_("You have a view of that name. Choose another."), code="name")
    if known is None and own.count() >= MOST_VIEWS:
        raise ViewRefused(
            _("You have 20 views of this list. Delete one that you no longer use."), code="many"
        )
    view = known or SavedView(person=person, listing=listing, name=name, query=query, made_at=at)
    view.full_clean()
    view.save()
    if is_first:
        open_first(view)
    return view


@transaction.atomic
def rename_view(view: SavedView, name: str) -> SavedView:
    """Give a view another name.

    Raises:
        ViewRefused: With code "name" when another view of the list is called so.
        ValidationError: By field, for a name that does not hold.
    """
    if _own(view.person, view.listing).filter(name=name).exclude(pk=view.pk).exists():
        raise ViewRefused(_("You have a view of that name. Choose another."), code="name")
    view.name = name
    view.full_clean()
    view.save(update_fields=["name"])
    return view


@transaction.atomic
def open_first(view: SavedView, *, on: bool = True) -> None:
    """Let the list open with this view, and with no other; or with none."""
    own = _own(view.person, view.listing)
    own.filter(is_first=True).update(is_first=False)
    own.filter(pk=view.pk).update(is_first=on)


def forget_view(view: SavedView) -> None:
    """Delete a view; what it showed stays."""
    SavedView.objects.filter(pk=view.pk).delete()


def _own(person: Person, listing: str) -> Any:
    """The person's views of the list; the person is locked, so that two at once take turns."""
    Person.objects.select_for_update(of=("self",), no_key=True).get(pk=person.pk)
    return SavedView.objects.filter(person=person, listing=listing)
