"""For who changes the code: `python manage.py runserver` with errors in the browser."""

from config.settings.base import *  # noqa: F403  settings modules extend one another by name
from config.settings.base import STORAGES, VAR

DEBUG = True
SECRET_KEY = "only-for-development"  # noqa: S105  not a secret: never used with real data
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]

SIDEMAND_DEVICE_KEY_FILE = str(VAR / "device-key.pem")
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = VAR / "mail"
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
SIDEMAND_SECOND_FACTOR = False

# The browser of the developer shows what failed in full; nothing of it is written or sent.
DEFAULT_EXCEPTION_REPORTER = "django.views.debug.ExceptionReporter"
DEFAULT_EXCEPTION_REPORTER_FILTER = "django.views.debug.SafeExceptionReporterFilter"
