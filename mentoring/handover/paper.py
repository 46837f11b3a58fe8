"""The dossier on paper: drawn from the same HTML that its page shows, in the reader's language."""

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core import paper
from core.languages import human_date
from core.paper.markup import Reader, under_each_other
from core.periods import local_day
from mentoring.handover.words import Told
from mentoring.models import Handover


def file_of(handover: Handover, told: Told, *, reads_all: bool) -> bytes:
    """The PDF of what ``told`` says; nothing of it is kept anywhere."""
    ours = settings.LANGUAGE_CODE  # our words: what has no other translation is Danish
    title = _("Handover: %(town)s") % {"town": told.town}
    html = render_to_string(
        "mentoring/handover/dossier.html",
        {"told": told, "handover": handover, "reads_all": reads_all, "on_paper": True},
    )
    today = local_day(timezone.now())
    printed = _("Printed %(day)s. Keep it where only you can read it.") % {"day": human_date(today)}
    return paper.draw(
        {
            "language": get_language() or ours,
            "title": title,
            "issuer": _issuer(),
            "day": [today.year, today.month, today.day],
            "nodes": [
                {"k": "h", "level": 1, "runs": [_run(title, ours)]},
                {"k": "p", "runs": [_run(printed, ours)]},
                *under_each_other(Reader(ours).read(html), below=1),
            ],
            "pictures": [],
        }
    )


def _issuer() -> str:
    return f"Sidemand · {settings.SIDEMAND_RUN_BY}" if settings.SIDEMAND_RUN_BY else "Sidemand"


def _run(text: str, language: str) -> dict[str, Any]:
    return {"t": text, "lang": language, "b": False, "i": False, "href": ""}
