"""Headers that every answer has: what browsers may do with it."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from rest_framework.permissions import SAFE_METHODS

_FRAMES = "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
# Forms and errors: styles and pictures of our own, no scripts.
PAGES = f"default-src 'none'; img-src 'self'; style-src 'self'; {_FRAMES}"
_SCRIPTED = "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self' data:"
_WITH_SCRIPTS = f"{_SCRIPTED}; style-src 'self'; {_FRAMES}"
# Pictures are shown from what was fetched.
_WITH_FETCHED = f"{_SCRIPTED} blob:; style-src 'self'; {_FRAMES}"
# By how the path begins.
BY_PATH = {
    "/admin/": _WITH_SCRIPTS,
    "/docs": _WITH_FETCHED,
    "/view/": _WITH_FETCHED,
    "/well/": _WITH_SCRIPTS,
    "/new-": _WITH_SCRIPTS,
}
PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


class Headers:
    """Middleware, the first, so that refusals and redirects have the headers too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", _policy(request.path_info))
        response.headers["Permissions-Policy"] = PERMISSIONS
        if response.status_code == 301 and request.method not in SAFE_METHODS:
            # After a 301 clients send a GET without the body.
            response.status_code = 308
        return response


def _policy(path: str) -> str:
    if path == "/":
        return _WITH_SCRIPTS
    return next((policy for start, policy in BY_PATH.items() if path.startswith(start)), PAGES)
