"""Numbers that may be nulls, as they lie far from all other values of a log."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from images.arrays import Values
from images.ingest.table import USUAL_NULLS

# Written by loggers and programs for nulls, but readings as well.
_REPEATED = (
    # -999.25 with fewer decimals, and other digits than nines.
    *(999.2, 999.3, 9999.2, 9999.3, 888.88, 8888.0, 88888.0, 1111.0, 1111.11, 11111.0),
    *(99.0, 99.9, 99.99, 99.999, 99.25, 999.0, 999.9, 999.99, 999.999, 999.25, 9999.0, 9999.9),
    *(9999.99, 9999.25, 99999.0, 99999.99, 99999.25, 999999.0, 9999999.0, 99999999.0, 999999999.0),
)
DOUBTFUL = tuple(
    sign * null
    for sign in (-1, 1)
    for null in (*_REPEATED, 32767.0, 65535.0, 4294967295.0, 1e20)
    if sign * null not in USUAL_NULLS
)
# A single one may be a spike.
FEWEST = 2


class Odd(NamedTuple):
    """A number in DOUBTFUL, and how many there are of it in the log of this name."""

    log: str
    number: float
    times: int


class OddEnds:
    """Finds numbers in DOUBTFUL that lie far from all other values of their log.

    ``logs`` are the names of the logs that the columns of values belong to; ``fewest`` is how often
    a number has to occur.
    """

    def __init__(self, logs: Sequence[str], fewest: int = FEWEST) -> None:
        self._logs = logs
        self._fewest = fewest
        self._counts: defaultdict[str, Counter[float]] = defaultdict(Counter)
        self._low = np.full(len(logs), np.nan, np.float32)
        self._high = self._low.copy()

    def add(self, values: Values) -> None:
        """Look at the next (n, len(logs)) float32 ``values``."""
        if not values.size:
            return
        low, high = np.fmin.reduce(values, axis=0), np.fmax.reduce(values, axis=0)
        for i in np.flatnonzero(np.isin(low, _WRITTEN) | np.isin(high, _WRITTEN)):
            rest, counts = values[:, i].copy(), self._counts[self._logs[int(i)]]
            low[i] = _without_odd(rest, np.fmin, counts)
            high[i] = _without_odd(rest, np.fmax, counts)
        self._low, self._high = np.fmin(self._low, low), np.fmax(self._high, high)

    def found(self) -> Iterator[Odd]:
        """The numbers, log after log."""
        names = np.array(self._logs)
        for log, counts in self._counts.items():
            own = names == log
            low, high = np.fmin.reduce(self._low[own]), np.fmax.reduce(self._high[own])
            for number, times in counts.items():
                far = number in DOUBTFUL and _far(number, float(low), float(high))
                if far and times >= self._fewest:
                    yield Odd(log, number, times)


def _without_odd(rest: Values, end: np.ufunc, counts: Counter[float]) -> float:
    """The lowest or the highest of (n,) values that is not among _NUMBERS. Those beyond it are
    counted and replaced with NaN."""
    while (number := _NUMBERS.get(last := float(end.reduce(rest)))) is not None:
        places = rest == last
        counts[number] += int(np.count_nonzero(places))
        rest[places] = np.nan
    return last


def _far(number: float, low: float, high: float) -> bool:
    """Whether a number lies far outside of a range, whose ends are NaN without other values."""
    apart = max(low - number, number - high)
    return not apart <= max((high - low) / 2, abs(number) / 4) or number < 0 <= low


# By the float32 that they become.
_NUMBERS = {float(np.float32(number)): number for number in (*DOUBTFUL, *USUAL_NULLS)}
_WRITTEN = np.array([*_NUMBERS], np.float32)
