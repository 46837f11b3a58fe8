"""The addresses below ``/enhed/``: what lies on this device."""

from django.urls import path

from devices.shell import shell_page

app_name = "devices"
urlpatterns = [
    path("offline/", shell_page("devices:offline", "devices/offline.html"), name="offline"),
]
