"""Registering a delegation: its names, its workshops, its needs; and signing off."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from cooperation.events.actions.dealing import deal_now, seat_own
from cooperation.events.actions.refusing import EventRefused, locked, somebody_was_first
from cooperation.events.telling import tell_signed_off, tell_signed_up, tell_workshop_off
from cooperation.models import (
    Event,
    Invitation,
    Participant,
    ParticipantNeeds,
    ProgrammeItem,
    WorkshopWish,
)
from core.periods import local_day
from people.models import Person


@dataclass(frozen=True, slots=True)
class Entry:
    """One name of a delegation, as the form gives it; ``key`` names it before it is saved."""

    key: UUID
    name: str
    sector: str
    email: str = ""
    title: str = ""


@transaction.atomic
def save_delegation(
    invitation: Invitation,
    entries: Sequence[Entry],
    *,
    all_or_none: bool,
    by: Person,
    at: datetime,
    seen: int | None = None,
) -> Invitation:
    """Register a delegation, or change it; the order of the entries is its own order.

    Who is not among them any more is signed off; who stands in another line, or gets an address
    or is left without one, is still the same person, with the same seat and needs. Whoever has an
    account under the e-mail address given finds the event there, also when the address is emptied
    later: only another address or another name lets go of it. Sent twice, nobody stands in it
    twice.

    Raises:
        EventRefused: With code "over" once the event has begun, "cancelled", "changed" when
            somebody else was first, "twice" for the same address twice.
        ValidationError: By field, for what does not hold.
    """
    event, invitation = _open(invitation, at)
    _as_seen(invitation, seen)
    addresses = [entry.email.lower() for entry in entries if entry.email]
    if len(set(addresses)) < len(addresses):
        raise EventRefused(_("The same e-mail address stands here twice."), "twice")
    accounts = Person.objects.annotate(address=Lower("email")).filter(address__in=addresses)
    known = {one.email.lower(): one for one in accounts.filter(erased_at__isnull=True)}
    there = {one.pk: one for one in invitation.signed_up().select_related("person")}
    entries = _each_under_its_own_key(entries, there)
    kept = {entry.key for entry in entries}
    told: list[Participant] = []
    for key, participant in there.items():
        if key not in kept:
            _sign_off(event, participant, at=at)
    own_accounts = _accounts(entries, there, known)
    _let_go_of_accounts(own_accounts, there)
    for position, entry in enumerate(entries, start=1):
        participant = there.get(entry.key) or _new(invitation, entry, at)
        is_new = participant._state.adding
        is_other = not is_new and _is_somebody_else(participant, entry)
        if is_other:
            tell_signed_off(event, participant)
            ParticipantNeeds.objects.filter(participant=participant).delete()
        is_reached = bool(entry.email) and not _address_of(participant)
        if is_new or is_other or is_reached:
            told.append(participant)
        participant.position = position
        participant.name, participant.email = entry.name.strip(), entry.email.lower()
        participant.title, participant.sector = entry.title.strip(), entry.sector
        participant.person = own_accounts[entry.key]
        participant.full_clean(validate_constraints=False)
        participant.save()
    invitation.all_or_none = all_or_none
    invitation.answered_at, invitation.answered_by = at, by
    invitation.declined_at = None
    invitation.version += 1
    invitation.save()
    _tell_of_seats(event, told, seat_own(event, invitation, at=at))
    _let_go_of_seats(event, at)
    return invitation


def _each_under_its_own_key(
    entries: Sequence[Entry], there: Mapping[UUID, Participant]
) -> list[Entry]:
    """The entries, each under the key of whom it names, in whatever line they were written.

    Whoever is new takes the place of the line, and where its person has only moved to another one,
    a place that is left over.
    """

    def same(keys: Iterable[UUID], entry: Entry) -> list[UUID]:
        return [key for key in keys if key in there and not _is_somebody_else(there[key], entry)]

    def at_address(entry: Entry) -> list[UUID]:
        address = entry.email.lower()
        return [key for key, one in there.items() if address and _address_of(one) == address]

    wanted: Sequence[Callable[[Entry], Iterable[UUID]]] = (
        at_address,  # in whatever line, and under whatever name
        lambda entry: same([entry.key], entry),  # stands where they stood
        lambda entry: same(there, entry),  # stood in another line
        lambda entry: [entry.key],  # is new, perhaps instead of somebody
        lambda _entry: [one.key for one in entries],
    )
    own: dict[int, UUID] = {}
    for keys in wanted:
        for n, entry in enumerate(entries):
            if n not in own:
                left = [key for key in keys(entry) if key not in own.values()]
                if left:
                    own[n] = left[0]
    return [replace(entry, key=own.get(n) or uuid4()) for n, entry in enumerate(entries)]


def _accounts(
    entries: Sequence[Entry], there: Mapping[UUID, Participant], known: Mapping[str, Person]
) -> dict[UUID, Person | None]:
    """The account of each line: that of its address, without one the account it had.

    One that another line names by its address goes there.
    """
    named = {known[address] for one in entries if (address := one.email.lower()) in known}
    accounts: dict[UUID, Person | None] = {}
    for entry in entries:
        accounts[entry.key] = known.get(entry.email.lower())
        was = there.get(entry.key)
        if was is not None and not entry.email and not _is_somebody_else(was, entry):
            accounts[entry.key] = was.person if was.person not in named else None
    return accounts


def _let_go_of_accounts(
    accounts: Mapping[UUID, Person | None], there: Mapping[UUID, Participant]
) -> None:
    """Empty the account of every line that gets another, so that no two have one in between."""
    other = [
        key
        for key, person in accounts.items()
        if key in there and there[key].person_id != (person.pk if person else None)
    ]
    Participant.objects.filter(pk__in=other).update(person=None)


def _new(invitation: Invitation, entry: Entry, at: datetime) -> Participant:
    """Somebody new; under another key where that of the line names whoever was signed off."""
    key = entry.key
    before = Participant.objects.filter(pk=key).first()
    if before is not None:
        if before.invitation_id != invitation.pk:
            raise EventRefused(somebody_was_first(), "changed")
        key = uuid4()
    return Participant(pk=key, invitation=invitation, asked_on=local_day(at))


def _is_somebody_else(participant: Participant, entry: Entry) -> bool:
    """Whether somebody else comes instead: two addresses say so, without both the names."""
    known, given = _address_of(participant), entry.email.lower()
    if known and given:
        return known != given
    return participant.name != entry.name.strip()


def _address_of(participant: Participant) -> str:
    """By which address somebody is known: their own, else that of the account."""
    account = participant.person
    return (participant.email or (account.email if account is not None else "")).lower()


def _tell_of_seats(event: Event, new: Sequence[Participant], seated: Sequence[Participant]) -> None:
    """Tell whoever is new, and whoever has just got a seat, each once."""
    has_seat = {one.pk: one for one in seated}
    for participant in [has_seat.pop(one.pk, one) for one in new]:
        tell_signed_up(event, participant)
    for participant in has_seat.values():
        tell_signed_up(event, participant)


@transaction.atomic
def decline(
    invitation: Invitation, *, by: Person, at: datetime, seen: int | None = None
) -> Invitation:
    """Say that nobody comes; whoever was signed up is signed off. Twice is once.

    Raises:
        EventRefused: As for registering.
    """
    event, invitation = _open(invitation, at)
    if invitation.declined_at is not None:
        return invitation
    _as_seen(invitation, seen)
    sign_everybody_off(event, invitation, at=at)
    invitation.answered_at = invitation.declined_at = at
    invitation.answered_by = by
    invitation.version += 1
    invitation.save()
    _let_go_of_seats(event, at)
    return invitation


@transaction.atomic
def sign_off(participant: Participant, *, at: datetime) -> None:
    """Sign somebody off; the seat goes on by the rule. Twice is once.

    Raises:
        EventRefused: With code "over" once the event has begun, "cancelled".
    """
    event, invitation = _open(participant.invitation, at)
    found = Participant.objects.select_for_update(of=("self",), no_key=True).get(pk=participant.pk)
    if found.cancelled_at is not None:
        return
    _sign_off(event, found, at=at)
    invitation.version += 1
    invitation.save(update_fields=["version"])
    _tell_of_seats(event, (), seat_own(event, invitation, at=at))
    _let_go_of_seats(event, at)


def sign_everybody_off(event: Event, invitation: Invitation, *, at: datetime) -> None:
    """Sign a whole delegation off."""
    for participant in invitation.signed_up():
        _sign_off(event, participant, at=at)


def _sign_off(event: Event, participant: Participant, *, at: datetime) -> None:
    tell_signed_off(event, participant)  # with the workshops that calendars hold until now
    participant.cancelled_at = at
    participant.save(update_fields=["cancelled_at"])
    participant.wishes.filter(cancelled_at__isnull=True).update(cancelled_at=at)
    ParticipantNeeds.objects.filter(participant=participant).delete()


def _let_go_of_seats(event: Event, at: datetime) -> None:
    """What came free goes on at once, when the seats have been dealt before."""
    if not event.keeps_seats(on=local_day(at)):
        deal_now(event, at=at)


def _open(invitation: Invitation, at: datetime) -> tuple[Event, Invitation]:
    """The event and the invitation, locked, while answers are taken."""
    event = locked(invitation.event)
    found = Invitation.objects.select_for_update(of=("self",), no_key=True).get(pk=invitation.pk)
    if found.withdrawn_at is not None:
        raise EventRefused(_("The invitation has been taken back."), "changed")
    if not event.takes_answers(on=local_day(at)):
        raise EventRefused(_("The event has begun. Write to whoever holds it."), "over")
    return event, found


def _as_seen(invitation: Invitation, seen: int | None) -> None:
    if seen is not None and invitation.version != seen:
        raise EventRefused(somebody_was_first(), "changed")


# --- Workshops ------------------------------------------------------------------------------------


@transaction.atomic
def choose_workshops(
    invitation: Invitation,
    chosen: Mapping[ProgrammeItem, Collection[UUID]],
    *,
    all_or_none: Collection[UUID] = (),
    at: datetime,
    seen: int | None = None,
) -> None:
    """Say who of a delegation wants to be in which workshop. Twice is once.

    A wish that stands keeps its day and its seat; one that is left out is taken back, and whoever
    loses a seat by it is told.

    Args:
        chosen: For each workshop the keys of those who want to be in it.
        all_or_none: The workshops in which the delegation wants all its seats or none.

    Raises:
        EventRefused: With code "overlap" when somebody would be in two at one time, "changed",
            "over" and "cancelled" as for registering.
    """
    event, invitation = _open(invitation, at)
    people = {one.pk: one for one in invitation.signed_up()}
    standing = WorkshopWish.objects.standing().filter(participant__in=people)
    standing = standing.select_related("workshop", "participant__person")
    there = {(wish.workshop_id, wish.participant_id): wish for wish in standing}
    asked = {
        (workshop.pk, key) for workshop, keys in chosen.items() for key in keys if key in people
    }
    if {pair: pair[0] in all_or_none for pair in asked} == {
        pair: wish.all_or_none for pair, wish in there.items()
    }:
        return
    _as_seen(invitation, seen)
    _refuse_overlaps(chosen, people)
    for pair, wish in there.items():
        if pair not in asked:
            wish.cancelled_at = at
            wish.save(update_fields=["cancelled_at"])
            if wish.seated_at is not None:
                tell_workshop_off(event, wish.workshop, wish)
    for workshop_id, key in sorted(asked):
        wish = there.get((workshop_id, key)) or WorkshopWish(
            participant=people[key], workshop_id=workshop_id, asked_on=local_day(at)
        )
        wish.all_or_none = workshop_id in all_or_none
        wish.save()
    invitation.version += 1
    invitation.save(update_fields=["version"])
    _let_go_of_seats(event, at)


def _refuse_overlaps(
    chosen: Mapping[ProgrammeItem, Collection[UUID]], people: Mapping[UUID, Participant]
) -> None:
    workshops = sorted(chosen, key=lambda item: (item.starts_at, str(item.pk)))
    for number, one in enumerate(workshops):
        for other in workshops[number + 1 :]:
            both = set(chosen[one]) & set(chosen[other]) & set(people)
            if both and one.overlaps(other):
                name = min(people[key].name for key in both)
                raise EventRefused(
                    _("%(name)s cannot be in %(one)s and %(other)s at one time. Choose one.")
                    % {"name": name, "one": one.title, "other": other.title},
                    "overlap",
                )


# --- Needs ----------------------------------------------------------------------------------------


@transaction.atomic
def say_needs(
    participant: Participant,
    *,
    lodging: bool,
    travel: str,
    diet: str,
    access: str,
    at: datetime,
) -> None:
    """Keep what somebody needs to take part; nothing said is nothing kept.

    Raises:
        EventRefused: With code "over" once the event has begun, "cancelled".
    """
    event = locked(participant.invitation.event)
    if not event.takes_answers(on=local_day(at)):
        raise EventRefused(_("The event has begun. Write to whoever holds it."), "over")
    words = {"travel": travel.strip(), "diet": diet.strip(), "access": access.strip()}
    if not lodging and not any(words.values()):
        ParticipantNeeds.objects.filter(participant=participant).delete()
        return
    needs = ParticipantNeeds.objects.filter(participant=participant).first()
    needs = needs or ParticipantNeeds(participant=participant)
    needs.lodging, needs.said_at = lodging, at
    for name, value in words.items():
        setattr(needs, name, value)
    needs.full_clean()
    needs.save()
