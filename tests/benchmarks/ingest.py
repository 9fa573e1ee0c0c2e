"""Files in: against bare parsers, against the obvious way, over HTTP, and in memory."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import dlisio
import lasio
import polars as pl
from django.db import connection

from images.ingest.contract.header import DEPTH, PIXELS
from images.ingest.csv_ingest import Ingest
from images.ingest.layout.plan import Options
from images.ingest.logs import LogsIngest
from images.models import ImageLog
from images.store import journal
from tests.benchmarks import obvious
from tests.benchmarks.data import VALUE_COLUMNS, make_csv, make_las, make_values, rewritten
from tests.benchmarks.measure import Result, at_least, at_most, seconds, side_by_side
from tests.images.ingest.dlis_files import dlis
from tests.server import BOUNDARY, Server, form_parts

ROWS = 200_000
OBVIOUS_ROWS = 2_000
READ_BYTES = 1 << 20

# The rows of LAS and DLIS, as their readers are slow.
LAS_ROWS = 20_000
# Runs in a process of its own; prints the most memory beyond that of the imports.
MEMORY_SCRIPT = """
import sys
import django
django.setup()
from tests.benchmarks import ingest
from tests.benchmarks.measure import peak_memory
from images.store import journal
function = getattr(ingest, sys.argv[1])
before = peak_memory("self") if sys.argv[3] == "beyond" else 0
function(sys.argv[2])
print(peak_memory("self") - before)
"""


def results(directory: Path, server: Server) -> Iterator[Result]:
    path = make_csv(directory / "148MB.csv", ROWS)
    schema = dict.fromkeys(PIXELS, pl.UInt8)

    parse, service, http = side_by_side(
        lambda: pl.read_csv(path, schema={DEPTH: pl.Float64, **schema}),
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
    small, large = (median(_memory("taken", p, "in all") for _ in range(3)) for p in (path, huge))
    yield at_most("peak memory of ingest, 1.5 GB : 148 MB", large / small, 1.15)
    yield at_most("peak memory of ingest, 1.5 GB", large, 400, " MB")
    huge.unlink()
    yield from _other_text(directory)
    yield from _las(directory)
    yield _dlis(directory)


def _other_text(directory: Path) -> Iterator[Result]:
    """Values, and numbers that are quoted or padded."""
    values = make_values(directory / "values.csv", ROWS)
    parse, service = side_by_side(
        lambda: pl.read_csv(values, schema=dict.fromkeys(VALUE_COLUMNS, pl.Float64)),
        lambda: taken(values),
        rounds=3,
    )
    what = "ingest of 200 000 rows of five-digit decimals as values : `polars.read_csv` to float64"
    yield at_most(what, service / parse, 2.5)
    few = make_csv(directory / "few.csv", ROWS // 4)
    forms = [rewritten(few, directory / f"{form}.csv", form) for form in ('"%s"', "  %s ")]
    ways = [lambda p=p: journal.retire(ingest_file(p)) for p in (few, *forms)]
    plain_time, *times = side_by_side(*ways, rounds=5)
    for name, time in zip(("quoted", "padded"), times, strict=True):
        what = f"ingest of a CSV of which every number is {name} : plain"
        yield at_most(what, time / plain_time, 3)


def _las(directory: Path) -> Iterator[Result]:
    path = make_las(directory / "20k.las", LAS_ROWS)
    theirs, service = side_by_side(lambda: read_by_lasio(path), lambda: looked_at(path), rounds=3)
    yield at_most("preview of LAS, 20 000 × 201 : lasio", service / theirs, 1 / 6)
    memory, ours = (_memory(name, path, "beyond") for name in ("read_by_lasio", "looked_at"))
    yield at_most("the same, peak memory beyond the imports", ours / memory, 1 / 8)
    large = make_las(directory / "200k.las", LAS_ROWS * 10)
    small, ten = (median(_memory("taken", p, "in all") for _ in range(3)) for p in (path, large))
    yield at_most("peak memory of ingest of LAS, 10 × the file", ten / small, 1.15)


def _dlis(directory: Path) -> Result:
    path = directory / "20k.dlis"
    path.write_bytes(dlis(rows=LAS_ROWS, width=192))
    theirs, service = side_by_side(lambda: read_by_dlisio(path), lambda: looked_at(path), rounds=5)
    what = "preview of DLIS, 20 000 × 192 : dlisio `frame.curves()`"
    return at_most(what, service / theirs, 1.6)


def taken(path: Path | str, preview: bool = False) -> None:
    """Ingest a file of any kind, then delete its logs."""
    with LogsIngest(1 << 40) as ingest, Path(path).open("rb") as file:
        while data := file.read(READ_BYTES):
            ingest.feed(data)
        result = ingest.publish("benchmark", Path(path).name, Options(), preview)
    for log, _ in result.logs:
        if not preview:
            journal.retire(log)


def looked_at(path: Path | str) -> None:
    """Read a file of any kind whole, and store nothing: what readers of files do."""
    taken(path, preview=True)


def read_by_lasio(path: Path | str) -> None:
    lasio.read(str(path))


def read_by_dlisio(path: Path | str) -> None:
    with dlisio.dlis.load(str(path)) as files:
        files[0].frames[0].curves()


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


def _memory(function: str, path: Path, what: str) -> float:
    command = [sys.executable, "-c", MEMORY_SCRIPT, function, str(path), what]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
