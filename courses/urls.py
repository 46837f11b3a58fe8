"""The addresses of learning, below /laering/."""

from django.urls import URLPattern, URLResolver, path

from courses import case_views, path_views, views
from courses.certificates import views as certificates
from courses.coordination import views as oversight

app_name = "courses"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.LearningView.as_view(), name="learning"),
    path("kursus/<uuid:course>/tilmeld/", views.EnrolView.as_view(), name="enrol"),
    path("kursus/<uuid:course>/forlad/", views.WithdrawView.as_view(), name="withdraw"),
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
    path("forloeb/<slug:path>/", path_views.PathView.as_view(), name="path"),
    path("forloeb/<slug:path>/tag/", path_views.TakePathView.as_view(), name="take-path"),
    path("forloeb/<slug:path>/igen/", path_views.RetakePathView.as_view(), name="retake-path"),
    path("forloeb/<slug:path>/forlad/", path_views.LeavePathView.as_view(), name="leave-path"),
    path("overblik/", oversight.OversightView.as_view(), name="oversight"),
    path("overblik/tildel/", oversight.AssignView.as_view(), name="assign"),
    path(
        "overblik/tildelt/<uuid:batch>/fortryd/",
        oversight.UndoBatchView.as_view(),
        name="undo-batch",
    ),
    path("overblik/tabel.csv", oversight.ExportView.as_view(), {"kind": "csv"}, name="export-csv"),
    path(
        "overblik/tabel.xlsx", oversight.ExportView.as_view(), {"kind": "xlsx"}, name="export-xlsx"
    ),
    path("overblik/paamind/", oversight.RemindView.as_view(), name="remind"),
    path("paamindelser/", path_views.RemindersView.as_view(), name="reminders"),
    path(
        "paamindelser/<uuid:reminder>/set/",
        path_views.SeeReminderView.as_view(),
        name="see-reminder",
    ),
    path("overblik/person/<uuid:pk>/", oversight.LearnerView.as_view(), name="learner"),
    path("overblik/tildeling/<uuid:assignment>/frist/", oversight.DueView.as_view(), name="due"),
    path(
        "overblik/tildeling/<uuid:assignment>/fjern/",
        oversight.TakeOffView.as_view(),
        name="take-off",
    ),
    path(
        "overblik/tildeling/<uuid:assignment>/tilbage/",
        oversight.PutBackView.as_view(),
        name="put-back",
    ),
    path("overblik/regler/", oversight.RulesView.as_view(), name="rules"),
    path("overblik/regler/<uuid:pk>/afslut/", oversight.EndRuleView.as_view(), name="end-rule"),
    path("lektion/<uuid:lesson>/aabnet/", views.OpenedView.as_view(), name="opened"),
    path("lektion/<uuid:lesson>/laest/", views.ReadView.as_view(), name="read"),
    path("lektion/<uuid:lesson>/quiz/", views.QuizView.as_view(), name="quiz"),
    path("aendret/", views.ChangesView.as_view(), name="changes"),
    path("forsoeg/<uuid:attempt>/", views.ResultView.as_view(), name="result"),
    path("sag/<uuid:case>/begynd/", case_views.BeginView.as_view(), name="case_begin"),
    path("sagsspil/<uuid:play>/", case_views.PlayView.as_view(), name="case_play"),
    path("sagsspil/<uuid:play>/valg/", case_views.ChooseView.as_view(), name="case_choose"),
    path("sagsspil/<uuid:play>/tilbage/", case_views.BackView.as_view(), name="case_back"),
    path("sagsspil/<uuid:play>/forfra/", case_views.AgainView.as_view(), name="case_again"),
    path("sagsspil/<uuid:play>/anden-vej/", case_views.AnotherView.as_view(), name="case_another"),
    path("forsoeg/<uuid:attempt>/set/", views.SeenView.as_view(), name="seen"),
]
