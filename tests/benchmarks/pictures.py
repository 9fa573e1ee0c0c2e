"""Pictures out: against TiTiler, against an empty view, at any zoom; and what overviews cost."""

import io
import statistics
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import cycle, repeat
from pathlib import Path
from unittest.mock import patch

import numpy as np
from PIL import Image

from images.ingest.sample import FIRST_DEPTH, ROWS, STEP, sample_csv
from images.models import ImageLog
from images.store import journal
from tests.benchmarks.data import make_csv
from tests.benchmarks.ingest import ingest_file
from tests.benchmarks.load import Client, Target, in_turn, time_ratio
from tests.benchmarks.measure import Result, at_least, at_most, seconds, side_by_side
from tests.benchmarks.opponent import Titiler
from tests.server import Server

TRACES = 1_000
FIRST = 2_000
EMPTY = "/healthz"
LARGE_ROWS = 2_000_000
INGEST_ROWS = 200_000


def results(directory: Path, server: Server) -> Iterator[Result]:
    sample = directory / "sample.csv"
    sample.write_bytes(b"".join(sample_csv()))
    log = ingest_file(sample, "sample")
    yield from _against_titiler(directory, server, log)
    yield from _against_itself(server, log)
    yield from _any_zoom(directory, server)
    yield from _ingest(directory)


def _path(log: ImageLog, colormap: str = "viridis", first: int = FIRST) -> str:
    """A window of TRACES traces, the same as in TiTiler's path."""
    top, base = (round(FIRST_DEPTH + STEP * row, 1) for row in (first, first + TRACES - 1))
    return f"/get-images/{top}/{base}/?format=png&colormap={colormap}&log={log.pk}"


def _against_titiler(directory: Path, server: Server, log: ImageLog) -> Iterator[Result]:
    whole = server.get(f"/get-images/{log.top}/{log.base}/?format=npy&log={log.pk}").body
    with Titiler(directory, np.load(io.BytesIO(whole))) as titiler:
        path, theirs = _path(log), titiler.path(FIRST, TRACES, "viridis")
        without_mask = titiler.path(FIRST, TRACES, "viridis", return_mask="false")
        _check_same(server.get(path).body, titiler.get(theirs))
        targets = {
            "ours": Target(server.port, repeat(path)),
            "ours, always another window": Target(server.port, _windows(log)),
            "TiTiler": Target(titiler.port, repeat(theirs)),
            "TiTiler without a mask": Target(titiler.port, repeat(without_mask)),
            "empty": Target(server.port, repeat(EMPTY)),
        }
        in_turn(*targets.values(), rounds=9)
    for name, target in targets.items():
        print(f"{name}: {target.rate:.0f} requests/s, {target.length} bytes", file=sys.stderr)
    ours, cold, titiler, _, empty = targets.values()
    rate, length = ours.rate / titiler.rate, ours.length / titiler.length
    yield at_least("requests/s of a 1 000-trace strip : of TiTiler", rate, 50, " ×")
    rate = cold.rate / titiler.rate
    yield at_least("the same of windows not asked for before : of TiTiler", rate, 25, " ×")
    yield at_most("bytes of the same : of TiTiler", length, 0.5)
    rate = ours.rate / empty.rate
    yield at_least("requests/s of the same : of an empty view", rate, 0.2)


def _windows(log: ImageLog) -> Iterator[str]:
    """Windows of which none is asked for twice within a thousand."""
    return cycle(_path(log, first=first) for first in range(log.rows - TRACES))


def _wholes(log: ImageLog) -> Iterator[str]:
    """All but the first row, or the first two, and so on: a thousand pictures, none twice."""
    for row in range(1, 1000):
        top = round(FIRST_DEPTH + STEP * row, 1)
        yield f"/get-images/{top}/{log.base}/?format=png&colormap=viridis&height=1000&log={log.pk}"


def _check_same(ours: bytes, theirs: bytes) -> None:
    pictures = [np.asarray(Image.open(io.BytesIO(png)).convert("RGB")) for png in (ours, theirs)]
    if not (pictures[0] == pictures[1]).all() or len(pictures[0]) != TRACES:
        raise RuntimeError("the pictures differ")


def _against_itself(server: Server, log: ImageLog) -> Iterator[Result]:
    tag = server.get(_path(log)).headers["ETag"]
    # One connection, so one worker, for all that is compared.
    with Client(server.port) as client:
        empty_time, known_time = side_by_side(
            lambda: client.fetch(EMPTY),
            lambda: _fetch_known(client, _path(log), tag),
            rounds=101,
            calls=5,
        )
        after_b, after_a = [], []
        for _ in range(301):
            client.fetch(_path(log, "magma"))
            after_b.append(seconds(lambda: client.fetch(_path(log))))
            after_a.append(seconds(lambda: client.fetch(_path(log))))
    yield at_most("304 : an empty view", known_time / empty_time, 1.5)
    ratio = statistics.median(after_b) / statistics.median(after_a)
    yield at_most("a colormap after another : the same again", ratio, 1.05)


def _fetch_known(client: Client, path: str, tag: str) -> None:
    client.fetch(path, f"If-None-Match: {tag}")
    if client.status != 304:
        raise RuntimeError(f"status {client.status}")


def _any_zoom(directory: Path, server: Server) -> Iterator[Result]:
    small = ingest_file(make_csv(directory / "small.csv", ROWS), "small")
    large = ingest_file(make_csv(directory / "1.5GB.csv", LARGE_ROWS), "large")
    ratio = time_ratio(server.port, _wholes(large), _windows(small))
    what = "a whole log of 2 000 000 rows at height=1000 : 1 000 traces of a small log"
    yield at_most(what, ratio, 2)


def _ingest(directory: Path) -> Iterator[Result]:
    path = make_csv(directory / "148MB.csv", INGEST_ROWS)

    def ingest() -> None:
        journal.retire(ingest_file(path))

    with_them, without = side_by_side(ingest, lambda: _without_overviews(ingest), rounds=9)
    what = "ingest with overviews and histograms : without"
    yield at_most(what, with_them / without, 1.25)


def _without_overviews(ingest: Callable[[], None]) -> None:
    """The code has no switch for this, and needs none but here."""
    with ExitStack() as patches:
        patches.enter_context(patch("images.store.overviews.levels", lambda *_: range(1, 1)))
        patches.enter_context(
            patch("images.ingest.csv_ingest.histogram", lambda _: np.zeros(256, np.int64))
        )
        ingest()
