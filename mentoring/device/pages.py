"""The pages of the log on a device: neutral, and filled by its script from the kit."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.concerns import for_scripts
from devices.outbox import words
from mentoring.beginning import STEPS_IN_SIGHT
from mentoring.forms.common import NOTHING_CHOSEN
from mentoring.forms.session import SessionForm
from mentoring.models import MOST_CHARACTERS, MOST_MINUTES

#: Stands for choices that the script draws anew for whoever writes: one of each kind.
ONE = [("", "")]


def neutral_form() -> SessionForm:
    """The form of a session without anybody's choices; nothing is asked of the database."""
    return SessionForm(
        people=lambda: ONE,
        mentors=lambda: ONE,
        owners=lambda: [NOTHING_CHOSEN],
        places=lambda: ONE,
        # One more than are in sight, so that the fold for the others is drawn.
        topics=lambda: [(str(number), "") for number in range(STEPS_IN_SIGHT + 1)],
        competences=lambda: [("", ONE)],
        agreements=lambda: ONE,
    )


def errors() -> dict[str, str]:
    """What is said of a field that is missing or wrong; the server's words, but for its clock."""
    form = SessionForm.base_fields
    required = ("participants", "held_on", "minutes", "place", "topics", "mode")
    return {
        **{name: str(form[name].error_messages["required"]) for name in required},
        "future": _(
            "By the clock of this device the day has not come yet. If the day is right, send again."
        ),
        "next_by": str(form["next_by"].error_messages["invalid"]),
        "next_owner": _("Choose who does it."),
        "too_early": _("The day lies before the session. Change one of them."),
        "too_long": _("Shorten the text by {excess} characters; there is room for {most}."),
        "unseen": _(
            "The text holds characters that cannot be seen. Delete them, or write it anew."
        ),
        "cpr": _(
            "The field holds digits that look like a CPR number. Delete them. "
            "Write about the work, never about a person."
        ),
    }


def log_words() -> dict[str, Any]:
    """What the script of the form says, and its limits."""
    return {
        "errors": errors(),
        "most": MOST_CHARACTERS,
        "most_minutes": MOST_MINUTES,
        "zone": settings.TIME_ZONE,
        "kept": _("Kept on this device {at}"),
        "not_kept": _(
            "NOT kept: this device has no room. Send it now, or copy your text before you leave."
        ),
        "last_time": _("{title} (last time: {observed})"),
        "more_steps": _("{count} more steps"),
        "error": _("Error:"),
        "label": _("Session {day}, {people}"),
        "no_day": _("Session without a day"),
        "tools": _("tools"),
        "ended": _("a training that has ended"),
        "ended_readers": _("you and everybody in the training"),
        "use": _("Use “{words}”"),
        **for_scripts(),
    }


def log_page() -> dict[str, Any]:
    """The log form."""
    return {
        **words(),
        "form": neutral_form(),
        "open_agreements": True,
        "readers_slot": mark_safe('<span data-slot="readers"></span>'),
        "log_words": log_words(),
        "one_error": [{"text": "", "href": "#"}],
    }


def conflict_page() -> dict[str, Any]:
    """Two versions side by side."""
    return {
        **words(),
        "form": neutral_form(),
        "log": reverse("device_log:form"),
        "one_error": [{"text": "", "href": "#"}],
        "conflict_words": {
            "errors": errors(),
            "most": MOST_CHARACTERS,
            "now": _("{who}: holds now"),
            "later": _("{who}: came later"),
            "mine": pgettext("one of two versions", "Yours"),
            "mine_elsewhere": _("Yours, written in another place"),
            "other": _("Somebody else's"),
            "empty": _("(nothing)"),
        },
    }
