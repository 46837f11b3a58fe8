"""Handing over: written, sent, asked about, confirmed; or closed from the log.

::

    (nothing) ── write ──▶ preparing ── send ──▶ sent ── confirm ──▶ confirmed
                              ▲                   │
                              └──── take back ────┘
    (nothing), preparing, sent ── the mentor is gone: close from the log ──▶ from_log

Whatever settles one ends the mentor's membership that day, and closes the pairing if nobody is
left in it who has not handed over.
"""

from mentoring.handover.actions.closing import close_from_log, gone, name_receiver
from mentoring.handover.actions.common import HandoverRefused
from mentoring.handover.actions.receiving import MOST_QUESTIONS, ask, can_answer, confirm
from mentoring.handover.actions.writing import (
    TEAM,
    answer,
    seen_of,
    send_handover,
    take_back,
    write_handover,
)

__all__ = [
    "MOST_QUESTIONS",
    "TEAM",
    "HandoverRefused",
    "answer",
    "ask",
    "can_answer",
    "close_from_log",
    "confirm",
    "gone",
    "name_receiver",
    "seen_of",
    "send_handover",
    "take_back",
    "write_handover",
]
