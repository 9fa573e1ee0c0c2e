"""Overviews: copies of a log in which each level has a quarter of the resolution of the one before.

Depth is divided into samples of one sampling interval. The first sample is centred on the top of
the log. A cell of level k is 4^k samples. Its trace is the mean of all traces in it without nulls.
A cell without traces is left out, so gaps stay gaps.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from images.arrays import Block, Depths, Traces

FACTOR_BITS = 2  # a cell is 4 cells of the finer level
# Runs of up to this many rows are added row by row.
SHORT_RUN = 8
# An overview takes cells once they have so many values: the work for a few takes as long.
FEWEST_VALUES = 64 * 1024
# A level with this many samples or fewer gets no coarser overview.
SMALL = 1024
# float64 represents all integers up to this one, and so the numbers of samples.
MAX_SAMPLES = 2.0**53

Numbers = np.ndarray[Any, np.dtype[np.int64]]
Sums = np.ndarray[Any, Any]


class Cells(NamedTuple):
    """Sums over the traces of n cells.

    ``numbers`` are the numbers of the cells, (n,), ascending; ``sums`` is (n, width); ``counts``
    says how many pixels were added: (n, width) where some are null, else (n, 1).
    """

    numbers: np.ndarray[Any, Any]
    sums: Sums
    counts: Sums


def levels(top: float, base: float, sampling_interval: float | None) -> range:
    """Return the levels of overview that a log gets; level 1 is the finest."""
    if not sampling_interval or (base - top) / sampling_interval > MAX_SAMPLES:
        return range(1, 1)
    samples, level = (base - top) / sampling_interval + 1, 0
    while samples > SMALL:
        samples /= 4
        level += 1
    return range(1, level + 1)


def cell_depths(numbers: Numbers, level: int, top: float, sampling_interval: float) -> Depths:
    """Return the depths of the centres of cells, (n,) float64."""
    depths = top + (numbers * 4.0**level + (4.0**level - 1) / 2) * sampling_interval
    return np.asarray(depths, np.float64)


@dataclass
class Pyramid:
    """Computes all overviews of a log from its traces, added in ascending depth."""

    top: float
    sampling_interval: float
    levels: range

    def __post_init__(self) -> None:
        # Of each level: cells of the finer one, and its own last cell, which may not be complete.
        self._waiting: dict[int, list[Cells]] = {level: [] for level in self.levels}
        self._pending: dict[int, Cells] = {}

    def add(self, block: Block) -> Iterator[tuple[int, Block]]:
        """Add traces. Yields the level and the traces of each group of completed cells."""
        samples = np.floor((block.depths - self.top) / self.sampling_interval + 0.5)
        yield from self._add(1, Cells(samples.astype(np.int64), *_as_sums(block.traces)))

    def finish(self) -> Iterator[tuple[int, Block]]:
        """Yield the last cells of each level, after all traces have been added."""
        for level in self.levels:
            if self._waiting[level]:
                yield from self._take(level)
            yield from self._completed(level, self._pending.pop(level))

    def _add(self, level: int, finer: Cells) -> Iterator[tuple[int, Block]]:
        """Add cells of the finer level."""
        if level not in self.levels:
            return
        self._waiting[level].append(finer)
        if sum(cells.sums.size for cells in self._waiting[level]) >= FEWEST_VALUES:
            yield from self._take(level)

    def _take(self, level: int) -> Iterator[tuple[int, Block]]:
        """Make cells of those that wait. The last one stays pending: it may not be complete."""
        finer = _concatenated(self._waiting[level])
        self._waiting[level] = []
        cells = _grouped(Cells(finer.numbers >> FACTOR_BITS, finer.sums, finer.counts))
        if level in self._pending:
            cells = _joined(self._pending[level], cells)
        self._pending[level] = Cells(*(part[-1:] for part in cells))
        yield from self._completed(level, Cells(*(part[:-1] for part in cells)))

    def _completed(self, level: int, cells: Cells) -> Iterator[tuple[int, Block]]:
        if len(cells.numbers):
            depths = cell_depths(cells.numbers, level, self.top, self.sampling_interval)
            yield level, Block(depths, means(cells.sums, cells.counts))
            yield from self._add(level + 1, cells)


def _as_sums(traces: Traces) -> tuple[Sums, Sums]:
    """Each trace as a sum of one trace, with its counts; a null counts 0."""
    if traces.dtype == np.uint8 or not (null := np.isnan(traces)).any():
        return traces, np.ones((len(traces), 1), np.uint32)
    return np.where(null, np.float32(0), traces), (~null).astype(np.uint32)


def means(sums: Sums, counts: Sums) -> Traces:
    """Divide (n, width) ``sums`` by their ``counts``, as in `Cells`.

    Returns (n, width): for integer sums uint8, rounded half up; for float64 sums float32, NaN where
    the count is 0.
    """
    if sums.dtype != np.float64:
        return ((sums + counts // 2) // counts).astype(np.uint8)
    result = np.full(sums.shape, np.nan, np.float32)
    # A mean of float32 values is always within the range of float32, so the cast is safe.
    np.divide(sums, counts, out=result, where=counts > 0, casting="same_kind")
    return result


def run_means(traces: Traces, starts: np.ndarray[Any, Any]) -> Traces:
    """Return the means of runs of rows, rounded as by `means`.

    ``traces`` is (n, width). A run goes from one of ``starts``, (m,) ascending row numbers, to the
    next. Returns (m, width) of the same dtype.

    For grays, all runs of one length are divided by a scalar, which is ten times as fast as
    dividing by an array of lengths.
    """
    lengths = np.diff(starts, append=len(traces))
    longest = int(lengths.max())
    if longest == 1:
        return traces[starts]
    if longest > SHORT_RUN or traces.dtype != np.uint8:
        return means(*(run_sums(part, starts) for part in _as_sums(traces)))
    result = np.empty((len(starts), traces.shape[1]), np.uint8)
    for length in np.flatnonzero(np.bincount(lengths)).tolist():
        runs = np.flatnonzero(lengths == length)
        sums = traces[starts[runs]].astype(np.uint16)  # large enough for SHORT_RUN grays
        for offset in range(1, length):
            sums += traces[starts[runs] + offset]
        result[runs] = (sums + length // 2) // length
    return result


def _grouped(cells: Cells) -> Cells:
    """Add up neighbouring cells with the same number."""
    starts = np.flatnonzero(np.diff(cells.numbers, prepend=cells.numbers[0] - 1))
    sums, counts = (run_sums(part, starts) for part in (cells.sums, cells.counts))
    return Cells(cells.numbers[starts], sums, counts)


def run_sums(values: Sums, starts: np.ndarray[Any, Any]) -> Sums:
    """Return the sums of runs of rows; runs are as in `run_means`.

    ``values`` is (n, width). Returns (m, width), float64 for floats and else uint32.

    Runs are short in all but unusual logs. Adding the first rows of all runs, then their second
    rows, and so on, is eight times as fast as ``np.add.reduceat``.
    """
    counts = np.diff(starts, append=len(values))
    longest = int(counts.max())
    dtype = np.float64 if values.dtype.kind == "f" else np.uint32
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


def _concatenated(parts: Sequence[Cells]) -> Cells:
    """All cells of ``parts``, one after the other."""
    if len(parts) == 1:
        return parts[0]
    width = max(cells.counts.shape[1] for cells in parts)
    counts = [np.broadcast_to(cells.counts, (len(cells.counts), width)) for cells in parts]
    numbers, sums, _ = zip(*parts, strict=True)
    return Cells(np.concatenate(numbers), np.concatenate(sums), np.concatenate(counts))


def _joined(pending: Cells, cells: Cells) -> Cells:
    """Join the pending cell and further cells; the first of them may be the same cell."""
    together = _concatenated([pending, cells])
    if pending.numbers[0] != cells.numbers[0]:
        return together
    sums, counts = together.sums[1:].copy(), together.counts[1:].copy()
    sums[0] += together.sums[0]
    counts[0] += together.counts[0]
    return Cells(cells.numbers, sums, counts)
