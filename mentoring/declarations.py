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
            _("Which competences you practised, and how completely the mentor saw it"),
            _("Every version as it was sent; who confirmed it, asked for a change or chose it"),
            _("Each amendment of a locked session, and why; who linked two logs of one hour"),
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
            "mentoring.SessionCompetence",
            "mentoring.SessionVersion",
            "mentoring.Confirmation",
            "mentoring.ChangeRequest",
            "mentoring.Amendment",
            "mentoring.SameHour",
        ),
        position=41,
    ),
    DataDeclaration(
        title=_("Agreements"),
        purpose=_("To remember what you agreed to do until next time."),
        fields=(
            _("Who does it, by which day, when it was done and who said so"),
            _("What was agreed: the next step of the session, which is kept with the session"),
        ),
        access=_("The members of the pairing. A coordinator of the town sees how many are open."),
        retention=_(
            "Until the municipality no longer needs it. The text goes with that of the session."
        ),
        models=("mentoring.Agreement",),
        position=41,
    ),
    DataDeclaration(
        title=_("Learning goals"),
        purpose=_("So that you and your mentor know what to practise, and by when."),
        fields=(
            _("Which competence, from which step to which, by when, and why"),
            _("Who proposed it, who answered and what; when it was reached or stopped"),
            _("For each week, whether the mentor works in front, beside or behind"),
        ),
        access=_(
            "You and your present mentor. Leaders and coordinators see how skills move in numbers "
            "of at least five people, without names."
        ),
        retention=_("Five years after the goal has ended."),
        models=("mentoring.Goal", "mentoring.GoalTerms", "mentoring.GoalWeek"),
        position=42,
    ),
    DataDeclaration(
        title=_("Reflections"),
        purpose=_("So that you can look back at what you learnt in a session."),
        fields=(_("what you wrote after a session, and when"),),
        access=_("The members of the pairing."),
        retention=_("As long as the text of the session. You can change or delete it any day."),
        models=("mentoring.Reflection",),
        position=42,
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
    DataDeclaration(
        title=_("Rounds and proposals"),
        purpose=_("To find out which mentor goes where, and to say why."),
        fields=(
            _("When a mentor can come, in which form, profession, competences and wishes"),
            _("Who travels together, and how many colleagues a mentor can take"),
            _("Who looks after a place, and a note about the work"),
            _("Each proposal with its pairs, reasons and weights; who made and accepted it"),
            _("Why a round was put off or went ahead, and who decided it"),
        ),
        access=_("Coordinators whose scope holds all municipalities of the round."),
        retention=_("Until the municipalities no longer need it."),
        models=(
            "mentoring.Round",
            "mentoring.RoundDecision",
            "mentoring.Need",
            "mentoring.Stay",
            "mentoring.StayWindow",
            "mentoring.StayWish",
            "mentoring.Stay_competences",
            "mentoring.Stay_travels_with",
            "mentoring.FixedPair",
            "mentoring.Proposal",
            "mentoring.ProposedPair",
            "mentoring.ProposedColleague",
        ),
        position=43,
    ),
    DataDeclaration(
        title=_("Ready for arrival"),
        purpose=_("To have everything in order before mentors arrive."),
        fields=(
            _("What must be ready, who looks after it, when it is due, who did it and when"),
            _("That somebody wants no messages about it"),
        ),
        access=_("The owner; coordinator and leader of the place."),
        retention=_("Until the municipality no longer needs it."),
        models=("mentoring.ReadinessItem", "mentoring.ReadinessStop"),
        position=43,
    ),
    DataDeclaration(
        title=_("Handovers"),
        purpose=_("So that the next one can go on where a mentor stopped."),
        fields=(
            _("Who leaves, who takes over, when it was sent and confirmed"),
            _("For each caseworker: what one does alone, what comes next, how you worked"),
            _("The texts of the last three sessions and of open agreements, as they were then"),
            _("Words of the mentor, questions and answers; why it was closed from the log"),
        ),
        access=_(
            "Mentor and receiver. A caseworker sees the own part. The coordinator sees who, when "
            "and the reason, never the rest."
        ),
        retention=_("Texts: five years. The rest: until the municipality no longer needs it."),
        models=("mentoring.Handover", "mentoring.HandoverPart", "mentoring.HandoverText"),
        position=44,
    ),
    DataDeclaration(
        title=_("Follow-ups"),
        purpose=_("To see how it goes 1, 3 and 6 months after a mentor has left."),
        fields=(
            _("Who owns it, when it is due, who did it and when, a note about the work"),
            _("When and why it was moved, and by whom"),
        ),
        access=_("The owner and the receiver; coordinator and leader of the place."),
        retention=_("Texts: five years. The rest: until the municipality no longer needs it."),
        models=("mentoring.FollowUp", "mentoring.FollowUpMove"),
        position=45,
    ),
    DataDeclaration(
        title=_("Views of lists"),
        purpose=_("So that a coordinator opens with one press what they look at each day."),
        fields=(_("Name, filter and order of each view; never words that were searched for"),),
        access=_("You alone."),
        retention=_("Until you delete the view, or your account ends."),
        models=("mentoring.SavedView",),
        position=46,
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
    Records("mentoring.SessionCompetence", mine=("session__participants__person",)),
    # Blanked with their session: nothing else may change them.
    Records("mentoring.SessionVersion", mine=("author",), acted=("chosen_by",), fate=Fate.BLANKED),
    Records("mentoring.Amendment", mine=("version__author",), fate=Fate.BLANKED),
    Records("mentoring.SameHour", mine=("session__author",), acted=("linked_by",)),
    Records("mentoring.Agreement", mine=("owner",), acted=("done_by",)),
    Records(
        "mentoring.Goal",
        mine=("person",),
        acted=("ended_by",),
        fate=Fate.ERASED,
        keep=(Keep(5 * 365, "ended_at"),),
        logged=("mentoring.goal", "pk"),
    ),
    # Of a goal that was erased with its person nothing is left; a mentor's own words go.
    Records(
        "mentoring.GoalTerms",
        mine=("goal__person", "proposed_by"),
        acted=("answered_by",),
        fate=Fate.BLANKED,
        blank={"why": ""},
    ),
    Records("mentoring.GoalWeek", mine=("goal__person",), fate=Fate.ERASED),
    Records("mentoring.Reflection", mine=("person",), fate=Fate.ERASED),
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
    Records("mentoring.Round", acted=("created_by",)),
    Records(
        "mentoring.RoundDecision",
        mine=("decided_by",),
        fate=Fate.BLANKED,
        blank={"reason": "–"},
    ),
    Records("mentoring.Need", acted=("owner",)),
    Records(
        "mentoring.Stay",
        mine=("person",),
        fate=Fate.BLANKED,
        blank={"note": ""},
        logged=("mentoring.stay", "pk"),
    ),
    Records("mentoring.StayWindow", mine=("stay__person",)),
    Records("mentoring.StayWish", mine=("stay__person",)),
    Records("mentoring.Stay_competences", mine=("stay__person",)),
    Records("mentoring.Stay_travels_with", mine=("from_stay__person",), fate=Fate.ERASED),
    Records("mentoring.FixedPair", mine=("stay__person",)),
    Records("mentoring.Proposal", acted=("made_by", "accepted_by")),
    Records("mentoring.ProposedPair", mine=("stay__person",), fate=Fate.ERASED),
    Records("mentoring.ProposedColleague", mine=("person",), fate=Fate.ERASED),
    Records("mentoring.ReadinessItem", acted=("owner", "done_by")),
    Records("mentoring.ReadinessStop", mine=("person",), fate=Fate.ERASED),
    Records(
        "mentoring.Handover",
        mine=("member__person",),
        acted=("receiver", "settled_by"),
        logged=("mentoring.handover", "pk"),
    ),
    Records("mentoring.HandoverPart", mine=("person",), fate=Fate.BLANKED, blank={"content": None}),
    Records(
        "mentoring.HandoverText",
        mine=("author", "about"),
        fate=Fate.BLANKED,
        blank={"text": None},
        keep=(Keep(5 * 365, "written_at", then=Fate.BLANKED),),
    ),
    Records(
        "mentoring.FollowUp",
        mine=("done_by",),
        acted=("owner",),
        fate=Fate.BLANKED,
        blank={"note": ""},
        keep=(Keep(5 * 365, "due_on", then=Fate.BLANKED),),
        logged=("mentoring.followup", "pk"),
    ),
    Records(
        "mentoring.FollowUpMove",
        mine=("moved_by",),
        fate=Fate.BLANKED,
        blank={"reason": "–"},
        keep=(Keep(5 * 365, "moved_at", then=Fate.BLANKED),),
    ),
    Records("mentoring.SavedView", mine=("person",), fate=Fate.ERASED),
]
