"""The production settings over plain http on loopback, with demo content and pages that fail."""

from config.settings.base import *  # noqa: F403  settings modules extend one another by name
from config.settings.base import ROOT
from core.logs import LOGGING as PLAIN_LOGGING

DEBUG = False
SECRET_KEY = "only-for-tests"
ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
ROOT_URLCONF = "tests.kinds.urls"
# Collecting and compressing takes long; `prepare` does it again only where a file has changed.
STATIC_ROOT = ROOT / "var" / "test-collected"
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
SIDEMAND_DEMO = True
SIDEMAND_SECOND_FACTOR = False
SIDEMAND_HELP_PHONE = "+299 12 34 56"
SIDEMAND_HELP_EMAIL = "hjaelp@example.org"
SIDEMAND_RUN_BY = "Kommune Demo (opdigtet)"
LOGGING = {**PLAIN_LOGGING, "root": {"handlers": ["stderr"], "level": "WARNING"}}
LOGGING["loggers"] = {
    **PLAIN_LOGGING["loggers"],
    "sidemand.request": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
}
