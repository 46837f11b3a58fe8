"""Work done after a page was published."""

from django.utils import timezone
from django_tasks import task
from wagtail.models import Page

from files.pictures import make_sizes
from pages.editing.links import check_outside_links
from pages.records import sync_all
from pages.travelling.packing import pack_all
from pages.weight import pictures_of


@task()
def prepare_pictures(page_pk: int) -> None:
    """Make every size of the pictures on a page, then note what the page weighs.

    May run twice: a size that exists is not made again.
    """
    page = Page.objects.filter(pk=page_pk).first()
    if page is None:
        return
    pictures = pictures_of(page.specific)
    for picture in pictures:
        make_sizes(picture)
    if pictures:
        sync_all([page])


@task()
def pack_courses() -> None:
    """Draw what has changed of everything that can be taken along; may run twice."""
    pack_all(timezone.now())


@task()
def check_links() -> None:
    """Ask some of the addresses outside that pages link to; may run twice."""
    check_outside_links(timezone.now())
