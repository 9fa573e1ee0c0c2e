"""Security headers of every response."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from rest_framework.permissions import SAFE_METHODS

_FRAMES = "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
# Pages without scripts: forms and errors.
PAGES = f"default-src 'none'; img-src 'self'; style-src 'self'; {_FRAMES}"
_SCRIPTED = "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self' data:"
_WITH_SCRIPTS = f"{_SCRIPTED}; style-src 'self'; {_FRAMES}"
# The viewer shows images that scripts have fetched, as blob: URLs.
_WITH_FETCHED = f"{_SCRIPTED} blob:; style-src 'self'; {_FRAMES}"
# The policy for paths that begin with these prefixes.
BY_PATH = {
    "/admin/": _WITH_SCRIPTS,
    "/docs": _WITH_FETCHED,
    "/view/": _WITH_FETCHED,
    "/well/": _WITH_SCRIPTS,
    "/new-": _WITH_SCRIPTS,
}
PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


class SecurityHeadersMiddleware:
    """The outermost middleware, so that refusals and redirects have the headers too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", _policy(request.path_info))
        response.headers["Permissions-Policy"] = PERMISSIONS
        if response.status_code == 301 and request.method not in SAFE_METHODS:
            # After a 301 clients repeat a POST as a GET without its body; after a 308 they do not.
            response.status_code = 308
        return response


def _policy(path: str) -> str:
    if path == "/":
        return _WITH_SCRIPTS
    return next((policy for start, policy in BY_PATH.items() if path.startswith(start)), PAGES)
