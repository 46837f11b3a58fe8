"""Who works with whom, and what they wrote about it."""

from mentoring.models.pairing import (
    Pairing,
    PairingMember,
    PairingMemberQuerySet,
    PairingQuerySet,
    PairingTag,
    Recommendation,
)
from mentoring.models.planning import CalendarAddress, PlannedSession, PlannedSessionQuerySet
from mentoring.models.session import (
    MOST_CHARACTERS,
    MOST_MINUTES,
    TEXTS,
    ChangeRequest,
    Confirmation,
    Kept,
    Mode,
    Session,
    SessionParticipant,
    SessionQuerySet,
    SessionVersion,
    WarningTally,
)

__all__ = [
    "MOST_CHARACTERS",
    "MOST_MINUTES",
    "TEXTS",
    "CalendarAddress",
    "ChangeRequest",
    "Confirmation",
    "Kept",
    "Mode",
    "Pairing",
    "PairingMember",
    "PairingMemberQuerySet",
    "PairingQuerySet",
    "PairingTag",
    "PlannedSession",
    "PlannedSessionQuerySet",
    "Recommendation",
    "Session",
    "SessionParticipant",
    "SessionQuerySet",
    "SessionVersion",
    "WarningTally",
]
