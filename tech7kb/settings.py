"""Settings. Everything that varies between machines is read from the environment, here only."""

import os
import re
import shlex
import sqlite3
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP

BASE_DIR = Path(__file__).resolve().parent.parent

# --- The environment (docs/configuration.md explains each name) -----------


def _secret(name: str, value: str | None, path: str | None) -> str:
    """Return a secret: the variable's value, or the content of the file that NAME_FILE names."""
    if not path:
        return value or ""
    if value:
        raise ImproperlyConfigured(f"{name} and {name}_FILE are both set. Set one of them.")
    try:
        secret = Path(path).read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "it is no text"
        raise ImproperlyConfigured(f"{name}_FILE: {path} cannot be read: {why}.") from None
    if not secret:
        raise ImproperlyConfigured(f"{name}_FILE: {path} is empty.")
    return secret


VAR_DIR = Path(os.environ.get("VAR_DIR", BASE_DIR / "var"))
_database_url = _secret(
    "DATABASE_URL", os.environ.get("DATABASE_URL"), os.environ.get("DATABASE_URL_FILE")
)
DATABASE_URL = _database_url or f"sqlite:///{VAR_DIR / 'tech7kb.sqlite3'}"
CACHE_URL = _secret("CACHE_URL", os.environ.get("CACHE_URL"), os.environ.get("CACHE_URL_FILE"))
SITE_URL = os.environ.get("SITE_URL", "http://127.0.0.1:8000").rstrip("/")
DEBUG = os.environ.get("DEBUG", "") == "1"
_trusted_proxies = os.environ.get("TRUSTED_PROXIES") or "0"
_require_second_factor = os.environ.get("REQUIRE_SECOND_FACTOR", "")
BREACHED_PASSWORDS = os.environ.get("BREACHED_PASSWORDS", "")
FOUR_EYES = os.environ.get("FOUR_EYES", "") == "1"
CONTACT = os.environ.get("CONTACT", "")
OPERATOR = os.environ.get("OPERATOR", "")
LOG_REQUESTS = os.environ.get("LOG_REQUESTS", "") == "1"
_extra_hosts = [host.strip() for host in os.environ.get("ALLOWED_HOSTS", "").split(",")]
_scanner = os.environ.get("SCANNER", "")
_secret_key = _secret("SECRET_KEY", os.environ.get("SECRET_KEY"), os.environ.get("SECRET_KEY_FILE"))
_old_secret_keys = _secret(
    "SECRET_KEY_FALLBACKS",
    os.environ.get("SECRET_KEY_FALLBACKS"),
    os.environ.get("SECRET_KEY_FALLBACKS_FILE"),
).split(",")
_secret_key_file = VAR_DIR / "secret-key"

# --- Secrets, hosts and transport ------------------------------------------

if not _secret_key and _secret_key_file.exists():
    _secret_key = _secret_key_file.read_text().strip()
if not _secret_key:
    raise ImproperlyConfigured(
        f"No secret key. Set SECRET_KEY, or let ./kb make {_secret_key_file}."
    )
SECRET_KEY = _secret_key
SECRET_KEY_FALLBACKS = list(filter(None, _old_secret_keys))

if not re.fullmatch(r"https?://([\w.-]+|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?", SITE_URL):
    raise ImproperlyConfigured(
        f"SITE_URL must be like https://kb.example, without a path, not '{SITE_URL}'."
    )
_site = urlsplit(SITE_URL)
TLS = _site.scheme == "https"
ALLOWED_HOSTS = sorted(
    {"127.0.0.1", "localhost", "[::1]", _site.hostname or "", *_extra_hosts} - {""}
)
CSRF_TRUSTED_ORIGINS = [SITE_URL]
if not re.fullmatch(r"[0-9]", _trusted_proxies, re.ASCII):
    raise ImproperlyConfigured(
        f"TRUSTED_PROXIES is the number of proxies in front, 0 to 9, not '{_trusted_proxies}'."
    )
TRUSTED_PROXIES = int(_trusted_proxies)  # elements of Forwarded that no client can write
SECURE_SSL_REDIRECT = TLS
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = TLS
SECURE_HSTS_PRELOAD = TLS
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = TLS
_cookie = (
    "__Host-{}" if TLS else "{}"
)  # a name that a browser takes from this host alone, and only over TLS
SESSION_COOKIE_NAME = _cookie.format("sessionid")
CSRF_COOKIE_NAME = _cookie.format("csrftoken")
APPEARANCE_COOKIE_NAME = _cookie.format("appearance")
CSRF_COOKIE_HTTPONLY = True  # forms carry the token; no script reads the cookie
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # no cookie more
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}

# --- Application -----------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "django_filters",
    "django_htmx",
    "taggit",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "recommendations",
]

MIDDLEWARE = [
    "recommendations.operations.request_id.request_id_middleware",  # first, so that it sees all
    "recommendations.operations.middleware.forwarded_scheme",  # before what asks for TLS
    "django.middleware.security.SecurityMiddleware",
    "recommendations.operations.middleware.security_headers",
    # of redirects, files and refusals too
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "recommendations.operations.middleware.canonical_address",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    # after the host was checked, before anything that editors need
    "recommendations.operations.page_cache.page_cache_middleware",
    "recommendations.operations.load_shedding.limit_concurrency",  # for what is not kept
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "recommendations.views.errors.QueryErrorMiddleware",
    "recommendations.accounts.admin_guard.admin_guard",
    # does nothing at readers' addresses, nor does the next
    "allauth.account.middleware.AccountMiddleware",
    # last, so that the answer to a locked attempt passes through all others
    "axes.middleware.AxesMiddleware",
]

try:
    SCANNER = shlex.split(
        _scanner
    )  # gets each uploaded file on its standard input; no shell runs it
except ValueError as error:
    raise ImproperlyConfigured(
        f"SCANNER is a command, such as clamdscan --no-summary -: {error}."
    ) from None

DATA_UPLOAD_MAX_MEMORY_SIZE = (
    9 * 1024 * 1024
)  # a pasted text of 2,000,000 characters, four bytes each

ROOT_URLCONF = "tech7kb.urls"
SERVICE_UNAVAILABLE_VIEW = "recommendations.views.errors.unavailable"  # for load shedding
WSGI_APPLICATION = "tech7kb.wsgi.application"
# operations.middleware.canonical_address does it, in one redirect with the letter case
APPEND_SLASH = False

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
                "recommendations.operations.context_processors.site",
            ],
        },
    },
]

# --- Database --------------------------------------------------------------

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
try:
    _database = dj_database_url.parse(DATABASE_URL, conn_max_age=600, conn_health_checks=True)
    DATABASES: dict[str, dict[str, Any]] = {"default": dict(_database)}
except ValueError:  # its own message can list what we do not support
    DATABASES = {"default": {"ENGINE": "unknown"}}
if DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    # Seconds; libpq by itself waits two minutes and more for a host that does not answer. A
    # migration that waits for a lock makes all readers wait behind it: it gives up, and is run
    # again. `database_outages` has the limits of serving.
    DATABASES["default"]["OPTIONS"] = {
        "connect_timeout": 5,
        "options": "-c lock_timeout=5s",
    } | DATABASES["default"].get("OPTIONS", {})
    # Several hosts with ports are written as options, which pg_dump and psql are not given.
    for _name in {"host", "port"} & DATABASES["default"]["OPTIONS"].keys():
        DATABASES["default"][_name.upper()] = DATABASES["default"]["OPTIONS"].pop(_name)
elif DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Versions before 3.51.3 can corrupt a WAL database (sqlite.org/wal.html#walresetbug).
    SQLITE_JOURNAL = "WAL" if sqlite3.sqlite_version_info >= (3, 51, 3) else "DELETE"
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": f"PRAGMA journal_mode={SQLITE_JOURNAL}; PRAGMA synchronous=FULL;",
    }
else:
    raise ImproperlyConfigured(
        "DATABASE_URL must be postgresql://user:password@host/name or sqlite:////path/to/file."
    )

# --- Pages kept ready, in each process or shared by all --------------------

_LOCAL = "django.core.cache.backends.locmem.LocMemCache"
CACHES = {
    "default": {"BACKEND": _LOCAL, "LOCATION": "default"},
    # Kept under the content version, so nothing in it is ever wrong; the oldest third goes when it
    # is full.
    "pages": {
        "BACKEND": _LOCAL,
        "LOCATION": "pages",
        "TIMEOUT": None,
        "OPTIONS": {"MAX_ENTRIES": 300},
    },
    "cards": {
        "BACKEND": _LOCAL,
        "LOCATION": "cards",
        "TIMEOUT": None,
        "OPTIONS": {"MAX_ENTRIES": 3000},
    },
}
if CACHE_URL:
    if not re.fullmatch(
        r"rediss?://([^@/\s]*@)?([\w.-]+|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?(/\d*)?(\?\S*)?", CACHE_URL
    ):
        raise ImproperlyConfigured("CACHE_URL must be redis://host:port/0 or rediss://host:port/0.")
    for _name in ("pages", "cards"):
        CACHES[_name] = {
            "BACKEND": "django_redis.cache.RedisCache",
            "LOCATION": CACHE_URL,
            "TIMEOUT": 24 * 3600,
            "KEY_PREFIX": f"{SITE_URL}:{_name}",
            "OPTIONS": {
                "IGNORE_EXCEPTIONS": True,
                "CONNECTION_POOL_CLASS": "recommendations.operations.cache_pool.CachePool",
                "SOCKET_CONNECT_TIMEOUT": 0.25,
                "SOCKET_TIMEOUT": 0.25,
                # No pickles: nothing that is read from the cache is ever executed.
                "SERIALIZER": "django_redis.serializers.msgpack.MSGPackSerializer",
            },
        }

# --- Language, time, static files ------------------------------------------

LANGUAGE_CODE = "en-gb"
USE_I18N = False
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
FONTS_ROOT = VAR_DIR / "fonts"  # what tech7kb.fonts makes
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "tech7kb.fonts.FontFinder",
]
WHITENOISE_ROOT = BASE_DIR / "static" / "root"  # icons that browsers look for at fixed addresses
WHITENOISE_ALLOW_ALL_ORIGINS = False  # our pages load them, and nobody else's
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- Signing in ------------------------------------------------------------

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "recommendations.accounts.validators.ContextWords"},
]
if BREACHED_PASSWORDS:
    AUTH_PASSWORD_VALIDATORS.append(
        {
            "NAME": "recommendations.accounts.pwned_passwords.BreachedPasswords",
            "OPTIONS": {"path": Path(BREACHED_PASSWORDS)},
        }
    )
PASSWORD_RESET_TIMEOUT = 24 * 3600  # how long a link by which somebody chooses a password is good
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"
if _require_second_factor not in ("", "0", "1"):
    raise ImproperlyConfigured(
        f"REQUIRE_SECOND_FACTOR is 1 (yes) or 0 (no), not '{_require_second_factor}'."
    )
REQUIRE_SECOND_FACTOR = _require_second_factor == "1" or (TLS and _require_second_factor == "")

ACCOUNT_ADAPTER = "recommendations.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = [
    "username*",
    "password1*",
]  # nobody signs up, but allauth checks that this fits the line above
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = MFA_RATE_LIMITS = (
    False  # they count in each process's memory; django-axes counts in the database
)
ACCOUNT_FORMS = {
    "login": "recommendations.accounts.forms.LoginForm",
    "reauthenticate": "recommendations.accounts.forms.ReauthenticateForm",
    "change_password": "recommendations.accounts.forms.ChangePasswordForm",
}
MFA_ADAPTER = "recommendations.accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_TOLERANCE = 0  # a code is good in its own 30 seconds alone (OWASP ASVS 5.0, 6.5.5)
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_FORMS = {
    "authenticate": "recommendations.accounts.forms.SignInCodeForm",
    "reauthenticate": "recommendations.accounts.forms.ReauthenticateCodeForm",
    "authenticate_webauthn": "recommendations.accounts.forms.SignInPasskeyForm",
    "reauthenticate_webauthn": "recommendations.accounts.forms.ReauthenticatePasskeyForm",
    "activate_totp": "recommendations.accounts.forms.ActivateTOTPForm",
    "add_webauthn": "recommendations.accounts.forms.AddPasskeyForm",
    "edit_webauthn": "recommendations.accounts.forms.RenamePasskeyForm",
}

AXES_HANDLER = "recommendations.accounts.throttle.Throttle"
AXES_CLIENT_IP_CALLABLE = "recommendations.accounts.client_ip.client_address"
AXES_LOCKOUT_CALLABLE = "recommendations.accounts.throttle.locked_out"
AXES_LOCKOUT_PARAMETERS = [
    ["username", "ip_address"]
]  # read by the system check alone; the limits are in the handler
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_ENABLE_ADMIN = False  # its pages list what its own handler stores

# --- Tags ------------------------------------------------------------------

TAGGIT_CASE_INSENSITIVE = True
TAGGIT_STRIP_UNICODE_WHEN_SLUGIFYING = True

# --- What is logged, on stderr: JSON for machines, lines for a person at a terminal

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "security": {"()": "recommendations.operations.security_log.SecurityFilter"},
        "rate limit": {"()": "recommendations.operations.security_log.RateLimitFilter"},
    },
    "formatters": {
        "json": {"()": "recommendations.operations.log_format.JsonFormatter"},
        "line": {"()": "recommendations.operations.log_format.TerminalFormatter"},
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "line" if sys.stderr.isatty() else "json",
            "filters": ["security", "rate limit"],
        },
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        # What Django's own configuration sends elsewhere, and would say twice.
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "security": {"level": "INFO"},
        "recommendations.requests": {"level": "INFO" if LOG_REQUESTS else "WARNING"},
    },
}
