"""What a log of values says about them, from one pass over them."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from images.arrays import Traces, Values, ValueSummary

# Quantiles are kept at each tenth of a percent, both ends included.
QUANTILES = 1001
# So many values, evenly spaced by rank, stand for any number of them: a rank is wrong by 1/8192.
SAMPLES = 4096
# Values are sorted, all of them up to this number; of more, which takes too long, one in THINNING.
SORTED_VALUES = 4_000_000
THINNING = 8
# Samples that are put together before they are thinned again.
PENDING = 64


class _Samples(NamedTuple):
    """(n,) values, ascending, and for how many values each of them stands."""

    values: Values
    weights: np.ndarray[Any, np.dtype[np.float64]]


@dataclass
class ValueStatistics:
    """Takes traces and summarises them.

    Mean and deviation are exact but for rounding (Chan, Golub, LeVeque: Updating formulae and a
    pairwise algorithm for computing sample variances, 1979). Quantiles come from sorted values,
    thinned by rank, and are right to 0.1 % of rank, also of values over many decades.
    """

    count: int = 0
    nulls: int = 0
    minimum: float = np.inf
    maximum: float = -np.inf
    mean: float = 0.0
    _squares: float = 0.0
    # Those of level n + 1 stand for PENDING of level n: each has been thinned n + 1 times.
    _levels: list[list[_Samples]] = field(default_factory=list)
    # The same values give the same statistics.
    _random: np.random.Generator = field(default_factory=lambda: np.random.default_rng(0))

    def add(self, traces: Traces) -> None:
        """Take (n, width) float32, NaN being null."""
        null = np.isnan(traces)
        values = traces[~null]
        self.nulls += traces.size - values.size
        if not values.size:
            return
        self._sample(values)
        self.minimum = min(self.minimum, float(values.min()))
        self.maximum = max(self.maximum, float(values.max()))
        precise = values.astype(np.float64)
        mean = float(precise.mean())
        precise -= mean
        total, apart = self.count + values.size, mean - self.mean
        self._squares += float(precise @ precise)
        self._squares += apart**2 * self.count * values.size / total
        self.mean += apart * values.size / total
        self.count = total

    def summary(self) -> ValueSummary:
        """What all traces that were added say."""
        quantiles = np.full(QUANTILES, np.nan, np.float32)
        if not self.count:
            return ValueSummary(0, self.nulls, np.nan, np.nan, np.nan, np.nan, quantiles)
        everything = _together([part for level in self._levels for part in level])
        quantiles[:] = _at(everything, np.linspace(0, 1, QUANTILES))
        quantiles[[0, -1]] = self.minimum, self.maximum
        deviation = float(np.sqrt(self._squares / self.count))
        return ValueSummary(
            self.count, self.nulls, self.minimum, self.maximum, self.mean, deviation, quantiles
        )

    def _sample(self, values: Values) -> None:
        weight = 1.0
        if self.count > SORTED_VALUES and values.size > THINNING:
            size = values.size // THINNING
            weight = values.size / size
            # At random, since columns are alike: every eighth would be the same ones of all rows.
            values = values[self._random.integers(0, values.size, size)]
        values = np.sort(values, axis=None)
        self._keep(0, _Samples(values, np.full(len(values), weight)))

    def _keep(self, level: int, samples: _Samples) -> None:
        if level == len(self._levels):
            self._levels.append([])
        pending = self._levels[level]
        pending.append(_thinned(samples))
        if len(pending) == PENDING:
            self._levels[level] = []
            self._keep(level + 1, _together(pending))


def _together(samples: list[_Samples]) -> _Samples:
    values, weights = (np.concatenate(parts) for parts in zip(*samples, strict=True))
    order = np.argsort(values, kind="stable")
    return _Samples(values[order], weights[order])


def _thinned(samples: _Samples) -> _Samples:
    """SAMPLES of them at most, each in the middle of the ranks that it stands for."""
    if len(samples.values) <= SAMPLES:
        return samples
    values = _at(samples, (np.arange(SAMPLES) + 0.5) / SAMPLES)
    return _Samples(values, np.full(SAMPLES, samples.weights.sum() / SAMPLES))


def _at(samples: _Samples, ranks: np.ndarray[Any, Any]) -> Values:
    """The smallest value at each of the ``ranks``, from 0 to 1: numpy's "inverted_cdf"."""
    until = np.cumsum(samples.weights)
    found = np.searchsorted(until, ranks * until[-1] * (1 - 1e-12), "left")
    return samples.values[np.minimum(found, len(until) - 1)]
