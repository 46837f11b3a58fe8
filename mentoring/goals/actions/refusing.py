"""What is refused of goals and reflections."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


class GoalRefused(ValidationError):
    """Something about a goal was not accepted; nothing was saved.

    Codes: "terms" (messages by field in ``error_dict``), "no_mentor" (neither the person nor a
    mentor of today, or nobody to agree with), "there" (a live goal for the competence), "many",
    "changed" (somebody else was first), "own" (the other side answers), "ended", "same"
    (nothing is changed), "weeks", "not_participant", "erased".
    """

    code: str

    def __init__(self, message: Any, code: str, params: dict[str, Any] | None = None) -> None:
        super().__init__(message, code=code, params=params)
        self.code = code


def changed_meanwhile() -> GoalRefused:
    return GoalRefused(
        _("Somebody else changed it meanwhile. See how it stands now."), code="changed"
    )
