"""Access control for all endpoints, in one middleware, so that no view can be forgotten.

=========  =============================  ==============================
ACCESS     GET, HEAD, OPTIONS             any other method
=========  =============================  ==============================
open       anybody                        anybody
read-open  anybody                        editors
closed     readers                        editors
=========  =============================  ==============================

Requests in COMPUTING store nothing, so they need only the right to read. The admin site always
needs an admin; health and login need nothing. The decision is made before the URL is resolved and
before the body is read, so a refusal does not reveal what exists.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from rest_framework.authentication import SessionAuthentication, TokenAuthentication
from rest_framework.exceptions import NotAuthenticated, PermissionDenied
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from image_processor.access import throttles, tokens
from image_processor.access.forms import read_form
from image_processor.access.roles import Role, role_of
from image_processor.ops.admission import AUTHORIZE
from web.handlers import exception_handler

FORMS = {"/login", "/logout", "/admin/login"}
PUBLIC = FORMS | {"/healthz", "/readyz"}
# They are POST because of the size of their input. Nothing is stored.
COMPUTING = {("POST", "/dips/fit")}
UPLOADS = {"POST", "PUT"}
NO_TOKEN = "send a token, Authorization: Token …, or log in"  # noqa: S105 - none itself
FOREIGN = "a page of another site sent this; CSRF_TRUSTED_ORIGINS lists those that may"
NO_RIGHT = "this is not for users of your groups"


class AccessMiddleware:
    """Passes on what the user may do. Answers the rest with a problem or the login page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        try:
            _check(request)
        except Exception as error:
            refusal = _refusal(request, error)
            if refusal is None:
                raise
            return refusal
        response = self.get_response(request)
        control = response.get("Cache-Control", "no-store")
        if settings.ACCESS == "closed" and "no-store" not in control:
            # Shared caches must not keep it, and a browser must ask again after a logout.
            response["Cache-Control"] = "private, no-cache"
        return response


class UserAuthentication(TokenAuthentication):
    """Hands DRF the user that AccessMiddleware authenticated.

    A write that is authenticated by a session must also pass the CSRF check. It is a subclass of
    TokenAuthentication so that the OpenAPI document describes tokens.
    """

    def authenticate(self, request: Request) -> tuple[Any, None]:
        http = request._request
        by_session = request.method not in SAFE_METHODS and tokens.sent(http) is None
        if by_session and http.user.is_authenticated:
            # With an empty POST, Django reads the token from the header and not from the body.
            http.POST = QueryDict()
            SessionAuthentication().enforce_csrf(http)
        return http.user, None


class AccessAdminSite(AdminSite):
    """The admin site. It is open to the role ADMIN, whatever ``is_staff`` says."""

    def has_permission(self, request: HttpRequest) -> bool:
        return role_of(request.user) is Role.ADMIN

    def get_urls(self) -> list[Any]:
        """The URLs without ``r/<type>/<id>/``, which needs models that have a page of their own."""
        return [url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"]


def for_templates(request: HttpRequest) -> dict[str, Callable[[], bool]]:
    """Context processor: which actions a page may offer to the user."""
    return {
        "may_write": lambda: settings.ACCESS == "open" or role_of(request.user) >= Role.EDITOR,
        "may_administrate": lambda: role_of(request.user) is Role.ADMIN,
        "may_log_in": lambda: settings.ACCESS != "open",
    }


def _check(request: HttpRequest) -> None:
    """Authenticate the request and check its rights.

    Raises NotAuthenticated, AuthenticationFailed, PermissionDenied, Throttled, and the errors of
    ``read_form``.
    """
    if request.method not in SAFE_METHODS:
        _check_origin(request)
        if request.path_info.rstrip("/") in FORMS:
            read_form(request)
    needed = _needed(request)
    if needed is None:
        return
    key = tokens.sent(request)
    if key is not None:
        request.user = tokens.owner(key, throttles.address(request))
    if needed and role_of(request.user) < needed:
        if request.user.is_authenticated:
            raise PermissionDenied(NO_RIGHT)
        raise NotAuthenticated(NO_TOKEN)
    if needed is Role.EDITOR and request.method in UPLOADS and request.path_info != AUTHORIZE:
        throttles.counter("upload", request.user.pk, settings.THROTTLE_UPLOAD).add()


def _check_origin(request: HttpRequest) -> None:
    """Raise PermissionDenied if a page of another site sent the request.

    Otherwise any page could write to an open service on the machine of its reader. Programs send
    neither of the two headers.
    """
    origin = request.headers.get("Origin")
    if origin in settings.CSRF_TRUSTED_ORIGINS or request.path_info == AUTHORIZE:
        return
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    if site not in {"same-origin", "none"} or (
        origin is not None and origin.partition("://")[2] != request.get_host()
    ):
        raise PermissionDenied(FOREIGN)


def _needed(request: HttpRequest) -> Role | None:
    """The role that a request needs; None if it needs no authentication."""
    path = request.path_info
    if path.rstrip("/") in PUBLIC:
        return None
    if path.startswith("/admin/"):
        return Role.ADMIN
    if settings.ACCESS == "open":
        return None
    computes = (request.method, path.rstrip("/")) in COMPUTING
    if request.method not in SAFE_METHODS and not computes:
        return Role.EDITOR
    return Role.READER if settings.ACCESS == "closed" else Role.ANYBODY


def _refusal(request: HttpRequest, error: Exception) -> HttpResponse | None:
    asks_for_page = request.method == "GET" and "text/html" in request.headers.get("Accept", "")
    if isinstance(error, NotAuthenticated) and asks_for_page:
        return redirect_to_login(request.get_full_path())
    return exception_handler(error, {})
