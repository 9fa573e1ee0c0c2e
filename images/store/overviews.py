"""Overviews: a log again, at a quarter of the resolution of the level below.

Depth is divided into samples of one sampling interval, the first one around the top of the log.
A cell of level k is 4^k samples; its trace is the mean of all traces in it, nulls left out. Cells
without any trace have none, so a gap stays a gap, and traces from both sides of it are not mixed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from images.arrays import Block, Depths, Traces

FACTOR_BITS = 2  # a cell is 4 of those below
SHORT_RUN = 8
# A log, or an overview of it, with no more traces than this needs no overview.
SMALL = 1024
# Beyond this many samples from top to base, float64 no longer tells their numbers apart.
MAX_SAMPLES = 2.0**53

Numbers = np.ndarray[Any, np.dtype[np.int64]]
Sums = np.ndarray[Any, Any]


class Cells(NamedTuple):
    """Sums over cells: (n,) numbers of cells, ascending; (n, width) sums; and of how many pixels
    they are, (n, 1) for grays and (n, width) for values, of which some are null."""

    numbers: np.ndarray[Any, Any]
    sums: Sums
    counts: Sums


def levels(top: float, base: float, sampling_interval: float | None) -> range:
    """The levels of overview that a log is worth, 1 for the finest."""
    if not sampling_interval or (base - top) / sampling_interval > MAX_SAMPLES:
        return range(1, 1)
    samples, level = (base - top) / sampling_interval + 1, 0
    while samples > SMALL:
        samples /= 4
        level += 1
    return range(1, level + 1)


def cell_depths(numbers: Numbers, level: int, top: float, sampling_interval: float) -> Depths:
    """The depths in the middle of cells, (n,) float64."""
    depths = top + (numbers * 4.0**level + (4.0**level - 1) / 2) * sampling_interval
    return np.asarray(depths, np.float64)


@dataclass
class Pyramid:
    """Makes all overviews of a log from its traces, which come in ascending depth."""

    top: float
    sampling_interval: float
    levels: range

    def __post_init__(self) -> None:
        self._pending: dict[int, Cells] = {}

    def add(self, block: Block) -> Iterator[tuple[int, Block]]:
        """Take traces; give the level and the traces of cells that are complete with them."""
        samples = np.floor((block.depths - self.top) / self.sampling_interval + 0.5)
        yield from self._pass_on(1, Cells(samples.astype(np.int64), *_counted(block.traces)))

    def finish(self) -> Iterator[tuple[int, Block]]:
        """Give what is left, once all traces have been added."""
        for level in self.levels:
            yield from self._give(level, self._pending.pop(level))

    def _pass_on(self, level: int, below: Cells) -> Iterator[tuple[int, Block]]:
        """Put cells of the level below together; the last one may get more of them yet."""
        if level not in self.levels:
            return
        cells = _grouped(Cells(below.numbers >> FACTOR_BITS, below.sums, below.counts))
        if level in self._pending:
            cells = _joined(self._pending[level], cells)
        self._pending[level] = Cells(*(part[-1:] for part in cells))
        yield from self._give(level, Cells(*(part[:-1] for part in cells)))

    def _give(self, level: int, cells: Cells) -> Iterator[tuple[int, Block]]:
        if len(cells.numbers):
            depths = cell_depths(cells.numbers, level, self.top, self.sampling_interval)
            yield level, Block(depths, means(cells.sums, cells.counts))
            yield from self._pass_on(level + 1, cells)


def _counted(traces: Traces) -> tuple[Sums, Sums]:
    """The traces as sums of one, and how many pixels each is: a null is none."""
    if traces.dtype == np.uint8:
        return traces, np.ones((len(traces), 1), np.uint32)
    there = ~np.isnan(traces)
    return np.where(there, traces, 0).astype(np.float64), there.astype(np.uint32)


def means(sums: Sums, counts: Sums) -> Traces:
    """Means of (n, width) sums, as `Cells` has them: of grays rounded half up, as uint8, of values
    float32, NaN where there are none."""
    if sums.dtype != np.float64:
        return ((sums + counts // 2) // counts).astype(np.uint8)
    result = np.full(sums.shape, np.nan, np.float32)
    # A mean of float32 values is none beyond their range.
    np.divide(sums, counts, out=result, where=counts > 0, casting="same_kind")
    return result


def run_means(traces: Traces, starts: np.ndarray[Any, Any]) -> Traces:
    """Means of the rows of ``traces``, (n, width), from each of ``starts`` to the next, as means().

    Runs of grays of the same length are divided by one number at once, which takes a tenth of the
    time that a number for each takes.
    """
    lengths = np.diff(starts, append=len(traces))
    longest = int(lengths.max())
    if longest == 1:
        return traces[starts]
    if longest > SHORT_RUN or traces.dtype != np.uint8:
        return means(*(run_sums(part, starts) for part in _counted(traces)))
    result = np.empty((len(starts), traces.shape[1]), np.uint8)
    for length in np.flatnonzero(np.bincount(lengths)).tolist():
        runs = np.flatnonzero(lengths == length)
        sums = traces[starts[runs]].astype(np.uint16)  # which holds those of SHORT_RUN grays
        for offset in range(1, length):
            sums += traces[starts[runs] + offset]
        result[runs] = (sums + length // 2) // length
    return result


def _grouped(cells: Cells) -> Cells:
    """Add up neighbours with the same number."""
    starts = np.flatnonzero(np.diff(cells.numbers, prepend=cells.numbers[0] - 1))
    sums, counts = (run_sums(part, starts) for part in (cells.sums, cells.counts))
    return Cells(cells.numbers[starts], sums, counts)


def run_sums(values: Sums, starts: np.ndarray[Any, Any]) -> Sums:
    """Sums of the rows of ``values``, (n, width), from each of ``starts`` to the next.

    Those of float64 are float64, all others uint32.

    Short runs, which all are but in odd logs, are added row by row of all runs at once, eight times
    as fast as reduceat.
    """
    counts = np.diff(starts, append=len(values))
    longest = int(counts.max())
    dtype = np.float64 if values.dtype == np.float64 else np.uint32
    if longest > SHORT_RUN:
        return np.add.reduceat(values, starts, axis=0, dtype=dtype)
    sums: Sums = values[starts].astype(dtype)
    for offset in range(1, longest):
        longer = np.flatnonzero(counts > offset)
        if len(longer) == len(starts):
            sums += values[starts + offset]
        else:
            sums[longer] += values[starts[longer] + offset]
    return sums


def _joined(pending: Cells, cells: Cells) -> Cells:
    """The pending cell and those that follow, as one if the first of them is the same."""
    together = Cells(*(np.concatenate(pair) for pair in zip(pending, cells, strict=True)))
    if pending.numbers[0] != cells.numbers[0]:
        return together
    sums, counts = together.sums[1:].copy(), together.counts[1:].copy()
    sums[0] += pending.sums[0]
    counts[0] += pending.counts[0]
    return Cells(cells.numbers, sums, counts)
