"""The PDF of a certificate: A4, tagged, with its own fonts; the same bytes for the same content."""

import io
import json
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import segno
import typst
from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from core.bilingual import Text
from core.mail import absolute_url
from courses.certificates.completions import heading_of, kind_of
from courses.certificates.law_date import law_date
from courses.models import Certificate

TEMPLATE = Path(__file__).with_name("template.typ")
Said = dict[str, str]


def draw(certificate: Certificate) -> bytes:
    """The PDF of ``certificate``, saved or not, in its language."""
    data = json.dumps(contents(certificate), ensure_ascii=False, sort_keys=True)
    drawn: bytes = typst.compile(
        _template(),
        sys_inputs={"data": data},
        pdf_standards="ua-1",  # tagged: read aloud in order, with title and language
        ignore_system_fonts=True,  # those that come with the library have every letter of ours
    )
    return drawn


@lru_cache(maxsize=1)
def _template() -> bytes:
    return TEMPLATE.read_bytes()


def check_address(certificate: Certificate) -> str:
    """Where anybody checks ``certificate``, in its language."""
    with override(certificate.language):
        return absolute_url(reverse("certificates:check-code", args=[certificate.code]))


def contents(certificate: Certificate) -> dict[str, Any]:
    """Everything that the PDF says, each text with its language."""
    language = certificate.language
    content, kind = certificate.content, kind_of(certificate.completed)
    course = Text.choose(content["title"], language)
    url = check_address(certificate)
    with override(language):
        bare = absolute_url(reverse("certificates:check"))
    day = certificate.issued_on
    heading = _say(language, lambda: heading_of(certificate.completed))
    qr_alt = _say(language, lambda: _("QR code to the page that checks this certificate"))
    return {
        "language": language,
        "title": f"{heading['text']}: {course}",
        "issuer": _issuer(),
        "keywords": [certificate.spelled_code],
        "issued": [day.year, day.month, day.day],
        "heading": heading,
        "holder": certificate.holder,
        "has_completed": _say(language, lambda: kind.has_completed if kind else _("has completed")),
        "course": {"text": course, "lang": course.language},
        "facts": _facts(certificate),
        "competences_heading": _say(language, lambda: _("What it shows")),
        "competences": [_text(texts, language) for texts in content["competences"]],
        "acts_heading": _say(language, lambda: _("The law it teaches")),
        "acts": [_text({"da": act["da"], "kl": act["kl"]}, language) for act in content["acts"]],
        "fallback": None if language == settings.LANGUAGE_CODE else
        _say(language, lambda: _("What is not translated yet stands in Danish.")),
        "qr": _qr(url),
        "qr_alt": qr_alt["text"],
        "check_heading": _say(language, lambda: _("Is it genuine?")),
        "check_text": _say(language, lambda: _(
            "Scan the code, or open the address and type it. The page says whether the certificate "
            "is valid, and whether the file has been altered.")),
        "check_url": url,
        "check_address": urlsplit(bare).netloc + urlsplit(bare).path,
        "code_label": _say(language, lambda: _("Code")),
        "code": certificate.spelled_code,
    }  # fmt: skip


def _facts(certificate: Certificate) -> list[dict[str, Said]]:
    language = certificate.language
    facts = [
        (lambda: _("Study time"), lambda: study_time(certificate.minutes)),
        (lambda: _("Completed"), lambda: _day(certificate.issued_on)),
        (
            lambda: _("Valid to and including"),
            lambda: _day(certificate.ends_on - timedelta(days=1)),
        ),
    ]
    if certificate.course_on is not None:
        kind = kind_of(certificate.completed)
        facts.append(
            (
                lambda: str(kind.version) if kind else _("Version of the course"),
                lambda: _day(certificate.course_on),
            )
        )
    said = [{"name": _say(language, name), "value": _say(language, value)} for name, value in facts]
    if law := law_date(certificate, language):
        name = _say(language, lambda: _("Date of the law"))
        said.append({"name": name, "value": {"text": law, "lang": law.language}})
    return said


def study_time(minutes: int) -> str:
    """Hours and minutes, in the active language."""
    hours, rest = divmod(minutes, 60)
    parts = []
    if hours:
        parts.append(ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours})
    if rest or not hours:
        parts.append(ngettext("%(count)s minute", "%(count)s minutes", rest) % {"count": rest})
    return " ".join(parts)


def _day(day: date | None) -> str:
    return date_format(day, "DATE_FORMAT") if day else ""


def _say(language: str, words: Any) -> Said:
    """A text of ours and the language it is in: what has no translation is Danish."""
    with override(settings.LANGUAGE_CODE):
        danish = str(words())
    with override(language):
        own = str(words())
    return {"text": own, "lang": settings.LANGUAGE_CODE if own == danish else language}


def _text(texts: dict[str, str], language: str) -> Said:
    chosen = Text.choose(texts, language)
    return {"text": chosen, "lang": chosen.language}


def _issuer() -> str:
    return f"Sidemand · {settings.SIDEMAND_RUN_BY}" if settings.SIDEMAND_RUN_BY else "Sidemand"


def _qr(url: str) -> str:
    drawn = io.BytesIO()
    segno.make(url, error="m", micro=False).save(
        drawn, kind="svg", border=2, xmldecl=False, nl=False
    )
    return drawn.getvalue().decode()
