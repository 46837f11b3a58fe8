"""The addresses of learning, below /laering/."""

from django.urls import URLPattern, URLResolver, path

from courses import views

app_name = "courses"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.LearningView.as_view(), name="learning"),
    path("kursus/<uuid:course>/tilmeld/", views.EnrolView.as_view(), name="enrol"),
    path("kursus/<uuid:course>/forlad/", views.WithdrawView.as_view(), name="withdraw"),
    path("lektion/<uuid:lesson>/aabnet/", views.OpenedView.as_view(), name="opened"),
    path("lektion/<uuid:lesson>/laest/", views.ReadView.as_view(), name="read"),
    path("lektion/<uuid:lesson>/quiz/", views.QuizView.as_view(), name="quiz"),
    path("aendret/", views.ChangesView.as_view(), name="changes"),
    path("forsoeg/<uuid:attempt>/", views.ResultView.as_view(), name="result"),
]
