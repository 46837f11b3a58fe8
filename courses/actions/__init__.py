"""Every change in courses. Each action states its moment, its effects and its refusals."""

from courses.actions.cases import retire_case, sync_case
from courses.actions.changes import mark_changes_seen, note_changes, note_reviews
from courses.actions.outline import (
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
from courses.actions.plays import (
    begin_again,
    begin_case,
    choose,
    step_back,
    try_another_way,
)
from courses.actions.progress import enrol, mark_read, open_lesson, submit_quiz, withdraw
from courses.actions.questions import freeze_question
from courses.actions.refusals import LearningRefused

__all__ = [
    "LearningRefused",
    "begin_again",
    "begin_case",
    "choose",
    "enrol",
    "freeze_question",
    "mark_changes_seen",
    "mark_read",
    "note_changes",
    "note_reviews",
    "open_lesson",
    "renumber_course",
    "restamp_lessons_asking",
    "restamp_lessons_citing",
    "retire_case",
    "retire_course",
    "retire_lesson",
    "retire_module",
    "step_back",
    "submit_quiz",
    "sync_case",
    "sync_course",
    "sync_lesson",
    "sync_module",
    "try_another_way",
    "withdraw",
]
