"""How an action says no."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError


class LearningRefused(ValidationError):
    """An action was refused and nothing was saved; ``code`` says why.

    ``unanswered`` holds the questions that still need an answer.
    """

    code: str

    def __init__(self, message: Any, *, code: str, unanswered: Collection[UUID] = ()) -> None:
        super().__init__(message, code=code)
        self.unanswered = frozenset(unanswered)
