"""The production server over plain http, with static files as they lie in the sources."""

from tests.kinds.settings import *  # noqa: F403  settings modules extend one another by name
from tests.kinds.settings import STATIC_ROOT, STORAGES

ROOT_URLCONF = "config.urls"
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # WhiteNoise warns about a folder that is not there
