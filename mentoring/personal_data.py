"""How an erasure, and time, take the text out of mentoring. Named by ``mentoring.declarations``."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from core.periods import local_day
from mentoring.actions.erasing import erase_session
from mentoring.actions.pairings import end_member
from mentoring.models import PairingMember, Session, SessionParticipant
from people.models import Person

Side = PairingMember.Side


def erase_texts(person: Person, *, by: Person | None, at: datetime) -> None:
    """Blank the text of every session that ``person`` wrote, or that was about them alone.

    Day, minutes, steps and who took part stay: they are the town's history of its training. A
    session with other caseworkers keeps its text, which is about their training too.
    """
    others = SessionParticipant.objects.filter(
        session=OuterRef("pk"), side=Side.CASEWORKER
    ).exclude(person=person)
    about_them = SessionParticipant.objects.filter(
        session=OuterRef("pk"), side=Side.CASEWORKER, person=person
    )
    wrote = Q(author=person) | Q(versions__author=person)
    mine = Session.objects.filter(erased_at__isnull=True).filter(
        wrote | Q(Exists(about_them), ~Exists(others))
    )
    for session in mine.distinct().order_by("pk"):
        erase_session(session, by=by, reason=Session.EraseReason.REQUEST, at=at)


def forget_texts(before: datetime, *, at: datetime, dry_run: bool) -> int:
    """Blank the text of sessions held before that moment; how many there were."""
    old = Session.objects.filter(erased_at__isnull=True, held_on__lt=local_day(before))
    count = old.count()
    if not dry_run:
        for session in old.order_by("pk").iterator(chunk_size=500):
            erase_session(session, by=None, reason=Session.EraseReason.OLD, at=at)
    return count


def end_memberships(person: Person, *, by: Person | None, at: datetime) -> None:
    """End what still runs today; that they took part stays."""
    day = local_day(at)
    running = PairingMember.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=day), person=person
    )
    for member in running.order_by("pairing", "pk"):
        end_member(member, on=day, is_erased=True)
