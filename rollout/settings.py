"""Settings, from the environment only; each variable is read once, here. README.md lists them.

Without DATABASE_URL the process is local: it starts or joins the embedded PostgreSQL and Valkey in ROLLOUT_DATA,
speaks plain HTTP and keeps a random key there. With DATABASE_URL it is a real installation, and secrets must be given.
"""

import os
from pathlib import Path
from typing import Any

from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from rollout import environment
from rollout.embedded.layout import APPLICATION_ROLE, DATABASE, OWNER_ROLE, Layout

BASE_DIR = Path(__file__).resolve().parent.parent

# Where things are --------------------------------------------------------------------------------------------------

ROLLOUT_DATA = Path(os.environ.get("ROLLOUT_DATA") or BASE_DIR / ".data").absolute()
EMBEDDED = Layout(ROLLOUT_DATA)
PORT = int(os.environ.get("PORT") or 8000)

try:
    _database_url = os.environ.get("DATABASE_URL", "")
    # Given by tests and by `make demo` for a server on this machine only: plain HTTP, and a key of its own.
    LOCAL = environment.flag("ROLLOUT_LOCAL", default=not _database_url)
    DEBUG = environment.flag("DEBUG", default=False)
    ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS") or (["localhost", "127.0.0.1", "[::1]"] if LOCAL else [])
    SECRET_KEY = os.environ.get("SECRET_KEY") or (
        environment.kept_secret(ROLLOUT_DATA / "secret-key")
        if LOCAL
        else environment.required("SECRET_KEY", "give at least 50 random characters; there is no default.")
    )
    REDIS_URL = os.environ.get("REDIS_URL") or (
        EMBEDDED.valkey_url
        if not _database_url
        else environment.required("REDIS_URL", "with DATABASE_URL, say also where Redis is.")
    )
    PROCESS = environment.process_kind()
    _mail = environment.mail("EMAIL_URL", os.environ.get("EMAIL_URL", ""))
    if _database_url:
        _application = environment.database("DATABASE_URL", _database_url)
        _owner = environment.database("MIGRATE_DATABASE_URL", os.environ.get("MIGRATE_DATABASE_URL") or _database_url)
        _engine = "django.db.backends.postgresql"
    else:
        _application = {"NAME": DATABASE, "USER": APPLICATION_ROLE, "HOST": str(EMBEDDED.sockets)}
        _owner = {"NAME": DATABASE, "USER": OWNER_ROLE, "HOST": str(EMBEDDED.sockets)}
        _engine = "rollout.embedded.backend"  # PostgreSQL's, which starts or joins the servers before it connects
except environment.SettingError as error:
    raise ImproperlyConfigured(str(error)) from None
if DEBUG and not LOCAL:
    raise ImproperlyConfigured("DEBUG shows settings and data to every visitor: it works on a local server only.")
if not ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS is missing: give the host names of the site, parted by commas.")

# Who sees an error page with its cause: nobody but a developer at a local server.
INTERNAL_IPS = ["127.0.0.1", "::1"] if DEBUG else []

# Database ----------------------------------------------------------------------------------------------------------

APPLICATION_DATABASE_ROLE = _application["USER"]
_timeouts = " ".join(f"-c {name}_timeout={limit}" for name, limit in environment.TIMEOUTS[PROCESS].items())
_database: dict[str, Any] = _owner if PROCESS == "owner" else _application
_options = _database.get("OPTIONS", {})
DATABASES = {
    "default": {
        **_database,
        "ENGINE": _engine,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "connect_timeout": 5,
            "application_name": f"rollout-{PROCESS}",
            **_options,
            # The interval: a statement of a process that was killed ends, and lets go of its locks.
            "options": f"{_options.get('options', '')} {_timeouts} -c client_connection_check_interval=2000".strip(),
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Applications ------------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "rollout",
    "training",
    "readiness",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django.forms",
    "csp",
    "django_htmx",
    "template_partials",
]
AUTH_USER_MODEL = "rollout.User"
ROOT_URLCONF = "rollout.urls"
WSGI_APPLICATION = "rollout.wsgi.application"

MIDDLEWARE = [
    "rollout.logs.RequestIdMiddleware",
    "rollout.middleware.SafeHeaders",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "rollout.middleware.OneAddress",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "rollout.middleware.SessionLimits",
    "rollout.middleware.LoginRequired",
    "rollout.middleware.PersonalRates",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "rollout.middleware.CalmErrors",
]

FORM_RENDERER = "rollout.rendering.DesignRenderer"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "rollout.navigation.navigation",
            ],
        },
    }
]

# Words, days and times ---------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/London"  # for pages without a site; each site has its own

# Static files ------------------------------------------------------------------------------------------------------

STATIC_URL = "/assets/"  # the design system's style sheet asks for /assets/images/…
STATIC_ROOT = BASE_DIR / ".local" / "assets"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "rollout.assets.PackageFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG

# What the header says, and whose word about the visitor's address is believed
ORGANISATION_NAME = os.environ.get("ORGANISATION_NAME", "")
TRUSTED_PROXIES = environment.words("TRUSTED_PROXIES")

# Signing in and sessions -------------------------------------------------------------------------------------------

LOGIN_URL = "rollout:sign-in"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = LOGIN_URL
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_NAME = "rollout-session" if LOCAL else "__Host-rollout-session"
SESSION_COOKIE_AGE = 12 * 60 * 60  # seconds: the absolute limit; the idle limit is shorter
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = not LOCAL
CSRF_FAILURE_VIEW = "rollout.views.errors.csrf_failure"
CSRF_COOKIE_NAME = "rollout-csrf" if LOCAL else "__Host-rollout-csrf"
CSRF_COOKIE_SECURE = not LOCAL
CSRF_COOKIE_SAMESITE = "Lax"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Headers -----------------------------------------------------------------------------------------------------------

SECURE_SSL_REDIRECT = not LOCAL
SECURE_REDIRECT_EXEMPT = [r"^health/"]  # asked by the machine itself, over plain HTTP
SECURE_HSTS_SECONDS = 0 if LOCAL else 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = not LOCAL
SECURE_HSTS_PRELOAD = not LOCAL
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 5
# Files are read into memory, together at most the largest one a request, and kept in the database, not on a disk.
FILE_UPLOAD_HANDLERS = ["rollout.uploads.handler.BoundedUpload"]
UPLOAD_LARGEST = 10 * 1024 * 1024  # bytes of a file
# Pages that take larger files, by the name of their address: a staff list of a large organisation.
UPLOAD_LARGEST_AT = {"readiness:import-new": 50 * 1024 * 1024}
UPLOAD_REQUEST = 64 * 1024 * 1024  # bytes of a request that is read at all, so that its form can say what is too large
EVIDENCE_LARGEST = 1024 * 1024 * 1024  # bytes that all evidence files of one site may come to
# What one person may ask for: so much at once, and as much again, evenly, in so many seconds. See rollout/rates.py.
RATES = {
    "read": (600, 60.0),
    "write": (60, 60.0),
    "search": (120, 60.0),
    "export": (30, 60.0),
    "import": (5, 3600.0),
    "door": (30, 60.0),
}


# Mail --------------------------------------------------------------------------------------------------------------

# Without a mail server a local site writes its mail to the console, and another one sends none.
MAIL_IS_SENT = bool(_mail) or LOCAL
_mailer = "smtp" if _mail else "console" if LOCAL else "dummy"
EMAIL_BACKEND = f"django.core.mail.backends.{_mailer}.EmailBackend"
EMAIL_HOST: str = _mail.get("EMAIL_HOST", "")
EMAIL_PORT: int = _mail.get("EMAIL_PORT", 25)
EMAIL_HOST_USER: str = _mail.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD: str = _mail.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS: bool = _mail.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL: bool = _mail.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 10  # seconds
DEFAULT_FROM_EMAIL = os.environ.get("EMAIL_FROM") or f"no-reply@{ALLOWED_HOSTS[0].lstrip('.*')}"
# What the links of a mail begin with.
SITE_URL = os.environ.get("SITE_URL", "").rstrip("/") or (
    f"http://localhost:{PORT}" if LOCAL else f"https://{ALLOWED_HOSTS[0].lstrip('.*')}"
)

# Background work ---------------------------------------------------------------------------------------------------

# A task ends (600 s) before the broker gives it to somebody else (900 s). The broker obeys the lowest of the three.
_VISIBILITY_TIMEOUT = 900
# A page tries up to four times and must answer within 5 s also when the broker says nothing at all.
_silence_seconds = 5 if PROCESS == "worker" else 1
_REDIS_OPTIONS = {
    "visibility_timeout": _VISIBILITY_TIMEOUT,
    "socket_timeout": _silence_seconds,
    "socket_connect_timeout": _silence_seconds,
    "socket_keepalive": True,
    "health_check_interval": 25,
}
CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_TRANSPORT_OPTIONS = {
    **_REDIS_OPTIONS,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
}
CELERY_RESULT_BACKEND_TRANSPORT_OPTIONS = {"visibility_timeout": _VISIBILITY_TIMEOUT}
CELERY_VISIBILITY_TIMEOUT = _VISIBILITY_TIMEOUT
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_CONNECTION_TIMEOUT = 5
CELERY_TASK_PUBLISH_RETRY = True
# A request that also sends a task never waits longer than about 2 s for Redis: the sweep sends what was not sent.
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 2, "interval_start": 0.1, "interval_step": 0.2, "interval_max": 0.5}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 600
CELERY_TASK_SOFT_TIME_LIMIT = 570
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 30
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 400_000  # kilobytes
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_TIMEZONE = "UTC"
CELERY_ENABLE_UTC = True
CELERY_BEAT_SCHEDULE_FILENAME = str(BASE_DIR / ".local" / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE = {
    # Asks "which sites' local day has ended and is not scored?": a missed or doubled beat changes nothing.
    "nightly": {"task": "readiness.tasks.tick_nightly", "schedule": 15 * 60.0, "options": {"expires": 14 * 60}},
    "sweep": {"task": "readiness.tasks.sweep", "schedule": 60.0, "options": {"expires": 55}},
    "seal": {"task": "rollout.tasks.seal_audit", "schedule": 60.0, "options": {"expires": 55}},
    "tidy": {"task": "rollout.tasks.tidy", "schedule": 60 * 60.0, "options": {"expires": 50 * 60}},
    # Which conditions of gates are due, and which reminders still have to go.
    "remind": {"task": "readiness.tasks.remind", "schedule": 15 * 60.0, "options": {"expires": 14 * 60}},
    # Who left, and room that an import made: pages give places to who waits themselves.
    "places": {"task": "readiness.tasks.settle_places", "schedule": 60 * 60.0, "options": {"expires": 59 * 60}},
    "forget_imports": {
        "task": "readiness.tasks.forget_imports",
        "schedule": 60 * 60.0,
        "options": {"expires": 50 * 60},
    },
    # Whose last programme closed long enough ago.
    "names": {"task": "readiness.tasks.remove_names", "schedule": 6 * 60 * 60.0, "options": {"expires": 5 * 60 * 60}},
    "canary": {"task": "readiness.tasks.canary", "schedule": 30.0, "options": {"expires": 25}},
}

# Logs --------------------------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "rollout.logs.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        # One line per request is the web server's own log; here only what went wrong.
        "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
        "celery": {"handlers": [], "level": "INFO", "propagate": True},
    },
}
