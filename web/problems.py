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

    ``errors`` is the exception that gets this answer, with its subclasses; or several. ``members``
    and ``headers`` are made from the exception and added to the answer. ``example`` (of a detail)
    and ``meaning`` are for the documentation. ``name`` is the end of the type URI.

    By default, the first exception gives the meaning, by the first paragraph of its docstring, and
    the name: ``WellNotFound`` is ``well-not-found``.
    """

    errors: type[BaseException] | tuple[type[BaseException], ...]
    status: int
    example: str
    members: Members = lambda error: {}
    headers: Members = lambda error: {}
    meaning: str = ""
    name: str = ""


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
        kinds = row.errors if isinstance(row.errors, tuple) else (row.errors,)
        name = row.name or re.sub(r"\B(?=[A-Z])", "-", kinds[0].__name__).lower()
        meaning = row.meaning or (getdoc(kinds[0]) or "").partition("\n\n")[0]
        meaning = re.sub(r"\s+", " ", meaning.replace("``", "`"))
        BY_NAME[name] = row._replace(name=name, meaning=meaning)
        _by_error.update(dict.fromkeys(kinds, BY_NAME[name]))


def title(name: str) -> str:
    """The title of a problem, from its name."""
    return name.replace("-", " ").capitalize()


def row_of(error: BaseException) -> Problem | None:
    """The row of the exception's class or of its nearest base class; None without one."""
    return next((_by_error[kind] for kind in type(error).__mro__ if kind in _by_error), None)


register(
    [
        Problem(
            (SuspiciousOperation, drf.ParseError),
            400,
            "The request is malformed or names a host not served here.",
            meaning="The request is malformed or names a host not served here.",
            name="bad-request",
        ),
        Problem(
            errors.InvalidParameter,
            400,
            "welll='A-1': unknown parameter; did you mean well?",
            fault,
        ),
        Problem(
            UnreadablePostError,
            400,
            "the body is incomplete",
            meaning="The connection ended before the body did.",
            name="incomplete-body",
        ),
        Problem(
            errors.TooLargeForBudget,
            400,
            "a picture of 16383 x 4096 pixels; ask for a smaller one takes 603979776 bytes of"
            " memory; the limit is 268435456 bytes",
            limit,
            name="needs-too-much-memory",
        ),
        Problem(
            (drf.NotAuthenticated, drf.AuthenticationFailed),
            401,
            "the token is not valid",
            headers=lambda error: {"WWW-Authenticate": "Token"},
            meaning="A token is needed (`ACCESS` says where), and there is none, or a wrong one.",
            name="unauthorized",
        ),
        Problem(
            (PermissionDenied, drf.PermissionDenied),
            403,
            "this is not for users of your groups",
            meaning="No group of the user allows this.",
            name="forbidden",
        ),
        Problem(
            (Http404, drf.NotFound),
            404,
            "There is nothing at /nowhere/.",
            meaning="There is nothing at this address.",
            name="not-found",
        ),
        Problem(
            drf.MethodNotAllowed,
            405,
            'Method "POST" not allowed. Allowed: GET, HEAD.',
            meaning="The address does not take this method.",
        ),
        Problem(
            drf.NotAcceptable,
            406,
            "the Accept header allows none of application/json, image/png",
            meaning="The Accept header allows none of the available formats.",
        ),
        Problem(errors.BodyTooSlow, 408, "the body comes too slowly"),
        Problem(
            errors.LengthRequired,
            411,
            "the upload does not say its length; send it with Content-Length",
        ),
        Problem(
            errors.PreconditionFailed, 412, 'the image is "5d41402abc4b2a76b9719d911017c592" now'
        ),
        Problem(
            errors.UploadTooLarge,
            413,
            "the file is larger than the limit of 2147483648 bytes",
            limit,
        ),
        Problem(
            RequestDataTooBig,
            413,
            "Request body exceeded settings.DATA_UPLOAD_MAX_MEMORY_SIZE.",
            meaning="A form field that is not a file, or a JSON body, is too large.",
            name="form-too-large",
        ),
        Problem(
            errors.RangeNotSatisfiable,
            416,
            "there are 48213 bytes",
            headers=lambda error: {"Content-Range": f"bytes */{error.length}"},
        ),
        Problem(
            drf.UnsupportedMediaType,
            415,
            'Unsupported media type "text/csv" in request. Allowed: application/json.',
            meaning="This address does not read bodies of this media type.",
        ),
        Problem(
            drf.Throttled,
            429,
            "Request was throttled. Expected available in 42 seconds.",
            headers=lambda error: {"Retry-After": str(error.wait)},
            meaning="Too many uploads of one user, or wrong tokens from one address.",
            name="too-many-requests",
        ),
        Problem(errors.HeadersTooLarge, 431, "the headers have more than 32768 bytes together"),
        Problem(
            (),
            500,
            "The server failed to answer; the failure has been logged.",
            meaning="A fault of the server; it has been logged.",
            name="internal-error",
        ),
        Problem(
            FileMissing,
            404,
            "there is no stored file core",
            meaning="The bytes of the file are lost.",
        ),
        Problem(
            FileCorrupt,
            500,
            "chunk 3 of the stored file is missing",
            meaning="The stored data are damaged; the failure has been logged.",
        ),
        Problem(
            StorageUnavailable,
            503,
            "MongoDB cannot be reached",
            meaning="MongoDB cannot be reached.",
        ),
        Problem(errors.Overloaded, 503, "All threads are busy; try again in some seconds."),
        Problem(
            errors.BudgetExhausted,
            503,
            "other requests hold the memory; try again in some seconds",
            name="busy",
        ),
        Problem(
            errors.NoRoom,
            507,
            "there is no room for the temporary files of the request",
            name="no-room-for-upload",
        ),
        Problem(
            errors.NotReady,
            503,
            "mongodb does not answer: ServerSelectionTimeoutError",
            lambda error: {"checks": error.checks},
        ),
    ]
)
