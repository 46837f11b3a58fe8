"""What a device sends when it comes home after its owner's stay has ended."""

from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from devices.permissions import RECEIVED_FOR
from mentoring.actions.outcomes import SessionRefused
from mentoring.models import Pairing, PairingMember
from mentoring.permissions import ROLES
from people.models import Role
from people.permissions import Standing

Side = PairingMember.Side


def pairing_of_stay(standing: Standing, pairing_id: UUID, *, on: date | None) -> Pairing | None:
    """That pairing for whoever was one of its mentors on the day ``on``; two queries.

    The day on which somebody ended the stay or the role counts: the morning of it was worked.
    Nothing of the pairing is shown for it. None for whoever was never a mentor of the pairing.

    Raises:
        SessionRefused: For a day outside the stay, and when it is too late, with code "stay_ended";
            with "moved" for whoever is a mentor in another municipality now.
    """
    stays = list(
        PairingMember.objects.filter(
            pairing=pairing_id, person=standing.person, side=Side.MENTOR
        ).select_related("pairing__place")
    )
    roles = list(Role.objects.filter(person=standing.person, key__in=ROLES[Side.MENTOR]))
    is_known = False
    for stay in stays:
        is_known = True
        if on is None or not stay.was_there_on(on):
            continue
        for role in roles:
            held = role.is_valid_on(on) or (role.ends_on == on and role.starts_on < on)
            if held and _is_received(stay, role, on=standing.day):
                return stay.pairing
    if not is_known:
        return None
    town = stays[0].pairing.place
    keys = ROLES[Side.MENTOR]
    if standing.has(*keys) and not any(standing.covers(key, town) for key in keys):
        raise SessionRefused(
            _("You have moved. What was written here is received for %(days)s days after it.")
            % {"days": RECEIVED_FOR.days},
            code="moved",
        )
    raise SessionRefused(
        _("Your stay has ended. What was written during it is received for %(days)s days after it.")
        % {"days": RECEIVED_FOR.days},
        code="stay_ended",
    )


def is_awaited(standing: Standing) -> bool:
    """Whether something of a stay that has ended is still received of them; two queries at most."""
    stays = list(
        PairingMember.objects.filter(
            person=standing.person, side=Side.MENTOR, starts_on__lte=standing.day
        )
    )
    if not stays:
        return False
    roles = Role.objects.filter(person=standing.person, key__in=ROLES[Side.MENTOR])
    return any(
        _overlap(stay, role) and _is_received(stay, role, on=standing.day)
        for role in roles
        for stay in stays
    )


def _is_received(stay: PairingMember, role: Role, *, on: date) -> bool:
    """Whether what was written in the stay, by whoever bore the role, is received on that day."""
    ends = [end for end in (stay.ends_on, role.ends_on) if end]
    return on - min([on, *ends]) < RECEIVED_FOR


def _overlap(stay: PairingMember, role: Role) -> bool:
    """Whether both hold on some day."""
    return (stay.ends_on is None or role.starts_on < stay.ends_on) and (
        role.ends_on is None or stay.starts_on < role.ends_on
    )
