"""Django settings. `collab.config.environment` provides what differs between machines."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from collab.config import cache
from collab.config.environment import BASE_DIR, read_environment
from collab.config.logs import logging_config
from collab.config.sign_in import providers_of
from collab.config.worker import worker_settings

ENV = read_environment()

SECRET_KEY = ENV.secret_key
DEBUG = ENV.debug
DEMO, DEMO_PASSWORD = ENV.demo, ENV.demo_password
ALLOWED_HOSTS = ENV.allowed_hosts
CSRF_TRUSTED_ORIGINS = ENV.csrf_trusted_origins

INSTALLED_APPS = [
    "collab",
    "datareview",
    "teams",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "csp",
    "django.forms",
    "django_htmx",
    "template_partials",
]

MIDDLEWARE = [
    "teams.operation.middleware.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "teams.operation.middleware.RequestLogMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "teams.middleware.RefusalMiddleware",
    "teams.middleware.HtmxSignInMiddleware",
    "teams.middleware.RequestCacheMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "teams.account.middleware.BrowserMiddleware",
    "collab.setup.middleware.BeginMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "teams.middleware.BusyMiddleware",
    "teams.middleware.SchoolMiddleware",
    "teams.middleware.SentFormMiddleware",
    "teams.account.middleware.SecondFactorMiddleware",
    "datareview.privacy.middleware.DisclosureMiddleware",
    "datareview.privacy.middleware.ProjectorMiddleware",
    "teams.middleware.SearchWordsMiddleware",  # after names are restored in what was typed
]
# For developers, whose packages include it. Never in a demo, in tests, or in production, which refuses DEBUG.
DEBUG_TOOLBAR = DEBUG and not DEMO and find_spec("debug_toolbar") is not None
if DEBUG_TOOLBAR:
    INSTALLED_APPS.append("debug_toolbar")
    # After the CSP middleware, which provides the nonce for its scripts.
    _inside = MIDDLEWARE.index("csp.middleware.CSPMiddleware") + 1
    MIDDLEWARE.insert(_inside, "debug_toolbar.middleware.DebugToolbarMiddleware")
    INTERNAL_IPS = ["127.0.0.1", "::1"]
    DEBUG_TOOLBAR_CONFIG = {"SHOW_COLLAPSED": True, "UPDATE_ON_FETCH": True}

ROOT_URLCONF = "collab.config.urls"
ASGI_APPLICATION = "collab.config.asgi.application"
WSGI_APPLICATION = "collab.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "libraries": {
                "actions": "collab.actions.tags",
                "decisions": "collab.decisions.tags",
                "accounts": "teams.account.tags",
                "documents": "teams.documents.tags",
                "observations": "collab.observations.tags",
                "protocols": "collab.protocols.tags",
                "insights": "collab.insights.tags",
                "charts": "datareview.plots.tags",
                "freshness": "datareview.freshness.tags",
                "grades": "teams.lib.tags.grades",
                "icons": "teams.lib.tags.icons",
                "panels": "teams.lib.tags.panels",
            },
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "teams.context.school",
                "teams.context.navigation",
            ],
            "builtins": [f"teams.lib.tags.{name}" for name in ("dates", "forms", "hidden_names", "numbers")],
        },
    }
]

FORM_RENDERER = "teams.lib.form_renderer.HidingRenderer"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SILENCED_SYSTEM_CHECKS = ["fields.W161"]  # takes a default time of day for a wrong "now" when it is that time
# Persistent connections: `collab.config.asgi` uses a few persistent threads.
DATABASES: dict[str, dict[str, Any]] = {"default": {**ENV.database, "CONN_MAX_AGE": 60}}
if "sqlite" in ENV.database["ENGINE"]:
    # IMMEDIATE takes the write lock at the start of a transaction. By default, a transaction that reads first and
    # writes later fails at once if another one wrote in between.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
    # A file, not memory: workers and web servers started by tests open the same database.
    DATABASES["default"]["TEST"] = {"NAME": ENV.data_dir / "test.sqlite3"}
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    DATABASES["default"]["OPTIONS"] = {"pool": False, **ENV.database.get("OPTIONS", {})}

PAGE_LOCK_SECONDS = ENV.page_lock_seconds
PAGE_QUERY_SECONDS = ENV.page_query_seconds
REDIS_URL = ENV.redis_url
CACHES = {"default": cache.settings_of(ENV)}

AUTH_USER_MODEL = "teams.User"
AUTHENTICATION_BACKENDS = [
    "teams.account.backends.ScopeBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator"},
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
    {"NAME": "teams.account.passwords.GuessablePasswordValidator"},
    {"NAME": "teams.account.passwords.RepeatedPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_FORMS = {
    "login": "teams.account.forms.SignInForm",
    "reauthenticate": "teams.account.forms.AskPasswordForm",
    "reset_password": "teams.account.forms.AskResetForm",
    "reset_password_from_key": "teams.account.forms.ResetForm",
    "user_token": "teams.account.forms.LinkForm",
    "change_password": "teams.account.forms.NewPasswordForm",
    "add_email": "teams.account.forms.NewEmailForm",
}
ACCOUNT_ADAPTER = "teams.account.adapter.ClosedAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
# One address per person. A new one counts once its link was opened; until then the old one signs in. Mandatory
# verification also hides that an address belongs to someone else. Accounts begin with a verified address.
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_CHANGE_EMAIL = True
# Every change of the account is reported to its address, or to the old one.
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Collab: "
ACCOUNT_PREVENT_ENUMERATION = True
# Own session stays; all others end, because Django's sessions contain a hash of the password.
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
# A school's people share an address, so the limits of an address are for a school. Few tries count for an account at one
# address, so that a stranger elsewhere cannot lock its owner out; many count for the account alone, against many addresses.
# A device where the owner signed in has its own counts. A new password unlocks. The last three: `teams.account.adapter`.
ACCOUNT_RATE_LIMITS = {
    "login": "300/m/ip",
    "login_failed": "30/m/ip,100/10m/ip",
    "login_failed_account": "50/d/key",
    "reset_password": "20/m/ip",
    "login_failed_here": "5/5m/key,20/d/key",
    "reset_mail_here": "5/h/key",
    "unknown_invitation": "30/m/ip",
}
ALLAUTH_TRUSTED_PROXY_COUNT = ENV.trusted_proxies
SECOND_FACTOR_FOR_ADMINISTRATORS = ENV.second_factor_for_administrators
# Other providers only prove an email address: the account that has it, verified, is signed in to. Nothing of theirs is
# stored or connected, so that an account has no second way in when its address changes.
SIGN_IN_PROVIDERS = providers_of(ENV)
SOCIALACCOUNT_ADAPTER = "teams.account.adapter.ProviderAdapter"
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True}}
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5
MFA_ADAPTER = "teams.account.adapter.DemandedFactorAdapter"
MFA_FORMS = {
    "activate_totp": "teams.account.forms.ActivateCodesForm",
    "authenticate": "teams.account.forms.CodeForm",
    "reauthenticate": "teams.account.forms.CodeAgainForm",
    "add_webauthn": "teams.account.forms.AddPasskeyForm",
    "edit_webauthn": "teams.account.forms.RenamePasskeyForm",
}
# allauth would refuse a new address to everyone with a second factor, and a factor while an address is pending: where
# anyone signs up, someone could add a factor to an account on an address that is not theirs. Here accounts begin with an
# address the school verified, a change asks for the password again, and the new address counts only once verified.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG
MFA_TOTP_ISSUER = "Collab"
MFA_TOTP_TOLERANCE = 1  # for phones whose clocks are half a minute off

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:", "blob:"],
        "connect-src": [SELF],
        "font-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 60 * 60
CSRF_COOKIE_HTTPONLY = True
if ENV.production:
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-session"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENV.behind_proxy else None

LOGGING = logging_config(as_json=ENV.log_format == "json", level=ENV.log_level, show_messages=DEBUG)
ADMIN_EMAIL, READY_TOKEN = ENV.admin_email, ENV.ready_token

LANGUAGE_CODE = ENV.language
LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = ENV.time_zone
CLOCK_OFFSET = ENV.clock_offset
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = ENV.data_dir / "static"
STATIC_ROOT.mkdir(exist_ok=True)  # WhiteNoise warns if it is missing
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if ENV.production
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not ENV.production
MEDIA_ROOT = ENV.data_dir / "files"  # never served directly: files contain children's data
UPLOAD_MAX_BYTES = ENV.upload_max_mb * 1024 * 1024
UPLOAD_MAX_ROWS = ENV.upload_max_rows
UPLOAD_MAX_SECONDS = ENV.upload_max_seconds
UPLOAD_MAX_MEMORY = ENV.upload_max_memory_mb * 1024 * 1024
BODY_SECONDS = ENV.body_seconds
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600
globals().update(ENV.email)
DEFAULT_FROM_EMAIL = ENV.default_from_email
SITE_URL = ENV.site_url
EMAIL_TIMEOUT = 20
INBOX_DIR = ENV.data_dir / "inbox"  # a folder in it for each school, for nightly exports
QUEUE_DIR = ENV.data_dir / "queue"  # without Redis
globals().update(worker_settings(ENV, QUEUE_DIR))
