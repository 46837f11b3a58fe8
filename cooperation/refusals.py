"""What is said when a change of the cooperation is not accepted."""

from typing import Any

from django.core.exceptions import ValidationError


class CooperationRefused(ValidationError):
    """A change was not accepted; nothing was saved.

    ``field`` names the field of a form at which it is said, where there is one. Codes: "changed"
    (somebody else was first), "closed", "step" (not from this state), "empty", "period",
    "outside" (not of this body), "taken", "late" (it lies too far ahead, or behind), "early".
    """

    code: str

    def __init__(self, message: Any, code: str, field: str | None = None) -> None:
        super().__init__(message, code=code)
        self.code = code
        self.field = field


def changed() -> CooperationRefused:
    """Somebody else saved meanwhile."""
    from django.utils.translation import gettext as _

    return CooperationRefused(
        _("Somebody else has changed it meanwhile. Look at it, and save again if yours holds."),
        code="changed",
    )
