"""The WSGI entry: gunicorn loads ``config.wsgi:application`` with site/ on its path."""

import gc
import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")
application = get_wsgi_application()
# What stands from now on until the end is never rubbish. Left in the sight of the collector it is
# gone through again and again, and for as long as that takes nobody of this process is answered.
import_module(settings.ROOT_URLCONF)
gc.collect()
gc.freeze()
