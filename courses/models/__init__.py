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
from courses.models.path import (
    Assignment,
    LearningPath,
    PathOrder,
    PathRule,
    PathStep,
    Reminder,
    ReminderStop,
    StepDone,
)
from courses.models.progress import Answer, Enrolment, LessonProgress, QuizAttempt
from courses.models.question import Choice, Question, QuestionVersion

__all__ = [
    "Answer",
    "Assignment",
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
    "PathOrder",
    "PathRule",
    "PathStep",
    "Question",
    "QuestionVersion",
    "QuizAttempt",
    "Reminder",
    "ReminderStop",
    "SeenChange",
    "StepDone",
]
