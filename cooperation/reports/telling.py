"""What is told about half-year reports: whose, which half-year, by when. Never what they say."""

from django.utils.translation import gettext_lazy as _

from core.telling import Kind

_ABOUT = _("Half-year report")

KINDS = [
    Kind(
        "cooperation.report_over",
        _ABOUT,
        _("The half-year is over: deliver the report of %(title)s by %(due)s"),
        _("The figures are there. Look them through, write your words, and freeze it."),
    ),
    Kind(
        "cooperation.report_soon",
        _ABOUT,
        _("The half-year report of %(title)s is due %(due)s"),
        _("It has not been delivered yet."),
    ),
    Kind(
        "cooperation.report_late",
        _ABOUT,
        _("The half-year report of %(title)s was due %(due)s"),
        _("Without it, the municipality stands as “not delivered”."),
    ),
    Kind(
        "cooperation.report_round",
        _ABOUT,
        _("The report of %(title)s, %(half)s, goes round for comment"),
        _("Read it, and say what is missing."),
    ),
    Kind(
        "cooperation.report_commented",
        _ABOUT,
        _("Somebody has commented on the report of %(title)s, %(half)s"),
    ),
    Kind(
        "cooperation.report_delivered",
        _ABOUT,
        _("%(title)s has delivered its report, %(half)s"),
    ),
    Kind(
        "cooperation.report_corrected",
        _ABOUT,
        _("%(title)s has corrected its report, %(half)s"),
        _("What was delivered before stays as it was. Read what is new, and why."),
    ),
]
