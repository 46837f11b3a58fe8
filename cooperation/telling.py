"""What the cooperation tells people: the name of the group and days, never what anybody wrote."""

from django.utils.translation import gettext_lazy as _

from core.telling import Kind

_MEETING, _ACTION, _PRACTICE = _("Meetings"), _("Agreed actions"), _("Good practice")

KINDS = [
    Kind(
        "cooperation.meeting_called",
        _MEETING,
        _("The agenda of a meeting is sent: %(body)s, %(when)s"),
        _("Read it, and see what you have promised since last time."),
    ),
    Kind(
        "cooperation.meeting_moved",
        _MEETING,
        _("A meeting has another time or place: %(body)s, %(when)s"),
    ),
    Kind(
        "cooperation.meeting_cancelled",
        _MEETING,
        _("A meeting is cancelled: %(body)s, %(when)s"),
        _("What stood on its agenda stands on the next one."),
    ),
    Kind(
        "cooperation.minutes_sent",
        _MEETING,
        _("The minutes of a meeting can be read: %(body)s, %(when)s"),
        _("Say soon if something is wrong: they are approved after that."),
    ),
    Kind(
        "cooperation.action_given",
        _ACTION,
        _("You have an action for %(body)s, due %(due)s"),
    ),
    Kind(
        "cooperation.action_soon",
        _ACTION,
        _("An action for %(body)s is due %(due)s"),
        _("When it is done, write one line about it."),
    ),
    Kind(
        "cooperation.action_late",
        _ACTION,
        _("An action for %(body)s was due %(due)s"),
        _("Finish it, or ask for another day. It stands on the next agenda."),
    ),
    Kind(
        "cooperation.action_late_there",
        _ACTION,
        _("An action of others is late: %(body)s, %(due)s"),
        _("See who does it. It stands on the next agenda."),
    ),
    Kind(
        "cooperation.practice_approved",
        _PRACTICE,
        _("Your example of good practice is approved"),
        _("Everybody can read it now."),
    ),
    Kind(
        "cooperation.practice_returned",
        _PRACTICE,
        _("Your example of good practice is sent back"),
        _("See what is missing, write it, and send it again."),
    ),
    Kind(
        "cooperation.pact_ends",
        _("Co-operation agreements"),
        _("A co-operation agreement of %(organisation)s ends, last day %(last)s"),
        _("Talk with the other parties. Enter what follows, or a later last day."),
    ),
]
