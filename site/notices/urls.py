"""The addresses below ``/beskeder/``."""

from django.urls import path

from notices import views

app_name = "notices"
urlpatterns = [
    path("", views.InboxView.as_view(), name="inbox"),
    path("laest/", views.ReadAllView.as_view(), name="read-all"),
    path("mail/", views.ChooseMailView.as_view(), name="choose-mail"),
    path("<uuid:notice>/", views.OpenView.as_view(), name="open"),
    path("<uuid:notice>/arkiv/", views.ArchiveView.as_view(), name="archive"),
    path("stop/<slug:key>/<slug:token>/", views.StopView.as_view(), name="stop"),
]
