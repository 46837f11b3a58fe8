"""How the register says no."""

from typing import Any

from django.core.exceptions import ValidationError


class RegisterRefused(ValidationError):
    """A change of the register was refused and nothing was saved; ``code`` says why."""

    code: str

    def __init__(self, message: Any, *, code: str) -> None:
        super().__init__(message, code=code)
