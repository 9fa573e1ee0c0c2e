"""Logs of values: their pictures against those of grays, from near and from afar; checksums."""

from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

import numpy as np

from images.ingest.sample import sample_csv
from images.models import ImageLog
from images.render import answering, pictures, window_request
from images.render.representations import REPRESENTATIONS
from tests.benchmarks.ingest import ingest_file
from tests.benchmarks.load import time_ratio
from tests.benchmarks.measure import Result, at_most, side_by_side
from tests.server import Server
from tests.values import published

TRACES = 1_000
LARGE_ROWS = 2_000_000


def results(directory: Path, server: Server) -> Iterator[Result]:
    sample = directory / "sample.csv"
    sample.write_bytes(b"".join(sample_csv()))
    grays = ingest_file(sample, "grays")
    values = _values(5_460, 360, "values")
    yield from _strips(server, grays, values)
    yield from _afar(server, _values(5_460, 16, "small"), _values(LARGE_ROWS, 16, "large"))
    yield _checksums(grays)


def _values(rows: int, width: int, well: str) -> ImageLog:
    """Resistivity that changes slowly down the hole and around it, a tenth of it null."""
    random = np.random.default_rng(0)
    down, around = np.arange(rows)[:, np.newaxis], np.arange(width)
    values = (10 ** (1 + np.sin(down / 40 + around / 20))).astype(np.float32)
    values *= 1 + random.random(values.shape, np.float32) / 10
    values[down.ravel() % 10 == 0, : width // 2] = np.nan
    values[down.ravel() % 20 == 0] = np.nan
    return published(9000.1 + 0.1 * down.ravel(), values, well=well, unit="ohm.m")


def _windows(log: ImageLog) -> Iterator[str]:
    """Windows of TRACES traces, none asked for twice within a thousand."""
    for row in cycle(range(log.rows - TRACES)):
        top = log.top + 0.1 * row
        base = top + 0.1 * (TRACES - 0.5)
        yield f"/get-images/{top:.2f}/{base:.2f}/?format=png&colormap=viridis&log={log.pk}"


def _strips(server: Server, grays: ImageLog, values: ImageLog) -> Iterator[Result]:
    ratio = time_ratio(server.port, _windows(values), _windows(grays))
    what = "a 1 000-trace coloured strip of values, 360 wide : of grays, 150 wide"
    yield at_most(what, ratio, 3)


def _afar(server: Server, small: ImageLog, large: ImageLog) -> Iterator[Result]:
    wholes = (
        f"/get-images/{large.top + 0.1 * row}/{large.base}/"
        f"?format=png&colormap=viridis&height=1000&log={large.pk}"
        for row in range(1, 1000)
    )
    ratio = time_ratio(server.port, wholes, _windows(small))
    what = "a whole log of 2 000 000 rows of values at height=1000 : 1 000 traces of a small one"
    yield at_most(what, ratio, 2)


def _checksums(log: ImageLog) -> Result:
    """Pictures of a whole log, of which none is kept, from its chunks to the PNG."""
    unchecked = ImageLog.objects.get(pk=log.pk)
    unchecked.crcs = []
    png = REPRESENTATIONS["png"]
    request = window_request.read(png, repr(log.top), repr(log.base), {"colormap": "viridis"})

    def drawn(of: ImageLog) -> None:
        pictures.drawings.clear()
        pictures.encodings.clear()
        answering.make_answer(request, [of])

    checked, plain = side_by_side(lambda: drawn(log), lambda: drawn(unchecked), rounds=201)
    return at_most("a picture with the CRC-32 of its chunks : without", checked / plain, 1.05)
