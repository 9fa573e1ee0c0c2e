"""The depths of a table in the order of its file: made or read, checked, and converted."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from images.arrays import Depths, Values
from images.errors import InvalidFile
from images.ingest.checks.depths import DepthChecks
from images.ingest.layout.plan import Options
from images.ingest.table import USUAL_NULLS, Told, are_null
from web.text import counted


def null_depths(depths: Depths, nulls: tuple[float, ...] = USUAL_NULLS) -> np.ndarray:
    """Which of (n,) ``depths`` are null: NaN, and one of ``nulls``.

    One of ``nulls`` is a depth all the same if it is a step from the depth before or after it: a
    file may declare 0 as null and begin at the surface.
    """
    null = np.isnan(depths)
    known = np.logical_or.reduce([are_null(depths, null) for null in nulls], initial=False)
    others = depths[~known & ~null]
    if known.any() and len(others) > 1:
        step = float(np.median(np.abs(np.diff(others))))
        near = np.abs(np.diff(depths)) <= 1.5 * step
        known[1:] &= ~(near & ~known[:-1])
        known[:-1] &= ~(near & ~known[1:])
    return null | known


class Depth:
    """The depths of a table: those of its column, or those that a top and a step make.

    ``nulls`` are those that the file declares; ``factor`` changes the unit of the depths.
    """

    def __init__(self, options: Options, nulls: tuple[float, ...], factor: float = 1.0) -> None:
        self.skipped = 0
        self._checks = DepthChecks()
        self._top, self._step = options.top, options.step
        self._nulls = (*(options.null or ()), *(nulls or USUAL_NULLS))
        self._factor = factor
        self._rows = 0

    def of(self, depths: Depths | None, values: Values) -> tuple[Depths, Values]:
        """The depths of a block and its values, without the rows whose depth is null."""
        first, self._rows = self._rows, self._rows + len(values)
        if depths is None:
            rows = np.arange(first, self._rows)
            with np.errstate(over="ignore"):
                made = _finite(np.asarray(float(self._top or 0) + rows * float(self._step or 0)))
            if (made[1:] == made[:-1]).any():
                raise InvalidFile(f"a step of {self._step:g} is lost beside a depth of {made[0]:g}")
            return made, values
        null = null_depths(depths, self._nulls)
        if null.any():
            self.skipped += int(null.sum())
            depths, values = depths[~null], values[~null]
        self._checks.add(depths)
        with np.errstate(over="ignore"):
            return _finite(depths * self._factor if self._factor != 1 else depths), values

    def warnings(self, nulls: Callable[[Sequence[float]], str]) -> Iterator[Told]:
        """The warnings for the sender of the file, as (code, detail); ``nulls`` makes the parameter
        that asks for further nulls."""
        if self.skipped:
            rows = counted(self.skipped, "row was", "rows were")
            yield "rows-without-depth", f"{rows} left out, without a depth"
        yield from self._checks.warnings(lambda numbers: f"{nulls(numbers)} leaves its rows out")


def _finite(depths: Depths) -> Depths:
    """The same ``depths``. Raises InvalidFile where one is infinite."""
    if np.isinf(depths).any():
        raise InvalidFile("a depth is infinite, or larger than a number can be")
    return depths
