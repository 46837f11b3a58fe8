"""The pairings of an accepted proposal follow a later one: who leaves, stays, comes, and when."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import F

from core.periods import local_day
from core.telling import tell
from mentoring.actions.pairings import (
    add_member,
    end_member,
    holds_role,
    move_member,
    move_pairing,
)
from mentoring.models import Need, Pairing, PairingMember, Round, SessionParticipant, Stay
from people.models import Person

Side = PairingMember.Side


@dataclass(slots=True)
class Followed:
    """What became of the members of a pairing.

    ``stopped`` are mentors whose stay has begun and would be over today: what they leave is not
    handed over yet, so nobody may let that happen.
    """

    came: list[PairingMember] = field(default_factory=list)
    moved: list[PairingMember] = field(default_factory=list)
    left: list[PairingMember] = field(default_factory=list)
    stopped: list[PairingMember] = field(default_factory=list)
    is_replanned: bool = False


def open_pairing(need: Need) -> Pairing | None:
    """The pairing that was made for the need, unless it is closed."""
    pairing = need.pairing
    return None if pairing is None or pairing.state == Pairing.State.CLOSED else pairing


def is_replanned(need: Need) -> bool:
    """Whether its pairing has other days or another form than the need asks for by now."""
    pairing = need.pairing
    return pairing is not None and (pairing.kind, pairing.starts_on, pairing.ends_on) != (
        need.kind,
        need.starts_on,
        need.ends_on,
    )


def follow(
    need: Need,
    pairing: Pairing,
    mentors: Sequence[Person],
    colleagues: Sequence[Person],
    periods: Mapping[UUID, tuple[date, date]],
    *,
    at: datetime,
) -> Followed:
    """Bring a pairing that was made before up to date: its days, its form, its members.

    A mentor who is there already keeps the first day. Caseworkers stay, whatever the proposal
    says: they keep what is about their own learning. So does a mentor whom no stay of the round
    speaks of, because somebody let them in by hand. A membership that is over stays as it is.

    Args:
        periods: From when until when each of ``mentors`` is there.

    Raises:
        PairingRefused: As :func:`move_pairing`, :func:`move_member` and :func:`add_member`.
    """
    today = local_day(at)
    done = Followed(is_replanned=is_replanned(need))
    before = _lasting(pairing, on=today)
    begun = _begun(before, on=today)
    if done.is_replanned:
        move_pairing(
            pairing, kind=need.kind, starts_on=need.starts_on, ends_on=need.ends_on, since=today
        )
        pairing.refresh_from_db()
    _let_go(need, pairing, [one.pk for one in mentors], on=today)
    members = {(one.person_id, one.side): one for one in _lasting(pairing, on=today)}
    still_begun = _begun(members.values(), on=today)
    for person in mentors:
        starts, ends = periods[person.pk]
        starts = max(starts, today)
        member = members.get((person.pk, Side.MENTOR))
        if member is None:
            if ends > today:
                done.came.append(_join(pairing, person, Side.MENTOR, starts, ends))
        else:
            first = member.starts_on if member.pk in still_begun else starts
            move_member(member, starts_on=first, ends_on=max(ends, first))
    for person in colleagues:
        if need.known_end > today and (person.pk, Side.CASEWORKER) not in members:
            first = max(need.starts_on, today)
            done.came.append(_join(pairing, person, Side.CASEWORKER, first, None))
    _compare(done, before, begun, on=today)
    return done


def leave(need: Need, pairing: Pairing, *, at: datetime) -> Followed:
    """No mentor goes to the need any more: those of its pairing leave; the coordinator sees it."""
    today = local_day(at)
    done = Followed()
    before = _lasting(pairing, on=today)
    begun = _begun(before, on=today)
    _let_go(need, pairing, [], on=today)
    _compare(done, before, begun, on=today)
    return done


def tell_members(need: Need, done: Followed) -> None:
    """Tell each member, and the local owner, what has changed. No name is said of anybody."""
    town, begins = need.place.name, need.starts_on.isoformat()
    for member in done.came:
        facts = {"town": town, "begins_on": begins}
        tell(member.person, "mentoring.paired", facts, url="start")
    for member in done.moved:
        last_day = (member.ends_on or need.known_end) - timedelta(days=1)
        facts = {
            "town": town,
            "begins_on": member.starts_on.isoformat(),
            "last_on": last_day.isoformat(),
        }
        tell(member.person, "mentoring.pairing_moved", facts, url="start")
    for member in done.left:
        tell(member.person, "mentoring.unpaired", {"town": town}, url="start")
    if done.is_replanned and need.owner is not None:
        facts = {"town": town, "begins_on": begins}
        tell(need.owner, "mentoring.place_moved", facts, url="mentoring:ready")


def tell_round(planned: Round, *, is_put_off: bool, at: datetime) -> None:
    """Tell who is in a pairing that has not begun, and the local owner, that the round is put off,
    or that it is planned again, with the days that hold now.
    """
    waiting = planned.needs.filter(
        pairing__state__in=[Pairing.State.PLANNED, Pairing.State.READY]
    ).select_related("place", "owner", "pairing")
    for need in waiting.order_by("pk"):
        if need.pairing is None:
            continue
        members = _lasting(need.pairing, on=local_day(at))
        if not is_put_off:
            tell_members(need, Followed(moved=members, is_replanned=True))
            continue
        readers = {one.person for one in members} | ({need.owner} if need.owner else set())
        for person in sorted(readers, key=lambda one: one.pk):
            tell(person, "mentoring.put_off", {"town": need.place.name}, url="start")


def _lasting(pairing: Pairing, *, on: date) -> list[PairingMember]:
    members = PairingMember.objects.lasting(on=on).filter(pairing=pairing)
    return list(members.select_related("person").order_by("person__name", "pk"))


def _begun(members: Iterable[PairingMember], *, on: date) -> set[UUID]:
    """Mentors with something to hand over: days that are over, or a session of the first one."""
    mentors = [one for one in members if one.side == Side.MENTOR]
    first_day = [one for one in mentors if one.starts_on == on]
    logged = set(
        SessionParticipant.objects.filter(
            session__pairing__in=[one.pairing_id for one in first_day],
            person__in=[one.person_id for one in first_day],
            side=Side.MENTOR,
        ).values_list("person", flat=True)
    )
    return {one.pk for one in mentors if one.starts_on < on} | {
        one.pk for one in first_day if one.person_id in logged
    }


def _let_go(need: Need, pairing: Pairing, staying: Sequence[UUID], *, on: date) -> None:
    """End the memberships of the round's mentors who do not stay.

    Whose stay is over by its days, and who is still there, was kept by somebody: they stay.
    """
    mentors = PairingMember.objects.lasting(on=on).filter(pairing=pairing, side=Side.MENTOR)
    stays = Stay.objects.filter(round=need.round_id)
    of_the_round = stays.exclude(pk__in=stays.over(on=on).values("pk"))
    leaving = mentors.filter(person__in=of_the_round.values("person"))
    for member in leaving.exclude(person__in=staying):
        end_member(member, on=on)


def _join(
    pairing: Pairing, person: Person, side: Side, starts_on: date, ends_on: date | None
) -> PairingMember:
    """Let somebody in; who was to come once before and never did is the same member again."""
    never = PairingMember.objects.filter(
        pairing=pairing, person=person, side=side, ends_on=F("starts_on"), handover__isnull=True
    )
    member = never.order_by("starts_on", "pk").first()
    if member is not None and holds_role(person, side, pairing.place, starts_on):
        return move_member(member, starts_on=starts_on, ends_on=ends_on)
    return add_member(pairing, person, side, starts_on=starts_on, ends_on=ends_on)


def _compare(
    done: Followed, before: Sequence[PairingMember], begun: set[UUID], *, on: date
) -> None:
    """Say who has left, who was moved, and whose stay would be cut off."""
    after = PairingMember.objects.select_related("person").in_bulk([one.pk for one in before])
    for was in before:
        member = after[was.pk]
        if member.ends_on is not None and member.ends_on <= max(on, member.starts_on):
            (done.stopped if member.pk in begun else done.left).append(member)
        elif done.is_replanned or _days(member) != _days(was):
            done.moved.append(member)


def _days(member: PairingMember) -> tuple[date, date | None]:
    return member.starts_on, member.ends_on
