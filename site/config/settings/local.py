"""For `make run`: the production server on this machine alone, over http, with demo content.

The secret keys are drawn once per machine and kept under var/; mail lands in var/mail.
"""

import secrets

from config.settings.base import *  # noqa: F403  settings modules extend one another by name
from config.settings.base import VAR, env
from core.logs import LOGGING as PLAIN_LOGGING

_key_file = VAR / "secret-key"
if not _key_file.exists():
    VAR.mkdir(parents=True, exist_ok=True)
    _key_file.write_text(secrets.token_urlsafe(50), encoding="ascii")
    _key_file.chmod(0o600)

# Drawn by scripts/serve.py before the server starts.
SIDEMAND_DEVICE_KEY_FILE = env.str("SIDEMAND_DEVICE_KEY_FILE", default=str(VAR / "device-key.pem"))

DEBUG = False
SECRET_KEY = _key_file.read_text(encoding="ascii")
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]

# The links in mails.
WAGTAILADMIN_BASE_URL = env.str(
    "SIDEMAND_BASE_URL", default=f"http://localhost:{env.int('PORT', default=8000)}"
)
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = VAR / "mail"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True  # passkeys work on http://localhost
SIDEMAND_DEMO = env.bool("SIDEMAND_DEMO", default=True)
SIDEMAND_SECOND_FACTOR = env.bool("SIDEMAND_SECOND_FACTOR", default=not SIDEMAND_DEMO)

# A line per request would bury the addresses and logins that `make run` prints.
LOGGING = {
    **PLAIN_LOGGING,
    "loggers": {
        **PLAIN_LOGGING["loggers"],
        "sidemand.request": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
