"""What comes back from sending a session: a receipt, or a refusal with its code."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.receipts import code_of
from mentoring.models import SessionVersion


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was stored, and when: the same for ever, however often the same is sent again.

    ``is_new``: it was this very sending that stored it. It is no part of what is handed out.
    """

    session_id: UUID
    version_id: UUID
    number: int
    sha256: str
    received_at: datetime
    is_new: bool = field(default=False, compare=False)

    @classmethod
    def of(cls, version: SessionVersion, *, is_new: bool = False) -> "Receipt":
        """The receipt of a version that is stored."""
        return cls(
            version.session_id,
            version.pk,
            version.number,
            version.sha256,
            version.received_at,
            is_new,
        )

    @property
    def code(self) -> str:
        """Eight characters that one can read out on the phone, for example ``7QK2-M9XD``."""
        return code_of(self.version_id)

    def as_json(self) -> dict[str, Any]:
        """What a device keeps before it deletes its own copy."""
        return {
            "code": self.code,
            "session": str(self.session_id),
            "version": str(self.version_id),
            "number": self.number,
            "sha256": self.sha256,
            "received_at": self.received_at.isoformat(),
        }


class SessionRefused(ValidationError):
    """A session, or something about it, was not accepted; nothing was changed.

    Codes: "invalid" (messages by field in ``error_dict``), "look_again", "not_found",
    "not_member", "stay_ended", "moved", "locked", "erased", "conflict", "parent_unknown", "taken",
    "not_participant", "open", "changed", "unchanged".
    """

    code: str

    def __init__(self, message: Any, code: str) -> None:
        super().__init__(message, code=code)
        self.code = code


class LookAgain(SessionRefused):
    """A text holds something that could show who a citizen is; its author decides.

    ``warnings`` names them by field, with their places in ``texts``; no message repeats a text.
    """

    def __init__(self, warnings: Mapping[str, Sequence[Any]], texts: Mapping[str, str]) -> None:
        super().__init__(_("Look once more before you send."), code="look_again")
        self.warnings = warnings
        self.texts = texts


class SessionConflict(SessionRefused):
    """Somebody else's version came first. Both are kept, unlike for every other refusal."""

    def __init__(self, current: SessionVersion, kept: SessionVersion) -> None:
        super().__init__(
            _("The session was changed in the meantime. Both versions are kept; choose one."),
            code="conflict",
        )
        self.current = current
        self.kept = kept
