"""For a server on the internet: https only, and no secret has a default."""

from django.core.exceptions import ImproperlyConfigured

from config.settings.base import *  # noqa: F403  settings modules extend one another by name
from config.settings.base import env
from core.logs import LOGGING as PLAIN_LOGGING

SHORTEST_KEY = 50

DEBUG = False
SECRET_KEY = env.str("SIDEMAND_SECRET_KEY")
if len(SECRET_KEY) < SHORTEST_KEY:
    raise ImproperlyConfigured(f"SIDEMAND_SECRET_KEY needs {SHORTEST_KEY} or more characters.")
SECRET_KEY_FALLBACKS = env.list("SIDEMAND_OLD_SECRET_KEYS", default=[])
ALLOWED_HOSTS = env.list("SIDEMAND_HOSTS")
if not ALLOWED_HOSTS:
    raise ImproperlyConfigured("SIDEMAND_HOSTS names no host.")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]
WAGTAILADMIN_BASE_URL = env.str("SIDEMAND_BASE_URL", default=f"https://{ALLOWED_HOSTS[0]}")

SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrftoken"
LANGUAGE_COOKIE_SECURE = True
# Trusted only when the operator says that a proxy of theirs sets the header.
if env.bool("SIDEMAND_BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

EMAIL_CONFIG = env.email_url("EMAIL_URL")
vars().update(EMAIL_CONFIG)

LOGGING = PLAIN_LOGGING
