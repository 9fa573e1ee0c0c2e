"""What the server answers when it refuses: problem documents (RFC 9457) as exceptions."""

from typing import Any

import httpx


class ProblemError(Exception):
    """A request that the server refused; ``str()`` is the ``detail`` of its problem document.

    ``status`` is the HTTP status, ``type`` the last part of the document's type, such as
    ``invalid-parameter``, and ``document`` all of it.
    """

    def __init__(self, status: int, document: dict[str, Any]) -> None:
        self.status = status
        self.document = document
        self.type = str(document.get("type", "")).rpartition(":")[2]
        super().__init__(str(document.get("detail") or document.get("title") or status))


class AccessDenied(ProblemError):
    """401 or 403: the token is missing, unknown, or its user may not do this."""


class NotFound(ProblemError):
    """404: there is no such log, well or pick, or no trace in the range."""


class Unavailable(ProblemError):
    """429 or 503, also after the retries: the server is busy or its database is away."""


class ServerTooOld(ProblemError):
    """The server does not know what was asked for; the message says which version does."""


_KINDS = {401: AccessDenied, 403: AccessDenied, 404: NotFound, 429: Unavailable, 503: Unavailable}


def raise_for_problem(response: httpx.Response) -> None:
    """Raise the ProblemError that stands for a response with an error status."""
    if response.is_success:
        return
    response.read()
    document: Any = None
    if "json" in response.headers.get("content-type", ""):
        document = response.json()
    if not isinstance(document, dict):
        document = {"title": response.reason_phrase, "detail": response.text[:200]}
    raise _KINDS.get(response.status_code, ProblemError)(response.status_code, document)
