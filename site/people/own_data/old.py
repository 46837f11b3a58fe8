"""Deleting what is old, by type, as the apps declare it; with a report that says numbers alone."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.utils.module_loading import import_string

from core import access_log
from core.declarations import Fate, Keep, Records, all_records
from core.models import AccessLog
from core.periods import local_day
from people.models import DataExport
from people.models.own_data import FETCHABLE_FOR


@dataclass(frozen=True, slots=True)
class Line:
    """What the report says of one type: what was done to how many, and from when they were."""

    model: str
    done: str
    days: int
    count: int


def forget_old(*, at: datetime, dry_run: bool = False) -> list[Line]:
    """Delete or blank what is older than its app declares; each type in a transaction of its own.

    Args:
        dry_run: Count alone.

    Returns:
        One line per declared type, those with nothing to do too.
    """
    lines = []
    for records in all_records():
        for keep in records.keep:
            with transaction.atomic():
                count = _forget(records, keep, at=at, dry_run=dry_run)
            lines.append(Line(records.model, keep.then, keep.days, count))
    lines.append(_forget_exports(at=at, dry_run=dry_run))
    return lines


def _forget(records: Records, keep: Keep, *, at: datetime, dry_run: bool) -> int:
    before = at - timedelta(days=keep.days)
    if keep.work:
        count: int = import_string(keep.work)(before, at=at, dry_run=dry_run)
        return count
    since = records.model_class._meta.get_field(keep.since)
    limit: Any = before if isinstance(since, models.DateTimeField) else local_day(before)
    old = records.model_class._base_manager.filter(**{f"{keep.since}__lt": limit}, **keep.only)
    if keep.then == Fate.BLANKED:
        old = old.exclude(**records.blank)
    count = old.count()
    if count and not dry_run:
        if keep.then == Fate.ERASED:
            old.delete()
        else:
            old.update(**records.blank)
    return count


def forget_access_log(before: datetime, *, at: datetime, dry_run: bool) -> int:
    """Delete the lines of the access log from before that moment."""
    count = AccessLog.objects.filter(at__lt=before).count()
    if not dry_run:
        access_log.forget_before(before)
    return count


def _forget_exports(*, at: datetime, dry_run: bool) -> Line:
    """The files of exports that can no longer be fetched, and what never came to an end."""
    from people.own_data.exporting import forget_export

    old = list(DataExport.objects.filter(asked_at__lt=at - FETCHABLE_FOR))
    if not dry_run:
        with transaction.atomic():
            for export in old:
                forget_export(export)
    return Line("people.DataExport", Fate.ERASED, FETCHABLE_FOR.days, len(old))
