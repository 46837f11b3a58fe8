"""What several do together: initiatives, the bodies that meet, and what they decide."""

from cooperation.models.body import Body, BodyMember, BodyMemberQuerySet
from cooperation.models.decision import (
    Action,
    ActionMove,
    ActionQuerySet,
    Decision,
    DecisionQuerySet,
    DecisionVersion,
)
from cooperation.models.fields import MOST_MINUTES, MOST_TITLE, MOST_WORDS, Sector
from cooperation.models.initiative import (
    IndicatorValue,
    Initiative,
    InitiativeGoal,
    InitiativeQuerySet,
    InitiativeTag,
    StatusUpdate,
    StatusUpdateQuerySet,
)
from cooperation.models.meeting import (
    AgendaItem,
    AgendaItemQuerySet,
    Attendance,
    Meeting,
    MeetingQuerySet,
)
from cooperation.models.report import (
    HalfYearReport,
    ReportComment,
    ReportFile,
    ReportQuerySet,
    ReportReminder,
    ReportWords,
)

__all__ = [
    "MOST_MINUTES",
    "MOST_TITLE",
    "MOST_WORDS",
    "Action",
    "ActionMove",
    "ActionQuerySet",
    "AgendaItem",
    "AgendaItemQuerySet",
    "Attendance",
    "Body",
    "BodyMember",
    "BodyMemberQuerySet",
    "Decision",
    "DecisionQuerySet",
    "DecisionVersion",
    "HalfYearReport",
    "IndicatorValue",
    "Initiative",
    "InitiativeGoal",
    "InitiativeQuerySet",
    "InitiativeTag",
    "Meeting",
    "MeetingQuerySet",
    "ReportComment",
    "ReportFile",
    "ReportQuerySet",
    "ReportReminder",
    "ReportWords",
    "Sector",
    "StatusUpdate",
    "StatusUpdateQuerySet",
]
