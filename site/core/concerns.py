"""What a passage may tell about a family, in words, and how its author can write it instead.

The rule what to point out is ``core.identity``. A wording says as much as a note on the work needs
and fits one family as well as another; it is offered, never put in by itself.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy, pgettext_lazy

from core.identity import Kind

#: What a passage may tell.
CONCERNS = {
    Kind.FULL_DATE: gettext_lazy("a full date"),
    Kind.AGE: gettext_lazy("an age"),
    Kind.ADDRESS: gettext_lazy("an address"),
    Kind.NAME: gettext_lazy("a name"),
    Kind.SETTLEMENT: gettext_lazy("a settlement"),
    Kind.CASE_NUMBER: gettext_lazy("a case number"),
}

#: What can stand in its place, as part of a sentence.
WORDINGS: Mapping[Kind, tuple[Any, ...]] = {
    Kind.FULL_DATE: (
        pgettext_lazy("a neutral wording", "recently"),
        pgettext_lazy("a neutral wording", "the agreed day"),
    ),
    Kind.AGE: (
        pgettext_lazy("a neutral wording", "a younger child"),
        pgettext_lazy("a neutral wording", "a schoolchild"),
    ),
    Kind.ADDRESS: (
        pgettext_lazy("a neutral wording", "an address in the town"),
        pgettext_lazy("a neutral wording", "the family's home"),
    ),
    Kind.NAME: (
        pgettext_lazy("a neutral wording", "a colleague"),
        pgettext_lazy("a neutral wording", "a child"),
        pgettext_lazy("a neutral wording", "a parent"),
    ),
    Kind.SETTLEMENT: (
        pgettext_lazy("a neutral wording", "the settlement"),
        pgettext_lazy("a neutral wording", "a settlement in the municipality"),
    ),
    Kind.CASE_NUMBER: (
        pgettext_lazy("a neutral wording", "the case"),
        pgettext_lazy("a neutral wording", "one of our cases"),
    ),
}


def for_scripts() -> dict[str, Any]:
    """Both in the active language, for a page that is filled on the device."""
    return {
        "concerns": {kind.value: str(label) for kind, label in CONCERNS.items()},
        "wordings": {kind.value: [str(one) for one in many] for kind, many in WORDINGS.items()},
    }
