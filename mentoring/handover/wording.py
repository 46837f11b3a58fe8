"""What somebody writes about a handover, judged as what they write about a session."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.core.exceptions import ValidationError

from mentoring.actions.pointing_out import point_out
from mentoring.content import clean_text


def judge(
    texts: Mapping[str, str], *, known: Collection[str], at: datetime, looked_again: bool
) -> dict[str, str]:
    """The texts as they are kept, by the name of their field.

    Args:
        known: Names that are no concern, of whoever takes part.
        looked_again: The author has seen what is pointed out and stands by the texts.

    Raises:
        ValidationError: With the messages of each field; none repeats a text.
        LookAgain: With what could show who a citizen is, by field.
    """
    clean, errors = {}, {}
    for name, text in texts.items():
        try:
            clean[name] = clean_text(text).strip()
        except ValidationError as error:
            errors[name] = error.error_list
    if errors:
        raise ValidationError(errors)
    point_out(clean, known, at=at, looked_again=looked_again)
    return clean
