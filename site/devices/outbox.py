"""The words of the outbox: what a device says of what it keeps, sends and has sent.

The script decides nothing of what is said; it picks from here by the code that the server or the
queue gives. docs/outbox.md lists the codes.
"""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.dates import MONTHS, MONTHS_ALT, WEEKDAYS
from django.utils.translation import get_language
from django.utils.translation import gettext as _


def clock() -> dict[str, Any]:
    """How days and times are said in the active language; ``core.languages`` has the same forms."""
    is_danish = not (get_language() or "").startswith("kl")
    return {
        "day": "{weekday} den {day}. {month}" if is_danish else "{weekday} {day}. {month}",
        "time": "kl. {time}" if is_danish else "{time}",
        "weekdays": [str(WEEKDAYS[number]) for number in range(7)],
        "months": [str((MONTHS if is_danish else MONTHS_ALT)[number]) for number in range(1, 13)],
        "zone": settings.TIME_ZONE,
    }


def reasons() -> dict[str, tuple[str, str]]:
    """Why a record needs somebody, by its code: what is the matter, and what to do."""
    write_anew = _("Your text is here. Change it and send it again.")
    # A file of it meets the same refusal: only another period lets it in.
    correct_period = _("Check the day. If it is right, ask the coordinator to correct your period.")
    ask_coordinator = _("Your text stays here. Ask the coordinator what to do with it.")
    return {
        "invalid": (_("something in it is missing or wrong"), write_anew),
        "look_again": (
            _("look once more before it is sent"),
            _("Something in it could show who a citizen is. You decide."),
        ),
        "cpr_like": (
            _("it holds digits that look like a CPR number"),
            _("Nothing of it was stored at the server. Delete the digits and send it again."),
        ),
        "conflict": (
            _("there are two versions"),
            _("Somebody changed the session while you wrote. Choose what is to hold."),
        ),
        "locked": (
            _("everybody has confirmed the session meanwhile"),
            _("It is not changed any more. Open the session with net and amend it there."),
        ),
        "erased": (
            _("the text of the session was erased at the server"),
            _("It takes nothing more. Your text stays here until you delete it."),
        ),
        "not_found": (
            _("the server does not know the training or the session as yours"),
            ask_coordinator,
        ),
        "not_member": (
            _("you were not a mentor of this training on that day"),
            correct_period,
        ),
        "stay_ended": (
            _("your stay has ended, and the day lies outside it or more than 90 days back"),
            correct_period,
        ),
        "moved": (
            _("you have moved to another municipality"),
            _(
                "Check the day. If it is right, ask the coordinator in the municipality you left "
                "to correct your period or your role there. Then send it again."
            ),
        ),
        "closed": (
            _("your account is closed"),
            _("Save what waits in a file and give it to the coordinator, or ask to open it."),
        ),
        "parent_unknown": (
            _("the version it was made from has not arrived"),
            _("Try again. If that does not help, write it as a new session."),
        ),
        "taken": (_("its number is in use already"), write_anew),
        "too_large": (_("it is too long"), _("Shorten it and send it again.")),
        "malformed": (
            _("this device and the server do not understand each other"),
            _("Close the browser, open it again with net, and try once more."),
        ),
        "unreadable": (
            _("this device cannot open it"),
            _("It was not deleted. Ask for help before you clear anything on this device."),
        ),
        "server": (
            _("the server could not take it"),
            _("It is tried again by itself. If it goes on, tell whoever runs the site."),
        ),
        "other": (_("the server did not take it"), ask_coordinator),
    }


def halts() -> dict[str, tuple[str, str]]:
    """Why nothing at all is sent just now."""
    return {
        "sign_in": (
            _("You are signed out"),
            _(
                "Your time has run out, or your password was changed. Sign in, and what waits is "
                "sent. Nothing is lost, and what you are writing stays."
            ),
        ),
        "closed": (
            _("Your account is closed"),
            _(
                "What waits stays on this device. Save it in a file and give it to the "
                "coordinator, or ask the coordinator to open your account."
            ),
        ),
        "other_owner": (
            _("Somebody else is signed in"),
            _("What you wrote is sent when you have signed in yourself. Nobody else sees it."),
        ),
        "second_factor": (
            _("Your sign-in needs one more step"),
            _("Set up the second step, and what waits is sent."),
        ),
        "forbidden": (
            _("The server does not let you send"),
            _("Sign in anew. If that does not help, ask the coordinator."),
        ),
    }


def states() -> list[dict[str, str]]:
    """The five states, as text and drawing; ``{at}``, ``{code}`` and ``{reason}`` are filled in."""
    return [
        {
            "name": "draft",
            "text": _("Draft – on this device alone"),
            "kind": "neutral",
            "icon": "document",
        },
        {
            "name": "waiting",
            "text": _("Ready to be sent – waits for net"),
            "kind": "info",
            "icon": "wait",
        },
        {"name": "sending", "text": _("Sending"), "kind": "info", "icon": "send"},
        {
            "name": "received",
            "text": _("Received {at} – receipt {code}"),
            "kind": "good",
            "icon": "check",
        },
        {
            "name": "attention",
            "text": _("Needs you: {reason}"),
            "kind": "warm",
            "icon": "warning",
        },
    ]


def words() -> dict[str, Any]:
    """All that a page with states takes: in its template, and for its script."""
    return {
        "states": states(),
        "outbox_words": {
            "clock": clock(),
            "reasons": reasons(),
            "halts": halts(),
            "today": _("today"),
            "nothing_written": _("(no text)"),
            "unreadable": _("Something that cannot be opened"),
            "failed": {
                "network": _("No answer the last time."),
                "server": _("The server failed the last time."),
                "unclear": _("The last answer was no receipt."),
                "redirect": _("The network led to another page in the place of the server."),
                "busy": _("The server asked to wait."),
            },
            "next_try": _("Tried again {at}."),
            "former_colleague": _("a former colleague"),
        },
    }


def page() -> dict[str, Any]:
    """The lists of what lies on the device, and where its sessions are written and settled."""
    return {
        **words(),
        "log": reverse("device_log:form"),
        "conflict": reverse("device_log:conflict"),
    }
