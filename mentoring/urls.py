"""Addresses of mentoring, all below ``/sidemand/``."""

from django.urls import URLPattern, URLResolver, path

from mentoring.agreements.views import AgreementsView, AgreementView
from mentoring.goals.views.agreeing import AnswerView, ChangeGoalView, GoalStateView
from mentoring.goals.views.agreeing import ProposeView as ProposeGoalView
from mentoring.goals.views.reading import GoalsView, GoalView
from mentoring.goals.views.reflecting import ReflectView
from mentoring.goals.views.skills import SkillNumbersView, SkillsView
from mentoring.goals.views.weeks import PlanWeeksView
from mentoring.handover.views.coordinating import FromLogView, ReceiverView
from mentoring.handover.views.dossier import HandoverFileView, HandoverView
from mentoring.handover.views.follow_ups import (
    FinishView,
    FollowUpsView,
    FollowUpView,
    MoveFollowUpView,
    OwnerView,
)
from mentoring.handover.views.listing import HandedOverView
from mentoring.handover.views.settling import (
    AnswerReceiverView,
    AskView,
    ConfirmHandoverView,
    SendView,
)
from mentoring.handover.views.writing import WriteView
from mentoring.oversight.views import ChangeViewView, ListView, SaveViewView, TakeAlongView
from mentoring.planning.views import (
    CalendarView,
    CancelView,
    MoveView,
    PlanFileView,
    PlansView,
    PlanView,
)
from mentoring.rounds.views.by_hand import HandView
from mentoring.rounds.views.files import ExportNeedsView, ExportStaysView, ImportView
from mentoring.rounds.views.parts import FreeView, NeedView, StayView, TakeNeedOutView, TakeOutView
from mentoring.rounds.views.planning import DecideView, RoundFormView, RoundListView, RoundView
from mentoring.rounds.views.proposing import (
    AcceptView,
    CompareView,
    FixView,
    HelpView,
    ProposalView,
    ProposeView,
)
from mentoring.rounds.views.readiness import (
    AddItemView,
    EditItemView,
    ItemView,
    NeedReadinessView,
    ReadinessView,
    RemindersView,
)
from mentoring.views.amending import AmendView, TakeBackView
from mentoring.views.choosing import ChooseView
from mentoring.views.linking import LinkView
from mentoring.views.pairings import (
    AddMemberView,
    ChangeStateView,
    CreatePairingView,
    EditPairingView,
    EndMemberView,
    PairingView,
)
from mentoring.views.reading import (
    AskForChangeView,
    ConfirmedView,
    ConfirmView,
    EraseView,
    HomeView,
    SessionListView,
    SessionView,
)
from mentoring.views.receipts import ReceiptView
from mentoring.views.writing import EditView, JoinView, LogView

app_name = "mentoring"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", HomeView.as_view(), name="home"),
    path("sessioner/", SessionListView.as_view(), name="sessions"),
    path("sessioner/ny/", LogView.as_view(), name="log"),
    path("sessioner/bekraeft/", ConfirmView.as_view(), name="confirm"),
    path("sessioner/bekraeftet/", ConfirmedView.as_view(), name="confirmed"),
    path("sessioner/<uuid:session>/", SessionView.as_view(), name="session"),
    path("sessioner/<uuid:session>/ret/", EditView.as_view(), name="session-edit"),
    path("sessioner/<uuid:session>/saml/<uuid:version>/", JoinView.as_view(), name="session-join"),
    path(
        "sessioner/<uuid:session>/vaelg/<uuid:version>/",
        ChooseView.as_view(),
        name="choose-version",
    ),
    path(
        "sessioner/<uuid:session>/kvittering/<uuid:version>/",
        ReceiptView.as_view(),
        name="receipt",
    ),
    path(
        "sessioner/<uuid:session>/bed-om-rettelse/",
        AskForChangeView.as_view(),
        name="ask-for-change",
    ),
    path("sessioner/<uuid:session>/slet-tekst/", EraseView.as_view(), name="erase"),
    path("sessioner/<uuid:session>/rettelse/", AmendView.as_view(), name="amend"),
    path("sessioner/<uuid:session>/rettelse/fortryd/", TakeBackView.as_view(), name="take-back"),
    path("sessioner/<uuid:session>/samme-time/", LinkView.as_view(), name="link"),
    path("aftaler/", AgreementsView.as_view(), name="agreements"),
    path("aftaler/<uuid:agreement>/", AgreementView.as_view(), name="agreement"),
    path("planer/", PlansView.as_view(), name="plans"),
    path("planer/ny/", PlanView.as_view(), name="plan"),
    path("planer/kalender/", CalendarView.as_view(), name="calendar"),
    path("planer/<uuid:plan>/flyt/", MoveView.as_view(), name="plan-move"),
    path("planer/<uuid:plan>/aflys/", CancelView.as_view(), name="plan-cancel"),
    path("planer/<uuid:plan>/kalender/", PlanFileView.as_view(), name="plan-file"),
    path("sessioner/<uuid:session>/refleksion/", ReflectView.as_view(), name="reflect"),
    path("maal/", GoalsView.as_view(), name="goals"),
    path("maal/nyt/", ProposeGoalView.as_view(), name="propose-goal"),
    path("maal/kollega/<uuid:person>/", GoalsView.as_view(), name="goals-of"),
    path("maal/kollega/<uuid:person>/nyt/", ProposeGoalView.as_view(), name="propose-goal-of"),
    path("maal/<uuid:goal>/", GoalView.as_view(), name="goal"),
    path("maal/<uuid:goal>/ret/", ChangeGoalView.as_view(), name="change-goal"),
    path("maal/<uuid:goal>/svar/", AnswerView.as_view(), name="answer-goal"),
    path("maal/<uuid:goal>/tilstand/", GoalStateView.as_view(), name="goal-state"),
    path("maal/<uuid:goal>/uger/", PlanWeeksView.as_view(), name="plan-weeks"),
    path("udvikling/", SkillsView.as_view(), name="skills"),
    path("udvikling/kollega/<uuid:person>/", SkillsView.as_view(), name="skills-of"),
    path("udvikling/tal/", SkillNumbersView.as_view(), name="skill-numbers"),
    path("oversigt/", ListView.as_view(listing_key="sessioner"), name="overview"),
    path("forloeb/", ListView.as_view(listing_key="forloeb"), name="pairings"),
    path("personer/", ListView.as_view(listing_key="personer"), name="members"),
    path("behov/", ListView.as_view(listing_key="behov"), name="needs"),
    path("ophold/", ListView.as_view(listing_key="ophold"), name="stays"),
    path("klar/alle/", ListView.as_view(listing_key="klar"), name="items"),
    path("lister/<slug:listing>/csv/", TakeAlongView.as_view(kind="csv"), name="list-csv"),
    path("lister/<slug:listing>/xlsx/", TakeAlongView.as_view(kind="xlsx"), name="list-xlsx"),
    path("lister/<slug:listing>/gem/", SaveViewView.as_view(), name="save-view"),
    path("visninger/<uuid:view>/", ChangeViewView.as_view(), name="view"),
    path("forloeb/nyt/", CreatePairingView.as_view(), name="create-pairing"),
    path("forloeb/<uuid:pairing>/", PairingView.as_view(), name="pairing"),
    path("forloeb/<uuid:pairing>/ret/", EditPairingView.as_view(), name="edit-pairing"),
    path("forloeb/<uuid:pairing>/medlemmer/", AddMemberView.as_view(), name="add-member"),
    path(
        "forloeb/<uuid:pairing>/medlemmer/<uuid:member>/afslut/",
        EndMemberView.as_view(),
        name="end-member",
    ),
    path("forloeb/<uuid:pairing>/tilstand/", ChangeStateView.as_view(), name="change-state"),
    path("forloeb/<uuid:pairing>/luk-fra-log/", FromLogView.as_view(), name="close-from-log"),
    path(
        "forloeb/<uuid:pairing>/modtager/<uuid:handover>/",
        ReceiverView.as_view(),
        name="name-receiver",
    ),
    path("overdragelser/", HandedOverView.as_view(), name="handed-over"),
    path("overdragelser/forloeb/<uuid:pairing>/", WriteView.as_view(), name="write-handover"),
    path("overdragelser/<uuid:handover>/", HandoverView.as_view(), name="handover"),
    path("overdragelser/<uuid:handover>/fil/", HandoverFileView.as_view(), name="handover-file"),
    path("overdragelser/<uuid:handover>/send/", SendView.as_view(), name="send-handover"),
    path("overdragelser/<uuid:handover>/spoerg/", AskView.as_view(), name="ask-mentor"),
    path(
        "overdragelser/<uuid:handover>/svar/<uuid:asked>/",
        AnswerReceiverView.as_view(),
        name="answer-receiver",
    ),
    path(
        "overdragelser/<uuid:handover>/bekraeft/",
        ConfirmHandoverView.as_view(),
        name="confirm-handover",
    ),
    path("opfoelgninger/", FollowUpsView.as_view(), name="follow-ups"),
    path("opfoelgninger/<uuid:follow_up>/", FollowUpView.as_view(), name="follow-up"),
    path("opfoelgninger/<uuid:follow_up>/gjort/", FinishView.as_view(), name="finish-follow-up"),
    path("opfoelgninger/<uuid:follow_up>/flyt/", MoveFollowUpView.as_view(), name="move-follow-up"),
    path("opfoelgninger/<uuid:follow_up>/ejer/", OwnerView.as_view(), name="follow-up-owner"),
    path("runder/", RoundListView.as_view(), name="rounds"),
    path("runder/ny/", RoundFormView.as_view(), name="create-round"),
    path("runder/<uuid:round>/", RoundView.as_view(), name="round"),
    path("runder/<uuid:round>/ret/", RoundFormView.as_view(), name="edit-round"),
    path("runder/<uuid:round>/tilstand/", DecideView.as_view(), name="decide-round"),
    path("runder/<uuid:round>/behov/nyt/", NeedView.as_view(), name="create-need"),
    path("runder/<uuid:round>/behov/<uuid:need>/", NeedView.as_view(), name="edit-need"),
    path("runder/<uuid:round>/behov/<uuid:need>/ud/", TakeNeedOutView.as_view(), name="take-need"),
    path("runder/<uuid:round>/ophold/nyt/", StayView.as_view(), name="create-stay"),
    path("runder/<uuid:round>/ophold/<uuid:stay>/", StayView.as_view(), name="edit-stay"),
    path("runder/<uuid:round>/ophold/<uuid:stay>/ud/", TakeOutView.as_view(), name="take-stay"),
    path("runder/<uuid:round>/behov.csv", ExportNeedsView.as_view(), name="export-needs"),
    path("runder/<uuid:round>/ophold.csv", ExportStaysView.as_view(), name="export-stays"),
    path("runder/<uuid:round>/fil/", ImportView.as_view(), name="import"),
    path("runder/<uuid:round>/forslag/", ProposeView.as_view(), name="propose"),
    path("runder/<uuid:round>/fast/", FreeView.as_view(), name="free"),
    path("runder/<uuid:round>/haand/", HandView.as_view(), name="by-hand"),
    path("forslag/<uuid:proposal>/", ProposalView.as_view(), name="proposal"),
    path("forslag/<uuid:proposal>/hjaelp/<uuid:need>/", HelpView.as_view(), name="help"),
    path("forslag/<uuid:proposal>/fast/", FixView.as_view(), name="fix"),
    path("forslag/<uuid:proposal>/sammenlign/", CompareView.as_view(), name="compare"),
    path("forslag/<uuid:proposal>/brug/", AcceptView.as_view(), name="accept"),
    path("klar/", ReadinessView.as_view(), name="ready"),
    path("klar/paamindelser/", RemindersView.as_view(), name="readiness-reminders"),
    path("klar/<uuid:need>/", NeedReadinessView.as_view(), name="need-ready"),
    path("klar/<uuid:need>/nyt/", AddItemView.as_view(), name="add-item"),
    path("klar/punkt/<uuid:item>/", ItemView.as_view(), name="item"),
    path("klar/punkt/<uuid:item>/ret/", EditItemView.as_view(), name="edit-item"),
]
