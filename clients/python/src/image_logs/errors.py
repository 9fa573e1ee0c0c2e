"""Exceptions for the problem documents (RFC 9457) of the server."""

from typing import Any

import httpx


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
    """429 or 503 after all retries: the server is busy, or its database is not available."""


class ServerTooOld(ProblemError):
    """The server has no such endpoint. The message names the version that is needed."""


_KINDS = {401: AccessDenied, 403: AccessDenied, 404: NotFound, 429: Unavailable, 503: Unavailable}


def raise_for_problem(response: httpx.Response) -> None:
    """Raise the ProblemError of a response that has an error status."""
    if response.is_success:
        return
    response.read()
    document: Any = None
    if "json" in response.headers.get("content-type", ""):
        document = response.json()
    if not isinstance(document, dict):
        document = {"title": response.reason_phrase, "detail": response.text[:200]}
    raise _KINDS.get(response.status_code, ProblemError)(response.status_code, document)
