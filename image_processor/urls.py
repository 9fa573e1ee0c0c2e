"""All URLs of the project."""

from django.contrib import admin
from django.contrib.auth.views import LogoutView
from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularSwaggerSplitView

from image_processor import static_files
from image_processor.access.views import LoginView, authorize
from image_processor.ops import health
from image_processor.ops.schema import SchemaView

# Django tries them in this order, so frequent ones are first.
urlpatterns = [
    re_path(r"^healthz/?$", health.healthz, name="healthz"),
    path("", include("images.api.urls")),
    path("", include("photos.api.urls")),
    path("", include("wells.api.urls")),
    path("", include("dips.api.urls")),
    re_path(r"^readyz/?$", health.readyz, name="readyz"),
    re_path(r"^metrics/?$", health.metrics, name="metrics"),
    re_path(r"^schema/?$", SchemaView.as_view(), name="schema"),
    re_path(
        r"^docs/?$",
        SpectacularSwaggerSplitView.as_view(template_name="image_processor/docs.html"),
        name="docs",
    ),
    path(f"{static_files.PREFIX}<slug:version>/<path:path>", static_files.of_another_version),
    path("authorize", authorize, name="authorize"),
    path("login/", LoginView.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("admin/login/", LoginView.as_view()),  # goes before the admin's own
    path("admin/", admin.site.urls),
    path("", include("pages.urls")),
]

handler400 = "web.handlers.bad_request"
handler403 = "web.handlers.forbidden"
handler404 = "web.handlers.not_found"
handler500 = "web.handlers.server_error"
