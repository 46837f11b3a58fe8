"""The life of a pairing: who, where, from when until when."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mentoring.handover.schedule import plan_follow_ups
from mentoring.models import (
    Handover,
    Pairing,
    PairingMember,
    PairingTag,
    still_to_hand_over,
)
from mentoring.models.pairing import in_reach
from mentoring.permissions import ROLES
from mentoring.planning.actions import cancel_after, follow_members
from people.models import Person, Place, Role

Side = PairingMember.Side
State = Pairing.State
#: One step forward or back; closing is for good.
STEPS = {
    State.PLANNED: (State.READY,),
    State.READY: (State.ACTIVE, State.PLANNED),
    State.ACTIVE: (State.HANDOVER, State.READY),
    State.HANDOVER: (State.CLOSED, State.ACTIVE),
    State.CLOSED: (),
}


class PairingRefused(ValidationError):
    """A change to a pairing was not accepted; nothing was saved.

    Codes: "period", "nobody", "no_role", "overlap", "closed", "step", "sessions", "handover",
    "handed_over".
    """

    def __init__(self, message: Any, code: str) -> None:
        super().__init__(message, code=code)
        self.code = code


@transaction.atomic
def create_pairing(
    place: Place,
    *,
    kind: str,
    starts_on: date,
    ends_on: date | None,
    mentors: Iterable[Person],
    caseworkers: Iterable[Person],
    by: Person | None,
    at: datetime,
    language_note: str = "",
    recommendations: Iterable[int] = (),
    state: str = State.PLANNED,
    periods: Mapping[UUID, tuple[date, date | None]] | None = None,
) -> Pairing:
    """Plan a round in ``place``.

    Mentors are members for the period; caseworkers from its first day without an end, because
    what is written about their learning stays theirs to read.

    Args:
        recommendations: Numbers of the programme's recommendations it is filed under.
        periods: From when until when, for mentors who stay for a part of it only.

    Raises:
        PairingRefused: With code "period" if it ends before it begins, "nobody" without at
            least one on each side, "overlap" if somebody stands on both, and as
            :func:`add_member`.
    """
    mentors, caseworkers = list(mentors), list(caseworkers)
    if ends_on is not None and ends_on <= starts_on:
        raise PairingRefused(_("The period must end after it begins."), code="period")
    if not mentors or not caseworkers:
        raise PairingRefused(_("Choose at least one mentor and one caseworker."), code="nobody")
    pairing = Pairing.objects.create(
        place=place,
        kind=kind,
        state=state,
        starts_on=starts_on,
        ends_on=ends_on,
        language_note=language_note,
        created_by=by,
        created_at=at,
    )
    _file_under(pairing, recommendations)
    for person in mentors:
        begins, ends = (periods or {}).get(person.pk, (starts_on, ends_on))
        add_member(pairing, person, Side.MENTOR, starts_on=begins, ends_on=ends)
    for person in caseworkers:
        add_member(pairing, person, Side.CASEWORKER, starts_on=starts_on)
    return pairing


@transaction.atomic
def edit_pairing(
    pairing: Pairing,
    *,
    kind: str,
    starts_on: date,
    ends_on: date | None,
    language_note: str,
    recommendations: Iterable[int],
) -> Pairing:
    """Change form, period, note or recommendations: a stay is prolonged, cut short or put off.

    Whoever was a member from the old first day, or until the old end, follows the new one.
    Other memberships are kept within the period; a mentor who has handed over stays gone.

    Raises:
        PairingRefused: With code "closed" for a closed pairing, "period" if it ends before it
            begins, "sessions" if a session that was logged would lie outside, "overlap" if
            somebody would be a member twice at a time. Nothing is saved.
    """
    pairing = move_pairing(pairing, kind=kind, starts_on=starts_on, ends_on=ends_on)
    pairing.language_note = language_note
    pairing.save(update_fields=["language_note"])
    _file_under(pairing, recommendations)
    return pairing


@transaction.atomic
def move_pairing(
    pairing: Pairing,
    *,
    kind: str,
    starts_on: date,
    ends_on: date | None,
    since: date | None = None,
) -> Pairing:
    """Change form and period alone, as :func:`edit_pairing`; who never began stays out.

    Args:
        since: Memberships that were over on that day stay as they are.

    Raises:
        PairingRefused: As :func:`edit_pairing`.
    """
    pairing = Pairing.objects.select_for_update(no_key=True).select_related(None).get(pk=pairing.pk)
    if pairing.state == State.CLOSED:
        raise PairingRefused(_("The pairing is closed."), code="closed")
    if ends_on is not None and ends_on <= starts_on:
        raise PairingRefused(_("The period must end after it begins."), code="period")
    outside = Q(held_on__lt=starts_on)
    if ends_on is not None:
        outside |= Q(held_on__gte=ends_on)
    if pairing.sessions.filter(outside).exists():
        raise PairingRefused(
            _("A session was logged on a day outside this period. Choose a longer period."),
            code="sessions",
        )
    members = PairingMember.objects.with_days().filter(pairing=pairing)
    if since is not None:
        members = members.lasting(on=since)
    before = _as_they_are(pairing)
    try:
        with transaction.atomic():
            for member in members.exclude(handover__in=Handover.objects.settled()):
                _follow(member, pairing, starts_on, ends_on)
    except IntegrityError:
        raise PairingRefused(
            _("Somebody is a member twice in that period."), code="overlap"
        ) from None
    pairing.kind, pairing.starts_on, pairing.ends_on = kind, starts_on, ends_on
    pairing.save(update_fields=["kind", "starts_on", "ends_on"])
    follow_members(pairing, before, at=timezone.now())
    return pairing


def _file_under(pairing: Pairing, recommendations: Iterable[int]) -> None:
    pairing.tags.all().delete()
    PairingTag.objects.bulk_create(
        PairingTag(pairing=pairing, number=number) for number in sorted(set(recommendations))
    )


def _follow(member: PairingMember, old: Pairing, starts_on: date, ends_on: date | None) -> None:
    """Move the membership with the period of its pairing; nothing ends before it begins."""
    begins, ends = member.starts_on, member.ends_on
    begins = starts_on if begins == old.starts_on else max(begins, starts_on)
    if ends is not None and ends == old.ends_on:
        ends = ends_on
    elif ends is not None and ends_on is not None:
        ends = min(ends, ends_on)
    elif ends is None and member.side == Side.MENTOR:
        ends = ends_on
    if ends is not None:
        ends = max(ends, begins)
    if (begins, ends) != (member.starts_on, member.ends_on):
        member.starts_on, member.ends_on = begins, ends
        member.save(update_fields=["starts_on", "ends_on"])


def ends_too_early(pairing: Pairing, *, on: date) -> list[PairingMember]:
    """Members from ``on`` on whose role in the town ends before their membership does."""
    members = list(
        pairing.members.filter(Q(ends_on=None) | Q(ends_on__gt=on))
        .select_related("person")
        .order_by("person__name", "pk")
    )
    roles = Role.objects.filter(
        reaching(pairing.place), person__in=[member.person_id for member in members]
    )
    held = list(roles.values_list("person", "key", "ends_on"))

    def lasts(member: PairingMember) -> bool:
        return any(
            person == member.person_id
            and key in ROLES[Side(member.side)]
            and (ends_on is None or (member.ends_on is not None and member.ends_on <= ends_on))
            for person, key, ends_on in held
        )

    return [member for member in members if not lasts(member)]


@transaction.atomic
def add_member(
    pairing: Pairing,
    person: Person,
    side: str,
    *,
    starts_on: date,
    ends_on: date | None = None,
) -> PairingMember:
    """Let ``person`` take part on one side from ``starts_on`` until, not including, ``ends_on``.

    A mentor for whom no end is known is there until the pairing ends, and never longer.

    Raises:
        PairingRefused: With code "closed" for a closed pairing, "period" if it ends before it
            begins or lies outside the pairing, "no_role" if ``person`` holds no role for that side
            in the town on the first day, "overlap" if ``person`` is a member in that period.
    """
    pairing = Pairing.objects.select_for_update(no_key=True).select_related(None).get(pk=pairing.pk)
    if pairing.state == State.CLOSED:
        raise PairingRefused(_("The pairing is closed."), code="closed")
    if side == Side.MENTOR and ends_on is None:
        ends_on = pairing.ends_on
    _refuse_outside(pairing, side, starts_on, ends_on)
    if ends_on is not None and ends_on < starts_on:
        raise PairingRefused(_("The period must end after it begins."), code="period")
    if not holds_role(person, side, pairing.place, starts_on):
        raise PairingRefused(
            _("%(name)s holds no role for this in the town on that day.") % {"name": person},
            code="no_role",
        )
    try:
        with transaction.atomic():
            return pairing.members.create(
                person=person, side=side, starts_on=starts_on, ends_on=ends_on
            )
    except IntegrityError:
        raise PairingRefused(
            _("%(name)s is a member in that period.") % {"name": person}, code="overlap"
        ) from None


def _refuse_outside(pairing: Pairing, side: str, starts_on: date, ends_on: date | None) -> None:
    """Refuse days outside the pairing; a caseworker may stay on after it, to read their own."""
    if starts_on < pairing.starts_on:
        raise PairingRefused(_("The pairing has not begun on the first day."), code="period")
    if pairing.ends_on is None:
        return
    if starts_on >= pairing.ends_on:
        raise PairingRefused(_("The pairing has ended on the first day."), code="period")
    if side == Side.MENTOR and ends_on is not None and ends_on > pairing.ends_on:
        raise PairingRefused(
            _("The pairing ends before the last day. Prolong the pairing first."), code="period"
        )


@transaction.atomic
def move_member(member: PairingMember, *, starts_on: date, ends_on: date | None) -> PairingMember:
    """Give a membership other days.

    Raises:
        PairingRefused: With code "period" if it ends before it begins, "overlap" if the person
            is a member in that period by another membership.
    """
    if ends_on is not None and ends_on < starts_on:
        raise PairingRefused(_("The period must end after it begins."), code="period")
    if (starts_on, ends_on) == (member.starts_on, member.ends_on):
        return member
    pairing = _locked_pairing_of(member)
    before = _as_they_are(pairing)
    member.starts_on, member.ends_on = starts_on, ends_on
    _save_days(member, "starts_on", "ends_on")
    follow_members(pairing, before, at=timezone.now())
    return member


@transaction.atomic
def end_member(member: PairingMember, *, on: date, is_erased: bool = False) -> PairingMember:
    """End a membership: ``on`` is the first day without it. The record stays.

    Ended before it began, it holds on no day at all. What is planned for days on which no mentor
    is left is cancelled.

    Args:
        is_erased: The person is being erased, and is told nothing.

    Raises:
        PairingRefused: With code "overlap" if the person is a member by then by another membership.
    """
    pairing = _locked_pairing_of(member)
    before = _as_they_are(pairing)
    member = PairingMember.objects.select_for_update(no_key=True).get(pk=member.pk)
    member.ends_on = max(on, member.starts_on)
    _save_days(member, "ends_on")
    gone = member.person if is_erased else None
    follow_members(pairing, before, at=timezone.now(), but=gone)
    return member


@transaction.atomic
def choose_end(member: PairingMember, *, on: date) -> PairingMember:
    """End a membership as a coordinator says; ``on`` is the first day without it.

    Raises:
        PairingRefused: As :func:`end_member`; with code "handed_over" for a mentor who has handed
            over, "closed" for a mentor of a closed pairing, "period" for a mentor who would stay
            longer than the pairing.
    """
    pairing = _locked_pairing_of(member)
    if member.side == Side.MENTOR:
        if Handover.objects.settled().filter(member=member).exists():
            raise PairingRefused(
                _("%(name)s has handed over and has left.") % {"name": member.person},
                code="handed_over",
            )
        if pairing.state == State.CLOSED:
            raise PairingRefused(_("The pairing is closed."), code="closed")
        if pairing.ends_on is not None and on > pairing.ends_on:
            raise PairingRefused(
                _("The pairing ends before the last day. Prolong the pairing first."), code="period"
            )
    return end_member(member, on=on)


def _save_days(member: PairingMember, *fields: str) -> None:
    try:
        with transaction.atomic():
            member.save(update_fields=fields)
    except IntegrityError:
        raise PairingRefused(
            _("%(name)s is a member in that period.") % {"name": member.person}, code="overlap"
        ) from None


def _locked_pairing_of(member: PairingMember) -> Pairing:
    """The pairing before its members, as where it is moved or handed over.

    The database would lock it after the member, to look at its state.
    """
    return Pairing.objects.select_for_update(no_key=True).get(pk=member.pairing_id)


def _as_they_are(pairing: Pairing) -> list[PairingMember]:
    return list(PairingMember.objects.filter(pairing=pairing).select_related("person"))


@transaction.atomic
def change_state(pairing: Pairing, to: str, *, at: datetime) -> Pairing:
    """Take the pairing one step forward or back; closing it is :func:`close_pairing`.

    Raises:
        PairingRefused: With code "step" for any other change, "handover" for closing it before
            every mentor has handed over.
    """
    pairing = Pairing.objects.select_for_update(no_key=True).get(pk=pairing.pk)
    if to not in STEPS[State(pairing.state)]:
        raise PairingRefused(_("A pairing goes one step at a time."), code="step")
    if to == State.CLOSED:
        return close_pairing(pairing, at=at)
    pairing.state = to
    pairing.save(update_fields=["state"])
    return pairing


@transaction.atomic
def close_pairing(pairing: Pairing, *, at: datetime) -> Pairing:
    """Close it, and plan what is followed up: the one way a pairing ends.

    Sessions that were planned for later days are cancelled.

    Settling the last handover does it (:mod:`mentoring.handover.actions`). Mentors read nothing
    of it any more; the caseworkers keep what is about their own learning, and can still confirm.

    Raises:
        PairingRefused: With code "handover" while a mentor of it, present or gone, has not handed
            over. The database refuses it as well.
    """
    if still_to_hand_over(pairing).exists():
        raise PairingRefused(
            _("Every mentor hands over first. Who has left without it: close from the log."),
            code="handover",
        )
    pairing.state = State.CLOSED
    pairing.save(update_fields=["state"])
    plan_follow_ups(pairing, at=at)
    cancel_after(pairing, at=at)
    return pairing


def reaching(place: Place) -> Q:
    """The roles that reach ``place``."""
    return in_reach(place.pk, place.municipality_id)


def who_holds_role(people: Iterable[Person], side: str, place: Place, day: date) -> set[UUID]:
    """Who of ``people`` may stand on that side in ``place`` on that day; one query."""
    roles = Role.objects.valid_on(day).filter(
        reaching(place), person__in=list(people), key__in=ROLES[Side(side)]
    )
    return set(roles.values_list("person", flat=True))


def holds_role(person: Person, side: str, place: Place, day: date) -> bool:
    """Whether ``person`` may stand on that side in ``place`` on that day."""
    return bool(who_holds_role([person], side, place, day))
