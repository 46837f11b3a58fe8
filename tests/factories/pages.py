"""Pages as editors make them: created as drafts below one another, then published."""

import itertools
import uuid
from typing import Any

from wagtail.models import Page

from pages import setup
from pages.models import BasePage, CataloguePage, CoursePage, HomePage, LessonPage, ModulePage

_numbers = itertools.count(1)


def make_home() -> HomePage:
    """The Danish front page, with its neighbour in Kalaallisut and the site record."""
    return setup.create_home_pages()


def put(parent: Page, page: BasePage, *, live: bool = True) -> Any:
    """``page`` below ``parent``, as an editor puts it there."""
    number = next(_numbers)
    page.title = page.title or f"Side {number}"
    page.slug = page.slug or f"side-{number}"
    page.locale = parent.locale
    page.live = False
    parent = Page.objects.get(pk=parent.pk)
    parent.add_child(instance=page)
    revision = page.save_revision()
    if live:
        revision.publish()
    return type(page).objects.get(pk=page.pk)


def make_catalogue() -> CataloguePage:
    """The one catalogue."""
    home = make_home()
    kept = CataloguePage.objects.filter(locale=home.locale).first()
    return kept or put(home, CataloguePage(title="Kurser", slug="kurser"))


def clear_pages() -> None:
    """No page but the root, as before ``prepare``: the demo brings a catalogue of its own."""
    Page.objects.filter(depth__gt=1).delete()


def make_course_page(**fields: Any) -> CoursePage:
    """A course in the catalogue."""
    return put(make_catalogue(), CoursePage(**fields))


def make_module_page(course: CoursePage | None = None, **fields: Any) -> ModulePage:
    """A module of ``course``, or of a new one."""
    return put(course or make_course_page(), ModulePage(**fields))


def make_lesson_page(
    module: ModulePage | None = None, *, live: bool = True, **fields: Any
) -> LessonPage:
    """A lesson of ``module``, or of a new one, with a paragraph of text unless told otherwise."""
    fields.setdefault("body", [text("<p>Beslut inden for 24 timer.</p>")])
    return put(module or make_module_page(), LessonPage(**fields), live=live)


def block(kind: str, value: Any) -> dict[str, Any]:
    """A block of a body, as it is stored."""
    return {"type": kind, "value": value, "id": str(uuid.uuid4())}


def text(html: str) -> dict[str, Any]:
    """A block of running text."""
    return block("text", html)


def edit(page: Any, **fields: Any) -> Any:
    """Change ``page`` and publish it."""
    page = type(page).objects.get(pk=page.pk)
    for name, value in fields.items():
        setattr(page, name, value)
    page.save_revision().publish()
    return type(page).objects.get(pk=page.pk)


def in_kalaallisut(page: Any) -> Any:
    """The page of ``page`` under ``/kl/``."""
    return type(page).objects.get(translation_key=page.translation_key, locale__language_code="kl")


def translate(alias: Any, **fields: Any) -> Any:
    """Turn the copy under ``/kl/`` into a page of its own, with ``fields`` translated."""
    alias.alias_of = None
    alias.save()
    return edit(alias, **fields)
