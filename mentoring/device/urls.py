"""The pages of mentoring below ``/enhed/``: they start without net."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from devices.shell import shell_page
from mentoring.device.pages import conflict_page, log_page
from mentoring.device.waiting_words import words

app_name = "device_log"
urlpatterns = [
    path(
        "log/",
        shell_page(
            "device_log:form",
            "mentoring/device/log.html",
            label=_("Log a session"),
            hint=_("Write here. It is sent as soon as there is net."),
            position=10,
            context=log_page,
            stands_for="mentoring:log",
        ),
        name="form",
    ),
    path(
        "konflikt/",
        shell_page("device_log:conflict", "mentoring/device/conflict.html", context=conflict_page),
        name="conflict",
    ),
    path(
        "bekraeft/",
        shell_page(
            "device_log:confirm",
            "mentoring/device/confirm.html",
            label=_("Waits for you"),
            hint=_("Confirm sessions, write a reflection, mark agreements as done."),
            position=30,
            context=words,
        ),
        name="confirm",
    ),
    path(
        "overdragelser/",
        shell_page(
            "device_log:handovers",
            "mentoring/device/handed_over.html",
            label=_("Handovers"),
            hint=_("Read what was handed over to you, and follow it up."),
            position=50,
            context=words,
        ),
        name="handovers",
    ),
]
