"""What holds in every environment; the variables are described in docs/operations.md."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django_stubs_ext
import environ
from csp.constants import NONE, SELF

from core.languages import register_kalaallisut

# Lets Django's classes name their model in brackets, as the types want it: FormView[RatingForm].
django_stubs_ext.monkeypatch()

ROOT = Path(__file__).resolve().parents[3]
SITE = ROOT / "site"

env = environ.Env()
if (ROOT / ".env").exists():
    env.read_env(ROOT / ".env")

VAR = Path(env.str("SIDEMAND_VAR", default=str(ROOT / "var")))
VERSION = "0.2.0"

# --- Applications -------------------------------------------------------------------------------

INSTALLED_APPS = [
    "core",
    "files",
    "people",
    "notices",
    "rules",
    "competences",
    "devices",
    "courses",
    "mentoring",
    "cooperation",
    "pages",
    "demo",
    "wagtail_localize",
    "wagtail_localize.locales",  # instead of wagtail.locales
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "wagtailmedia",
    "modelcluster",
    "taggit",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "django_tasks",
    "django_tasks_db",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",  # the session list of allauth says "3 hours ago" with it
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "core.logs.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "core.compression.CompressionMiddleware",
    "core.csp.PathCSPMiddleware",
    "core.addresses.PlainAddressMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "core.api.ApiLocaleMiddleware",
    "core.guard.IdentityGuardMiddleware",  # behind the language, before whatever reads a post
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "people.middleware.IdleMiddleware",
    "people.middleware.SecondFactorMiddleware",
    "people.middleware.AdminRoleMiddleware",
    "people.middleware.IncompleteFormMiddleware",
    "pages.editing.refusals.RefusalMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [SITE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.context.site_chrome",
            ],
        },
    }
]
FORM_RENDERER = "core.forms.SidemandRenderer"

# --- Data ---------------------------------------------------------------------------------------

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# FULL: an acknowledged commit is on the disk. IMMEDIATE: a writer waits for its turn at BEGIN
# instead of failing in the middle ("database is locked").
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": ("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"),
}
# The pool forbids persistent connections; its ceiling keeps workers × threads below PostgreSQL's.
POSTGRES_OPTIONS = {
    "pool": {
        "min_size": 1,
        "max_size": env.int("SIDEMAND_DB_POOL", default=8),
        "timeout": 10,
    },
    # Compiling a page's query takes longer than running it: up to 700 ms of a coordinator's first.
    "options": "-c synchronous_commit=on -c jit=off -c plan_cache_mode=force_generic_plan",
    # The few queries behind every page (core.prepared) are planned once per connection. Left to
    # itself, PostgreSQL plans the largest anew each time: 3.0 ms instead of 0.6 for a course.
    "prepare_threshold": 3 if env.bool("SIDEMAND_DB_PREPARE", default=True) else None,
}


def database(url: str) -> dict[str, Any]:
    """Settings of the database at ``url`` (``sqlite:///path`` or ``postgres://…``)."""
    config: dict[str, Any] = dict(env.db_url_config(url))
    if config["ENGINE"] == "django.db.backends.sqlite3":
        config["ENGINE"] = "core.sqlite"
        config["OPTIONS"] = dict(SQLITE_OPTIONS)
    else:
        config["OPTIONS"] = {**config.get("OPTIONS", {}), **POSTGRES_OPTIONS}
        config["CONN_MAX_AGE"] = 0
    return config


DATABASES = {
    "default": database(env.str("DATABASE_URL", default=f"sqlite:///{VAR / 'db.sqlite3'}"))
}
ON_POSTGRES = DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql"
if ON_POSTGRES:
    INSTALLED_APPS.append("django.contrib.postgres")

# Shared by all worker processes, or a limit on sign-in attempts would count per process.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "core_cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
    # Lessons drawn as PDF: too large for the database, and drawn anew where they are missing.
    "prints": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": VAR / "prints",
        "OPTIONS": {"MAX_ENTRIES": 500},
    },
}

TASKS = {
    "default": {
        "BACKEND": env.str("SIDEMAND_TASKS", default="django_tasks_db.DatabaseBackend"),
        "QUEUES": ["default"],
    }
}

# --- Language, place and time -------------------------------------------------------------------

register_kalaallisut()
LANGUAGE_CODE = "da"  # also the last fallback of a missing Kalaallisut text
LANGUAGES = [("da", "Dansk"), ("kl", "Kalaallisut")]
LOCALE_PATHS = [SITE / "locale", SITE / "locale_wagtail"]
FORMAT_MODULE_PATH = ["config.formats"]
USE_I18N = True
USE_THOUSAND_SEPARATOR = True
USE_TZ = True
TIME_ZONE = "America/Nuuk"
LANGUAGE_COOKIE_NAME = "sidemand_language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SAMESITE = "Lax"

# --- Files --------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [SITE / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = Path(env.str("SIDEMAND_MEDIA", default=str(ROOT / "media")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Where the web server serves MEDIA_ROOT internally (X-Accel-Redirect); empty: we read the files.
SIDEMAND_ACCEL_PREFIX = env.str("SIDEMAND_ACCEL_PREFIX", default="")
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
# A megabyte of text, sent as %xx, is refused in its field and not by a page without the text.
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # a long lesson in the editor has thousands
WHITENOISE_KEEP_ONLY_HASHED_FILES = False

# --- People and sign-in -------------------------------------------------------------------------

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["people.backends.PersonBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 8},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email"]},
    },
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "start"

SESSION_ENGINE = "core.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"

# --- Sign-in ------------------------------------------------------------------------------------

ACCOUNT_ADAPTER = "people.sign_in.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "people.sign_in.LoginForm",
    "signup": "people.sign_in.SignupForm",
    "reset_password": "people.sign_in.ResetPasswordForm",
    "reset_password_from_key": "people.sign_in.ResetPasswordKeyForm",
    "change_password": "people.sign_in.ChangePasswordForm",
    "set_password": "people.sign_in.SetPasswordForm",
    "reauthenticate": "people.sign_in.ReauthenticateForm",
    "add_email": "people.sign_in.ChangeEmailForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"  # the invitation is the proof; a new address needs one
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # no mail to strangers
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_SESSION_REMEMBER = True  # how long is decided by the box "Shared computer"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
# Guessing is stopped per account. What is counted per address is only there against floods: a
# whole municipality may sit behind one address, and must be able to sign in on a Monday morning.
ACCOUNT_RATE_LIMITS = {
    "login": "1200/m/ip",
    "login_failed": "600/m/ip,10/10m/key",
    "signup": "300/m/ip",
    "reset_password": "300/m/ip,5/h/key",
    "reset_password_from_key": "300/m/ip",
}
# X-Forwarded-For is believed only as far as this many proxies of the operator wrote it.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("SIDEMAND_PROXY_COUNT", default=0)
SIDEMAND_SHARED_IDLE_MINUTES = 30
SESSION_COOKIE_AGE = 30 * 24 * 3600
PASSWORD_RESET_TIMEOUT = 24 * 3600

MFA_ADAPTER = "people.sign_in.MFAAdapter"
MFA_FORMS = {
    "add_webauthn": "people.sign_in.AddPasskeyForm",
    "edit_webauthn": "people.sign_in.EditPasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Sidemand"
MFA_TOTP_TOLERANCE = 1  # one step, for telephones that are not on time
MFA_RATE_LIMITS = {"webauthn_login": "600/m/ip"}

# One OpenID Connect provider, when the operator names its server. An account is found by its
# verified address; nobody gets one without an invitation.
SOCIALACCOUNT_ADAPTER = "people.sign_in.SocialAccountAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {}
SIDEMAND_OIDC_SERVER = env.str("SIDEMAND_OIDC_SERVER", default="")
if SIDEMAND_OIDC_SERVER:
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": env.str("SIDEMAND_OIDC_ID", default="oidc"),
                "name": env.str("SIDEMAND_OIDC_NAME", default="OpenID Connect"),
                "client_id": env.str("SIDEMAND_OIDC_CLIENT_ID"),
                "secret": env.str("SIDEMAND_OIDC_SECRET"),
                "settings": {"server_url": SIDEMAND_OIDC_SERVER},
            }
        ],
    }
# A browser holds every step that a form leads through against the policy, redirects as well.
_oidc = urlsplit(SIDEMAND_OIDC_SERVER)
OIDC_ORIGINS = [f"{_oidc.scheme}://{_oidc.netloc}"] if SIDEMAND_OIDC_SERVER else []

# --- Wagtail ------------------------------------------------------------------------------------

WAGTAIL_SITE_NAME = "Sidemand"
WAGTAIL_I18N_ENABLED = True
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAILADMIN_PERMITTED_LANGUAGES = [("da", "Dansk"), ("en", "English")]
WAGTAILADMIN_LOGIN_URL = "account_login"
WAGTAIL_FRONTEND_LOGIN_URL = "account_login"
WAGTAIL_PASSWORD_REQUIRED_TEMPLATE = "pages/password_required.html"  # noqa: S105  a file name
WAGTAILDOCS_PASSWORD_REQUIRED_TEMPLATE = "pages/password_required.html"  # noqa: S105  the same
WAGTAILADMIN_BASE_URL = env.str("SIDEMAND_BASE_URL", default="http://localhost:8000")
WAGTAIL_USER_TIME_ZONES = [
    "America/Nuuk",
    "America/Scoresbysund",
    "America/Danmarkshavn",
    "America/Thule",
    "Europe/Copenhagen",
]
WAGTAIL_GRAVATAR_PROVIDER_URL = None  # no calls to third parties
WAGTAIL_ENABLE_UPDATE_CHECK = False
# The editor saves by itself this long after the last change, and does not stop when a button is
# pressed meanwhile: half a second, its default, approves twice and takes the page down again.
WAGTAIL_AUTOSAVE_INTERVAL = 10_000  # milliseconds
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILIMAGES_IMAGE_MODEL = "files.Image"
WAGTAILDOCS_DOCUMENT_MODEL = "files.Document"
WAGTAILMEDIA = {
    "MEDIA_MODEL": "files.Media",
    "MEDIA_FORM_BASE": "files.forms.MediaForm",
    "VIDEO_EXTENSIONS": ["mp4", "m4v", "webm"],
    "AUDIO_EXTENSIONS": ["mp3", "m4a", "ogg"],
}
WAGTAILIMAGES_IMAGE_FORM_BASE = "files.forms.ImageForm"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "files.forms.DocumentForm"
WAGTAILDOCS_EXTENSIONS = ["pdf", "docx", "xlsx", "pptx", "odt", "ods", "odp", "txt", "csv", "vtt"]
WAGTAILIMAGES_FORMAT_CONVERSIONS = {"bmp": "jpeg", "avif": "avif", "webp": "webp"}
WAGTAILIMAGES_AVIF_QUALITY = 50
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 40_000_000
WAGTAILEMBEDS_FINDERS: list[dict[str, Any]] = []  # an embed would call a third party
WAGTAILSEARCH_BACKENDS: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "core.search_terms"}  # that of the database, behind what cleans queries
}
if ON_POSTGRES:
    WAGTAILSEARCH_BACKENDS["default"]["SEARCH_CONFIG"] = "danish"

# Views of Wagtail whose forms are ours (core.admin_forms, files.forms) and say at the field what
# the identity guard refuses. Every other view is guarded by the middleware. Pages that ask for the
# password once more must not be named: allauth keeps what was sent to them in the session.
_SNIPPETS = (
    "rules_rule",
    "rules_act",
    "competences_topic",
    "competences_framework",
    "competences_frameworkversion",
    "courses_question",
    "pages_checklist",
    "pages_contactcard",
    "pages_glossaryterm",
)
IDENTITY_GUARDED_VIEWS = frozenset(
    {
        *(f"wagtailadmin_pages:{view}" for view in ("add", "edit")),
        *(f"wagtailadmin_pages:preview_on_{view}" for view in ("add", "edit")),
        *(f"wagtailsnippets_{name}:{view}" for name in _SNIPPETS for view in ("add", "edit")),
        *(f"wagtailimages:{view}" for view in ("edit", "add_multiple", "edit_multiple")),
        *(f"wagtaildocs:{view}" for view in ("edit", "add_multiple", "edit_multiple")),
        *(f"wagtailmedia:{view}" for view in ("add", "edit")),
        *("wagtailimages_chooser:create", "wagtaildocs_chooser:create"),
        *("wagtailimages:add", "wagtaildocs:add"),
    }
)

# --- Security -----------------------------------------------------------------------------------

X_FRAME_OPTIONS = "DENY"  # but for Wagtail's previews, which say SAMEORIGIN for themselves
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "connect-src": [SELF],
        "font-src": [SELF],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "media-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF, *OIDC_ORIGINS],
        "frame-ancestors": [SELF],
    }
}

# An error report holds types and lines of code: never what somebody wrote, sent or asked for.
DEFAULT_EXCEPTION_REPORTER = "core.guard.GuardedReporter"
DEFAULT_EXCEPTION_REPORTER_FILTER = "core.guard.GuardedReporterFilter"

# --- Mail ---------------------------------------------------------------------------------------

DEFAULT_FROM_EMAIL = env.str("SIDEMAND_MAIL_FROM", default="Sidemand <noreply@example.org>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- The product's own switches -----------------------------------------------------------------

SIDEMAND_SECOND_FACTOR = env.bool("SIDEMAND_SECOND_FACTOR", default=True)
SIDEMAND_DEMO = env.bool("SIDEMAND_DEMO", default=False)
# Ask once a week whether addresses outside that pages link to still answer.
SIDEMAND_CHECK_LINKS = env.bool("SIDEMAND_CHECK_LINKS", default=False)
# How often one network address may ask whether a certificate is genuine; a whole municipality
# may sit behind one, and a code cannot be guessed: this is only there against floods.
SIDEMAND_CHECK_LIMIT = env.str("SIDEMAND_CHECK_LIMIT", default="120/m/ip")
# How often one network address may try a link of an evaluation. A whole seminar may sit behind one,
# and a link cannot be guessed: this too is only there against floods.
SIDEMAND_EVALUATE_LIMIT = env.str("SIDEMAND_EVALUATE_LIMIT", default="240/m/ip")
# The private Ed25519 key (PEM) that signs certificates as Open Badges; without one there are none.
SIDEMAND_BADGE_KEY = env.str("SIDEMAND_BADGE_KEY", default="")
# The file of the private RSA key (PEM) that opens a device whose PIN is forgotten. It is made by
# `manage.py make_device_key`; without one no device can be set up. docs/device-safety.md
SIDEMAND_DEVICE_KEY_FILE = env.str("SIDEMAND_DEVICE_KEY_FILE", default="")
# What `manage.py backup` encrypts with and `manage.py restore` opens with, where nobody is asked.
SIDEMAND_BACKUP_PASSPHRASE = env.str("SIDEMAND_BACKUP_PASSPHRASE", default="")
SIDEMAND_HELP_PHONE = env.str("SIDEMAND_HELP_PHONE", default="")
SIDEMAND_HELP_EMAIL = env.str("SIDEMAND_HELP_EMAIL", default="")
SIDEMAND_RUN_BY = env.str("SIDEMAND_RUN_BY", default="")
