"""Learning as records: what can be learnt, what is asked, and how far each learner is."""

from courses.models.case import Case, CasePlay, CaseRule, CaseVersion
from courses.models.certificate import (
    Certificate,
    CertificateFile,
    CertificateRule,
    CertificateState,
)
from courses.models.changes import LessonChange, SeenChange
from courses.models.correction import CorrectedAttempt, Correction
from courses.models.outline import Course, Lesson, LessonQuestion, LessonRule, Module
from courses.models.own import Bookmark, Note
from courses.models.path import (
    Assignment,
    LearningPath,
    PathOrder,
    PathRule,
    PathStep,
    Reminder,
    ReminderStop,
    StepDone,
    Told,
)
from courses.models.progress import Answer, Enrolment, LessonProgress, QuizAttempt
from courses.models.question import Choice, Question, QuestionRule, QuestionVersion
from courses.models.remark import Remark
from courses.models.travelling import PackedPiece, Packing, Piece

__all__ = [
    "Answer",
    "Assignment",
    "Bookmark",
    "Case",
    "CasePlay",
    "CaseRule",
    "CaseVersion",
    "Certificate",
    "CertificateFile",
    "CertificateRule",
    "CertificateState",
    "Choice",
    "CorrectedAttempt",
    "Correction",
    "Course",
    "Enrolment",
    "LearningPath",
    "Lesson",
    "LessonChange",
    "LessonProgress",
    "LessonQuestion",
    "LessonRule",
    "Module",
    "Note",
    "PackedPiece",
    "Packing",
    "PathOrder",
    "PathRule",
    "PathStep",
    "Piece",
    "Question",
    "QuestionRule",
    "QuestionVersion",
    "QuizAttempt",
    "Remark",
    "Reminder",
    "ReminderStop",
    "SeenChange",
    "StepDone",
    "Told",
]
