"""Is the process alive, can it do its work, and how does it fare?"""

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
from pymongo.errors import PyMongoError
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from image_processor.ops import catalogue_metrics
from web.errors import NotReady
from web.openapi import PUBLIC, answer, fails, operation
from web.openapi_parameters import header, one_of

NO_STORE = {"Cache-Control": "no-store"}
# An election takes longer, but a probe has to fail several times in a row to take a replica out.
PROBE_SECONDS = 2
# With less, uploads are about to fail.
ROOM_BYTES = 64 * 1024**2


def _status(word: str, **more: Any) -> dict[str, Any]:
    """The schema of a status, and of what is told besides."""
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
    "health",
    "Is the process alive. It answers; nothing else is touched.",
    answer(_status("alive"), "It is.", "/healthz/"),
    UNCACHED,
    always=PUBLIC,
    auth=[],
)
@api_view(["GET", "HEAD"])
def healthz(request: Request) -> Response:
    """The process answers; nothing else is touched."""
    return Response({"status": "alive"}, headers=NO_STORE)


@operation(
    "readyz",
    "health",
    "Can it do its work. MongoDB has a primary that answers, all migrations are applied, and there"
    " is room for temporary files.",
    answer(_status("ready", checks=CHECKS_SCHEMA), "It can.", "/readyz/"),
    UNCACHED,
    fails("not-ready"),
    always=(*PUBLIC, "overloaded"),
    auth=[],
)
@api_view(["GET", "HEAD"])
def readyz(request: Request) -> Response:
    """Every dependency does its part. Raises NotReady, which is answered with 503."""
    checks = {name: check() for name, check in CHECKS.items()}
    if any(state != "ok" for state in checks.values()):
        raise NotReady(checks)
    return Response({"status": "ready", "checks": checks}, headers=NO_STORE)


def metrics(request: HttpRequest) -> HttpResponse:
    """What Prometheus reads."""
    encode, content_type = choose_encoder(request.headers.get("Accept", ""))
    body = encode(catalogue_metrics.registry())
    return HttpResponse(body, content_type, headers=NO_STORE)


def _mongodb() -> str:
    """There is a primary, and it answers."""
    try:
        with pymongo.timeout(PROBE_SECONDS):
            connection.database.command("ping")
    except PyMongoError as error:
        return f"does not answer: {type(error).__name__}"
    return "ok"


def _migrations() -> str:
    try:
        with pymongo.timeout(PROBE_SECONDS):
            _check_migrations()
    except (MigrationsMissing, DatabaseError, PyMongoError) as error:
        return f"not known to be applied: {type(error).__name__}"
    return "ok"


class MigrationsMissing(Exception):
    """The database is not yet what the code expects."""


@cache
def _check_migrations() -> None:
    """Once they have been applied, they are not asked for again: only exceptions are not cached."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise MigrationsMissing


def _temporary_directory() -> str:
    """Where the traces of uploads are kept until all of a CSV is known to be good."""
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
