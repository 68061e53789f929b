"""The WSGI entry point of the web server."""

import gc
import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rollout.settings")

application = get_wsgi_application()
# What is loaded by now stays for good: the views with all they import. A page of 10,000 sites makes enough objects for
# the collector to go through everything there is, again and again, and that took longer than the page itself.
import_module(settings.ROOT_URLCONF)
gc.collect()
gc.freeze()
