"""Agreements: made with the session that they stand in, followed until they are done."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from mentoring.models import Agreement, Pairing, SessionVersion
from people.models import Person


def keep_agreement(
    version: SessionVersion, pairing: Pairing, *, is_first: bool, at: datetime
) -> None:
    """Let the agreement of a session say what ``version``, now its current one, says.

    One that is done stays as it was done, and one that was handed over stays with whoever took
    it over unless ``version`` names somebody else. Part of storing the version, in its transaction.
    """
    owner, due = version.content.get("next_owner"), version.content.get("next_by")
    stated = {
        "version": version,
        "owner_id": owner and UUID(owner),
        "due_on": due and date.fromisoformat(due),
    }
    if not is_first:
        known = (
            Agreement.objects.select_for_update(of=("self",), no_key=True)
            .select_related("version")
            .filter(session=version.session_id)
            .first()
        )
        if known is not None:
            if known.version.content.get("next_owner") == owner:
                del stated["owner_id"]
            if known.done_on is None and owner:
                Agreement.objects.filter(pk=known.pk).update(**stated)
            elif known.done_on is None:
                known.delete()
            return
    if owner:
        Agreement.objects.create(
            pairing=pairing, session_id=version.session_id, made_at=at, **stated
        )


def pass_on(pairing: Pairing, was: Person, to: Person) -> None:
    """Let ``to`` do what ``was`` had promised in the pairing and has not done."""
    Agreement.objects.open().filter(pairing=pairing, owner=was).update(owner=to)


def mark_done(person: Person, pairing: Pairing, agreements: Collection[UUID], *, on: date) -> None:
    """Mark those of ``agreements`` that ``person`` takes up with the pairing as done by them.

    What is done already, has gone or belongs elsewhere is left alone, so that it can be asked as
    often as it takes.
    """
    if agreements:
        followed = Agreement.objects.for_next_session(pairing, person)
        followed.filter(pk__in=agreements).open().update(done_on=on, done_by=person)


@transaction.atomic
def set_done(agreement: Agreement, person: Person, *, done: bool, on: date) -> None:
    """Mark one as done by ``person``, or open again; the second time changes nothing."""
    one = Agreement.objects.select_for_update(no_key=True).get(pk=agreement.pk)
    if done == (one.done_on is not None):
        return
    one.done_on, one.done_by = (on, person) if done else (None, None)
    one.save(update_fields=["done_on", "done_by"])
