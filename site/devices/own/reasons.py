"""What became of a record of a file, in words: none of them says what it holds."""

from django.utils.translation import gettext as _

from devices.taking_in import Line, Outcome


def said(line: Line) -> str:
    """The outcome of one record, as whoever took the file in reads it."""
    if line.outcome is Outcome.RECEIVED:
        return _("Received")
    if line.outcome is Outcome.KNOWN:
        return _("Was here already")
    if line.outcome is Outcome.BESIDE:
        return _("Is here, beside another version. Its author chooses which one holds.")
    why = reasons().get(line.reason) or _("The server did not take it.")
    return _("Not taken: %(why)s") % {"why": why}


def reasons() -> dict[str, str]:
    """Why a record was not taken, by the code of the API."""
    return {
        "unreadable": _("the file is damaged here, or it was not made by this device"),
        "cpr_like": _("it holds digits that look like a CPR number; its author has to delete them"),
        "look_again": _("something in it could show who a citizen is; its author has to look"),
        "invalid": _("something in it is missing or wrong; its author has to correct it"),
        "malformed": _("it comes from a version of the site that is not understood any more"),
        "too_large": _("it is too long"),
        "not_found": _("what it is about is not there, or is not its author's"),
        "not_member": _("its author was not a mentor of this training on that day"),
        "stay_ended": _("the stay has ended, and the day lies outside it or too far back"),
        "moved": _("its author has moved, and the day lies outside the stay or too far back"),
        "locked": _("everybody has confirmed the session meanwhile"),
        "erased": _("the text of the session was erased"),
        "conflict": _("something else was sent under its number"),
        "taken": _("something else was sent under its number"),
        "changed": _("what it is about has changed; its author has to look first"),
        "parent_unknown": _("the version it was made from has not arrived"),
        "server": _("the server could not take it"),
    }
