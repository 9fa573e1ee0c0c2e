"""Errors to HTTP: one table from exception to problem document (RFC 9457)."""

import logging
import sys
from collections.abc import Mapping
from dataclasses import asdict
from http import HTTPStatus
from typing import Any

import orjson
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from rest_framework.exceptions import APIException, Throttled, ValidationError

from images import errors
from photos import errors as photo_errors
from storage.errors import FileCorrupt, FileMissing, StorageUnavailable, is_unavailability

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = 5


class BodyTooSlow(Exception):
    """The client takes too long to send the body."""


class NotReady(Exception):
    """The service cannot do its work; ``checks`` says of each dependency how it is."""

    def __init__(self, checks: Mapping[str, str]) -> None:
        self.checks = checks
        failed = [f"{name} {state}" for name, state in checks.items() if state != "ok"]
        super().__init__(", ".join(failed))


# The first class that fits decides; the last part of the problem's type names the kind.
PROBLEMS: tuple[tuple[type[BaseException], int, str], ...] = (
    (errors.InvalidCsv, 400, "invalid-csv"),
    (errors.NoFile, 400, "no-file"),
    (errors.UploadTooLarge, 413, "upload-too-large"),
    (errors.LengthRequired, 411, "length-required"),
    (errors.SpoolFull, 507, "no-room-for-upload"),
    (errors.IngestOvertaken, 503, "ingest-overtaken"),
    (errors.TooManyIngests, 503, "too-many-ingests"),
    (errors.TooManyPictures, 503, "too-many-pictures"),
    (errors.UnknownColormap, 400, "unknown-colormap"),
    (errors.InvalidParameter, 400, "invalid-parameter"),
    (errors.SeveralLogs, 400, "several-logs"),
    (errors.WindowTooLarge, 400, "window-too-large"),
    (errors.StatisticsMissing, 409, "statistics-missing"),
    (errors.LogNotFound, 404, "log-not-found"),
    (errors.NothingInRange, 404, "nothing-in-range"),
    (photo_errors.NotAPhoto, 415, "not-a-photo"),
    (photo_errors.TooManyPixels, 413, "too-many-pixels"),
    (photo_errors.PhotoNotFound, 404, "photo-not-found"),
    (photo_errors.PhotoExists, 409, "photo-exists"),
    (photo_errors.RangeNotSatisfiable, 416, "range-not-satisfiable"),
    (photo_errors.PreconditionFailed, 412, "precondition-failed"),
    (NotReady, 503, "not-ready"),
    (StorageUnavailable, 503, "storage-unavailable"),
    (FileMissing, 404, "file-missing"),
    (FileCorrupt, 500, "file-corrupt"),
    (BodyTooSlow, 408, "body-too-slow"),
    (UnreadablePostError, 400, "incomplete-body"),
    (RequestDataTooBig, 413, "form-too-large"),
    (SuspiciousOperation, 400, "bad-request"),
    (PermissionDenied, 403, "forbidden"),
    (Http404, 404, "not-found"),
)


def problem(status: int, kind: str, detail: str, **members: Any) -> HttpResponse:
    """A problem document as a response that no cache keeps."""
    document = {
        "type": f"urn:problem-type:{kind}",
        "title": kind.replace("-", " ").capitalize(),
        "status": status,
        "detail": detail,
        **members,
    }
    response = HttpResponse(orjson.dumps(document), status=status, content_type=MEDIA_TYPE)
    response["Cache-Control"] = "no-store"
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def exception_handler(error: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """DRF's handler: None, for what has no place in the table, makes it a logged 500."""
    return _from_framework(error) if isinstance(error, APIException) else _from_table(error)


def _from_table(error: BaseException) -> HttpResponse | None:
    if is_unavailability(error):
        logger.warning("MongoDB cannot be reached: %s", brief(error))
        error = StorageUnavailable("MongoDB cannot be reached")
    elif isinstance(error, StorageUnavailable):
        logger.warning("%s: %s", error, brief(error.__cause__))
    elif isinstance(error, UnreadablePostError) and isinstance(error.__cause__, TimeoutError):
        error = BodyTooSlow("the body comes too slowly")
    for kind_of_error, status, kind in PROBLEMS:
        if isinstance(error, kind_of_error):
            if isinstance(error, FileCorrupt):
                logger.error("stored file corrupt: %s", error)
            response = problem(status, kind, str(error) or kind, **_members(error))
            if isinstance(error, photo_errors.RangeNotSatisfiable):
                response["Content-Range"] = f"bytes */{error.length}"
            return response
    return None


def log_fault(error: Exception) -> None:
    """Log what broke an answer off: with a traceback, if it is a fault of ours."""
    if isinstance(error, StorageUnavailable) or is_unavailability(error):
        logger.warning("MongoDB cannot be reached: %s", brief(error.__cause__ or error))
    else:
        logger.error("the answer broke off", exc_info=error)


class FaultsOnly(logging.Filter):
    """Django logs all answers from 500 on, also those for which the table has a place."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        known = tuple(kind_of_error for kind_of_error, _, _ in PROBLEMS)
        return error is not None and not (is_unavailability(error) or isinstance(error, known))


def brief(error: BaseException | None) -> str:
    """The class of an error and its first words: pymongo adds the state of all servers."""
    return f"{type(error).__name__}: {str(error).partition(', ')[0][:200]}"


def _members(error: BaseException) -> dict[str, Any]:
    match error:
        case errors.InvalidCsv():
            return {"errors": [asdict(fault) for fault in error.faults], "total": error.total}
        case errors.InvalidParameter():
            fault = {"parameter": error.name, "value": error.value, "reason": error.reason}
            return {"errors": [fault]}
        case errors.SeveralLogs():
            names = ("id", "well", "filename")
            return {"logs": [dict(zip(names, log, strict=True)) for log in error.logs]}
        case NotReady():
            return {"checks": error.checks}
        case errors.UploadTooLarge() | photo_errors.TooManyPixels():
            return {"limit": error.limit}
    return {}


def _from_framework(error: APIException) -> HttpResponse:
    kind = HTTPStatus(error.status_code).phrase.lower().replace(" ", "-")
    if isinstance(error, ValidationError):
        faults = [
            {"parameter": name, "reason": str(reason)}
            for name, reasons in error.get_full_details().items()
            for reason in [entry["message"] for entry in reasons]
        ]
        detail = "; ".join(f"{fault['parameter']}: {fault['reason']}" for fault in faults)
        return problem(error.status_code, "invalid-parameter", detail, errors=faults)
    response = problem(error.status_code, kind, str(error.detail))
    if error.status_code == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = "Token"
    if isinstance(error, Throttled):
        response["Retry-After"] = str(error.wait)
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return problem(400, "bad-request", "The request is malformed or names a host not served here.")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return problem(403, "forbidden", str(exception) or "This is not allowed.")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return problem(403, "forbidden", f"The form is not one of this browser's: {reason}")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return problem(404, "not-found", f"There is nothing at {request.path}.")


def server_error(request: HttpRequest) -> HttpResponse:
    """What raised outside the API's views: MongoDB away, or a fault of ours, logged by Django."""
    error = sys.exc_info()[1]
    answer = _from_table(error) if error else None
    return answer or problem(
        500, "internal-error", "The server failed to answer; the failure has been logged."
    )
