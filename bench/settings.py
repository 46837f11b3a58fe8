"""The production settings over plain http on loopback, with the bare views to compare with."""

from config.settings.base import *  # noqa: F403  settings modules extend one another by name
from config.settings.base import INSTALLED_APPS

DEBUG = False
SECRET_KEY = "only-for-the-bench"
ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
INSTALLED_APPS = [*INSTALLED_APPS, "bench.bare"]
ROOT_URLCONF = "bench.urls"
WSGI_APPLICATION = "bench.wsgi.application"
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
SIDEMAND_SECOND_FACTOR = False
