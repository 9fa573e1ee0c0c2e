"""Error handlers of Django and DRF. They answer with a row of the table of problems."""

import logging
import sys
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from rest_framework import exceptions as drf

from storage.errors import FileCorrupt, StorageUnavailable, is_unavailability, unavailable
from web import errors
from web.problems import BY_NAME, MEDIA_TYPE, PREFIX, row_of, title

# A fixed name: operators filter log lines by it.
logger = logging.getLogger("web.problems")

RETRY_AFTER_SECONDS = 5


def problem(status: int, name: str, detail: str, **members: Any) -> HttpResponse:
    """A response with a problem document (RFC 9457) that must not be cached."""
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


def exception_handler(error: BaseException, context: dict[str, Any]) -> HttpResponse | None:
    """DRF's exception handler. It returns None for an error that is not in the table; Django
    answers that with 500 and logs it.
    """
    if isinstance(error, StorageUnavailable) or is_unavailability(error):
        error = _told_unavailable(error)
    elif isinstance(error, FileCorrupt):
        logger.error("stored file corrupt: %s", error)
    elif isinstance(error, UnreadablePostError) and isinstance(error.__cause__, TimeoutError):
        error = errors.BodyTooSlow("the body comes too slowly")
    if isinstance(error, drf.ValidationError):
        return _invalid(error)
    row = row_of(error)
    if row is None:
        return None
    detail = f"{str(error) or row.meaning}{_allowed(error, context.get('view'))}"
    response = problem(row.status, row.name, detail, **row.members(error))
    for name, value in row.headers(error).items():
        response[name] = value
    return response


def _allowed(error: BaseException, view: Any) -> str:
    """What a view allows instead of a method or a media type, as the end of a sentence."""
    if view is None:
        return ""
    if isinstance(error, drf.MethodNotAllowed):
        return f" Allowed: {', '.join(view.allowed_methods)}."
    if isinstance(error, drf.UnsupportedMediaType):
        types = dict.fromkeys(parser.media_type for parser in view.get_parsers())
        return f" Allowed: {', '.join(types)}."
    return ""


def _invalid(error: drf.ValidationError) -> HttpResponse:
    faults = _faults(error)
    sentences = [f"{fault['parameter']}: {fault['reason']}" for fault in faults["errors"]]
    return problem(error.status_code, "invalid-parameter", "; ".join(sentences), **faults)


def _faults(error: drf.ValidationError) -> Mapping[str, Any]:
    """The refused fields of a ValidationError, with DRF's reasons."""
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
        return [_shortened(str(details["message"]))]
    parts = details.values() if isinstance(details, dict) else details
    return [message for part in parts for message in _messages(part)]


def _shortened(message: str) -> str:
    """The beginning and the end of a message, which may quote input of any length."""
    return message if len(message) <= 400 else f"{message[:200]} … {message[-200:]}"


def log_fault(error: Exception) -> None:
    """Log an error that ended a response early; with a traceback if it is a bug."""
    if isinstance(error, StorageUnavailable) or is_unavailability(error):
        _told_unavailable(error)
    else:
        logger.error("the answer broke off", exc_info=error)


def _told_unavailable(error: BaseException) -> StorageUnavailable:
    """Log that MongoDB is not available, and return the error that says so."""
    told = error if isinstance(error, StorageUnavailable) else unavailable(error)
    logger.warning("%s: %s", told, brief(error.__cause__ if told is error else error))
    return told


class FaultsOnly(logging.Filter):
    """A filter that passes only bugs: it drops errors that the table of problems answers."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        return error is not None and not (is_unavailability(error) or row_of(error))


def brief(error: BaseException | None) -> str:
    """The class of an error and the start of its message. pymongo appends the state of servers."""
    return f"{type(error).__name__}: {str(error).partition(', ')[0][:200]}"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return problem(400, "bad-request", "The request is malformed or names a host not served here.")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return problem(403, "forbidden", str(exception) or "This is not allowed.")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return problem(403, "forbidden", f"The CSRF check failed: {reason}")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return problem(404, "not-found", f"There is nothing at {request.path}.")


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer an error outside of DRF views: MongoDB is unavailable, or a bug, which Django logs."""
    error = sys.exc_info()[1]
    answer = exception_handler(error, {}) if error else None
    return answer or problem(500, "internal-error", BY_NAME["internal-error"].example)
