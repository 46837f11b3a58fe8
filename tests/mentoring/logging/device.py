"""A device that sends one session, however often."""

import uuid
from typing import Any

from mentoring.actions import Receipt, log_session
from mentoring.models import Pairing
from people.models import Person
from tests.factories.mentoring import AT


class Device:
    """Sends one session under the ids it has made."""

    def __init__(self, author: Person, pairing: Pairing) -> None:
        self.author, self.pairing = author, pairing
        self.session_id, self.version_id = uuid.uuid4(), uuid.uuid4()

    def send(self, content: dict[str, Any], **options: Any) -> Receipt:
        options = {"version_id": self.version_id, "at": AT, **options}
        return log_session(
            self.author, self.pairing, session_id=self.session_id, content=content, **options
        )


def refusal_code(refusal: Any) -> str:
    return str(refusal.value.code)
