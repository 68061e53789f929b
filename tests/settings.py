"""The settings of the tests: their own servers, quick password hashes, and nothing that needs a build first."""

import os
from pathlib import Path

# Before the settings are read: tests never see the data of the demo. Their servers do not wait for the disk.
_data = Path(os.environ.get("ROLLOUT_DATA") or Path(__file__).resolve().parent.parent / ".data")
os.environ["ROLLOUT_DATA"] = str(_data if _data.name == "test" else _data / "test")
for _name in (
    *("DATABASE_URL", "MIGRATE_DATABASE_URL", "REDIS_URL", "SECRET_KEY", "ALLOWED_HOSTS", "DEBUG", "PORT"),
    *("EMAIL_URL", "EMAIL_FROM", "SITE_URL"),
):
    os.environ.pop(_name, None)

from rollout.embedded.layout import OWNER_ROLE, Layout
from rollout.settings import *
from rollout.settings import DATABASES, LOGGING, ROLLOUT_DATA, STORAGES, TEMPLATES

EMBEDDED = Layout(ROLLOUT_DATA, fsync=False)
# The tests make their database as its owner and then work as the application's role (see database.py).
DATABASES["default"]["USER"] = OWNER_ROLE
STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Tests ask for more than a person can; those of the rates set their own.
RATES = {}
# A variable that no view gives fails the test that shows the page.
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = "UNDEFINED VARIABLE %s"
LOGGING["root"]["level"] = "WARNING"
