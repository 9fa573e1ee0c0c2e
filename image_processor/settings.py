"""All settings. They are read from the environment and checked once, at start."""

from image_processor import __version__, env, local_environment, static_files
from image_processor.ops import logs, primary

DATA_DIR = local_environment.data_dir()
local_environment.load(DATA_DIR)

SECRET_KEY = env.secret("SECRET_KEY")
DEBUG = False
VERSION = __version__
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]", env.HOST)

MAX_UPLOAD_BYTES = env.integer("MAX_UPLOAD_BYTES", 2 * 1024**3)
MAX_PHOTO_BYTES = env.integer("MAX_PHOTO_BYTES", 50_000_000)
MAX_PHOTO_PIXELS = env.integer("MAX_PHOTO_PIXELS", 100_000_000)
MEMORY_BUDGET_BYTES = env.integer("MEMORY_BUDGET_BYTES", 256 * 1024**2, minimum=16 * 1024**2)
DISK_BUDGET_BYTES = env.integer("DISK_BUDGET_BYTES", 8_589_934_592)
MONGO_TIMEOUT_MS = env.integer("MONGO_TIMEOUT_MS", 20_000)
MONGO_SELECTION_TIMEOUT_MS = env.integer("MONGO_SELECTION_TIMEOUT_MS", 5_000)
WEB_THREADS = env.integer("WEB_THREADS", 8)
MAX_INGESTS = env.integer("MAX_INGESTS", max(1, WEB_THREADS // 4))
INGEST_LEASE_SECONDS = env.integer("INGEST_LEASE_SECONDS", 60, minimum=0)

ACCESS = env.choice("ACCESS", "closed", ("open", "read-open", "closed"))
env.check_access(ACCESS, env.text("HOST", "127.0.0.1"))
THROTTLE_LOGIN = env.rate("THROTTLE_LOGIN", "10/minute")
THROTTLE_UPLOAD = env.rate("THROTTLE_UPLOAD", "120/minute")
THROTTLE_FAILED_TOKENS = env.rate("THROTTLE_FAILED_TOKENS", "30/minute")

HTTPS = env.choice("HTTPS", "required", ("required", "off")) == "required"
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
# Only the proxy that ends TLS may set this header.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
# Probes, Prometheus and nginx ask over plain HTTP on the local network.
SECURE_REDIRECT_EXEMPT = [r"^healthz/?$", r"^readyz/?$", r"^metrics/?$", r"^authorize$"]
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS", "", env.ORIGIN)
CSRF_FAILURE_VIEW = "web.handlers.csrf_failure"

# Uploaded files that do not fit into memory are temporary files without a name. The system removes
# them even if the process is killed.
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "web.temporary_files.UnnamedFileUploadHandler",
]
# The largest size of all fields of a form that are not files: they hold names.
DATA_UPLOAD_MAX_MEMORY_SIZE = 65_536

INSTALLED_APPS = [
    "image_processor.apps.MongoAdminConfig",
    "image_processor.apps.MongoAuthConfig",
    "image_processor.apps.MongoContentTypesConfig",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_mongodb_backend",
    "images",
    "photos",
    "wells",
    "dips",
    "pages",
    "image_processor.apps.ProjectConfig",
]
MIGRATION_MODULES = {
    "admin": "image_processor.contrib_migrations.admin",
    "auth": "image_processor.contrib_migrations.auth",
    "contenttypes": "image_processor.contrib_migrations.contenttypes",
}
DEFAULT_AUTO_FIELD = "django_mongodb_backend.fields.ObjectIdAutoField"
DATABASE_ROUTERS = ["django_mongodb_backend.routers.MongoRouter"]


def _database() -> dict[str, object]:
    """The database. A write is acknowledged once a majority of members has it in their journals."""
    uri = env.secret("MONGODB_URI")
    name = env.parsed_uri("MONGODB_URI", uri)["database"]
    return {
        "ENGINE": "image_processor.mongodb",
        "HOST": uri,
        "NAME": name or "image_logs",
        "OPTIONS": {
            "w": "majority",
            "journal": True,
            "timeoutMS": MONGO_TIMEOUT_MS,
            # A member that is frozen is noticed after the sum of these at most, and the driver ends
            # what waits for it. How long queries take does not matter for this.
            "heartbeatFrequencyMS": 5_000,
            "connectTimeoutMS": 5_000,
            "event_listeners": [primary.PRIMARY],
            "appname": "image-log-server",
        },
    }


DATABASES = {"default": _database()}

MIDDLEWARE = [
    "image_processor.access.headers.SecurityHeadersMiddleware",
    "image_processor.error_pages.ErrorPagesMiddleware",
    "image_processor.ops.routes.RouteMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "image_processor.access.middleware.AccessMiddleware",
]
ROOT_URLCONF = "image_processor.urls"
WSGI_APPLICATION = "image_processor.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "image_processor.access.middleware.for_templates",
            ],
        },
    },
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{validator}"}
    for validator in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["web.parsers.JSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": ["image_processor.access.middleware.UserAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": [],
    "EXCEPTION_HANDLER": "web.handlers.exception_handler",
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.LimitOffsetPagination",
    "PAGE_SIZE": 100,
    "UNAUTHENTICATED_USER": None,
    # The number of proxies in front, which are trusted to add to X-Forwarded-For.
    "NUM_PROXIES": env.integer("NUM_PROXIES", 0, minimum=0),
    "URL_FORMAT_OVERRIDE": None,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Image log server",
    "VERSION": VERSION,
    "DESCRIPTION": (
        "Borehole image logs: CSV in, colour-mapped images of any depth range out.\n\n"
        "Depths are decimal numbers; both ends of a range are included. Every address works with"
        " and without its last slash, and with HEAD wherever with GET. Errors are problem documents"
        " (RFC 9457), never cached. Where the service is not open, requests need a token in"
        " `Authorization: Token …`. What is not listed here is answered `not-found` (404),"
        " `method-not-allowed` (405) or, a fault of the server, `internal-error` (500).\n\n"
        "Every answer has an `X-Request-ID`: the one that was sent, if it is of up to 128 letters,"
        " digits and `._-`, else a new one; the log names it too."
    ),
    "SERVE_INCLUDE_SCHEMA": False,
    # In the order of their declaration: the most important ones are first.
    "SORT_OPERATION_PARAMETERS": False,
    "TAGS": [
        {"name": name}
        for name in ("image logs", "images", "wells", "dips", "photos", "colormaps", "health")
    ],
    # Serve the scripts of Swagger UI from here and do not ask the online validator.
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "validatorUrl": None},
}

LOGIN_URL = "login"
LOGIN_REDIRECT_URL = LOGOUT_REDIRECT_URL = "home"

LANGUAGE_CODE = "en-gb"
USE_I18N = False
USE_TZ = True
TIME_ZONE = "UTC"
STATIC_URL = f"{static_files.PREFIX}{static_files.version()}/"
# Static files are served from the folders of the apps.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_IMMUTABLE_FILE_TEST = f"^/{STATIC_URL}"

LOGGING = logs.configuration(env.choice("LOG_FORMAT", "json", logs.FORMATS))
# The WSGI application logs each request. Django logs only faults of the server.
LOGGING["filters"] = {"faults": {"()": "web.handlers.FaultsOnly"}}
LOGGING["loggers"] |= {
    "django.request": {"level": "ERROR", "filters": ["faults"]},
    "django.security.DisallowedHost": {"level": "CRITICAL"},
}

env.check_temporary_directory()
env.check_names()
