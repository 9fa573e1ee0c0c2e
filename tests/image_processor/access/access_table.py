"""The table of who may do what, and every address that it is about."""

import re
from collections.abc import Iterable, Iterator

from django.contrib.auth.models import Group, User
from django.core.handlers.base import BaseHandler
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, get_resolver

from image_processor.models import AccessToken

# Each may do what those before it may. Nobody is a user without a group, None no user.
ROLES = (None, "nobody", "reader", "editor", "admin", "superuser")
READING = ("GET", "HEAD", "OPTIONS")
COMPUTING = {("/dips/fit/", "POST")}
WRITING = ("POST", "PUT", "PATCH", "DELETE")
FOR_ALL = {"/healthz/", "/readyz/", "/login/", "/logout/", "/admin/login/"}
NOWHERE = {"/nowhere", "/admin/nowhere", "/logs/1/nowhere"}

# By ACCESS, the first of the roles that may read, write, and use the admin site.
FIRST = {
    "open": {"read": None, "write": None, "admin": "admin"},
    "read-open": {"read": None, "write": "editor", "admin": "admin"},
    "closed": {"read": "reader", "write": "editor", "admin": "admin"},
}


def expected(access: str, address: str, method: str, role: str | None, valid: bool) -> int:
    """The status of the refusal, or 200 for what is let in to its view."""
    admin = address.startswith("/admin/")
    if address in FOR_ALL or (access == "open" and not admin):
        return 200
    if role is not None and not valid:
        return 401
    reads = method in READING or (address, method) in COMPUTING
    first = FIRST[access]["admin" if admin else "read" if reads else "write"]
    if ROLES.index(role) >= ROLES.index(first):
        return 200
    return 401 if role is None else 403


def addresses() -> list[str]:
    """One of each pattern of the URL conf, with 1 for its parameters; and some that are none.

    Of the admin site those down to a model: what is below them is many and all Django's.
    """
    found = {*map(_address, _patterns(get_resolver().url_patterns)), *NOWHERE}
    return sorted(a for a in found if not a.startswith("/admin/") or a.count("/") <= 4)


def _patterns(patterns: Iterable, before: str = "/") -> Iterator[str]:
    for pattern in patterns:
        text = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield text
        else:
            yield from _patterns(pattern.url_patterns, text)


def _address(pattern: str) -> str:
    filled = re.sub(r"\(\?P<\w+>(?:\[\^?.[^\]]*\]|\([^)]*\)|[^)])*\)|<[^>]+>", "1", pattern)
    return re.sub(r"[\^$?\\]", "", filled)


class WithoutViews(BaseHandler):
    """All of the middleware; who is let in is told so in place of the view."""

    def __init__(self) -> None:
        self.load_middleware()

    def _get_response(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse("let in")


def tokens_of(role: str) -> tuple[str, str]:
    """The token of a new user who has this role, and the one that it had before."""
    user = User.objects.create_user(f"a {role}", is_superuser=role == "superuser")
    if role not in ("nobody", "superuser"):
        user.groups.add(Group.objects.get(name=role))
    revoked = AccessToken.make(user)
    revoked.delete()
    return AccessToken.make(user).key, revoked.key
