"""The metrics of each worker. ``/metrics`` adds up those of all workers."""

from functools import cache
from typing import Any

from prometheus_client import Counter, Gauge, Histogram
from pymongo import monitoring

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120)
METHODS = {"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"}
OTHER = "other"
COMMANDS = (
    *("find", "getMore", "aggregate", "distinct", "insert", "update", "delete", "findAndModify"),
    *("createIndexes", "listCollections", "ping", "endSessions", OTHER),
)

_requests = Counter(
    "http_requests", "Requests answered, by the name of the route.", ["route", "method", "status"]
)
_durations = Histogram(
    "http_request_duration_seconds",
    "From the head of a request to the last byte of its answer.",
    ["route"],
    buckets=SECONDS,
)
in_progress = Gauge(
    "http_requests_in_progress", "Requests being answered.", multiprocess_mode="livesum"
)
_commands = Histogram(
    "mongodb_command_duration_seconds",
    "Commands that MongoDB answered, by their name.",
    ["command"],
    buckets=SECONDS,
)
_failures = Counter("mongodb_command_failures", "Commands that failed, by their name.", ["command"])
_chunks = Counter("gridfs_chunks_read", "Chunks that MongoDB sent, by their bucket.", ["bucket"])
_open = Gauge("mongodb_connections_open", "Connections of all pools.", multiprocess_mode="livesum")
_in_use = Gauge(
    "mongodb_connections_in_use", "Connections taken from a pool.", multiprocess_mode="livesum"
)


def answered(route: str, method: str, status: int, seconds: float) -> None:
    """Count a request. ``route`` is a route's name, so the number of labels is bounded."""
    count, duration = _of(route, method if method in METHODS else OTHER, status)
    count.inc()
    duration.observe(seconds)


@cache
def _of(route: str, method: str, status: int) -> tuple[Counter, Histogram]:
    return _requests.labels(route, method, status), _durations.labels(route)


class CommandMetrics(monitoring.CommandListener):
    """Durations and failures by command. Unknown commands share one label."""

    def __init__(self) -> None:
        self._seconds = {name: _commands.labels(name) for name in COMMANDS}
        self._failures = {name: _failures.labels(name) for name in COMMANDS}

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        """Do nothing: the duration is known at the end."""

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        seconds = self._seconds.get(event.command_name) or self._seconds[OTHER]
        seconds.observe(event.duration_micros / 1e6)
        if event.command_name in {"find", "getMore"}:
            _count_chunks(event.reply["cursor"])

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        (self._failures.get(event.command_name) or self._failures[OTHER]).inc()


def _count_chunks(cursor: dict[str, Any]) -> None:
    """Count the GridFS chunks of a reply. Its namespace is ``database.bucket.chunks``."""
    bucket, _, collection = cursor["ns"].partition(".")[2].rpartition(".")
    if collection == "chunks":
        batch = cursor["firstBatch"] if "firstBatch" in cursor else cursor["nextBatch"]
        _chunks.labels(bucket).inc(len(batch))


class PoolMetrics(monitoring.ConnectionPoolListener):
    """Open connections, and those in use."""

    def connection_created(self, event: monitoring.ConnectionCreatedEvent) -> None:
        _open.inc()

    def connection_closed(self, event: monitoring.ConnectionClosedEvent) -> None:
        _open.dec()

    def connection_checked_out(self, event: monitoring.ConnectionCheckedOutEvent) -> None:
        _in_use.inc()

    def connection_checked_in(self, event: monitoring.ConnectionCheckedInEvent) -> None:
        _in_use.dec()

    def connection_check_out_started(self, _: monitoring.ConnectionCheckOutStartedEvent) -> None:
        """Do nothing: there are more connections than threads, so waits are rare."""

    def connection_check_out_failed(self, _: monitoring.ConnectionCheckOutFailedEvent) -> None:
        """Do nothing: the request fails, and is counted as such."""

    def connection_ready(self, event: monitoring.ConnectionReadyEvent) -> None:
        """Do nothing: it was counted when it was created."""

    def pool_created(self, event: monitoring.PoolCreatedEvent) -> None:
        """Do nothing: its connections are counted."""

    def pool_ready(self, event: monitoring.PoolReadyEvent) -> None:
        """Do nothing: its connections are counted."""

    def pool_cleared(self, event: monitoring.PoolClearedEvent) -> None:
        """Do nothing: its connections are counted when they close."""

    def pool_closed(self, event: monitoring.PoolClosedEvent) -> None:
        """Do nothing: its connections are counted when they close."""
