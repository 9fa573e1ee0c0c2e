"""Logs of values for tests, published as an ingest publishes them."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import numpy as np

from images.arrays import Depths, Traces
from images.models import ImageLog
from images.store import journal
from images.store.depths import duplicates, sampling_interval, steps
from images.store.spool import TraceSpool


def random_values(rows: int, width: int, seed: int = 0) -> tuple[Depths, Traces]:
    """Depths from 100 on, and values over five decades of which one in ten is null."""
    random = np.random.default_rng(seed)
    values = (10 ** random.uniform(-1, 4, (rows, width))).astype(np.float32)
    values[random.random(values.shape) < 0.1] = np.nan
    return 100 + 0.5 * np.arange(rows), values


def published(depths: Depths, values: Traces, **facts: Any) -> ImageLog:
    """The image log of (n,) float64 depths in any order and (n, width) float32 values."""
    with drafted(depths, values, **facts) as draft:
        [(log, _)] = journal.publish([draft])
        return log


@contextmanager
def drafted(depths: Depths, values: Traces, **facts: Any) -> Iterator[Any]:
    """One of those that ``journal.publish`` takes."""
    with closing(TraceSpool(values.shape[1], np.float32)) as spool:
        spool.append(depths, values)
        ordered = spool.sort()
        interval = sampling_interval(ordered)
        found = steps(ordered, interval)
        log = ImageLog(
            **{"well": "A-1", "name": "AMP", "filename": "log.las", "sha256": "0" * 64, **facts},
            values="float32",
            kind="image" if values.shape[1] > 1 else "curve",
            rows=len(depths),
            rows_skipped=0,
            duplicate_depths=duplicates(ordered),
            width=values.shape[1],
            source_width=values.shape[1],
            top=float(ordered[0]),
            base=float(ordered[-1]),
            sampling_interval=interval,
            smallest_step=found.smallest,
            largest_step=found.largest,
            gaps=found.ends,
            gap_count=found.gap_count,
        )
        yield log, ordered, spool.chunks
