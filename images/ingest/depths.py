"""The depths of a table in the order of its file: made, converted, and looked at."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from images.arrays import Depths, Values
from images.errors import InvalidFile
from images.ingest.checks.odd_ends import OddEnds
from images.ingest.layout.plan import Options
from images.ingest.table import USUAL_NULLS, Told
from web.text import counted


class Turns:
    """Where the depths of a file turn back, as block after block comes in."""

    def __init__(self) -> None:
        self.count = 0
        self.first: tuple[float, float] | None = None
        self._last: float | None = None
        self._sign = 0
        self._moves = 0

    def add(self, depths: Depths) -> None:
        """Look at the next (n,) ``depths`` of the file, none of which is null."""
        if self._last is not None:
            depths = np.concatenate(([self._last], depths))
        if len(depths) < 2:
            self._last = float(depths[-1]) if len(depths) else self._last
            return
        with np.errstate(over="ignore"):
            signs = np.sign(np.diff(depths)).astype(np.int8)
        moved = np.flatnonzero(signs)
        going = np.concatenate(([self._sign], signs[moved]))
        turned = np.flatnonzero((going[1:] != going[:-1]) & (going[:-1] != 0))
        if len(turned) and self.first is None:
            at = moved[turned[0]]
            self.first = float(depths[at]), float(depths[at + 1])
        self.count += len(turned)
        self._moves += len(moved)
        self._sign, self._last = int(going[-1]), float(depths[-1])

    def warning(self) -> Told | None:
        """What whoever sent the file should know, as (code, detail)."""
        # Two moves tell no direction.
        if self.first is None or self._moves < 3:
            return None
        before, after = self.first
        times = "once" if self.count == 1 else f"{self.count} times"
        detail = f"the depths turn back {times}, first from {before:.10g} to {after:.10g}: runs may"
        return "depths-overlap", f"{detail} overlap. All rows are kept, in the order of depth"


class DepthChecks:
    """What is doubtful about the depths of a file, as block after block comes in."""

    def __init__(self) -> None:
        self._turns = Turns()
        # No two readings are at one depth, so that one is enough.
        self._odd = OddEnds(["depth"], fewest=1)

    def add(self, depths: Depths) -> None:
        """Look at the next (n,) ``depths`` of the file, none of which is null."""
        self._turns.add(depths)
        with np.errstate(over="ignore"):
            self._odd.add(depths.astype(np.float32)[:, np.newaxis])

    def warnings(self, remedy: Callable[[Sequence[float]], str]) -> Iterator[Told]:
        """What whoever sent the file should know, as (code, detail); ``remedy`` says what is to be
        done about numbers that stand for no depth."""
        if told := self._turns.warning():
            yield told
        if odd := [*self._odd.found()]:
            numbers = [number for _, number, _ in odd]
            counts = ", ".join(f"{n:.10g} ({counted(times, 'time')})" for _, n, times in odd)
            detail = f"{counts} among the depths is far from all others; if it stands for no depth,"
            yield "depths-suspected", f"{detail} {remedy(numbers)}"


def null_depths(depths: Depths, nulls: tuple[float, ...] = USUAL_NULLS) -> np.ndarray:
    """Which of (n,) ``depths`` are nulls: NaN, or one of ``nulls``, unless they are a step from the
    depth before or after: a hole may be logged so far above its datum, and a file may declare 0 for
    nulls."""
    null = np.isnan(depths)
    known = np.isin(depths, list(nulls)) if len(depths) else null
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
        """What whoever sent the file should know, as (code, detail); ``nulls`` says how to ask for
        further nulls."""
        if self.skipped:
            rows = counted(self.skipped, "row was", "rows were")
            yield "rows-without-depth", f"{rows} left out, without a depth"
        yield from self._checks.warnings(lambda numbers: f"{nulls(numbers)} leaves its rows out")


def _finite(depths: Depths) -> Depths:
    """The same ``depths``. Raises InvalidFile where one is infinite."""
    if np.isinf(depths).any():
        raise InvalidFile("a depth is infinite, or larger than a number can be")
    return depths
