"""Errors to HTTP: one table from exception to problem document (RFC 9457).

The table answers requests here and documents the API in ``openapi``. It begins with what can happen
to any request; each app registers its own rows when Django starts.
"""

import logging
import sys
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Any, NamedTuple

import orjson
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from rest_framework import exceptions as drf

from storage.errors import FileCorrupt, FileMissing, StorageUnavailable, is_unavailability
from web import errors

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
PREFIX = "urn:problem-type:"
RETRY_AFTER_SECONDS = 5

Members = Callable[[Any], Mapping[str, Any]]


class Problem(NamedTuple):
    """A kind of problem.

    ``name`` ends its type; ``meaning`` and ``example``, of its detail, stand in the documentation.
    ``errors`` are the exceptions answered so, each with its subclasses; ``members`` and ``headers``
    are what the answer has besides, made from the exception.
    """

    name: str
    status: int
    meaning: str
    example: str
    errors: tuple[type[BaseException], ...] = ()
    members: Members = lambda error: {}
    headers: Members = lambda error: {}


def fault(error: Any) -> Mapping[str, Any]:
    """The members of InvalidParameter and its subclasses."""
    return {"errors": [{"parameter": error.name, "value": error.value, "reason": error.reason}]}


def limit(error: Any) -> Mapping[str, Any]:
    """The member ``limit`` of errors that have one."""
    return {"limit": error.limit}


def _faults(error: drf.ValidationError) -> Mapping[str, Any]:
    """The fields that DRF refuses, with its reasons."""
    details = error.get_full_details()
    fields = details if isinstance(details, dict) else {"body": details}
    return {
        "errors": [
            {"parameter": name, "reason": reason}
            for name, found in fields.items()
            for reason in _messages(found)
        ]
    }


def _messages(details: Any) -> list[str]:
    """All messages in the nested details of a ValidationError."""
    if isinstance(details, dict) and "message" in details:
        return [str(details["message"])]
    parts = details.values() if isinstance(details, dict) else details
    return [message for part in parts for message in _messages(part)]


BY_NAME: dict[str, Problem] = {}
_by_error: dict[type[BaseException], Problem] = {}


def register(problems: Iterable[Problem]) -> None:
    """Add rows to the table, at start."""
    for row in problems:
        BY_NAME[row.name] = row
        _by_error.update(dict.fromkeys(row.errors, row))


register(
    [
        Problem(
            "bad-request",
            400,
            "The request is malformed or names a host not served here.",
            "The request is malformed or names a host not served here.",
            (SuspiciousOperation, drf.ParseError),
        ),
        Problem(
            "invalid-parameter",
            400,
            "A part of the URL or of the body has a value that is not allowed, or is not known.",
            "welll='A-1': unknown parameter; did you mean well?",
            (errors.InvalidParameter,),
            fault,
        ),
        Problem(
            "incomplete-body",
            400,
            "The connection ended before the body did.",
            "the body is incomplete",
            (UnreadablePostError,),
        ),
        Problem(
            "needs-too-much-memory",
            400,
            "The answer needs more memory than `limit`; the detail says what to narrow.",
            "a picture of 16383 x 4096 pixels; ask for a smaller one takes 603979776 bytes of"
            " memory; the limit is 268435456 bytes",
            (errors.TooLargeForBudget,),
            limit,
        ),
        Problem(
            "unauthorized",
            401,
            "There is no token, or none that is valid; where it is needed `ACCESS` says.",
            "the token is not valid",
            (drf.NotAuthenticated, drf.AuthenticationFailed),
            headers=lambda error: {"WWW-Authenticate": "Token"},
        ),
        Problem(
            "forbidden",
            403,
            "The user is in no group that may do this.",
            "this is not for users of your groups",
            (PermissionDenied, drf.PermissionDenied),
        ),
        Problem(
            "not-found",
            404,
            "There is nothing at this address.",
            "There is nothing at /nowhere/.",
            (Http404, drf.NotFound),
        ),
        Problem(
            "method-not-allowed",
            405,
            "The address does not take this method.",
            'Method "POST" not allowed.',
            (drf.MethodNotAllowed,),
        ),
        Problem(
            "not-acceptable",
            406,
            "The Accept header names nothing that there is.",
            "Could not satisfy the request Accept header.",
            (drf.NotAcceptable,),
        ),
        Problem(
            "body-too-slow",
            408,
            "The client sends the body too slowly.",
            "the body comes too slowly",
            (errors.BodyTooSlow,),
        ),
        Problem(
            "length-required",
            411,
            "The upload does not say its length.",
            "the upload does not say its length; send it with Content-Length",
            (errors.LengthRequired,),
        ),
        Problem(
            "precondition-failed",
            412,
            "It is no longer what `If-Match` says.",
            'the image is "5d41402abc4b2a76b9719d911017c592" now',
            (errors.PreconditionFailed,),
        ),
        Problem(
            "upload-too-large",
            413,
            "The file is larger than `limit`.",
            "the file is larger than the limit of 2147483648 bytes",
            (errors.UploadTooLarge,),
            limit,
        ),
        Problem(
            "form-too-large",
            413,
            "A field of the form, or a body that is no file, is too large.",
            "Request body exceeded settings.DATA_UPLOAD_MAX_MEMORY_SIZE.",
            (RequestDataTooBig,),
        ),
        Problem(
            "range-not-satisfiable",
            416,
            "The bytes asked for lie beyond the end.",
            "there are 48213 bytes",
            (errors.RangeNotSatisfiable,),
            headers=lambda error: {"Content-Range": f"bytes */{error.length}"},
        ),
        Problem(
            "unsupported-media-type",
            415,
            "The body is of a media type that is not read here.",
            'Unsupported media type "application/json" in request.',
            (drf.UnsupportedMediaType,),
        ),
        Problem(
            "too-many-requests",
            429,
            "Too many uploads of one user, or wrong tokens from one address.",
            "Request was throttled. Expected available in 42 seconds.",
            (drf.Throttled,),
            headers=lambda error: {"Retry-After": str(error.wait)},
        ),
        Problem(
            "internal-error",
            500,
            "A fault of the server; it has been logged.",
            "The server failed to answer; the failure has been logged.",
        ),
        Problem(
            "file-missing",
            404,
            "The bytes of the file are lost.",
            "there is no stored file core",
            (FileMissing,),
        ),
        Problem(
            "file-corrupt",
            500,
            "What is stored is damaged; it has been logged.",
            "chunk 3 of the stored file is missing",
            (FileCorrupt,),
        ),
        Problem(
            "storage-unavailable",
            503,
            "MongoDB cannot be reached.",
            "MongoDB cannot be reached",
            (StorageUnavailable,),
        ),
        Problem(
            "overloaded",
            503,
            "As many requests are being answered as may be at a time.",
            "All threads are busy; try again in some seconds.",
            (errors.Overloaded,),
        ),
        Problem(
            "busy",
            503,
            "Other requests hold the memory that the answer needs.",
            "other requests hold the memory; try again in some seconds",
            (errors.BudgetExhausted,),
        ),
        Problem(
            "no-room-for-upload",
            507,
            "There is no room for the temporary files of the request.",
            "there is no room for the temporary files of the request",
            (errors.NoRoom,),
        ),
        Problem(
            "not-ready",
            503,
            "`checks` says which dependency fails.",
            "mongodb does not answer: ServerSelectionTimeoutError",
            (errors.NotReady,),
            lambda error: {"checks": error.checks},
        ),
    ]
)


def problem(status: int, name: str, detail: str, **members: Any) -> HttpResponse:
    """A problem document as a response that no cache keeps."""
    document = {
        "type": f"{PREFIX}{name}",
        "title": title(name),
        "status": status,
        "detail": detail,
        **members,
    }
    response = HttpResponse(orjson.dumps(document), status=status, content_type=MEDIA_TYPE)
    response["Cache-Control"] = "no-store"
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def title(name: str) -> str:
    """The title of a problem for people."""
    return name.replace("-", " ").capitalize()


def exception_handler(error: BaseException, context: dict[str, Any]) -> HttpResponse | None:
    """DRF's exception handler. It returns None for errors that are not in the table; they become
    a logged 500."""
    if is_unavailability(error):
        logger.warning("MongoDB cannot be reached: %s", brief(error))
        error = StorageUnavailable("MongoDB cannot be reached")
    elif isinstance(error, StorageUnavailable):
        logger.warning("%s: %s", error, brief(error.__cause__))
    elif isinstance(error, FileCorrupt):
        logger.error("stored file corrupt: %s", error)
    elif isinstance(error, UnreadablePostError) and isinstance(error.__cause__, TimeoutError):
        error = errors.BodyTooSlow("the body comes too slowly")
    if isinstance(error, drf.ValidationError):
        return _invalid(error)
    row = _row_of(error)
    if row is None:
        return None
    response = problem(row.status, row.name, str(error) or row.meaning, **row.members(error))
    for name, value in row.headers(error).items():
        response[name] = value
    return response


def _row_of(error: BaseException) -> Problem | None:
    """The row of the nearest class that has one."""
    return next((_by_error[kind] for kind in type(error).__mro__ if kind in _by_error), None)


def _invalid(error: drf.ValidationError) -> HttpResponse:
    faults = _faults(error)
    sentences = [f"{fault['parameter']}: {fault['reason']}" for fault in faults["errors"]]
    return problem(error.status_code, "invalid-parameter", "; ".join(sentences), **faults)


def log_fault(error: Exception) -> None:
    """Log an error that ended an answer early; with a traceback if it is a bug."""
    if isinstance(error, StorageUnavailable) or is_unavailability(error):
        logger.warning("MongoDB cannot be reached: %s", brief(error.__cause__ or error))
    else:
        logger.error("the answer broke off", exc_info=error)


class FaultsOnly(logging.Filter):
    """Drops Django's log lines about errors that the table answers; only bugs are logged."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        return error is not None and not (is_unavailability(error) or _row_of(error))


def brief(error: BaseException | None) -> str:
    """The class of an error and its first words; pymongo adds the state of all servers."""
    return f"{type(error).__name__}: {str(error).partition(', ')[0][:200]}"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return problem(400, "bad-request", "The request is malformed or names a host not served here.")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return problem(403, "forbidden", str(exception) or "This is not allowed.")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return problem(403, "forbidden", f"The form is not one of this browser's: {reason}")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return problem(404, "not-found", f"There is nothing at {request.path}.")


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer an error outside of DRF's views: MongoDB is away, or a bug, which Django logs."""
    error = sys.exc_info()[1]
    answer = exception_handler(error, {}) if error else None
    return answer or problem(500, "internal-error", BY_NAME["internal-error"].example)
