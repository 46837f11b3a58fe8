"""The production settings over plain http on loopback, with demo content and the bare views."""

from config.settings.base import *  # noqa: F403  settings modules extend one another by name
from config.settings.base import INSTALLED_APPS, ROOT
from core.logs import LOGGING as PLAIN_LOGGING

DEBUG = False
SECRET_KEY = "only-for-the-bench"
ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
INSTALLED_APPS = [*INSTALLED_APPS, "bench.bare"]
ROOT_URLCONF = "bench.urls"
# Collecting and compressing takes long; `prepare` does it again only where a file has changed.
STATIC_ROOT = ROOT / "var" / "static"
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
SIDEMAND_DEMO = True
SIDEMAND_SECOND_FACTOR = False
LOGGING = PLAIN_LOGGING
