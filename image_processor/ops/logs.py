"""Logging: lines of JSON or of text, with the id of the current request."""

import logging
import random
import re
import sys
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

import orjson

# These are not shown, so they need not be collected ("Optimization" in the logging documentation).
logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False

FORMATS = ("json", "line")
request_id: ContextVar[str] = ContextVar("request_id", default="")
_ID = re.compile(r"[A-Za-z0-9._-]{1,128}")


def id_for(sent: str) -> str:
    """The id that the client sent, if it matches _ID; else a new one."""
    # Unlike uuid4 this makes no system call, so the thread keeps the GIL.
    return sent if _ID.fullmatch(sent) else f"{random.getrandbits(128):032x}"


class JsonFormatter(logging.Formatter):
    """One JSON object a line. The dict ``extra={"facts": {...}}`` of a record is merged into it."""

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": _encodable(record.getMessage()),
        }
        if identity := request_id.get():
            entry["request_id"] = identity
        entry |= getattr(record, "facts", {})
        if record.exc_info:
            entry["traceback"] = _encodable(self.formatException(record.exc_info))
        return orjson.dumps(entry).decode()


class LineFormatter(logging.Formatter):
    """Lines of text for a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        line = super().format(record)
        return f"{line} [{identity}]" if (identity := request_id.get()) else line


def configuration(log_format: str) -> dict[str, Any]:
    """A dict for logging.config.dictConfig: everything goes to stderr in ``log_format``."""
    line = "{asctime} {levelname} {name} {message}"
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {"()": JsonFormatter},
            "line": {"()": LineFormatter, "fmt": line, "style": "{"},
        },
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "stream": sys.stderr,
                "formatter": log_format,
            }
        },
        "root": {"handlers": ["stderr"], "level": "INFO"},
        "loggers": {
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            "gunicorn.error": {"handlers": [], "level": "INFO", "propagate": True},
            # The application writes a line for each request itself.
            "gunicorn.access": {"handlers": [], "level": "CRITICAL", "propagate": False},
        },
    }


def _encodable(text: str) -> str:
    """Replace lone surrogates, which file names may contain and JSON may not."""
    return text.encode(errors="replace").decode()
