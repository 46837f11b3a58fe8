"""Agreements in lists: what was agreed, who does it, by when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from core.languages import human_date
from mentoring.models import Agreement


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """An agreement as a page shows it."""

    agreement: Agreement
    text: str
    language: str
    is_late: bool

    @property
    def facts(self) -> str:
        """Who does it, and by when, in words."""
        agreement = self.agreement
        if agreement.due_on is None:
            return str(agreement.owner.name)
        template = _("%(name)s, was due %(day)s") if self.is_late else _("%(name)s, by %(day)s")
        return template % {"name": agreement.owner.name, "day": human_date(agreement.due_on)}

    @property
    def label(self) -> str:
        """All of it in one line, as a box to tick says it."""
        return f"{self.text} · {self.facts}"


def rows_of(agreements: Iterable[Agreement], *, on: date) -> list[AgreementRow]:
    """Those agreements in words, in the same order; asked with ``in_words``, one query."""
    return [
        AgreementRow(
            agreement,
            _("The text was erased.") if agreement.text is None else agreement.text,
            agreement.version.content.get("text_languages", {}).get("next_step", ""),
            agreement.is_late(on=on),
        )
        for agreement in agreements
    ]
