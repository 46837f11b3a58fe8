"""The date of the law that a certificate teaches: since when it holds, else the date of the act."""

from collections.abc import Mapping
from datetime import date

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from core.bilingual import Text
from courses.models import Certificate
from rules.models import Act


def frozen(act: Act) -> dict[str, str]:
    """What a certificate keeps of ``act`` on the day it is issued."""
    return {
        "number": act.number,
        "kind": act.kind,
        "dated_on": act.dated_on.isoformat() if act.dated_on else "",
        "da": act.title_da,
        "kl": act.title_kl,
    }


def law_date(certificate: Certificate, language: str) -> Text:
    """What ``certificate`` says of the date of its newest act; empty where nobody knows one.

    A sentence that is not translated is Danish as a whole, its month too.
    """
    newest = (certificate.content["acts"] or [{}])[-1]
    texts = {}
    with override(settings.LANGUAGE_CODE):
        danish = _pattern(newest)
        texts[settings.LANGUAGE_CODE] = _said(certificate.law_on, newest)
    with override(language):
        if certificate.law_on or _pattern(newest) != danish:
            texts[language] = _said(certificate.law_on, newest)
    return Text.choose(texts, language)


def _said(law_on: date | None, act: Mapping[str, str]) -> str:
    if law_on is not None:
        return date_format(law_on, "DATE_FORMAT")
    if not act.get("dated_on"):
        return ""
    day = date.fromisoformat(act["dated_on"])
    # The number of an act is written with its year, 11/2024, and the date says that already.
    number = act["number"].removesuffix(f"/{day.year}")
    return _pattern(act) % {"number": number, "day": date_format(day, "DATE_FORMAT")}


def _pattern(act: Mapping[str, str]) -> str:
    match act.get("kind"):
        case Act.Kind.CONSOLIDATION:
            return _("Consolidated act no. %(number)s of %(day)s")
        case Act.Kind.ORDER:
            return _("Executive order no. %(number)s of %(day)s")
        case _kind:
            return _("Act no. %(number)s of %(day)s")
