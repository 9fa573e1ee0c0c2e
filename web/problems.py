"""The table of problems (RFC 9457): exception, status, name, meaning, example.

``handlers`` answers requests from it, and ``openapi.problems`` documents it. This module registers
problems of all kinds of requests; each app registers its own when Django starts.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from inspect import getdoc
from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, UnreadablePostError
from rest_framework import exceptions as drf

from storage.errors import FileCorrupt, FileMissing, StorageUnavailable
from web import errors

MEDIA_TYPE = "application/problem+json"
PREFIX = "urn:problem-type:"

Members = Callable[[Any], Mapping[str, Any]]


class Problem(NamedTuple):
    """A kind of problem.

    ``name`` is the end of its type URI. ``errors`` are the exceptions that get this answer, with
    their subclasses. ``members`` and ``headers`` are made from the exception and added to the
    answer. ``example`` (of a detail) and ``meaning`` are for the documentation; the meaning is, if
    it is not given, the first paragraph of the docstring of the first of ``errors``.
    """

    name: str
    status: int
    example: str
    errors: tuple[type[BaseException], ...] = ()
    members: Members = lambda error: {}
    headers: Members = lambda error: {}
    meaning: str = ""


def fault(error: Any) -> Mapping[str, Any]:
    """The members of InvalidParameter and its subclasses."""
    return {"errors": [{"parameter": error.name, "value": error.value, "reason": error.reason}]}


def faults(error: Any) -> Mapping[str, Any]:
    """The faults of a file, how many there are in all, and whether reading stopped before its end,
    as far as the exception says."""
    more = {name: getattr(error, name) for name in ("total", "at_least") if hasattr(error, name)}
    return {"errors": [asdict(fault) for fault in error.faults], **more}


def limit(error: Any) -> Mapping[str, Any]:
    """The member ``limit`` of an exception with a limit."""
    return {"limit": error.limit}


BY_NAME: dict[str, Problem] = {}
_by_error: dict[type[BaseException], Problem] = {}


def register(problems: Iterable[Problem]) -> None:
    """Add rows to the table. Apps call it when Django starts."""
    for row in problems:
        meaning = row.meaning or (getdoc(row.errors[0]) or "").partition("\n\n")[0]
        BY_NAME[row.name] = row._replace(meaning=re.sub(r"\s+", " ", meaning.replace("``", "`")))
        _by_error.update(dict.fromkeys(row.errors, BY_NAME[row.name]))


def title(name: str) -> str:
    """The title of a problem, from its name."""
    return name.replace("-", " ").capitalize()


def row_of(error: BaseException) -> Problem | None:
    """The row of the exception's class or of its nearest base class; None without one."""
    return next((_by_error[kind] for kind in type(error).__mro__ if kind in _by_error), None)


register(
    [
        Problem(
            "bad-request",
            400,
            "The request is malformed or names a host not served here.",
            (SuspiciousOperation, drf.ParseError),
            meaning="The request is malformed or names a host not served here.",
        ),
        Problem(
            "invalid-parameter",
            400,
            "welll='A-1': unknown parameter; did you mean well?",
            (errors.InvalidParameter,),
            fault,
        ),
        Problem(
            "incomplete-body",
            400,
            "the body is incomplete",
            (UnreadablePostError,),
            meaning="The connection ended before the body did.",
        ),
        Problem(
            "needs-too-much-memory",
            400,
            "a picture of 16383 x 4096 pixels; ask for a smaller one takes 603979776 bytes of"
            " memory; the limit is 268435456 bytes",
            (errors.TooLargeForBudget,),
            limit,
        ),
        Problem(
            "unauthorized",
            401,
            "the token is not valid",
            (drf.NotAuthenticated, drf.AuthenticationFailed),
            headers=lambda error: {"WWW-Authenticate": "Token"},
            meaning="A token is needed (`ACCESS` says where), and there is none, or a wrong one.",
        ),
        Problem(
            "forbidden",
            403,
            "this is not for users of your groups",
            (PermissionDenied, drf.PermissionDenied),
            meaning="No group of the user allows this.",
        ),
        Problem(
            "not-found",
            404,
            "There is nothing at /nowhere/.",
            (Http404, drf.NotFound),
            meaning="There is nothing at this address.",
        ),
        Problem(
            "method-not-allowed",
            405,
            'Method "POST" not allowed. Allowed: GET, HEAD.',
            (drf.MethodNotAllowed,),
            meaning="The address does not take this method.",
        ),
        Problem(
            "not-acceptable",
            406,
            "the Accept header allows none of application/json, image/png",
            (drf.NotAcceptable,),
            meaning="The Accept header allows none of the available formats.",
        ),
        Problem("body-too-slow", 408, "the body comes too slowly", (errors.BodyTooSlow,)),
        Problem(
            "length-required",
            411,
            "the upload does not say its length; send it with Content-Length",
            (errors.LengthRequired,),
        ),
        Problem(
            "precondition-failed",
            412,
            'the image is "5d41402abc4b2a76b9719d911017c592" now',
            (errors.PreconditionFailed,),
        ),
        Problem(
            "upload-too-large",
            413,
            "the file is larger than the limit of 2147483648 bytes",
            (errors.UploadTooLarge,),
            limit,
        ),
        Problem(
            "form-too-large",
            413,
            "Request body exceeded settings.DATA_UPLOAD_MAX_MEMORY_SIZE.",
            (RequestDataTooBig,),
            meaning="A form field that is not a file, or a JSON body, is too large.",
        ),
        Problem(
            "range-not-satisfiable",
            416,
            "there are 48213 bytes",
            (errors.RangeNotSatisfiable,),
            headers=lambda error: {"Content-Range": f"bytes */{error.length}"},
        ),
        Problem(
            "unsupported-media-type",
            415,
            'Unsupported media type "text/csv" in request. Allowed: application/json.',
            (drf.UnsupportedMediaType,),
            meaning="This address does not read bodies of this media type.",
        ),
        Problem(
            "too-many-requests",
            429,
            "Request was throttled. Expected available in 42 seconds.",
            (drf.Throttled,),
            headers=lambda error: {"Retry-After": str(error.wait)},
            meaning="Too many uploads of one user, or wrong tokens from one address.",
        ),
        Problem(
            "headers-too-large",
            431,
            "the headers have more than 32768 bytes together",
            (errors.HeadersTooLarge,),
        ),
        Problem(
            "internal-error",
            500,
            "The server failed to answer; the failure has been logged.",
            meaning="A fault of the server; it has been logged.",
        ),
        Problem(
            "file-missing",
            404,
            "there is no stored file core",
            (FileMissing,),
            meaning="The bytes of the file are lost.",
        ),
        Problem(
            "file-corrupt",
            500,
            "chunk 3 of the stored file is missing",
            (FileCorrupt,),
            meaning="The stored data are damaged; the failure has been logged.",
        ),
        Problem(
            "storage-unavailable",
            503,
            "MongoDB cannot be reached",
            (StorageUnavailable,),
            meaning="MongoDB cannot be reached.",
        ),
        Problem(
            "overloaded",
            503,
            "All threads are busy; try again in some seconds.",
            (errors.Overloaded,),
        ),
        Problem(
            "busy",
            503,
            "other requests hold the memory; try again in some seconds",
            (errors.BudgetExhausted,),
        ),
        Problem(
            "no-room-for-upload",
            507,
            "there is no room for the temporary files of the request",
            (errors.NoRoom,),
        ),
        Problem(
            "not-ready",
            503,
            "mongodb does not answer: ServerSelectionTimeoutError",
            (errors.NotReady,),
            lambda error: {"checks": error.checks},
        ),
    ]
)
