"""What mentoring keeps about people."""

from django.utils.translation import gettext_lazy as _

from core.declarations import DataDeclaration, Fate, Keep, Records

DECLARATIONS = [
    DataDeclaration(
        title=_("Pairings"),
        purpose=_("To know who works with whom, where, and from when until when."),
        fields=(
            _("Who takes part, on which side, from when until when"),
            _("Town, form, state, programme tags and a note about languages"),
        ),
        access=_("The members; the coordinator of the town; a leader sees totals."),
        retention=_("Until the municipality no longer needs it."),
        models=("mentoring.Pairing", "mentoring.PairingMember", "mentoring.PairingTag"),
        position=40,
    ),
    DataDeclaration(
        title=_("Sessions"),
        purpose=_("To see what was trained, and what comes next."),
        fields=(
            _("Day, minutes, town, who took part, steps, how you worked"),
            _("What went well, the next step, languages, interpreter, tools: about the work"),
            _("Every version as it was sent, who confirmed it and who asked for a change"),
        ),
        access=_(
            "The text: the members of the pairing. Day, minutes, steps, how, and whether it is "
            "confirmed: also the coordinator of the town. A leader sees totals. Nobody else, "
            "not even who runs the site."
        ),
        retention=_(
            "Until the municipality no longer needs it. The text can be erased at any time; day, "
            "minutes and who took part stay."
        ),
        models=(
            "mentoring.Session",
            "mentoring.SessionParticipant",
            "mentoring.SessionVersion",
            "mentoring.Confirmation",
            "mentoring.ChangeRequest",
        ),
        position=41,
    ),
    DataDeclaration(
        title=_("Planned sessions and your calendar"),
        purpose=_("So that you know when you work together next, in your own calendar too."),
        fields=(
            _("time, minutes, town, who planned it, one line on what for"),
            _("that your calendar has a secret address; the address itself is not kept"),
        ),
        access=_("The members of the pairing. Whoever has the address sees time and town."),
        retention=_("One year after the session. The address: until you stop it."),
        models=("mentoring.PlannedSession", "mentoring.CalendarAddress"),
        position=42,
    ),
]

RECORDS = [
    Records("mentoring.Pairing", acted=("created_by",)),
    Records(
        "mentoring.PairingMember", mine=("person",), work="mentoring.personal_data.end_memberships"
    ),
    Records(
        "mentoring.Session",
        mine=("author",),
        acted=("erased_by",),
        fate=Fate.BLANKED,
        work="mentoring.personal_data.erase_texts",
        keep=(
            Keep(
                5 * 365,
                "held_on",
                then=Fate.BLANKED,
                only={"erased_at__isnull": True},
                work="mentoring.personal_data.forget_texts",
            ),
        ),
    ),
    Records(
        "mentoring.SessionParticipant",
        mine=("person",),
        logged=("mentoring.session", "session_id"),
    ),
    # Blanked with their session: nothing else may change them.
    Records("mentoring.SessionVersion", mine=("author",), fate=Fate.BLANKED),
    Records(
        "mentoring.PlannedSession",
        mine=("made_by",),
        fate=Fate.BLANKED,
        blank={"purpose": ""},
        keep=(Keep(365, "starts_at"),),
    ),
    Records(
        "mentoring.CalendarAddress", mine=("person",), fate=Fate.ERASED, secret=("token_hash",)
    ),
    Records("mentoring.Confirmation", mine=("person",)),
    Records("mentoring.ChangeRequest", mine=("person",)),
]
