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
        access=_("Whoever reads the initiative, the meeting or the agreement it belongs to."),
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
    DataDeclaration(
        title=_("Seminars and conferences"),
        purpose=_("To know who is invited, who comes, and who waits for a seat."),
        fields=(
            _("Name, e-mail, title, sector and organisation of whoever is signed up"),
            _("Who answers for an organisation; who signed whom up and off, and when"),
            _("Seats, wishes for workshops, days on which one was there, whether one has answered"),
            _("Names of those who speak, as the programme prints them"),
        ),
        access=_(
            "Names: oneself, whoever answers for the delegation, and the coordinators of the host. "
            "The programme: whoever takes part in the cooperation."
        ),
        retention=_("Names, titles and addresses: two years after the event. The rest stays."),
        models=(
            "cooperation.EventSeries",
            "cooperation.Event",
            "cooperation.ProgrammeItem",
            "cooperation.Invitation",
            "cooperation.Participant",
            "cooperation.WorkshopWish",
            "cooperation.EventAttendance",
            "cooperation.EventOutput",
            "cooperation.Dealing",
        ),
        position=47,
    ),
    DataDeclaration(
        title=_("What participants need"),
        purpose=_("So that everybody can take part. Nobody has to say anything."),
        fields=(
            _("Lodging, travel, diet and what makes it possible to take part, as one says it"),
        ),
        access=_(
            "Oneself, whoever answers for the delegation, and the coordinators of the host. "
            "It stands in no file."
        ),
        retention=_("30 days after the event, or as soon as one is signed off."),
        models=("cooperation.ParticipantNeeds",),
        position=47,
    ),
    DataDeclaration(
        title=_("Evaluations of events"),
        purpose=_("To hold the next event better."),
        fields=(_("Answers to questions about an event, without whose they are"),),
        access=_(
            "Participants and host, together, once all have answered, and never of fewer than five."
        ),
        retention=_("Until the cooperation no longer needs it."),
        models=("cooperation.EvaluationQuestion", "cooperation.EvaluationAnswer"),
        position=47,
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
            "nobody and hides groups of fewer than five; its comments stay with those it would "
            "go round to."
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
    Records(
        "cooperation.ActionMove",
        mine=("moved_by",),
        acted=("from_owner", "to_owner"),
        fate=Fate.BLANKED,
        blank={"reason": "–"},
    ),
    Records("cooperation.EventSeries", acted=("made_by",)),
    Records("cooperation.Event", acted=("made_by",)),
    Records("cooperation.Invitation", acted=("contact", "answered_by")),
    Records(
        "cooperation.Participant",
        mine=("person",),
        fate=Fate.BLANKED,
        blank={"name": "–", "email": "", "title": ""},
        keep=(
            Keep(
                2 * 365,
                "cancelled_at",
                then=Fate.BLANKED,
                work="cooperation.events.forgetting.forget_names",
            ),
        ),
        logged=("cooperation.participant", "pk"),
    ),
    Records(
        "cooperation.ParticipantNeeds",
        mine=("participant__person",),
        fate=Fate.ERASED,
        keep=(Keep(30, "said_at", work="cooperation.events.forgetting.forget_needs"),),
    ),
    Records("cooperation.WorkshopWish", mine=("participant__person",)),
    Records("cooperation.EventAttendance", mine=("participant__person",), acted=("noted_by",)),
    Records("cooperation.EventOutput", acted=("written_by",)),
]
