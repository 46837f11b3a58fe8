"""What readers and editors change that is no page."""

from datetime import datetime
from uuid import UUID

from django.core.management import call_command
from django.db import transaction

from pages.models import TranslationRequest
from pages.tasks import check_links, pack_courses
from people.models import Person


def ask_for_translation(
    page_key: UUID, language: str, person: Person, *, at: datetime
) -> TranslationRequest:
    """Note that ``person`` wants to read a page in ``language``.

    Asking again changes nothing, unless the wish was answered by an earlier translation.
    """
    wish, _created = TranslationRequest.objects.get_or_create(
        page_key=page_key, language=language, asked_by=person, defaults={"asked_at": at}
    )
    if wish.answered_at is not None:
        wish.asked_at, wish.answered_at = at, None
        wish.save(update_fields=["asked_at", "answered_at"])
    return wish


def publish_scheduled(at: datetime) -> None:
    """Publish and take down what editors have planned for this moment; may run again."""
    call_command("publish_scheduled", verbosity=0)


def begin_link_check(at: datetime) -> None:
    """Let the worker ask addresses outside: waiting for them holds no transaction open."""
    transaction.on_commit(check_links.enqueue)


def begin_packing(at: datetime) -> None:
    """Let the worker draw what can be taken along: each part is a transaction of its own.

    After midnight that is every lesson, and nobody who saves something waits for all of them.
    """
    transaction.on_commit(pack_courses.enqueue)
