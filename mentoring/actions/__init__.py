"""Every change in mentoring, one function each; views, API and commands call these."""

from mentoring.actions.confirming import Confirmed, ask_for_change, confirm_sessions
from mentoring.actions.erasing import erase_session
from mentoring.actions.late import pairing_of_stay
from mentoring.actions.logging import log_session
from mentoring.actions.outcomes import LookAgain, Receipt, SessionConflict, SessionRefused
from mentoring.actions.pairings import (
    PairingRefused,
    add_member,
    change_state,
    create_pairing,
    edit_pairing,
    end_member,
    ends_too_early,
)

__all__ = [
    "Confirmed",
    "LookAgain",
    "PairingRefused",
    "Receipt",
    "SessionConflict",
    "SessionRefused",
    "add_member",
    "ask_for_change",
    "change_state",
    "confirm_sessions",
    "create_pairing",
    "edit_pairing",
    "end_member",
    "ends_too_early",
    "erase_session",
    "log_session",
    "pairing_of_stay",
]
