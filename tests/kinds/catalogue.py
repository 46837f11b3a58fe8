"""Every kind of page, in every state it has, as who sees it; and what it may weigh.

An address is that below the language; ``{names}`` are filled with the ids of ``world``. ``send``
is posted with the form that the page holds (``form``, a selector), as it would be without script:
a list replaces a field, ``None`` leaves it out.
"""

from dataclasses import dataclass
from typing import Any

#: Most bytes on the wire of a first view, images apart; of quality.md where it names one.
START, FORM, LESSON, PAGE = 40_000, 60_000, 25_000, 40_000
FIRST_HTML, SCRIPT = 14_000, 30_000


@dataclass(frozen=True)
class Kind:
    """One page in one state."""

    name: str
    path: str
    who: str = ""
    status: int = 200
    send: dict[str, Any] | None = None
    form: str = "main form"
    budget: int = PAGE
    requests: int = 3
    html: int = FIRST_HTML
    #: The languages it speaks; what fails before the language is known speaks Danish.
    speaks: tuple[str, ...] = ("da", "kl")


def _empty(*names: str) -> dict[str, Any]:
    return dict.fromkeys(names)


SESSION_FIELDS = _empty("participants", "held_on", "minutes", "place", "topics", "mode")
PEOPLE = (
    "caseworker", "mentor", "travelling", "leader", "coordinator", "town coordinator", "editor",
    "translator", "reviewer", "administrator", "new caseworker", "new mentor", "new travelling",
    "new leader", "new coordinator", "nobody",
)  # fmt: skip

PUBLIC = [
    Kind("home", ""),
    Kind("information", "om-sidemand/"),
    Kind("how to", "saadan-bruger-du-sidemand/"),
    Kind("Denmark and Greenland", "danmark-og-groenland/"),
    Kind("accessibility", "tilgaengelighed/"),
    Kind("privacy", "privatliv/"),
    Kind("catalogue", "kurser/"),
    Kind("search", "soeg/"),
    Kind("search, hits", "soeg/", send={"q": ["underret"]}),
    Kind("search, nothing", "soeg/", send={"q": ["findesikke"]}),
    Kind("search, too many words", "soeg/", status=422, send={"q": ["ord " * 40]}),
    Kind("rules", "regler/", budget=60_000),
    Kind("print a lesson", "udskriv/lektion/{lesson_key}/"),
    Kind("a whole module", "udskriv/modul/{module_key}/", budget=60_000, html=40_000),
    Kind("glossary", "ordliste/"),
    Kind("catalogue, narrowed to nothing", "kurser/?sprog=kl&laengde=lang&type=forloeb"),
    Kind("course", "{course}"),
    Kind("module", "{module}"),
    Kind("lesson", "{lesson}", budget=LESSON),
    Kind("lesson with quiz", "{quiz}", budget=LESSON),
    Kind("module with a case", "{case_module}"),
    Kind("case", "{case}"),
    Kind("check a certificate", "bevis/"),
    Kind("check a certificate, nothing typed", "bevis/", status=422, send={}),
    Kind("check a certificate, valid", "bevis/{code}/"),
    Kind("check a certificate, replaced", "bevis/{replaced_code}/"),
    Kind("check a certificate, of a path", "bevis/{path_code}/"),
    Kind("check a certificate, revoked", "bevis/{revoked_code}/"),
    Kind("check a certificate, unknown", "bevis/BCDFGHJKLMNPQRST/", status=404),
    Kind("page behind a password", "{lukket}/"),
    Kind("page behind a password, wrong", "{lukket}/", send={"password": ["forkert"]}),
    Kind("page behind sign-in", "{indenfor}/", requests=6),
    Kind("not there", "findes-ikke/", status=404),
    Kind("bad request", "fejl/400/", status=400, speaks=("da",)),
    Kind("forbidden", "fejl/403/", status=403),
    Kind("too often", "fejl/429/", status=429),
    Kind("failed", "fejl/500/", status=500, speaks=("da",)),
    Kind(
        "form from elsewhere",
        "konto/log-ind/",
        status=403,
        send={"csrfmiddlewaretoken": ["x"]},
        speaks=("da",),
    ),
]

SIGNING_IN = [
    Kind("sign in", "konto/log-ind/", requests=6),  # three more for passkeys
    Kind("sign in, empty", "konto/log-ind/", send=_empty("login", "password")),
    Kind(
        "sign in, wrong",
        "konto/log-ind/",
        send={"login": ["ingen@example.org"], "password": ["forkert-kode"]},
    ),
    Kind(
        "sign in, second step",
        "konto/log-ind/",
        send={"login": ["totrin-ny@example.org"], "password": ["sidemand-demo"]},
    ),
    Kind("sign in again", "konto/bekraeft/", "caseworker"),
    Kind("sign out", "konto/log-ud/", "caseworker"),
    Kind("account closed", "konto/lukket/"),
    Kind("no account without invitation", "konto/opret/"),
    Kind("invitation", "personer/invitation/{invitation_open}/"),
    Kind(
        "invitation, weak password",
        "personer/invitation/{invitation_open}/",
        send={"password1": ["123"]},
    ),
    Kind("invitation while signed in", "personer/invitation/{invitation_open}/", "caseworker"),
    Kind("invitation, a newer one", "personer/invitation/{invitation_newer}/", status=410),
    Kind("invitation, expired", "personer/invitation/{invitation_expired}/", status=410),
    Kind(
        "invitation, asked again",
        "personer/invitation/{invitation_expired}/",
        send={},
    ),
    Kind("invitation, withdrawn", "personer/invitation/{invitation_withdrawn}/", status=410),
    Kind("invitation, unknown", "personer/invitation/abc/", status=404),
    Kind("password forgotten", "konto/adgangskode/glemt/"),
    Kind("password forgotten, empty", "konto/adgangskode/glemt/", send=_empty("email")),
    Kind("password forgotten, sent", "konto/adgangskode/glemt/sendt/"),
    Kind("new password", "konto/adgangskode/ny/{reset}/"),
    Kind(
        "new password, weak",
        "konto/adgangskode/ny/{reset}/",
        send={"password1": ["123"], "password2": ["123"]},
    ),
    Kind("new password, link used", "konto/adgangskode/ny/1-abc-def/"),
    Kind("new password, done", "konto/adgangskode/ny/"),
    Kind("e-mail sent", "konto/e-mail/sendt/"),
    Kind("confirm e-mail", "konto/e-mail/bekraeft/{confirm_email}/"),
    Kind("confirm e-mail, unknown", "konto/e-mail/bekraeft/abc/"),
]

OWN_ACCOUNT = [
    Kind("own profile", "personer/mig/", "caseworker"),
    Kind("own profile of a coordinator", "personer/mig/", "coordinator"),
    Kind("own profile, error", "personer/mig/", "caseworker", 422, _empty("name")),
    Kind("second step asked for", "personer/totrin/", "administrator"),
    Kind("e-mail", "konto/e-mail/", "caseworker"),
    Kind("e-mail, a new one waits", "konto/e-mail/", "new leader"),
    Kind(
        "e-mail, error",
        "konto/e-mail/",
        "caseworker",
        send={"email": ["ingen"], "action_add": [""]},
    ),
    Kind("password", "konto/adgangskode/", "caseworker"),
    Kind(
        "password, error",
        "konto/adgangskode/",
        "caseworker",
        send={"oldpassword": ["forkert"], "password1": ["1"], "password2": ["2"]},
    ),
    Kind("second step, none", "konto/totrin/", "caseworker"),
    Kind("second step, set up", "konto/totrin/", "two steps"),
    Kind("app", "konto/totrin/app/", "caseworker"),
    Kind("app, wrong code", "konto/totrin/app/", "caseworker", send={"code": ["123"]}),
    Kind("app, remove", "konto/totrin/app/fjern/", "two steps"),
    Kind("recovery codes", "konto/totrin/koder/", "two steps"),
    Kind("recovery codes, new", "konto/totrin/koder/nye/", "two steps"),
    Kind("passkeys, none", "konto/totrin/noegler/", "caseworker"),
    Kind("passkeys", "konto/totrin/noegler/", "passkey"),
    Kind("passkey, new", "konto/totrin/noegler/ny/", "caseworker"),
    Kind("passkey, rename", "konto/totrin/noegler/{passkey}/", "passkey"),
    Kind("passkey, remove", "konto/totrin/noegler/{passkey}/fjern/", "passkey"),
    Kind("where one is signed in", "konto/enheder/", "caseworker"),
    Kind("own data", "personer/mig/data/", "caseworker"),
    Kind("own data, a copy that is ready", "personer/mig/data/", "leaver"),
    Kind("own data, a copy that is being made", "personer/mig/data/", "new leader"),
    Kind("who has seen it", "personer/mig/data/set/", "caseworker"),
    Kind("who has seen it, nobody", "personer/mig/data/set/?om=people.role", "nobody"),
    Kind("ask to be deleted", "personer/mig/data/slet/", "caseworker"),
]

STARTS = [Kind(f"start of {who}", "start/", who, budget=START) for who in PEOPLE]

LEARNING = [
    Kind("home of a learner", "", "caseworker"),
    Kind("catalogue of a learner", "kurser/", "caseworker"),
    Kind("course of a learner", "{course}", "caseworker"),
    Kind("course not taken", "{course}", "new caseworker"),
    Kind("module of a learner", "{module}", "caseworker"),
    Kind("lesson of a learner", "{lesson}", "caseworker", budget=LESSON),
    Kind("lesson with quiz of a learner", "{quiz}", "caseworker", budget=LESSON),
    Kind("quiz, unanswered", "{quiz}", "caseworker", 422, {}, form="#quiz form"),
    Kind("quiz", "laering/lektion/{quiz_key}/quiz/", "caseworker", budget=LESSON),
    Kind("quiz result", "laering/forsoeg/{attempt}/", "caseworker"),
    Kind("lesson with every kind of question", "{practice}", budget=LESSON),
    Kind("quiz of every kind", "laering/lektion/{practice_key}/quiz/", "caseworker", budget=LESSON),
    Kind(
        "quiz of every kind, unanswered",
        "laering/lektion/{practice_key}/quiz/",
        "caseworker",
        422,
        {},
    ),
    Kind(
        "quiz result of every kind, corrected", "laering/forsoeg/{practice_attempt}/", "caseworker"
    ),
    Kind("competences", "kompetencer/", "caseworker"),
    Kind("competences, nothing shown", "kompetencer/", "new caseworker"),
    Kind("competences of a mentor", "kompetencer/", "mentor"),
    Kind("competences, another profession", "kompetencer/?fag=family_therapist", "caseworker"),
    Kind("competence", "kompetencer/{competence}/", "caseworker"),
    Kind("competence, nothing chosen", "kompetencer/{competence}/", "caseworker", 422, {}),
    Kind("own ratings of a colleague", "kompetencer/kollega/{colleague}/", "mentor"),
    Kind("own ratings in numbers", "kompetencer/overblik/", "coordinator"),
    Kind("own ratings in numbers, too few", "kompetencer/overblik/", "new leader"),
    Kind("certificates", "laering/beviser/", "holder"),
    Kind("certificates, none", "laering/beviser/", "new caseworker"),
    Kind("certificate", "laering/beviser/{certificate}/", "holder"),
    Kind("certificate, replaced", "laering/beviser/{replaced}/", "holder"),
    Kind("certificate, ends early", "laering/beviser/{ends_early}/", "holder"),
    Kind(
        "certificate of a course, not yet",
        "laering/kursus/{course_key}/bevis/",
        "caseworker",
    ),
    Kind("certificate of a course, held", "laering/kursus/{course_key}/bevis/", "holder"),
    Kind("certificate of a course, ready", "laering/kursus/{course_key}/bevis/", "completed"),
    Kind("certificate of a path", "laering/beviser/{path_certificate}/", "path done"),
    Kind("certificate, revoked", "laering/beviser/{revoked}/", "holder"),
    Kind("certificate of a path, not yet", "laering/forloeb/{path}/bevis/", "caseworker"),
    Kind("certificate of a path, held", "laering/forloeb/{path}/bevis/", "path done"),
    Kind("certificate of a path, ready", "laering/forloeb/{path}/bevis/", "path ready"),
    Kind("module with a case of a learner", "{case_module}", "caseworker"),
    Kind("case of a learner", "{case}", "caseworker"),
    Kind("case, not begun", "{case}", "new caseworker"),
    Kind("case, a step", "laering/sagsspil/{play}/", "caseworker"),
    Kind("case, a step of the partner", "laering/sagsspil/{play}/", "mentor"),
    Kind(
        "case, nothing chosen",
        "laering/sagsspil/{play}/",
        "caseworker",
        422,
        _empty("choice"),
        form="form[action$='/valg/']",
    ),
    Kind("case, ended", "laering/sagsspil/{ended_play}/", "caseworker"),
    Kind("my learning", "laering/", "caseworker"),
    Kind("my learning, empty", "laering/", "new caseworker"),
    Kind("rules of a learner", "regler/", "caseworker", budget=60_000, html=20_000),
    Kind("saved for later", "laering/gemt/", "caseworker"),
    Kind("saved for later, one removed", "laering/gemt/?fjernet=lektion:{quiz_key}", "caseworker"),
    Kind("saved for later, nothing", "laering/gemt/", "new caseworker"),
    Kind("my notes", "laering/noter/", "caseworker"),
    Kind("my notes, none", "laering/noter/", "new caseworker"),
    Kind("my notes, found", "laering/noter/", "caseworker", send={"q": ["klokkeslæt"]}),
    Kind("my notes, nothing found", "laering/noter/", "caseworker", send={"q": ["findesikke"]}),
    Kind("my notes, too many words", "laering/noter/", "caseworker", 422, {"q": ["ord " * 40]}),
    Kind("my notes, one deleted", "laering/noter/?slettet={deleted_note}", "caseworker"),
    Kind("note, none yet", "laering/noter/lektion/{quiz_key}/", "caseworker"),
    Kind("note", "laering/noter/lektion/{noted_key}/", "caseworker"),
    Kind("note, two texts", "laering/noter/lektion/{two_texts_key}/", "caseworker"),
    Kind(
        "note, too long",
        "laering/noter/lektion/{quiz_key}/",
        "caseworker",
        422,
        {"text": ["ord " * 2_600]},
    ),
    Kind("tell the editors", "laering/sig-det/lektion/{lesson_key}/", "caseworker"),
    Kind(
        "tell the editors, empty",
        "laering/sig-det/lektion/{lesson_key}/",
        "caseworker",
        422,
        _empty("text", "kind"),
    ),
    Kind("messages to the editors", "laering/beskeder/", "caseworker"),
    Kind("messages to the editors, none", "laering/beskeder/", "new caseworker"),
    Kind("message to the editors, answered", "laering/beskeder/{answered}/", "caseworker"),
    Kind("message to the editors, sent", "laering/beskeder/{unanswered}/", "caseworker"),
    Kind("changed since learnt", "laering/aendret/", "caseworker"),
    Kind("changed since learnt, nothing", "laering/aendret/", "new caseworker"),
    Kind("learning path", "laering/forloeb/{path}/", "caseworker"),
    Kind("learning path not taken", "laering/forloeb/{path}/", "new caseworker"),
    Kind("learning path, completed", "laering/forloeb/{path}/", "path done"),
    Kind("leave a learning path", "laering/forloeb/{own_path}/forlad/", "caseworker"),
    Kind("my learning, a path done", "laering/", "path done"),
    Kind("leave a course", "laering/kursus/{course_key}/forlad/", "caseworker"),
    Kind("ask for a translation", "oversaettelse/{lesson_key}/", "caseworker"),
]

MENTORING = [
    Kind("session form", "sidemand/sessioner/ny/", "mentor", budget=FORM),
    Kind("session form, no pairing", "sidemand/sessioner/ny/", "new mentor", budget=FORM),
    Kind("session form, empty", "sidemand/sessioner/ny/", "mentor", 422, SESSION_FIELDS),
    Kind(
        "session form, look once more",
        "sidemand/sessioner/ny/",
        "mentor",
        422,
        {
            "participants": ["{colleague}"],
            "topics": ["receipt"],
            "mode": ["beside"],
            "went_well": ["Talte med Nivi på 8 år i Kangaamiut."],
        },
    ),
    Kind(
        "receipt",
        "sidemand/sessioner/ny/",
        "mentor",
        send={
            "participants": ["{colleague}"],
            "topics": ["receipt"],
            "mode": ["beside"],
            "went_well": ["Øvede kvitteringen."],
        },
    ),
    Kind("sessions of a mentor", "sidemand/sessioner/", "mentor"),
    Kind("sessions of a caseworker", "sidemand/sessioner/", "caseworker"),
    Kind("sessions, none", "sidemand/sessioner/", "new mentor"),
    Kind("sessions, none in the filter", "sidemand/sessioner/?kollega={attempt}", "mentor"),
    Kind("session, open", "sidemand/sessioner/{open}/", "mentor"),
    Kind("session to confirm", "sidemand/sessioner/{open}/", "caseworker"),
    Kind("session, two versions", "sidemand/sessioner/{two}/", "mentor"),
    Kind("session, locked", "sidemand/sessioner/{locked}/", "caseworker"),
    Kind("session, erased", "sidemand/sessioner/{erased}/", "mentor"),
    Kind("session, change", "sidemand/sessioner/{open}/ret/", "mentor", budget=FORM),
    Kind("session, change a locked one", "sidemand/sessioner/{locked}/ret/", "mentor"),
    Kind("session, join two", "sidemand/sessioner/{two}/saml/{beside}/", "mentor", budget=FORM),
    Kind("session, its receipt", "sidemand/sessioner/{open}/kvittering/{open_version}/", "mentor"),
    Kind("confirmed", "sidemand/sessioner/bekraeftet/?version={locked_version}", "caseworker"),
    Kind("ask for a change", "sidemand/sessioner/{open}/bed-om-rettelse/", "caseworker"),
    Kind(
        "ask for a change, empty",
        "sidemand/sessioner/{open}/bed-om-rettelse/",
        "caseworker",
        422,
        {},
    ),
    Kind("erase", "sidemand/sessioner/{open}/slet-tekst/", "mentor"),
    Kind("erase, empty", "sidemand/sessioner/{open}/slet-tekst/", "mentor", 422, {}),
    Kind("overview", "sidemand/oversigt/", "coordinator"),
    Kind("overview, none", "sidemand/oversigt/", "new coordinator"),
    Kind("pairings", "sidemand/forloeb/", "coordinator"),
    Kind("pairings of a municipality", "sidemand/forloeb/", "town coordinator"),
    Kind("pairings, none", "sidemand/forloeb/", "new coordinator"),
    Kind("pairing, choose a town", "sidemand/forloeb/nyt/", "coordinator"),
    Kind("pairing, plan", "sidemand/forloeb/nyt/?by=sisimiut", "coordinator"),
    Kind(
        "pairing, plan, empty",
        "sidemand/forloeb/nyt/?by=sisimiut",
        "coordinator",
        422,
        _empty("kind", "starts_on", "mentors", "caseworkers"),
    ),
    Kind("pairing", "sidemand/forloeb/{pairing}/", "coordinator"),
    Kind("pairing, change", "sidemand/forloeb/{pairing}/ret/", "coordinator"),
    Kind(
        "pairing, change, empty",
        "sidemand/forloeb/{pairing}/ret/",
        "coordinator",
        422,
        _empty("starts_on"),
    ),
    Kind("pairing, closed", "sidemand/forloeb/{closed_pairing}/", "coordinator"),
    Kind(
        "pairing, member without a name",
        "sidemand/forloeb/{pairing}/",
        "coordinator",
        422,
        _empty("person", "side", "starts_on"),
        form="form[action$='/medlemmer/']",
    ),
]

LEARNING_OF_OTHERS = [
    Kind("learning in the place", "laering/overblik/", "coordinator"),
    Kind("learning in the place, late", "laering/overblik/?tilstand=sen", "town coordinator"),
    Kind("learning in the place, no path", "laering/overblik/?tilstand=uden", "coordinator"),
    Kind("learning in the place, nobody", "laering/overblik/?by=nuuk", "coordinator"),
    Kind("learning in the place, none", "laering/overblik/", "new coordinator"),
    Kind("progress in numbers", "laering/overblik/fremdrift/", "coordinator"),
    Kind("progress in numbers, one place", "laering/overblik/fremdrift/", "town coordinator"),
    Kind("progress in numbers, nobody", "laering/overblik/fremdrift/", "new coordinator"),
    Kind("learning in the place, totals", "laering/overblik/", "leader"),
    Kind("learning in the place, no totals", "laering/overblik/", "new leader"),
    Kind(
        "assign a path",
        "laering/overblik/person/{person}/",
        "coordinator",
        send={},
        form="form[action$='/tildel/']",
    ),
    Kind(
        "remind",
        "laering/overblik/person/{person}/",
        "coordinator",
        send={},
        form="form[action$='/paamind/']",
    ),
    Kind("learning of a person", "laering/overblik/person/{person}/", "coordinator"),
    Kind("learning of a person, none", "laering/overblik/person/{no_path}/", "coordinator"),
    Kind("certificate of a person", "laering/overblik/bevis/{certificate}/", "coordinator"),
    Kind(
        "certificate of a person, no reason",
        "laering/overblik/bevis/{certificate}/",
        "coordinator",
        422,
        _empty("reason"),
    ),
    Kind("certificate of a person, revoked", "laering/overblik/bevis/{revoked}/", "coordinator"),
    Kind("due day", "laering/overblik/tildeling/{assignment}/frist/", "coordinator"),
    Kind(
        "due day, over",
        "laering/overblik/tildeling/{assignment}/frist/",
        "coordinator",
        422,
        {"due_on": ["2020-01-01"]},
    ),
    Kind("rules of assignment", "laering/overblik/regler/", "town coordinator"),
    Kind(
        "rules of assignment, empty",
        "laering/overblik/regler/",
        "new coordinator",
        422,
        _empty("path", "role_key", "where"),
    ),
]

PEOPLE_PAGES = [
    Kind("people", "personer/", "administrator"),
    Kind("people of a municipality", "personer/", "town coordinator"),
    Kind("people, none in the filter", "personer/?role=editor", "town coordinator"),
    Kind("person", "personer/{person}/", "administrator"),
    Kind("person without an account", "personer/{without_account}/", "coordinator"),
    Kind("person invited", "personer/{invited_open}/", "coordinator"),
    Kind("person, new", "personer/ny/", "coordinator"),
    Kind("person, new, empty", "personer/ny/", "coordinator", 422, _empty("name", "email")),
    Kind("person, change", "personer/{person}/ret/", "administrator"),
    Kind("person, give a role", "personer/{person}/rolle/", "administrator"),
    Kind(
        "person, give a role, empty",
        "personer/{person}/rolle/",
        "administrator",
        422,
        _empty("key", "where", "starts_on"),
    ),
    Kind("person, end a role", "personer/{person}/rolle/{role}/", "administrator"),
    Kind("person, add a workplace", "personer/{person}/arbejde/", "administrator"),
    Kind("person, languages", "personer/{without_account}/sprog/", "administrator"),
    Kind("organisations", "personer/organisationer/", "administrator"),
    Kind("organisation, new", "personer/organisationer/ny/", "administrator"),
    Kind(
        "organisation, new, empty",
        "personer/organisationer/ny/",
        "administrator",
        422,
        _empty("name", "starts_on"),
    ),
    Kind("organisation, change", "personer/organisationer/{organisation}/", "administrator"),
    Kind("person, close the account", "personer/{person}/luk/", "administrator"),
    Kind("people, not allowed", "personer/", "caseworker", 403),
    Kind("who has seen a person", "personer/{person}/set/", "administrator"),
    Kind("wishes for deletion", "personer/sletning/", "administrator"),
    Kind("delete a person, no wish", "personer/{person}/slet/", "administrator"),
    Kind("delete a person, too early", "personer/{leaver}/slet/", "administrator"),
    Kind("delete a person, now", "personer/{gone}/slet/", "administrator"),
]

KINDS = [
    *PUBLIC,
    *SIGNING_IN,
    *OWN_ACCOUNT,
    *STARTS,
    *LEARNING,
    *MENTORING,
    *LEARNING_OF_OTHERS,
    *PEOPLE_PAGES,
]

#: Addresses below a language that never draw a page of their own to read.
NO_PAGES = {
    "account_set_password", "mfa_authenticate", "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn", "mfa_download_recovery_codes", "wagtailcore_login",
    "wagtailcore_authenticate_with_password",
    "courses:certificate-file", "courses:certificate-badge", "courses:give-back",
    "courses:progress-csv", "courses:progress-xlsx",
    "courses:notes-file",
    "courses:save", "courses:unsave", "courses:delete-note", "courses:restore-note",
    "courses:see-answer", "print_lesson_file", "print_module_file",
    "courses:enrol", "courses:opened", "courses:read", "courses:seen",
    "courses:take-path", "courses:retake-path", "courses:case_begin",
    "courses:case_choose", "courses:case_back", "courses:case_again", "courses:case_another",
    "courses:undo-batch", "courses:take-off",
    "courses:put-back", "courses:end-rule", "courses:reminders", "courses:see-reminder",
    "courses:assign", "courses:remind",
    "courses:export-csv", "courses:export-xlsx",
    "mentoring:home", "mentoring:confirm", "mentoring:api-sessions", "mentoring:add-member",
    "mentoring:end-member", "mentoring:change-state",
    "people:ask-for-export", "people:fetch-export", "people:seen-file", "people:take-back",
    "people:others-seen-file",
    "people:invite", "people:withdraw", "people:end_affiliation", "people:reopen_account",
}  # fmt: skip
