"""What happens beside a page's own change: records, aliases, pictures, kept bodies."""

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.utils import timezone
from wagtail.models import Page
from wagtail.signals import (
    page_published,
    page_slug_changed,
    page_unpublished,
    post_page_move,
)

from competences.signals import words_brought
from cooperation.models import Practice
from cooperation.practice.actions import practice_changed
from core.languages import KALAALLISUT
from courses.models import LearningPath
from files.models import Image
from files.signals import picture_replaced
from pages import finding, records
from pages.editing.shared import draw_anew, pages_showing
from pages.late import mark_if_late
from pages.models import BasePage, Checklist, ChecklistPoint, ContactCard, GlossaryTerm
from pages.rendering import bodies
from pages.tasks import prepare_pictures
from pages.translating import orders, proposing
from pages.weight import pictures_of
from rules.models import Rule
from rules.signals import rule_changed


@receiver(page_published)
def after_publishing(sender: type[Page], instance: Page, **kwargs: Any) -> None:
    """The record says what the page says now; under ``/kl/`` the page can be read too.

    What is marked says so itself, so that the record is written first.
    """
    records.sync_all([instance])
    records.ensure_aliases(instance)
    if isinstance(instance, BasePage):
        finding.enter_page(instance)
        orders.went_live(instance, at=timezone.now())
    if isinstance(instance, BasePage) and instance.live:
        mark_if_late(instance, at=timezone.now())
    if isinstance(instance, BasePage) and pictures_of(instance):
        transaction.on_commit(partial(prepare_pictures.enqueue, instance.pk))


@receiver(page_unpublished)
def after_unpublishing(sender: type[Page], instance: Page, **kwargs: Any) -> None:
    """The record offers the page no longer in this language."""
    records.sync_all([instance])


@receiver(post_page_move)
def after_moving(
    sender: type[Page], instance: Page, url_path_before: str, url_path_after: str, **kwargs: Any
) -> None:
    """Places have changed, and where the parent is another one, addresses too."""
    moved = Page.objects.get(pk=instance.pk)
    if url_path_before != url_path_after:
        records.sync_below(moved)
    records.sync_beside(moved)


@receiver(page_slug_changed)
def after_renaming(sender: type[Page], instance: Page, **kwargs: Any) -> None:
    """The addresses of the page and of all below it have changed."""
    records.sync_below(Page.objects.get(pk=instance.pk))


def after_saving(sender: type[Page], instance: BasePage, created: bool, **kwargs: Any) -> None:
    """A kept body may be old; a page that was made live at once has no record yet."""
    bodies.clear()
    if created and instance.live and not kwargs.get("raw"):
        records.sync_all([instance])
        finding.enter_page(instance)


def after_deleting(sender: type[Page], instance: records.LearningPage, **kwargs: Any) -> None:
    """The page is gone; what people did with it stays."""
    records.withdraw(instance)


@receiver(rule_changed)
def after_changing_a_rule(sender: object, rule: Rule, **kwargs: Any) -> None:
    """It is found by what it says now."""
    finding.enter_rule(rule)


@receiver(post_save, sender=LearningPath)
def after_saving_a_path(sender: object, instance: LearningPath, **kwargs: Any) -> None:
    """It is found by what it is called now, while it is offered."""
    finding.enter_path(instance)


@receiver(post_delete, sender=LearningPath)
def after_deleting_a_path(sender: object, instance: LearningPath, **kwargs: Any) -> None:
    """It is found no more."""
    finding.leave(finding.Kind.PATH, instance.pk)


@receiver(post_save, sender=GlossaryTerm)
def after_saving_a_word(sender: object, instance: GlossaryTerm, **kwargs: Any) -> None:
    """It is found by what it says now, and explained so."""
    finding.enter_word(instance)
    draw_anew(instance)


@receiver(post_save, sender=ContactCard)
@receiver(post_save, sender=Checklist)
def after_saving_what_is_shared(
    sender: object, instance: ContactCard | Checklist, **kwargs: Any
) -> None:
    """Every page that shows it shows what it says now."""
    draw_anew(instance)


@receiver(practice_changed)
def after_changing_an_example(sender: object, practice: Practice, **kwargs: Any) -> None:
    """So does every lesson that shows an example of good practice."""
    draw_anew(practice)


@receiver(post_save, sender=ChecklistPoint)
@receiver(post_delete, sender=ChecklistPoint)
def after_changing_a_point(sender: object, instance: ChecklistPoint, **kwargs: Any) -> None:
    """So does every page that shows its list."""
    draw_anew(Checklist(pk=instance.checklist_id))


@receiver(picture_replaced)
def after_replacing_a_picture(sender: object, image: Image, **kwargs: Any) -> None:
    """Every page shows the new one, whose sizes are made before somebody waits for them."""
    draw_anew(image)
    for page in pages_showing(image):
        transaction.on_commit(partial(prepare_pictures.enqueue, page.pk))


@receiver(post_delete, sender=Image)
def after_deleting_a_picture(sender: object, instance: Image, **kwargs: Any) -> None:
    """No page, and nothing that is taken along, names what is gone."""
    draw_anew(instance)


@receiver(post_delete, sender=GlossaryTerm)
def after_deleting_a_word(sender: object, instance: GlossaryTerm, **kwargs: Any) -> None:
    """It is found no more."""
    finding.leave(finding.Kind.WORD, instance.pk)


@receiver(words_brought)
def after_bringing_words(
    sender: object, record: Any, words: dict[str, str], by: Any, at: Any, **kwargs: Any
) -> None:
    """Kalaallisut that came with a file waits for the second pair of eyes."""
    proposing.bring(record, words, KALAALLISUT, by, at=at)


def connect() -> None:
    """Listen to the page types by name: Django tells no subclass of a sender."""
    for model in BasePage.__subclasses__():
        post_save.connect(after_saving, sender=model)
    for learning_page in records.LEARNING_PAGES:
        post_delete.connect(after_deleting, sender=learning_page)
