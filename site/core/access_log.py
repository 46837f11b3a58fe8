"""The one way into the access log: who, did what, to which record, when (UTC)."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import models

from core.models import AccessLog

_WORD = re.compile(r"[a-z][a-z_]{1,39}")


def record(
    actor: Any, action: str, records: "models.Model | Iterable[models.Model]", *, at: datetime
) -> None:
    """Note that ``actor`` did ``action`` to one or several records at the moment ``at``.

    Args:
        actor: The account that acts; None for the command line.
        action: One lower-case word, for example ``view`` or ``give_role``.

    Raises:
        ValueError: If ``action`` is not such a word: the log never holds free text.
    """
    if not _WORD.fullmatch(action):
        raise ValueError("The access log takes one lower-case word as action.")
    if isinstance(records, models.Model):
        records = [records]
    AccessLog.objects.bulk_create(
        AccessLog(
            at=at, actor=actor, action=action, kind=item._meta.label_lower, record_id=str(item.pk)
        )
        for item in records
    )


def forget_before(at: datetime) -> None:
    """Delete lines older than ``at``, the end of the retention that the privacy page states."""
    models.QuerySet.delete(AccessLog.objects.filter(at__lt=at))
