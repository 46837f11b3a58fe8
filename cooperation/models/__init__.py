"""What several do together: initiatives, the bodies that meet, and what they decide."""

from cooperation.models.body import Body, BodyMember, BodyMemberQuerySet
from cooperation.models.decision import (
    Action,
    ActionMove,
    ActionQuerySet,
    DecidedQuerySet,
    Decision,
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
from cooperation.models.paper import Paper, PaperQuerySet
from cooperation.models.partner import (
    FIRST_WARNING,
    LAST_WARNING,
    Pact,
    PactQuerySet,
    Partner,
    PartnerQuerySet,
)
from cooperation.models.practice import (
    IN_BOTH,
    IN_ONE,
    Practice,
    PracticeQuerySet,
    PracticeVersion,
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
    "FIRST_WARNING",
    "IN_BOTH",
    "IN_ONE",
    "LAST_WARNING",
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
    "DecidedQuerySet",
    "Decision",
    "DecisionVersion",
    "HalfYearReport",
    "IndicatorValue",
    "Initiative",
    "InitiativeGoal",
    "InitiativeQuerySet",
    "InitiativeTag",
    "Meeting",
    "MeetingQuerySet",
    "Pact",
    "PactQuerySet",
    "Paper",
    "PaperQuerySet",
    "Partner",
    "PartnerQuerySet",
    "Practice",
    "PracticeQuerySet",
    "PracticeVersion",
    "ReportComment",
    "ReportFile",
    "ReportQuerySet",
    "ReportReminder",
    "ReportWords",
    "Sector",
    "StatusUpdate",
    "StatusUpdateQuerySet",
]
