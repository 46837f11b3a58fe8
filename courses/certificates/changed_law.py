"""What a change of the law does to certificates, told to the reviewer in numbers and no names."""

from collections.abc import Collection
from datetime import date
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, F, Max, Q
from django.db.models.functions import TruncDate
from django.utils.formats import date_format
from django.utils.translation import ngettext

from courses.models import CertificateRule
from rules.models import Decision


def told_of_certificates(decisions: Collection[Decision]) -> dict[int, str]:
    """How many certificates each of ``decisions`` met, and what becomes of them. One query.

    Met are those that were valid when it was taken. One that was revoked counts for nothing.
    """
    ends_early = Q(
        certificate__replaced_at__isnull=True, certificate__expires_on__lt=F("certificate__ends_on")
    )
    rows = (
        CertificateRule.objects.filter(rule__decisions__in=[one.pk for one in decisions])
        .annotate(decision=F("rule__decisions"), decided_at=F("rule__decisions__decided_at"))
        .filter(
            Q(certificate__replaced_at__isnull=True)
            | Q(certificate__replaced_at__gt=F("decided_at")),
            certificate__revoked_at__isnull=True,
            certificate__issued_at__lt=F("decided_at"),
            certificate__ends_on__gt=TruncDate("decided_at", tzinfo=ZoneInfo(settings.TIME_ZONE)),
        )
        .values("decision")
        .annotate(
            met=Count("pk"),
            early=Count("pk", filter=ends_early),
            renewed=Count("pk", filter=Q(certificate__replaced_at__isnull=False)),
            until=Max("certificate__expires_on", filter=ends_early),
        )
        .order_by()
    )
    return {row["decision"]: _said(row["met"], row["early"], row["renewed"], row["until"])
            for row in rows}  # fmt: skip


def _said(met: int, early: int, renewed: int, until: date | None) -> str:
    parts = [ngettext("%(count)s certificate rests on it", "%(count)s certificates rest on it", met)
             % {"count": met}]  # fmt: skip
    if until is not None:
        text = ngettext(
            "%(count)s ends early, by %(day)s, unless it is renewed",
            "%(count)s end early, by %(day)s, unless they are renewed",
            early,
        )
        parts.append(text % {"count": early, "day": date_format(until, "DATE_FORMAT")})
    if renewed:
        text = ngettext("%(count)s has been renewed", "%(count)s have been renewed", renewed)
        parts.append(text % {"count": renewed})
    return " · ".join(parts)
