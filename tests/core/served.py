"""The settings of `make run` with static files as they are: packing all of them takes minutes."""

from config.settings.base import STORAGES
from config.settings.local import *  # noqa: F403  settings modules extend one another by name

STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
