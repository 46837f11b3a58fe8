"""What mentoring has to say on the start page, by who reads it.

Each provider asks the same queries for one and for many. A part of mentoring that keeps its own
folder keeps its own section there, and is registered beside these (``mentoring.apps``).
"""

from mentoring.start.caseworker import my_mentors, to_confirm
from mentoring.start.coordinator import coordination, rounds
from mentoring.start.leader import places_ready, town_totals
from mentoring.start.mentor import log_now, my_colleagues, needs_mentor
from mentoring.start.owner import must_be_ready, readiness_reminders

PROVIDERS = (
    to_confirm,
    my_mentors,
    log_now,
    needs_mentor,
    my_colleagues,
    places_ready,
    town_totals,
    coordination,
    rounds,
    must_be_ready,
)

__all__ = ["PROVIDERS", "readiness_reminders"]
