"""The words of the pages on which one confirms, thinks about and follows up without net."""

from typing import Any

from django.utils.translation import gettext as _

from core.concerns import for_scripts
from mentoring.models import MOST_CHARACTERS


def words() -> dict[str, Any]:
    """Everything, in the active language."""
    return {
        "words": {
            "received": _("Received"),
            "waiting": _("Ready to be sent – waits for net"),
            "error_prefix": _("Error:") + " ",
            "most": MOST_CHARACTERS,
            "too_long": _("Shorten the text by {excess} characters; there is room for {most}."),
            "cpr": _(
                "The field holds digits that look like a CPR number. Delete them. "
                "Write about the work, never about a person."
            ),
            "kept": _("Kept on this device"),
            "not_kept": _(
                "NOT kept: this device has no room. "
                "Send it now, or copy your text before you leave."
            ),
            "full": _("This device has no room left. What you did is not kept. Make room first."),
            "locked": _("This device is locked."),
            "as_it_is": _("Save it as it is"),
            "instead": _("Write instead:"),
            **for_scripts(),
            "reasons": {
                "look_again": _(
                    "Something in it could show who a citizen is. Change it, or save it as it is."
                ),
                "cpr_like": _("It holds digits that look like a CPR number. Delete them."),
                "changed": _("It has been changed meanwhile. See how it stands now."),
                "erased": _("The text was erased."),
                "not_found": _("The server does not know it as yours any more."),
                "invalid": _("Something in it is missing or too long. Change it and save again."),
                "other": _("It was not taken in. Your text is here; try again later."),
            },
            "to_confirm": _("To confirm"),
            "confirm": _("Confirm"),
            "two_versions": _(
                "Two versions stand side by side. One is chosen first, on the page of the session."
            ),
            "agreements": _("Agreements"),
            "mark_done": _("Mark as done"),
            "reflections": _("Reflections"),
            "reflection": _("What do you take with you?"),
            "stands_now": _("This stands there now"),
            "keep": _("Keep"),
            "record_confirm": _("Confirmed: {label}"),
            "record_agreement": _("Done: {label}"),
            "record_reflection": _("Reflection: {label}"),
            "follow_ups": _("Follow-ups"),
            "handed_over": _("Handed over to you"),
            "from_mentor": _("{town}, from {mentor}"),
            "due": _("Due"),
            "late_follow_up": _("Late"),
            "how_it_goes": _("How does it go?"),
            "it_is_done": _("It is done"),
            "write_a_line": _("Write one line about how it goes."),
            "move_it": _("Move it to another day"),
            "move_to": _("New day"),
            "move": _("Move it"),
            "why": _("Why?"),
            "write_why": _("Write why it is moved."),
            "later_day": _("Choose a day that is later than the one that stands."),
            "record_follow_up": _("Follow-up: {town}"),
        }
    }
