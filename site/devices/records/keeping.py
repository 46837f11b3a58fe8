"""Keeping a record once: with what it does, in one transaction, and with one receipt for ever."""

from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction

from core.receipts import code_of
from devices.models import Record
from devices.records.kinds import Refused, Sender, Sent, kind_named


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was kept, and when; the same however often the same is sent.

    ``is_new``: it was this very sending that kept it. It is no part of what is handed out.
    """

    record: Record
    is_new: bool

    def as_json(self) -> dict[str, Any]:
        """What a device keeps before it takes its own copy out of the queue."""
        record = self.record
        return {
            "code": code_of(record.pk),
            "id": str(record.pk),
            "version": 1,
            "sha256": record.sha256,
            "received_at": record.received_at.isoformat(),
            "outcome": record.outcome,
        }


def keep(by: Sender, sent: Sent) -> Receipt:
    """Do what the record says, once, and give its receipt.

    Raises:
        Refused: With code "not_found" if the id is somebody else's, "conflict" if it was used for
            something else, or with what the domain says. Nothing is kept.
        Malformed, Http404, ValidationError: As the domain raises them. Nothing is kept.
    """
    if known := Record.objects.filter(pk=sent.id).first():
        return _as_before(known, by, sent)
    kind = kind_named(sent.kind)
    record = Record(
        pk=sent.id,
        owner=by.person,
        kind=sent.kind,
        sha256=sent.sha256,
        made_at=sent.made_at,
        received_at=sent.at,
    )
    try:
        with transaction.atomic():
            # First the row: whoever sends the same meanwhile waits for this one to end.
            record.save(force_insert=True)
            record.outcome = dict(kind.keep(by, sent))
            record.save(update_fields=["outcome"])
    except IntegrityError:
        known = Record.objects.filter(pk=sent.id).first()
        if known is None:  # it was something else that did not fit
            raise
        return _as_before(known, by, sent)
    return Receipt(record, is_new=True)


def _as_before(known: Record, by: Sender, sent: Sent) -> Receipt:
    if known.owner_id != by.person.pk:
        raise Refused("not_found", 404)
    if known.sha256 != sent.sha256:
        kept = {
            "kind": known.kind,
            "sha256": known.sha256,
            "made_at": known.made_at.isoformat(),
            "received_at": known.received_at.isoformat(),
            "outcome": known.outcome,
        }
        raise Refused("conflict", 409, kept=kept)
    return Receipt(known, is_new=False)
