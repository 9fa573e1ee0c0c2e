"""CSV in: against a bare parse, against the obvious way, over HTTP, and in memory."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import polars as pl
from django.db import connection

from images.ingest import csv_rows
from images.ingest.pipeline import Ingest
from images.models import ImageLog
from images.store import journal
from tests.benchmarks import obvious
from tests.benchmarks.data import make_csv
from tests.benchmarks.measure import Result, at_least, at_most, seconds, side_by_side
from tests.server import BOUNDARY, Server, form_parts

ROWS = 200_000
OBVIOUS_ROWS = 2_000
READ_BYTES = 1 << 20

# Runs in a process of its own, whose peak is then that of one ingest.
MEMORY_SCRIPT = """
import django, sys
django.setup()
from tests.benchmarks.ingest import ingest_file
from tests.benchmarks.measure import peak_memory
from images import journal
journal.retire(ingest_file(sys.argv[1]))
print(peak_memory("self"))
"""


def results(directory: Path, server: Server) -> Iterator[Result]:
    path = make_csv(directory / "148MB.csv", ROWS)
    schema = dict.fromkeys(csv_rows.PIXELS, pl.UInt8)

    parse, service, http = side_by_side(
        lambda: pl.read_csv(path, schema={csv_rows.DEPTH: pl.Float64, **schema}),
        lambda: journal.retire(ingest_file(path)),
        lambda: _upload(server, path),
        rounds=7,
    )
    yield at_most("ingest of 200 000 rows, 148 MB : `polars.read_csv`", service / parse, 2.5)
    obvious_time = seconds(lambda: obvious.ingest(connection.database, str(path), OBVIOUS_ROWS))
    per_row = obvious_time / OBVIOUS_ROWS
    yield at_least("rows/s of the same : the obvious way", per_row * ROWS / service, 500, " ×")
    yield at_most("the same through HTTP and gunicorn : service layer", http / service, 1.6)

    # What threads free is given back now sooner, now later.
    huge = make_csv(directory / "1.5GB.csv", ROWS * 10)
    small, large = (median(_peak_memory(p) for _ in range(3)) for p in (path, huge))
    yield at_most("peak memory of ingest, 1.5 GB : 148 MB", large / small, 1.15)
    yield at_most("peak memory of ingest, 1.5 GB", large, 400, " MB")


def ingest_file(path: Path | str, well: str = "benchmark") -> ImageLog:
    with Ingest(1 << 40) as ingest, Path(path).open("rb") as file:
        while data := file.read(READ_BYTES):
            ingest.feed(data)
        return ingest.publish(well, Path(path).name)[0]


def _upload(server: Server, path: Path) -> None:
    """Upload by multipart, then delete."""
    before, after = form_parts("http", path.name)
    with server.connection() as client, path.open("rb") as file:
        client.putrequest("POST", "/upload-csv/")
        client.putheader("Content-Type", f"multipart/form-data; boundary={BOUNDARY}")
        client.putheader("Content-Length", str(len(before) + path.stat().st_size + len(after)))
        client.endheaders(before)
        client.sock.sendfile(file)
        client.send(after)
        response = client.getresponse()
        if response.status != 200:
            raise RuntimeError(response.read())
        response.read()
    journal.retire(ImageLog.objects.get(well="http"))


def _peak_memory(path: Path) -> float:
    command = [sys.executable, "-c", MEMORY_SCRIPT, str(path)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
