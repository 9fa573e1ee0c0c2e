"""Statistics of the values of a log, computed in one pass and in bounded memory."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from images.arrays import Traces, Values, ValueSummary

# Quantiles at each tenth of a percent from 0 to 100 %.
QUANTILES = 1001
# A set of values is represented by this many, evenly spaced by rank: ranks are right to 1/8192.
SAMPLES = 4096
# All values are sorted up to this number of values, then one in THINNING: sorting takes long.
SORTED_VALUES = 4_000_000
THINNING = 8
# This many sets of samples are merged into one.
PENDING = 64


class _Samples(NamedTuple):
    """Samples of a set of values: (n,) ascending, and the number of values each one represents."""

    values: Values
    weights: np.ndarray[Any, np.dtype[np.float64]]


@dataclass
class ValueStatistics:
    """Statistics of the traces that have been added.

    Mean and standard deviation are exact apart from rounding (Chan, Golub and LeVeque, "Updating
    formulae and a pairwise algorithm for computing sample variances", 1979). Quantiles are right to
    0.1 % of rank: they come from samples that are evenly spaced by rank.
    """

    count: int = 0
    nulls: int = 0
    minimum: float = np.inf
    maximum: float = -np.inf
    mean: float = 0.0
    _squares: float = 0.0
    # A set of samples of level n + 1 is made of PENDING sets of level n.
    _levels: list[list[_Samples]] = field(default_factory=list)
    # A fixed seed: the same values always give the same statistics.
    _random: np.random.Generator = field(default_factory=lambda: np.random.default_rng(0))

    def add(self, traces: Traces) -> None:
        """Add (n, width) float32 traces; NaN is null."""
        null = np.isnan(traces)
        values = traces[~null] if null.any() else traces.ravel()
        self.nulls += traces.size - values.size
        if not values.size:
            return
        self._sample(values)
        self.minimum = min(self.minimum, float(values.min()))
        self.maximum = max(self.maximum, float(values.max()))
        precise = values.astype(np.float64)
        mean = float(precise.mean())
        precise -= mean
        total, delta = self.count + values.size, mean - self.mean
        # Not by BLAS, whose threads wait for each other busily while MongoDB works.
        self._squares += float(np.square(precise, out=precise).sum())
        self._squares += delta**2 * self.count * values.size / total
        self.mean += delta * values.size / total
        self.count = total

    def summary(self) -> ValueSummary:
        """Return the statistics of all traces that have been added."""
        quantiles = np.full(QUANTILES, np.nan, np.float32)
        if not self.count:
            return ValueSummary(0, self.nulls, np.nan, np.nan, np.nan, np.nan, quantiles)
        merged = _merged([samples for level in self._levels for samples in level])
        quantiles[:] = _quantiles(merged, np.linspace(0, 1, QUANTILES))
        quantiles[[0, -1]] = self.minimum, self.maximum
        deviation = float(np.sqrt(self._squares / self.count))
        return ValueSummary(
            self.count, self.nulls, self.minimum, self.maximum, self.mean, deviation, quantiles
        )

    def _sample(self, values: Values) -> None:
        represented = values.size
        if self.count > SORTED_VALUES and values.size > THINNING:
            # Every eighth value would be from the same columns in all rows; random ones are not.
            size = values.size // THINNING
            values = values[self._random.integers(0, values.size, size)]
        values = np.sort(values)
        if values.size > SAMPLES:
            # As _thinned does, but of values that all represent as many.
            middles = np.arange(1, 2 * SAMPLES, 2) * values.size
            values = values[-(-middles // (2 * SAMPLES)) - 1]
        weights = np.full(values.size, represented / values.size)
        self._add_samples(0, _Samples(values, weights))

    def _add_samples(self, level: int, samples: _Samples) -> None:
        if level == len(self._levels):
            self._levels.append([])
        pending = self._levels[level]
        pending.append(samples)
        if len(pending) == PENDING:
            self._levels[level] = []
            self._add_samples(level + 1, _thinned(_merged(pending)))


def _merged(samples: list[_Samples]) -> _Samples:
    values, weights = (np.concatenate(parts) for parts in zip(*samples, strict=True))
    order = np.argsort(values, kind="stable")
    return _Samples(values[order], weights[order])


def _thinned(samples: _Samples) -> _Samples:
    """At most SAMPLES samples; each is in the middle of the ranks that it represents."""
    if len(samples.values) <= SAMPLES:
        return samples
    values = _quantiles(samples, (np.arange(SAMPLES) + 0.5) / SAMPLES)
    return _Samples(values, np.full(SAMPLES, samples.weights.sum() / SAMPLES))


def _quantiles(samples: _Samples, ranks: np.ndarray[Any, Any]) -> Values:
    """The quantiles at ``ranks`` from 0 to 1, by the method that numpy calls "inverted_cdf"."""
    cumulative = np.cumsum(samples.weights)
    found = np.searchsorted(cumulative, ranks * cumulative[-1] * (1 - 1e-12), "left")
    return samples.values[np.minimum(found, len(cumulative) - 1)]
