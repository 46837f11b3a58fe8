"""What the tests of sessions send, and how a caseworker confirms it."""

import uuid
from collections.abc import Callable
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mentoring.actions import (
    log_session,
)
from mentoring.models import Session
from people.models import Person
from tests.factories.mentoring import (
    content_for,
)

TEXT = "Gennemgik modtagelse af underretning med skabelon."


Browse = Callable[[Person], Client]


Sent = Callable[..., Session]


def newer(session: Session, **changes: Any) -> None:
    """A new version by the author."""
    people = [p.person for p in session.participants.filter(side="caseworker")]
    version = session.versions.latest("number")
    log_session(
        session.author,
        session.pairing,
        session_id=session.pk,
        version_id=changes.pop("version_id", None) or uuid.uuid4(),
        parent_id=changes.pop("parent_id", version.pk),
        content=content_for(*people, held_on=str(session.held_on), **changes),
        at=timezone.now(),
    )
    session.refresh_from_db()


def confirm(client: Client, *versions: object) -> Any:
    return client.post(reverse("mentoring:confirm"), {"version": versions}, follow=True)
