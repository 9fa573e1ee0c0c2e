"""Liveness, readiness and metrics."""

import os
import tempfile
from collections.abc import Callable
from functools import cache
from typing import Any

import pymongo
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from prometheus_client.exposition import choose_encoder
from pymongo.errors import OperationFailure, PyMongoError
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from image_processor.ops import catalogue_metrics
from web.errors import NotReady
from web.openapi.operations import PUBLIC, answer, fails, operation
from web.openapi.parameters import header, one_of

NO_STORE = {"Cache-Control": "no-store"}
# An election takes longer than this. A replica is taken out only after several failed probes.
PROBE_SECONDS = 2
# With less free space than this, uploads are about to fail.
ROOM_BYTES = 64 * 1024**2


def _status(word: str, **more: Any) -> dict[str, Any]:
    """The schema of a status document with further members."""
    properties = {"status": one_of((word,)), **more}
    return {"type": "object", "properties": properties, "required": [*properties]}


CHECKS_SCHEMA = {
    "type": "object",
    "additionalProperties": one_of(("ok",)),
    "description": "Each dependency, and how it is.",
}
UNCACHED = header("Cache-Control", "", 200, schema=one_of(("no-store",)))


@operation(
    "healthz",
    "Is the process alive. It answers; nothing else is touched.",
    answer(_status("alive"), "It is.", "/healthz/"),
    UNCACHED,
    tag="health",
    always=PUBLIC,
    auth=[],
)
@api_view(["GET", "HEAD"])
def healthz(request: Request) -> Response:
    """Answer without using anything else."""
    return Response({"status": "alive"}, headers=NO_STORE)


@operation(
    "readyz",
    "Can it do its work. MongoDB has a primary that answers, all migrations are applied, and there"
    " is room for temporary files.",
    answer(_status("ready", checks=CHECKS_SCHEMA), "It can.", "/readyz/"),
    UNCACHED,
    fails("not-ready"),
    tag="health",
    always=(*PUBLIC, "overloaded"),
    auth=[],
)
@api_view(["GET", "HEAD"])
def readyz(request: Request) -> Response:
    """Check every dependency. Raises NotReady, which is answered with 503."""
    checks = {name: check() for name, check in CHECKS.items()}
    if any(state != "ok" for state in checks.values()):
        raise NotReady(checks)
    return Response({"status": "ready", "checks": checks}, headers=NO_STORE)


def metrics(request: HttpRequest) -> HttpResponse:
    """The metrics in a format that Prometheus reads."""
    encode, content_type = choose_encoder(request.headers.get("Accept", ""))
    body = encode(catalogue_metrics.registry())
    return HttpResponse(body, content_type, headers=NO_STORE)


def _mongodb() -> str:
    """Whether there is a primary that answers."""
    try:
        with pymongo.timeout(PROBE_SECONDS):
            connection.database.command("ping")
    except PyMongoError as error:
        return f"does not answer: {_name(error)}"
    return "ok"


def _migrations() -> str:
    try:
        with pymongo.timeout(PROBE_SECONDS):
            _check_migrations()
    except MigrationsMissing:
        return "are not all applied: run manage.py migrate"
    except (DatabaseError, PyMongoError) as error:
        return f"not known to be applied: {_name(error)}"
    return "ok"


def _name(error: Exception) -> str:
    """What MongoDB calls the error, such as ``AuthenticationFailed``, else its class."""
    if isinstance(error, DatabaseError) and isinstance(error.__cause__, PyMongoError):
        error = error.__cause__
    details = error.details if isinstance(error, OperationFailure) else None
    return str((details or {}).get("codeName") or type(error).__name__)


class MigrationsMissing(Exception):
    """Some migrations have not been applied."""


@cache
def _check_migrations() -> None:
    """Raise MigrationsMissing unless all are applied. Success is cached, an exception is not."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise MigrationsMissing


def _temporary_directory() -> str:
    """Whether the traces of an upload can be kept on disk until the whole file is checked."""
    directory = tempfile.gettempdir()
    if not os.access(directory, os.W_OK):
        return "cannot be written to"
    room = os.statvfs(directory)
    free = room.f_bavail * room.f_frsize
    return "ok" if free >= ROOM_BYTES else f"has only {free} bytes left"


CHECKS: dict[str, Callable[[], str]] = {
    "mongodb": _mongodb,
    "migrations": _migrations,
    "temporary_directory": _temporary_directory,
}
