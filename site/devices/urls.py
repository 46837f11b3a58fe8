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
    path(
        "klar/",
        shell_page(
            "devices:ready",
            "devices/ready.html",
            label=_("Set up this device"),
            hint=_("PIN and name of this device."),
            position=60,
        ),
        name="ready",
    ),
    path("laas-op/", shell_page("devices:unlock", "devices/unlock.html"), name="unlock"),
    path("kode/", shell_page("devices:change-pin", "devices/change_pin.html"), name="change-pin"),
    path("log-ud/", shell_page("devices:sign-out", "devices/sign_out.html"), name="sign-out"),
    path("fil/", shell_page("devices:file", "devices/file.html"), name="file"),
    path("glemt/", shell_page("devices:forgotten", "devices/forgotten.html"), name="forgotten"),
    path("offline/", shell_page("devices:offline", "devices/offline.html"), name="offline"),
]
