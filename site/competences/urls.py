"""The addresses of competences, below /kompetencer/."""

from django.urls import URLPattern, URLResolver, path

from competences import views

app_name = "competences"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.MapView.as_view(), name="map"),
    path("overblik/", views.CountsView.as_view(), name="counts"),
    path("kollega/<uuid:person>/", views.ColleagueView.as_view(), name="colleague"),
    path("<uuid:competence>/", views.CompetenceView.as_view(), name="competence"),
]
