"""The addresses below ``/enheder/``: what the server knows of devices."""

from django.urls import path

from devices.own import views

app_name = "own_devices"
urlpatterns = [
    path("", views.DevicesView.as_view(), name="list"),
    path("ikke-sendt/", views.UnsentView.as_view(), name="unsent"),
    path("fil/", views.TakeInView.as_view(), name="take-in"),
    path("<uuid:device>/", views.DeviceView.as_view(), name="device"),
    path("<uuid:device>/luk-ude/", views.ShutOutView.as_view(), name="shut-out"),
    path("<uuid:device>/tag-i-brug/", views.LetInView.as_view(), name="let-in"),
    path("<uuid:device>/glem/", views.ForgetView.as_view(), name="forget"),
]
