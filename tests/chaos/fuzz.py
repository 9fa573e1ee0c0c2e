"""Thousands of damaged files of every kind, given to the readers: how many break them, how many
megabytes they take, and how long the slowest takes."""

import time
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.measure import Result, at_most, peak_memory
from tests.images.ingest.dlis_files import dlis
from tests.images.ingest.mutations import mutants, read_or_refused, real_files
from tests.images.ingest.test_fuzz import KINDS, REAL

COPIES, COPIES_OF_REAL, COPIES_OF_DLIS = 2_000, 50, 100
REAL_BYTES = 300_000


def results(directory: Path) -> Iterator[Result]:
    files = [(name, data, COPIES) for name, data in KINDS.items()]
    files += [(name, data, COPIES_OF_REAL) for name, data in real_files(REAL, REAL_BYTES)]
    files.append(("DLIS", dlis(rows=50), COPIES_OF_DLIS))
    read_or_refused(files[0][1])
    broken, slowest, before = [], 0.0, peak_memory("self")
    for seed, (name, data, copies) in enumerate(files):
        for number, changed in enumerate(mutants(data, copies, seed)):
            start = time.perf_counter()
            try:
                read_or_refused(changed)
            except Exception as error:
                broken.append(f"{name} {number}: {type(error).__name__}: {error}")
                (directory / f"{seed}-{number}").write_bytes(changed)
            slowest = max(slowest, time.perf_counter() - start)
    for line in broken[:20]:
        print(line)
    yield at_most("damaged files that break a reader", len(broken), 0)
    yield at_most("memory that they take", peak_memory("self") - before, 300, " MB")
    yield at_most("the slowest of them", slowest, 10, " s")
