"""The addresses of learning, below /laering/."""

from django.urls import URLPattern, URLResolver, path

from courses.cases import views as cases
from courses.certificates import views as certificates
from courses.coordination.views import assigning, lists
from courses.coordination.views import people as learners
from courses.coordination.views import rules as path_rules
from courses.learning import views as learning
from courses.own.urls import urlpatterns as own
from courses.paths import views as paths
from courses.quizzes import views as quizzes
from courses.remarks.urls import urlpatterns as remarks

app_name = "courses"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", learning.LearningView.as_view(), name="learning"),
    *own,
    *remarks,
    path("kursus/<uuid:course>/tilmeld/", learning.EnrolView.as_view(), name="enrol"),
    path("kursus/<uuid:course>/igen/", learning.RetakeView.as_view(), name="retake"),
    path("kursus/<uuid:course>/forlad/", learning.WithdrawView.as_view(), name="withdraw"),
    path(
        "kursus/<uuid:course>/bevis/",
        certificates.CourseCertificateView.as_view(),
        name="course-certificate",
    ),
    path("beviser/", certificates.CertificatesView.as_view(), name="certificates"),
    path("beviser/<uuid:certificate>/", certificates.CertificateView.as_view(), name="certificate"),
    path(
        "beviser/<uuid:certificate>/pdf/",
        certificates.CertificateFileView.as_view(),
        name="certificate-file",
    ),
    path(
        "beviser/<uuid:certificate>/badge/",
        certificates.CertificateBadgeView.as_view(),
        name="certificate-badge",
    ),
    path("forloeb/<slug:path>/", paths.PathView.as_view(), name="path"),
    path(
        "forloeb/<slug:path>/bevis/",
        certificates.PathCertificateView.as_view(),
        name="path-certificate",
    ),
    path("forloeb/<slug:path>/tag/", paths.TakePathView.as_view(), name="take-path"),
    path("forloeb/<slug:path>/igen/", paths.RetakePathView.as_view(), name="retake-path"),
    path("forloeb/<slug:path>/forlad/", paths.LeavePathView.as_view(), name="leave-path"),
    path("overblik/", lists.OversightView.as_view(), name="oversight"),
    path("overblik/fremdrift/", lists.ProgressView.as_view(), name="progress"),
    path(
        "overblik/fremdrift/<slug:table>.csv",
        lists.ProgressTableView.as_view(),
        {"kind": "csv"},
        name="progress-csv",
    ),
    path(
        "overblik/fremdrift/<slug:table>.xlsx",
        lists.ProgressTableView.as_view(),
        {"kind": "xlsx"},
        name="progress-xlsx",
    ),
    path("overblik/tildel/", assigning.AssignView.as_view(), name="assign"),
    path(
        "overblik/tildelt/<uuid:batch>/fortryd/",
        assigning.UndoBatchView.as_view(),
        name="undo-batch",
    ),
    path("overblik/tabel.csv", lists.ExportView.as_view(), {"kind": "csv"}, name="export-csv"),
    path("overblik/tabel.xlsx", lists.ExportView.as_view(), {"kind": "xlsx"}, name="export-xlsx"),
    path("overblik/paamind/", assigning.RemindView.as_view(), name="remind"),
    path("paamindelser/", paths.RemindersView.as_view(), name="reminders"),
    path(
        "paamindelser/<uuid:reminder>/set/",
        paths.SeeReminderView.as_view(),
        name="see-reminder",
    ),
    path("overblik/person/<uuid:pk>/", learners.LearnerView.as_view(), name="learner"),
    path(
        "overblik/bevis/<uuid:certificate>/",
        learners.OverseenCertificateView.as_view(),
        name="overseen-certificate",
    ),
    path(
        "overblik/bevis/<uuid:certificate>/tilbage/",
        learners.GiveBackView.as_view(),
        name="give-back",
    ),
    path("overblik/tildeling/<uuid:assignment>/frist/", assigning.DueView.as_view(), name="due"),
    path(
        "overblik/tildeling/<uuid:assignment>/fjern/",
        assigning.TakeOffView.as_view(),
        name="take-off",
    ),
    path(
        "overblik/tildeling/<uuid:assignment>/tilbage/",
        assigning.PutBackView.as_view(),
        name="put-back",
    ),
    path("overblik/regler/", path_rules.RulesView.as_view(), name="rules"),
    path("overblik/regler/<uuid:pk>/afslut/", path_rules.EndRuleView.as_view(), name="end-rule"),
    path("lektion/<uuid:lesson>/aabnet/", learning.OpenedView.as_view(), name="opened"),
    path("lektion/<uuid:lesson>/laest/", learning.ReadView.as_view(), name="read"),
    path("lektion/<uuid:lesson>/quiz/", quizzes.QuizView.as_view(), name="quiz"),
    path("aendret/", learning.ChangesView.as_view(), name="changes"),
    path("forsoeg/<uuid:attempt>/", quizzes.ResultView.as_view(), name="result"),
    path("sag/<uuid:case>/begynd/", cases.BeginView.as_view(), name="case_begin"),
    path("sagsspil/<uuid:play>/", cases.PlayView.as_view(), name="case_play"),
    path("sagsspil/<uuid:play>/valg/", cases.ChooseView.as_view(), name="case_choose"),
    path("sagsspil/<uuid:play>/tilbage/", cases.BackView.as_view(), name="case_back"),
    path("sagsspil/<uuid:play>/forfra/", cases.AgainView.as_view(), name="case_again"),
    path("sagsspil/<uuid:play>/session/", cases.TieView.as_view(), name="case_tie"),
    path("sagsspil/<uuid:play>/anden-vej/", cases.AnotherView.as_view(), name="case_another"),
    path("forsoeg/<uuid:attempt>/set/", quizzes.SeenView.as_view(), name="seen"),
]
