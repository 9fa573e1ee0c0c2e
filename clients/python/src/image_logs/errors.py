"""Exceptions for the problem documents (RFC 9457) of the server."""

from typing import Any

import httpx

# The first version of the server that has all endpoints that this client uses.
MINIMUM_VERSION = "2.0.0"


class ProblemError(Exception):
    """The server answered with an error. ``str(error)`` is the ``detail`` of the problem document.

    ``status`` is the HTTP status. ``document`` is the problem document, and ``type`` the last part
    of its type, such as ``invalid-parameter``.
    """

    def __init__(self, status: int, document: dict[str, Any]) -> None:
        self.status = status
        self.document = document
        self.type = str(document.get("type", "")).rpartition(":")[2]
        super().__init__(str(document.get("detail") or document.get("title") or status))


class AccessDenied(ProblemError):
    """401 or 403: the token is missing or not valid, or its user lacks the permission."""


class NotFound(ProblemError):
    """404: there is no such log, well or pick, or no trace in the range."""


class Unavailable(ProblemError):
    """429, 502, 503 or 504 after all retries: the server is busy, or a part of it is down."""


class ServerTooOld(ProblemError):
    """The server has no such endpoint. The message names the version that is needed."""


_KINDS = {401: AccessDenied, 403: AccessDenied, 404: NotFound}
_KINDS |= dict.fromkeys((429, 502, 503, 504), Unavailable)


def raise_for_problem(response: httpx.Response) -> None:
    """Raise the ProblemError of a response that has an error status."""
    if response.is_success:
        return
    response.read()
    status, document = response.status_code, None
    if "json" in response.headers.get("content-type", ""):
        document = response.json()
    if not isinstance(document, dict):  # a proxy answered, or another server
        told = f"{response.url} answered {status} {response.reason_phrase}"
        document = {"detail": f"{told} {response.headers.get('location', '')}".rstrip()}
    error = _KINDS.get(status, ProblemError)(status, document)
    # Where an item is missing, the type says of which kind.
    if error.type in {"not-found", "method-not-allowed"}:
        asked = f"{response.request.method} {response.url.path}"
        detail = f"{asked} needs version {MINIMUM_VERSION} of the server or a later one"
        error = ServerTooOld(status, {**document, "detail": detail})
    raise error
