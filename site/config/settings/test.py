"""For the test suite: fast where nothing is proven by being slow, real everywhere else."""

from config.settings.base import *  # noqa: F403  settings modules extend one another by name
from config.settings.base import STORAGES, VAR, env

DEBUG = False
SECRET_KEY = "only-for-tests"  # noqa: S105  not a secret: never used with real data
ALLOWED_HOSTS = ["*"]

# Hashing is not under test; one fast round lets every test sign somebody in.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
LOCAL = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
CACHES = {"default": LOCAL, "prints": LOCAL | {"LOCATION": "prints"}}
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
MEDIA_ROOT = VAR / "test-media" / env.str("PYTEST_XDIST_WORKER", default="main")
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True

# WhiteNoise warns about a folder that is not there; the live server finds static files itself.
STATIC_ROOT = VAR / "test-static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
SIDEMAND_SECOND_FACTOR = False  # asked for where it is under test
