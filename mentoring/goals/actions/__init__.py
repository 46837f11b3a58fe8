"""Every change of a learning goal, and what a caseworker says after a session.

A goal is agreed by two: one side proposes, the other answers. Sides are the person whose goal it
is, and whoever is their mentor today.
"""

from mentoring.goals.actions.agreeing import (
    AT_MOST_AHEAD,
    Terms,
    accept,
    decline,
    end_goal,
    mentors_of,
    plan_weeks,
    propose_change,
    propose_goal,
    take_up,
    withdraw,
)
from mentoring.goals.actions.reflecting import reflect
from mentoring.goals.actions.refusing import GoalRefused

__all__ = [
    "AT_MOST_AHEAD",
    "GoalRefused",
    "Terms",
    "accept",
    "decline",
    "end_goal",
    "mentors_of",
    "plan_weeks",
    "propose_change",
    "propose_goal",
    "reflect",
    "take_up",
    "withdraw",
]
