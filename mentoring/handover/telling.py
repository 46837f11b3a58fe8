"""What is told about handovers and follow-ups: the town and days, never what anybody wrote."""

from django.utils.translation import gettext_lazy as _

from core.telling import Kind

_HANDOVER, _FOLLOW_UP = _("Handover"), _("Follow-up")

KINDS = [
    Kind(
        "mentoring.handover_sent",
        _HANDOVER,
        _("A handover in %(town)s waits for you"),
        _("Read it, ask if something is missing, and confirm it."),
    ),
    Kind(
        "mentoring.handover_waits",
        _HANDOVER,
        _("A handover in %(town)s has waited for you since %(sent)s"),
        _("Read it, ask if something is missing, and confirm it."),
    ),
    Kind(
        "mentoring.handover_unread",
        _HANDOVER,
        _("In %(town)s nobody can confirm the handover that was sent %(sent)s"),
        _("The receiver has no role in the town any more. Name somebody else."),
    ),
    Kind(
        "mentoring.handover_asked",
        _HANDOVER,
        _("You are asked about your handover in %(town)s"),
        _("Answer before you leave."),
    ),
    Kind("mentoring.handover_answered", _HANDOVER, _("Your question about %(town)s is answered")),
    Kind(
        "mentoring.handover_confirmed",
        _HANDOVER,
        _("Your handover in %(town)s is confirmed"),
        _("You no longer see the training there. Thank you for what you have done."),
    ),
    Kind(
        "mentoring.handover_from_log",
        _HANDOVER,
        _("The training in %(town)s is handed over to you from the log"),
        _("The mentor had left. Read what there is."),
    ),
    Kind(
        "mentoring.handover_passed_on",
        _HANDOVER,
        _("A handover in %(town)s is passed on to you"),
        _("Read it. The follow-ups that belong to it are yours too."),
    ),
    Kind(
        "mentoring.follow_up_given",
        _FOLLOW_UP,
        _("You own a follow-up in %(town)s, due %(due)s"),
    ),
    Kind(
        "mentoring.follow_up_soon",
        _FOLLOW_UP,
        _("A follow-up in %(town)s is due %(due)s"),
        _("See how it goes, and write one line about it."),
    ),
    Kind(
        "mentoring.follow_up_late",
        _FOLLOW_UP,
        _("A follow-up in %(town)s was due %(due)s"),
        _("Do it, or move it and say why."),
    ),
    Kind(
        "mentoring.follow_up_late_there",
        _FOLLOW_UP,
        _("In %(town)s a follow-up is late: it was due %(due)s"),
        _("See who owns it, and whether somebody else should."),
    ),
    Kind(
        "mentoring.follow_up_unowned",
        _FOLLOW_UP,
        _("In %(town)s nobody owns the follow-up that is due %(due)s"),
        _("Name who does it."),
    ),
]
