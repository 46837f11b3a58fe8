"""The public address that checks a certificate, below /bevis/."""

from django.urls import URLPattern, URLResolver, path

from courses.certificates import views

app_name = "certificates"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.CheckView.as_view(), name="check"),
    path("<str:code>/", views.CheckView.as_view(), name="check-code"),
]
