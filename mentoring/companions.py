"""Who works side by side today, for whatever two people may do together elsewhere."""

from urllib.parse import urlencode

from django.urls import reverse

from core.periods import valid_on
from mentoring.models import PairingMember
from mentoring.permissions import own_memberships
from people.companions import Companion
from people.permissions import Standing

Side = PairingMember.Side


def side_by_side(standing: Standing) -> list[Companion]:
    """Those on the other side of the own pairings, with where I log a session. Two queries."""
    own = {member.pairing_id: member.side for member in own_memberships(standing)}
    if not own:
        return []
    others = PairingMember.objects.filter(valid_on(standing.day), pairing__in=own)
    return [
        Companion(
            person=member.person,
            log_url=_log_url(member) if own[member.pairing_id] == Side.MENTOR else "",
        )
        for member in others.select_related("person").order_by("-starts_on", "pk")
        if member.side != own[member.pairing_id]
    ]


def _log_url(member: PairingMember) -> str:
    return f"{reverse('mentoring:log')}?{urlencode({'forloeb': member.pairing_id})}"
