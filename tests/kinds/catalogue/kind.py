"""What is said of one page in one state, and the most it may weigh."""

from dataclasses import dataclass
from typing import Any

#: Most bytes on the wire of a first view, images apart.
START, FORM, LESSON, PAGE = 40_000, 60_000, 25_000, 40_000
FIRST_HTML, SCRIPT = 14_000, 30_000


@dataclass(frozen=True)
class Kind:
    """One page in one state."""

    name: str
    path: str
    who: str = ""
    status: int = 200
    send: dict[str, Any] | None = None
    form: str = "main form"
    budget: int = PAGE
    requests: int = 3
    html: int = FIRST_HTML
    #: The languages it speaks; what fails before the language is known speaks Danish.
    speaks: tuple[str, ...] = ("da", "kl")


def empty(*names: str) -> dict[str, Any]:
    """These fields, left out."""
    return dict.fromkeys(names)


PEOPLE = (
    "caseworker", "mentor", "travelling", "leader", "coordinator", "town coordinator", "editor",
    "translator", "reviewer", "administrator", "new caseworker", "new mentor", "new travelling",
    "new leader", "new coordinator", "nobody",
)  # fmt: skip
