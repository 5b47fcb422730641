"""Django settings. Everything an office may change comes from the environment (see docs/admin.md)."""

from __future__ import annotations

import os

from anxin.config import outgoing
from anxin.config.database import database_settings
from anxin.config.home import PROJECT_ROOT, data_home, secret

ANXIN_HOME = data_home()
ANXIN_DATA_KEY = secret(ANXIN_HOME, "data-key")
#: local parameter files a bureau adds; shipped files stay as they are
ANXIN_LAW_DIRS = [ANXIN_HOME / "law"]
#: hour (local time) after which the nightly sweep of all projects is due
ANXIN_NIGHTLY_HOUR = int(os.environ.get("ANXIN_NIGHTLY_HOUR", "2"))

SECRET_KEY = secret(ANXIN_HOME, "session-key").hex()
DEBUG = os.environ.get("ANXIN_DEBUG") == "1"
ALLOWED_HOSTS = [
    host for host in os.environ.get("ANXIN_HOSTS", "127.0.0.1,localhost,[::1],testserver").split(",") if host
]
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("ANXIN_ORIGINS", "").split(",") if origin]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_tasks",
    "django_tasks_db",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "axes",
    "anxin.evidence",
    "anxin.accounts",
    "anxin.local_law",
    "anxin.notices",
    "anxin.registry",
    "anxin.connections",
    "anxin.workforce",
    "anxin.contracts",
    "anxin.signals",
    "anxin.payroll",
    "anxin.funds",
    "anxin.agency",
    "anxin.liability",
    "anxin.exchange",
    "anxin.clues",
    "anxin.channels",
    "anxin.reception",
    "anxin.monitoring",
    "anxin.casework",
    "anxin.letters",
    "anxin.referral",
    "anxin.enforcement",
    "anxin.mediation",
    "anxin.arbitration",
    "anxin.dossier",
    "anxin.grid",
    "anxin.web",
]

MIDDLEWARE = [
    "anxin.web.middleware.ConsoleHeaders",
    "anxin.web.api.middleware.ApiCalls",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "anxin.web.context.console",
            ],
        },
    },
]

ROOT_URLCONF = "anxin.config.urls"
WSGI_APPLICATION = "anxin.config.wsgi.application"

DATABASES = {"default": database_settings(os.environ.get("DATABASE_URL"), ANXIN_HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "anxin.accounts.backends.PeopleBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign-in"

# Five wrong passwords lock the account at that address for a quarter of an hour; every try is kept.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "anxin.web.signin.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_CLIENT_IP_CALLABLE = "anxin.config.proxy.client_address"
OTP_TOTP_ISSUER = "安薪"

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = ANXIN_HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

# Notices leave the house by the office's own mail server and chat gateway; without a host or address they do not.
#: how people reach the console from their desks; e-mails and chat messages link there
ANXIN_URL = outgoing.console_address("ANXIN_URL", next(iter(CSRF_TRUSTED_ORIGINS), ""))
EMAIL_HOST = os.environ.get("ANXIN_SMTP_HOST", "")
EMAIL_PORT = outgoing.port("ANXIN_SMTP_PORT", 25)
EMAIL_HOST_USER = os.environ.get("ANXIN_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("ANXIN_SMTP_PASSWORD", "")
_SECURITY = outgoing.one_of("ANXIN_SMTP_SECURITY", "", "tls", "starttls")
EMAIL_USE_SSL, EMAIL_USE_TLS = _SECURITY == "tls", _SECURITY == "starttls"
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = os.environ.get("ANXIN_MAIL_FROM", "anxin@localhost")
ANXIN_WEBHOOK_URL = os.environ.get("ANXIN_WEBHOOK_URL", "")
ANXIN_WEBHOOK_SECRET = os.environ.get("ANXIN_WEBHOOK_SECRET", "")
#: sign-in codes for workers' phones go out by the office's own short-message gateway
ANXIN_SMS_URL = os.environ.get("ANXIN_SMS_URL", "")
ANXIN_SMS_SECRET = os.environ.get("ANXIN_SMS_SECRET", "")
ANXIN_WEBHOOK_FORMAT = outgoing.one_of("ANXIN_WEBHOOK_FORMAT", "wecom", "feishu")

# Whose key signs, who vouches for the time, who says who somebody is (docs/admin.md, “Signatures and seals”).
ANXIN_SIGNING_URL = os.environ.get("ANXIN_SIGNING_URL", "").rstrip("/")
ANXIN_SIGNING_CREDENTIAL = os.environ.get("ANXIN_SIGNING_CREDENTIAL", "")
#: which key of the gateway, under which certificate, is which body's (TOML)
ANXIN_SIGNING_KEYS = os.environ.get("ANXIN_SIGNING_KEYS", "")
ANXIN_TIME_URL = os.environ.get("ANXIN_TIME_URL", "")
ANXIN_TRUST = os.environ.get("ANXIN_TRUST", "")
ANXIN_REVOCATION = [one.strip() for one in os.environ.get("ANXIN_REVOCATION", "").split(",") if one.strip()]
#: whether the responder that a certificate names is asked when something is signed
ANXIN_OCSP = os.environ.get("ANXIN_OCSP", "") == "1"
#: providers of identity by name; empty: by code and by tablet for invented people, by tablet for real ones
ANXIN_IDENTITY = [one.strip() for one in os.environ.get("ANXIN_IDENTITY", "").split(",") if one.strip()]
ANXIN_IDENTITY_URL = os.environ.get("ANXIN_IDENTITY_URL", "").rstrip("/")
ANXIN_IDENTITY_CREDENTIAL = os.environ.get("ANXIN_IDENTITY_CREDENTIAL", "")

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 8 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = os.environ.get("ANXIN_HTTPS") == "1"
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if os.environ.get("ANXIN_HTTPS") == "1" else None
)
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
#: who must be different people in a letter's life: "four" eyes at least, "six" where a third has to issue
ANXIN_LETTER_EYES = outgoing.one_of("ANXIN_LETTER_EYES", "four", "six")
#: an upload beyond this is refused before it is read (see anxin.sheets for the limits inside a workbook)
ANXIN_UPLOAD_LIMIT = 50 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
# A body that is no file: the largest is one attachment of a ticket in JSON (web/api/middleware.py bounds each call).
DATA_UPLOAD_MAX_MEMORY_SIZE = 14 * 1024 * 1024

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"anxin": {"level": "INFO"}},
}
SILENCED_SYSTEM_CHECKS = ["axes.W006"]

__all__ = ["PROJECT_ROOT"]
