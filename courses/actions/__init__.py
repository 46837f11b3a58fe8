"""Every change in courses. Each action states its moment, its effects and its refusals."""

from courses.actions.bank import bring_back_question, delete_question, retire_question
from courses.actions.cases import retire_case, sync_case
from courses.actions.changes import mark_changes_seen, note_changes, note_reviews
from courses.actions.completing import complete_course
from courses.actions.corrections import correct_version, recount, see_corrections
from courses.actions.outline import (
    forget_copies,
    renumber_course,
    restamp_lessons_asking,
    restamp_lessons_citing,
    retire_course,
    retire_lesson,
    retire_module,
    sync_course,
    sync_lesson,
    sync_module,
)
from courses.actions.paths import (
    apply_rules,
    assign_path,
    change_due,
    end_rule,
    leave_path,
    make_rule,
    refresh_path,
    restore_assignment,
    retake_path,
    take_path,
    undo_batch,
    withdraw_assignment,
)
from courses.actions.plays import (
    begin_again,
    begin_case,
    choose,
    keep_play,
    step_back,
    tie,
    try_another_way,
)
from courses.actions.progress import enrol, mark_read, open_lesson, retake, submit_quiz, withdraw
from courses.actions.questions import freeze_question
from courses.actions.refusals import LearningRefused

__all__ = [
    "LearningRefused",
    "apply_rules",
    "assign_path",
    "begin_again",
    "begin_case",
    "bring_back_question",
    "change_due",
    "choose",
    "complete_course",
    "correct_version",
    "delete_question",
    "end_rule",
    "enrol",
    "forget_copies",
    "freeze_question",
    "keep_play",
    "leave_path",
    "make_rule",
    "mark_changes_seen",
    "mark_read",
    "note_changes",
    "note_reviews",
    "open_lesson",
    "recount",
    "refresh_path",
    "renumber_course",
    "restamp_lessons_asking",
    "restamp_lessons_citing",
    "restore_assignment",
    "retake",
    "retake_path",
    "retire_case",
    "retire_course",
    "retire_lesson",
    "retire_module",
    "retire_question",
    "see_corrections",
    "step_back",
    "submit_quiz",
    "sync_case",
    "sync_course",
    "sync_lesson",
    "sync_module",
    "take_path",
    "tie",
    "try_another_way",
    "undo_batch",
    "withdraw",
    "withdraw_assignment",
]
