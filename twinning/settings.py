"""Settings of the register: one file, fed by the environment (see .env.example)."""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
import tomllib
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from exchange.tables import limits
from tryout import embedded_postgres
from twinning.storage import private_storage

BASE_DIR = Path(__file__).resolve().parent.parent
VERSION: str = tomllib.loads((BASE_DIR / "pyproject.toml").read_text("utf-8"))["project"]["version"]

env = environ.Env()


def _read(file: Path) -> None:
    """Add what this file sets to the environment, which wins. Without it nothing is added."""
    try:
        with file.open(encoding="utf-8") as text:
            env.read_env(text)
    except FileNotFoundError:
        pass
    except (OSError, UnicodeDecodeError) as error:
        # Without it the register would run with another database, and nobody would notice.
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise ImproperlyConfigured(
            f"{file} cannot be read ({reason}), so the settings in it are not known and nothing "
            "was started. Let the user who starts it read that file, or remove it."
        ) from None


_read(BASE_DIR / ".env")

VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))
# The try-out: no DATABASE_URL, so the embedded database, plain HTTP and this machine only.
TRY_OUT = not env.str("DATABASE_URL", default="")


def _secret_key() -> str:
    """From SECRET_KEY; in the try-out one made at first start and kept in var/, mode 600."""
    key: str = env.str("SECRET_KEY", default="")
    if not key and TRY_OUT:
        VAR_DIR.mkdir(parents=True, exist_ok=True)
        kept = VAR_DIR / "secret_key"
        if not kept.exists():
            # Whole before it has its name: two first starts at once agree on one key.
            descriptor, new = tempfile.mkstemp(dir=VAR_DIR)
            try:
                with os.fdopen(descriptor, "w") as file:
                    file.write(secrets.token_urlsafe(64))
                with contextlib.suppress(FileExistsError):
                    os.link(new, kept)
            finally:
                os.unlink(new)
        key = kept.read_text().strip()
    if len(key) < 50:
        raise ImproperlyConfigured(
            "SECRET_KEY is missing or shorter than 50 characters, so sessions could be forged. "
            "Set the environment variable SECRET_KEY to a long random text, for instance the "
            "output of: python -c 'import secrets; print(secrets.token_urlsafe(64))'"
        )
    return key


SECRET_KEY = _secret_key()
DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"] if TRY_OUT else [])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "twinning",
    "tryout",
    "demo",
    "office",
    "twinning.apps.RegisterAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "pgtrigger",
    "procrastinate.contrib.django",
    "audit",
    "accounts",
    "exchange",
    "deliverables",
    "experts",
    "budget",
    "releases",
    "public",
]

MIDDLEWARE = [
    "accounts.access.proxies.noticed",
    "public.http.kept.pages",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "twinning.middleware.headers",
    "accounts.desks.mounted",
    "twinning.probes.answered",
    "twinning.refusing.body_not_taken",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "twinning.middleware.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "accounts.typed.keeping.Keeping",
    "accounts.access.sessions.limited",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "twinning.middleware.second_factor",
    "office.desk.seat.seated",
    "twinning.middleware.release_at_once",
    "twinning.middleware.Acting",
]

ROOT_URLCONF = "twinning.urls"
WSGI_APPLICATION = "twinning.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "twinning.unindented.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                ),
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "twinning.context.second_factor",
                "twinning.context.version",
                "accounts.typed.keeping.marks",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES: dict[str, dict[str, Any]] = {
    "default": embedded_postgres.settings(VAR_DIR) if TRY_OUT else env.db("DATABASE_URL"),
}
DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
# Nobody waits for a server that is gone: the driver gives up a new session after 5 seconds, and one
# that it holds after about 20. DATABASE_URL may say otherwise.
_GIVE_UP = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 2,
    "tcp_user_timeout": 20_000,
}
DATABASES["default"]["OPTIONS"] = (
    _GIVE_UP
    | DATABASES["default"].get("OPTIONS", {})
    | {
        "options": "-c statement_timeout=15000 -c lock_timeout=5000"
        " -c idle_in_transaction_session_timeout=60000",
    }
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
AUTHENTICATION_BACKENDS = ["accounts.access.backend.Backend"]
PASSWORD_RESET_TIMEOUT = 3 * 24 * 60 * 60

# Log-in, second factor, password reset: allauth, without sign-up and without its e-mail addresses.
ACCOUNT_ADAPTER = "accounts.access.adapter.Adapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_FORMS = {
    "reset_password": "accounts.access.forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.access.forms.ResetPasswordKeyForm",
    "change_password": "accounts.access.forms.ChangePasswordForm",
}
# Made of the person's own row alone: the library's writes one that anybody can call forth.
_TOKENS = "django.contrib.auth.tokens.PasswordResetTokenGenerator"
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = _TOKENS
ACCOUNT_RATE_LIMITS = False  # accounts/access/limits.py counts
# How many proxies of ours stand before the server and add to X-Forwarded-For.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=0)
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_ADAPTER = "accounts.access.adapter.FactorAdapter"
MFA_FORMS = {
    "add_webauthn": "accounts.access.forms.AddPasskeyForm",
    "edit_webauthn": "accounts.access.forms.RenamePasskeyForm",
    "authenticate": "accounts.access.forms.AuthenticateForm",
    "reauthenticate": "accounts.access.forms.ReauthenticateForm",
    "activate_totp": "accounts.access.forms.ActivateForm",
}
MFA_TOTP_ISSUER = "Twinning"
MFA_TOTP_TOLERANCE = 1  # steps of 30 seconds, before and after
MFA_ALLOW_UNVERIFIED_EMAIL = True  # an address is what an administrator has entered
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = TRY_OUT
# Demanded from who may publish, sign or administer; in the try-out it is only offered.
SECOND_FACTOR_REQUIRED = env.bool("SECOND_FACTOR_REQUIRED", default=not TRY_OUT)
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "accounts_limits",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
CSRF_FAILURE_VIEW = "twinning.views.csrf_failure"

# Public pages in both languages; English is what the code is written in.
LANGUAGE_CODE = "en"
LANGUAGES = [("lv", "Latviešu"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["twinning.formats"]
# In which people are invited, unless somebody chooses otherwise for them.
DEFAULT_LANGUAGE = env.str("DEFAULT_LANGUAGE", default="lv")
TIME_ZONE = env.str("TIME_ZONE", default="Europe/Riga")
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "evidence": private_storage(
        "EVIDENCE_STORAGE", env.str("EVIDENCE_STORAGE", default=""), VAR_DIR / "evidence"
    ),
    "prepared": private_storage(
        "PREPARED_STORAGE", env.str("PREPARED_STORAGE", default=""), VAR_DIR / "prepared"
    ),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Nothing inline, nothing from elsewhere, on every page; some of the admin's icons are data: images.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    },
}

# HTTPS everywhere except in the try-out, which serves http://127.0.0.1 only.
HTTPS = env.bool("HTTPS", default=not TRY_OUT)
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
SESSION_COOKIE_AGE = 12 * 60 * 60
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# What is larger is refused before it is read (exchange/tables/limits.py).
DATA_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "exchange.reading.uploads.LimitedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_NUMBER_FIELDS = limits.FIELDS

KEPT_PAGES = env.int("KEPT_PAGES", default=32)  # MB of them that each process has ready

# Where links in mails, feeds and packs lead; never taken from a request. What is missing here and
# for mails in operation, twinning/checks.py says.
_TRIED_OUT = f"http://127.0.0.1:{env.str('PORT', default='') or 8000}" if TRY_OUT else ""
SITE_URL = (env.str("SITE_URL", default="") or _TRIED_OUT).rstrip("/")

# Who answers for the register, and on which terms its data are given (public/terms.py).
OPERATOR_NAME = env.str("OPERATOR_NAME", default="")
CONTACT_EMAIL = env.str("CONTACT_EMAIL", default="")
ACCESSIBILITY_EMAIL = env.str("ACCESSIBILITY_EMAIL", default="") or CONTACT_EMAIL
FEEDBACK_URL = env.str("FEEDBACK_URL", default="")
PRIVACY_URL = env.str("PRIVACY_URL", default="")
SECURITY_CONTACT = env.str("SECURITY_CONTACT", default="")
DATA_LICENCE = env.str("DATA_LICENCE", default="")

EMAIL_URL = env.str("EMAIL_URL", default="") or ("consolemail://" if TRY_OUT else "")
EMAIL_CONFIG = env.email_url_config(EMAIL_URL or "consolemail://")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 10  # seconds that the mail server may take for each of its answers
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="")
if TRY_OUT and not DEFAULT_FROM_EMAIL:
    DEFAULT_FROM_EMAIL = "register@localhost"

# How often new events are sealed (audit/tasks.py): a number of minutes that divides 60.
PUBLISH_PAUSE = env.int("PUBLISH_PAUSE", default=5)
SEAL_MINUTES = env.int("SEAL_MINUTES", default=15)
TIMESTAMP_URL = env.str("TIMESTAMP_URL", default="")  # what manage.py timestamp asks (RFC 3161)
# The table whose rows each have a book of their events (audit/seals/books.py).
AUDIT_BOOKS = "deliverables_project"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"one_line": {"()": "tryout.machine_errors.OneLine"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["one_line"]}},
    # Django would send its errors by mail, too, each with all that was in the request.
    "loggers": {"django": {"handlers": []}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
}
