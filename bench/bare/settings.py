"""A Django project of its own beside the product: what `startproject` switches on, and gzip.

It shares database, accounts and sessions with the product, and nothing else.
"""

from bench.settings import DATABASES, DEFAULT_AUTO_FIELD, SECRET_KEY, VAR

__all__ = ["DATABASES", "DEFAULT_AUTO_FIELD", "SECRET_KEY", "VAR"]

ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
INSTALLED_APPS = [
    "bench.bare",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "bench.bare.urls"
AUTH_USER_MODEL = "bare.Account"
USE_TZ = True
