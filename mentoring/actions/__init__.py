"""Every change in mentoring, one function each; views, API and commands call these."""

from mentoring.actions.accepting import Accepted, accept_proposal, accepted_last
from mentoring.actions.agreeing import set_done
from mentoring.actions.amending import amend_session, take_back
from mentoring.actions.choosing import choose_version
from mentoring.actions.confirming import Confirmed, ask_for_change, confirm_sessions
from mentoring.actions.erasing import erase_session
from mentoring.actions.late import pairing_of_stay
from mentoring.actions.linking import link, linked_with, same_hour_as, unlink
from mentoring.actions.logging import log_session
from mentoring.actions.outcomes import LookAgain, Receipt, SessionConflict, SessionRefused
from mentoring.actions.pairings import (
    PairingRefused,
    add_member,
    change_state,
    choose_end,
    create_pairing,
    edit_pairing,
    end_member,
    ends_too_early,
)
from mentoring.actions.proposals import (
    ProposalRefused,
    is_stale,
    kept_solution,
    make_proposal,
    propose_by_hand,
)
from mentoring.actions.readiness import (
    add_item,
    edit_item,
    remind_owners,
    resume_reminders,
    stop_reminders,
    tick,
    untick,
)
from mentoring.actions.rounds import (
    NeedFacts,
    RoundRefused,
    StayFacts,
    asks_for_a_reason,
    decide_round,
    fix_pair,
    need_seen,
    put_back,
    save_need,
    save_round,
    save_stay,
    stay_seen,
    take_out,
)

__all__ = [
    "Accepted",
    "Confirmed",
    "LookAgain",
    "NeedFacts",
    "PairingRefused",
    "ProposalRefused",
    "Receipt",
    "RoundRefused",
    "SessionConflict",
    "SessionRefused",
    "StayFacts",
    "accept_proposal",
    "accepted_last",
    "add_item",
    "add_member",
    "amend_session",
    "ask_for_change",
    "asks_for_a_reason",
    "change_state",
    "choose_end",
    "choose_version",
    "confirm_sessions",
    "create_pairing",
    "decide_round",
    "edit_item",
    "edit_pairing",
    "end_member",
    "ends_too_early",
    "erase_session",
    "fix_pair",
    "is_stale",
    "kept_solution",
    "link",
    "linked_with",
    "log_session",
    "make_proposal",
    "need_seen",
    "pairing_of_stay",
    "propose_by_hand",
    "put_back",
    "remind_owners",
    "resume_reminders",
    "same_hour_as",
    "save_need",
    "save_round",
    "save_stay",
    "set_done",
    "stay_seen",
    "stop_reminders",
    "take_back",
    "take_out",
    "tick",
    "unlink",
    "untick",
]
