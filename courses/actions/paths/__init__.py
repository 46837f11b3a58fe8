"""Learning paths: take, assign, withdraw, take again; and how far everybody is.

Every action may come twice and counts once. What a coordinator does about somebody leaves a line
in the access log.
"""

from courses.actions.paths.completing import (
    possible_steps,
    practised,
    progressed,
    refresh_everybody,
    refresh_path,
    touch,
)
from courses.actions.paths.coordinating import (
    assign_path,
    change_due,
    restore_assignment,
    undo_batch,
    withdraw_assignment,
)
from courses.actions.paths.own import leave_path, retake_path, take_path
from courses.actions.paths.rules import apply_rules, end_rule, make_rule

__all__ = [
    "apply_rules",
    "assign_path",
    "change_due",
    "end_rule",
    "leave_path",
    "make_rule",
    "possible_steps",
    "practised",
    "progressed",
    "refresh_everybody",
    "refresh_path",
    "restore_assignment",
    "retake_path",
    "take_path",
    "touch",
    "undo_batch",
    "withdraw_assignment",
]
