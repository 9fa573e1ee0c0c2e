"""Nulls among values: those that a file declares, or the usual ones."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from images.arrays import Values
from images.ingest.checks.odd_ends import OddEnds
from images.ingest.table import HUGE, USUAL_NULLS, Told, are_null
from web.text import counted, listed


class Nulls:
    """Replaces the nulls of a table with NaN, and counts them for warnings.

    Nulls are the numbers that the request ``asked`` for, else those that the table ``declares``,
    else the usual ones; and infinite values, which a DLIS can hold. ``logs`` are the names of the
    logs that the columns of values belong to.
    """

    def __init__(
        self, asked: tuple[float, ...] | None, declares: tuple[float, ...], logs: Sequence[str]
    ) -> None:
        self._asked = asked is not None
        self._declared = declares
        self._nulls = asked if asked is not None else declares or USUAL_NULLS
        self._taken: Counter[float] = Counter()
        self._left: Counter[float] = Counter()
        self._infinite = 0
        self._odd = OddEnds(logs)

    def blank(self, values: Values) -> None:
        """Replace the nulls in (n, width) float32 ``values`` with NaN, in place."""
        if (infinite := np.isinf(values)).any():
            self._infinite += int(np.count_nonzero(infinite))
            values[infinite] = np.nan
        self._taken += blank(values, self._nulls)
        if self._nulls is not USUAL_NULLS:
            self._left += among(values, USUAL_NULLS)
        if not self._asked:
            self._odd.add(values)

    def warnings(self) -> Iterator[Told]:
        """What to tell of infinite values, and of numbers that are or may be nulls though the file
        does not declare them."""
        if self._infinite:
            times = counted(self._infinite, "time")
            detail = f"a value that is infinite, or too large for float32 ({times}), became a null"
            yield "values-infinite", detail
        if self._asked:
            return
        if self._taken and not self._declared:
            detail = f"{_counts(self._taken)} was taken for a null, which the file does not say"
            yield "nulls-assumed", f"{detail}; null= says otherwise"
        if self._left:
            declared = ", ".join(f"{null:g}" for null in self._declared)
            yield (
                "nulls-suspected",
                f"{_counts(self._left)} is among the values, while the file declares {declared} for"
                f" nulls; {self.asking()} makes nulls of them too",
            )
        if odd := [*self._odd.found()]:
            told = [
                f"{number:.10g} in {log} ({counted(times, 'time')})" for log, number, times in odd
            ]
            asking = self.asking([number for _, number, _ in odd])
            yield (
                "nulls-suspected",
                f"{listed(told)}: far from all other values of the log; if it"
                f" stands for no reading, {asking} makes nulls of it",
            )

    def asking(self, numbers: Sequence[float] = ()) -> str:
        """The parameter that asks for these nulls beside those that were found."""
        nulls = dict.fromkeys([*self._declared, *self._taken, *self._left, *numbers])
        return "null=" + ",".join(f"{null:.10g}" for null in nulls)


def _counts(found: Counter[float]) -> str:
    return ", ".join(
        f"{null:g}{' or beyond' if abs(null) >= HUGE else ''} ({counted(count, 'time')})"
        for null, count in found.items()
    )


def blank(values: Values, nulls: tuple[float, ...]) -> Counter[float]:
    """Replace ``nulls`` in (n, width) float32 ``values`` with NaN, in place; how many of each."""
    found: Counter[float] = Counter()
    for null, places in _places(values, nulls):
        found[null] += int(np.count_nonzero(places))
        values[places] = np.nan
    return found


def among(values: Values, nulls: tuple[float, ...]) -> Counter[float]:
    """How many of each of ``nulls`` there are in (n, width) float32 ``values``."""
    return Counter({n: int(np.count_nonzero(places)) for n, places in _places(values, nulls)})


def _places(
    values: Values, nulls: tuple[float, ...]
) -> Iterator[tuple[float, np.ndarray[Any, np.dtype[np.bool_]]]]:
    """Where each of the ``nulls`` is, if anywhere."""
    if not values.size:
        return
    # Unlike nanmin, these two make no copy, and pass over NaN.
    ends = np.array([np.fmin.reduce(values, axis=None), np.fmax.reduce(values, axis=None)])
    for null in dict.fromkeys(nulls):
        with np.errstate(over="ignore"):
            inside = ends[0] <= np.float32(null) <= ends[1]
        if (inside or are_null(ends, null).any()) and (places := are_null(values, null)).any():
            yield null, places
