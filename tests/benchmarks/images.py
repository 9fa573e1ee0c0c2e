"""Images out: against the obvious way, over HTTP, from small logs and large ones."""

from collections.abc import Iterator
from pathlib import Path

from django.db import connection

from images.models import ImageLog
from images.render import answering, representations, window_request
from images.store.window import matching_logs
from tests.benchmarks import obvious
from tests.benchmarks.data import make_csv
from tests.benchmarks.ingest import ingest_file
from tests.benchmarks.measure import Result, at_least, at_most, peak_memory, seconds, side_by_side
from tests.server import Server

OBVIOUS_IMAGES = 1_000


def results(directory: Path, server: Server) -> Iterator[Result]:
    large = ingest_file(make_csv(directory / "large.csv", 1_000_000), "large")
    small = ingest_file(make_csv(directory / "small.csv", 5_460), "small")

    service, http = side_by_side(
        lambda: _answer(large, 9000, 9999.9),
        lambda: _fetch(server, large, 9000, 9999.9),
        rounds=15,
    )
    ids = obvious.ingest(connection.database, str(directory / "small.csv"), OBVIOUS_IMAGES)
    each = seconds(lambda: obvious.images(connection.database, ids, "viridis")) / OBVIOUS_IMAGES
    yield at_least("images/s, JSON of 10 000 : the obvious way", each * 10_000 / service, 50, " ×")
    yield at_most("the same over HTTP from gunicorn : service layer", http / service, 1.5)

    few, many = side_by_side(
        lambda: _first_byte(server, large, 9000, 9099.9),
        lambda: _first_byte(server, large, 9000, 18999.9),
        rounds=31,
    )
    yield at_most("first byte of 100 000 traces : of 1 000", many / few, 2)

    in_small, in_large = side_by_side(
        lambda: _answer(small, 9200, 9299.9),
        lambda: _answer(large, 50_200, 50_299.9),
        rounds=31,
        calls=5,
    )
    yield at_most("1 000 traces of 1 000 000 rows : of 5 460 rows", in_large / in_small, 1.3)

    _fetch(server, large, 9000, 200_000)
    peak = max(peak_memory(pid) for pid in server.worker_pids())
    yield at_most("memory of a worker while streaming 1 000 000 traces", peak, 300, " MB")


def _answer(log: ImageLog, top: float, base: float) -> int:
    """The whole answer from the service layer; returns its length."""
    query = {"colormap": "viridis", "log": str(log.pk)}
    json = representations.REPRESENTATIONS["json"]
    request = window_request.read(json, str(top), str(base), query)
    logs = matching_logs(request.top, request.base, request.well, request.log_id)
    return sum(len(piece) for piece in answering.make_answer(request, logs).body)


def _path(log: ImageLog, top: float, base: float) -> str:
    return f"/get-images/{top}/{base}/?colormap=viridis&log={log.pk}"


def _fetch(server: Server, log: ImageLog, top: float, base: float) -> int:
    """The same over HTTP, read and thrown away as it comes."""
    with server.connection() as client:
        client.request("GET", _path(log, top, base))
        response = client.getresponse()
        length = 0
        while data := response.read(1 << 20):
            length += len(data)
        if response.status != 200:
            raise RuntimeError(f"status {response.status}")
        return length


def _first_byte(server: Server, log: ImageLog, top: float, base: float) -> None:
    with server.connection() as client:
        client.request("GET", _path(log, top, base))
        client.getresponse().read(1)
