"""Django's settings, made from the gate's configuration.

Without one (a type checker looks, a test sets its own) there is no secret key, no host and no
database: nothing can be served.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from wicketgate.flow.standing import web_login
from wicketgate.web.configuration import Configuration, current

HERE = Path(__file__).parent
GATE: Configuration | None = current()


def database(words: dict[str, str]) -> dict[str, Any]:
    """Django's words for connection parameters."""
    words = dict(words)
    named = {"HOST": "host", "PORT": "port", "NAME": "dbname", "USER": "user", "PASSWORD": "password"}
    taken = {key: words.pop(word, "") for key, word in named.items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        **taken,
        "OPTIONS": words,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


_TLS = GATE is not None and GATE.listen.tls
_LOCAL = GATE is not None and GATE.demonstration

DEBUG = False
SECRET_KEY = GATE.secret_key if GATE else ""
ALLOWED_HOSTS = list(GATE.hosts) if GATE else []
DATABASES: dict[str, Any] = {"default": database(web_login(GATE.standing.place)) if GATE else {}}
ROOT_URLCONF = "wicketgate.web.urls"
WSGI_APPLICATION = "wicketgate.web.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "wicketgate.web.accounts.apps.AccountsConfig",
    "wicketgate.web.apps.WebConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "wicketgate.web.headers.Headers",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "wicketgate.web.doors.Doors",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wicketgate.web.layout.layout",
            ],
        },
    }
]
FORM_RENDERER = "wicketgate.web.forms.Renderer"

# Words and times
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]
LOCALE_PATHS = [HERE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# Static files
STATIC_URL = "/static/"
STATIC_ROOT = GATE.state / "static" if GATE else None
STATICFILES_DIRS = [HERE / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if GATE
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# Counters of tries: shared by all processes, gone with nothing.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "accounts_counter"}
}

# Sessions and cookies. Lax, not Strict: the way back from the identity provider begins elsewhere.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 60 * 60
SESSION_SAVE_EVERY_REQUEST = True
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_NAME = "__Host-session" if _TLS else "session"
SESSION_COOKIE_SECURE = _TLS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "__Host-csrf" if _TLS else "csrf"
CSRF_COOKIE_SECURE = _TLS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_FAILURE_VIEW = "wicketgate.web.views.errors.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Headers
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "no-referrer" if not _LOCAL else "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 63_072_000 if _TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _TLS
SECURE_SSL_REDIRECT = False
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if GATE is not None and GATE.listen.proxies else None
)
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200

# Accounts
AUTH_USER_MODEL = "accounts.Account"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend"
    if _LOCAL
    else "wicketgate.web.accounts.adapters.NoPasswords"
]
ALLAUTH_TRUSTED_PROXY_COUNT = GATE.listen.proxies if GATE else 0
ACCOUNT_ADAPTER = "wicketgate.web.accounts.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "sign_in_name"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_USER_DISPLAY = "wicketgate.web.layout.display_name"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]  # says that the sign-in form has a password
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = {"login_failed": "20/m/ip,5/15m/key"}
ACCOUNT_FORMS = {
    "login": "wicketgate.web.accounts.forms.SignIn",
    "reauthenticate": "wicketgate.web.accounts.forms.ProveAgain",
}
MFA_ADAPTER = "wicketgate.web.accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn"]
# A passkey alone signs in local accounts only: whom the provider no longer knows must stay outside.
MFA_PASSKEY_LOGIN_ENABLED = _LOCAL
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = _LOCAL
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_TOTP_ISSUER = "Wicketgate"
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "wicketgate.web.accounts.forms.Code",
    "reauthenticate": "wicketgate.web.accounts.forms.CodeAgain",
    "activate_totp": "wicketgate.web.accounts.forms.FirstCode",
    "add_webauthn": "wicketgate.web.accounts.forms.NewPasskey",
}
USERSESSIONS_TRACK_ACTIVITY = False
SOCIALACCOUNT_ADAPTER = "wicketgate.web.accounts.adapters.ProviderAdapter"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
# A link and not a form: the policy above lets no form lead to another site. What a link could be
# abused for is closed by `prompt=login`: nobody is signed in without doing it at the provider.
SOCIALACCOUNT_LOGIN_ON_GET = True
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "agency",
                "name": GATE.sign_in.name,
                "client_id": GATE.sign_in.client_id,
                "secret": GATE.sign_in.client_secret,
                "settings": {
                    "server_url": GATE.sign_in.issuer,
                    "oauth_pkce_enabled": True,
                    "auth_params": {"prompt": "login", "max_age": "0"},
                },
            }
        ]
        if GATE is not None and GATE.sign_in is not None
        else [],
    }
}
# Notices leave from one place, `notices`
_MAIL = GATE.mail if GATE is not None else None
_BACKEND = "dummy" if _MAIL is None else "filebased" if _MAIL.folder is not None else "smtp"
EMAIL_BACKEND = f"django.core.mail.backends.{_BACKEND}.EmailBackend"
EMAIL_TIMEOUT = 10
if _MAIL is not None:
    DEFAULT_FROM_EMAIL = _MAIL.sender
    EMAIL_HOST, EMAIL_PORT = _MAIL.host, _MAIL.port
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _MAIL.user, _MAIL.password
    EMAIL_USE_SSL, EMAIL_USE_TLS = _MAIL.encryption == "tls", _MAIL.encryption == "starttls"
    EMAIL_FILE_PATH = _MAIL.folder

# A log line says which page failed and with what kind of error; never what somebody sent.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"()": "wicketgate.web.logs.Plain"}},
    "handlers": {"standard": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "loggers": {"django": {"handlers": ["standard"], "level": "WARNING", "propagate": False}},
    "root": {"handlers": ["standard"], "level": "WARNING"},
}
