"""The addresses of the bank in the admin, beside those of Wagtail's own lists."""

from django.urls import URLPattern, path

from courses.admin.corrections import CorrectionView
from courses.admin.exchange import ExportView, ImportView
from courses.admin.remarks import RemarkAnswerView, RemarkListView, RemarkStateView
from courses.admin.statistics import QuestionStatisticsView, StatisticsView
from courses.admin.use import UseView

urlpatterns: list[URLPattern] = [
    path("spoergsmaal/ind/", ImportView.as_view(), name="courses_import"),
    path("spoergsmaal/ud/", ExportView.as_view(), name="courses_export"),
    path("spoergsmaal/statistik/", StatisticsView.as_view(), name="courses_statistics"),
    path(
        "spoergsmaal/<uuid:question>/statistik/",
        QuestionStatisticsView.as_view(),
        name="courses_statistics_of",
    ),
    path("spoergsmaal/<uuid:question>/brug/", UseView.as_view(), name="courses_question_use"),
    path(
        "spoergsmaal/version/<uuid:version>/ret/", CorrectionView.as_view(), name="courses_correct"
    ),
    path("beskeder/", RemarkListView.as_view(), name="courses_remarks"),
    path("beskeder/<uuid:remark>/", RemarkAnswerView.as_view(), name="courses_remark"),
    path(
        "beskeder/<uuid:remark>/tilstand/", RemarkStateView.as_view(), name="courses_remark_state"
    ),
]
