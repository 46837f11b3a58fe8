"""What the platform keeps about people, apart from their training."""

from django.utils.translation import gettext_lazy as _

from core.declarations import DataDeclaration, Fate, Keep, Records

DECLARATIONS = [
    DataDeclaration(
        title=_("Who you are"),
        purpose=_("So that others know whom they work with, and you read in your language."),
        fields=(
            _("Name, e-mail address, language"),
            _("Where you work, in which profession, from when until when"),
            _("The languages you speak and write"),
        ),
        access=_("You; administrators; coordinators of the towns where you work or hold a role."),
        retention=_("As long as records of your training are kept; then your name is removed."),
        models=("people.Person", "people.Affiliation", "people.LanguageSkill"),
        position=10,
    ),
    DataDeclaration(
        title=_("What you may do"),
        purpose=_("To open to each person what the role asks for, and nothing else."),
        fields=(_("Role, place, from when until when, and who gave it"),),
        access=_("You; administrators; coordinators of the towns where you work or hold a role."),
        retention=_("As long as your name is kept: it shows who could read what, and when."),
        models=("people.Role",),
        position=11,
    ),
    DataDeclaration(
        title=_("Your account"),
        purpose=_("To let you in, and nobody else."),
        fields=(
            _("E-mail address and password; the password cannot be read"),
            _("Invitations: to which address, when, whether they were used"),
            _("Passkeys, code app and recovery codes; their secrets are encrypted"),
            _("Where you are signed in: when it began, the network address, the browser"),
        ),
        access=_(
            "You see where you are signed in. Administrators see whether the account is open."
        ),
        retention=_("Sessions: 30 days. The account: until you ask to have it removed."),
        models=(
            "people.User",
            "people.User_groups",
            "people.User_user_permissions",
            "people.Invitation",
            "account.EmailAddress",
            "account.EmailConfirmation",
            "mfa.Authenticator",
            "usersessions.UserSession",
            "socialaccount.SocialAccount",
            "socialaccount.SocialToken",
            "sessions.Session",
        ),
        position=12,
    ),
    DataDeclaration(
        title=_("Who looked at what"),
        purpose=_(
            "To find misuse, which the law asks for, and so that nobody approves an example that"
            " they have written on."
        ),
        fields=(_("Who, what was done, which record, when. Never any text."),),
        access=_(
            "You see who looked at what is about you. Administrators, when misuse is looked into."
        ),
        retention=_("Two years."),
        models=("core.AccessLog",),
        position=13,
    ),
    DataDeclaration(
        title=_("Mails that were sent"),
        purpose=_("So that no mail is sent twice."),
        fields=(
            _("A number for each mail, and when it left"),
            _("In the queue: the address, and what the mail says about the account"),
        ),
        access=_("Nobody; the programme uses it."),
        retention=_("The number: three months. The queue: two weeks."),
        models=("core.SentMail", "django_tasks_database.DBTaskResult"),
        position=14,
    ),
    DataDeclaration(
        title=_("Your own data, to take along or to have deleted"),
        purpose=_("So that you get a copy of what is kept, and your wish for deletion is done."),
        fields=(
            _("the file with your data, and when you asked for it"),
            _("that you want to be deleted, when, and who did it"),
        ),
        access=_("The file: you alone. The wish: you and administrators."),
        retention=_("The file: seven days. The wish: as the trace of what was done."),
        models=("people.DataExport", "people.ErasureWish"),
        position=15,
    ),
]

RECORDS = [
    Records(
        "people.Person",
        mine=("pk",),
        fate=Fate.BLANKED,
        logged=("people.person", "pk"),
        work="people.own_data.accounts.blank",
    ),
    Records("people.Affiliation", mine=("person",), fate=Fate.ERASED),
    Records("people.LanguageSkill", mine=("person",), fate=Fate.ERASED),
    Records(
        "people.Role",
        mine=("person",),
        acted=("given_by",),
        logged=("people.role", "pk"),
        work="people.own_data.accounts.end_roles",
    ),
    Records(
        "people.Invitation",
        mine=("person",),
        acted=("sent_by",),
        fate=Fate.ERASED,
        keep=(Keep(365, "sent_at"),),
    ),
    Records(
        "people.User",
        mine=("person",),
        fate=Fate.BLANKED,
        secret=("password",),
        work="people.own_data.accounts.close",
    ),
    Records("people.User_groups", mine=("user",), fate=Fate.ERASED),
    Records("people.User_user_permissions", mine=("user",), fate=Fate.ERASED),
    Records("account.EmailAddress", mine=("user",), fate=Fate.ERASED),
    Records(
        "account.EmailConfirmation",
        mine=("email_address__user",),
        fate=Fate.ERASED,
        secret=("key",),
    ),
    Records("mfa.Authenticator", mine=("user",), fate=Fate.ERASED, secret=("data",)),
    Records("socialaccount.SocialAccount", mine=("user",), fate=Fate.ERASED),
    Records(
        "socialaccount.SocialToken",
        mine=("account__user",),
        fate=Fate.ERASED,
        secret=("token", "token_secret"),
    ),
    Records("usersessions.UserSession", mine=("user",), fate=Fate.ERASED, secret=("session_key",)),
    Records(
        "core.AccessLog",
        mine=("actor",),
        keep=(Keep(2 * 365, "at", work="people.own_data.old.forget_access_log"),),
    ),
    Records("people.DataExport", mine=("person",), fate=Fate.ERASED),
    Records("people.ErasureWish", mine=("person",), acted=("entered_by", "done_by")),
]
