"""The addresses below ``/enhed/``: what lies on this device."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from devices import outbox
from devices.shell import shell_page

app_name = "devices"
urlpatterns = [
    path(
        "",
        shell_page(
            "devices:outbox",
            "devices/outbox.html",
            label=_("On this device"),
            hint=_("Your drafts, what waits to be sent, and what was sent."),
            position=20,
            context=outbox.page,
        ),
        name="outbox",
    ),
    path("offline/", shell_page("devices:offline", "devices/offline.html"), name="offline"),
]
