"""What the cooperation keeps about people."""

from django.utils.translation import gettext_lazy as _

from core.declarations import DataDeclaration, Fate, Keep, Records

DECLARATIONS = [
    DataDeclaration(
        title=_("Initiatives"),
        purpose=_("To see what several do together, and how it comes along."),
        fields=(
            _("Who entered an initiative, wrote how it comes along, or measured it, and when"),
        ),
        access=_("Whoever takes part in the programme. A draft: the owner's coordinators."),
        retention=_("Until the cooperation no longer needs it."),
        models=(
            "cooperation.Initiative",
            "cooperation.IndicatorValue",
            "cooperation.StatusUpdate",
        ),
        position=46,
    ),
    DataDeclaration(
        title=_("Groups and meetings"),
        purpose=_("To know who sits in which group for whom, and who was at a meeting."),
        fields=(
            _("Person, organisation, role and title, from when until when"),
            _("Who was at a meeting; who wrote and approved its minutes"),
        ),
        access=_("The members of the group, and the coordinators of whoever looks after it."),
        retention=_(
            "Until the cooperation no longer needs it. Old minutes say who spoke for whom then."
        ),
        models=(
            "cooperation.Body",
            "cooperation.BodyMember",
            "cooperation.Meeting",
            "cooperation.AgendaItem",
            "cooperation.Attendance",
        ),
        position=46,
    ),
    DataDeclaration(
        title=_("Documents of the cooperation"),
        purpose=_("To read the same papers before and after a meeting."),
        fields=(_("The file, its title, who put it there and when"),),
        access=_("Whoever reads the initiative or the meeting it belongs to."),
        retention=_("Until the cooperation no longer needs it."),
        models=("cooperation.Paper",),
        position=46,
    ),
    DataDeclaration(
        title=_("Good practice and co-operation agreements"),
        purpose=_("So that others can use what worked, and no agreement ends unseen."),
        fields=(
            _("Who wrote an example, looked it through and approved it, and when"),
            _("Who entered a co-operation agreement; offices and organisations, never people"),
        ),
        access=_(
            "An approved example: whoever takes part. A draft: its writers and reviewers. An "
            "agreement: coordinators and leaders of its parties."
        ),
        retention=_("Until the cooperation no longer needs it."),
        models=("cooperation.Practice", "cooperation.PracticeVersion", "cooperation.Pact"),
        position=46,
    ),
    DataDeclaration(
        title=_("Decisions and actions"),
        purpose=_("So that nothing is lost between two meetings."),
        fields=(
            _("Who does what by when, whether it is done, who said so, and every change"),
            _("Who wrote a decision, and every version of it"),
        ),
        access=_(
            "The members of the group, and the coordinators of whoever looks after it; an action "
            "also whoever does it."
        ),
        retention=_("Until the cooperation no longer needs it."),
        models=(
            "cooperation.Decision",
            "cooperation.DecisionVersion",
            "cooperation.Action",
            "cooperation.ActionMove",
        ),
        position=46,
    ),
]

DECLARATIONS += [
    DataDeclaration(
        title=_("Half-year reports"),
        purpose=_("So that the programme knows what really happened, and who has not said so."),
        fields=(
            _("Who began, wrote, froze a report; the words beside the figures; comments"),
            _("Which files of a report you have asked for"),
        ),
        access=_(
            "A draft: those who coordinate what it is about; while it goes round, those who lead "
            "or coordinate there. A frozen one: everybody who leads or coordinates. It names "
            "nobody and hides groups of fewer than five."
        ),
        retention=_("Reports stay. A file: seven days. A comment: five years."),
        models=(
            "cooperation.HalfYearReport",
            "cooperation.ReportWords",
            "cooperation.ReportComment",
            "cooperation.ReportFile",
        ),
        position=47,
    ),
]

# What a group decided, and who was to do it, is the group's own record: of whoever is erased it
# says no name any more, and the words stay.
RECORDS = [
    Records("cooperation.Initiative", acted=("created_by",)),
    Records("cooperation.IndicatorValue", acted=("written_by",)),
    Records("cooperation.StatusUpdate", acted=("written_by",)),
    Records("cooperation.Body", acted=("created_by",)),
    Records("cooperation.BodyMember", mine=("person",), work="cooperation.personal_data.end_seats"),
    Records("cooperation.Meeting", acted=("approved_by", "created_by")),
    Records("cooperation.AgendaItem", acted=("written_by",)),
    Records("cooperation.Attendance", mine=("member__person",)),
    Records("cooperation.Paper", acted=("uploaded_by",)),
    Records("cooperation.Practice", acted=("author", "reviewed_by")),
    Records("cooperation.PracticeVersion", acted=("approved_by",)),
    Records("cooperation.Pact", acted=("created_by",)),
    Records("cooperation.Decision", acted=("written_by",)),
    Records("cooperation.DecisionVersion", acted=("written_by",)),
    Records("cooperation.Action", acted=("owner", "settled_by", "written_by")),
    Records("cooperation.HalfYearReport", acted=("begun_by", "frozen_by")),
    Records("cooperation.ReportWords", acted=("written_by",)),
    Records(
        "cooperation.ReportComment",
        mine=("author",),
        fate=Fate.BLANKED,
        blank={"text": "–"},
        keep=(Keep(5 * 365, "written_at"),),
    ),
    Records(
        "cooperation.ReportFile",
        mine=("person",),
        fate=Fate.ERASED,
        keep=(Keep(7, "asked_at", work="cooperation.reports.files.forget_old"),),
    ),
    Records("cooperation.ActionMove", mine=("moved_by",), fate=Fate.BLANKED, blank={"reason": "–"}),
]
