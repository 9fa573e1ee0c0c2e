"""Depths that turn back, and numbers among them that may be nulls."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from images.arrays import Depths
from images.ingest.checks.odd_ends import OddEnds
from images.ingest.table import Told
from web.text import counted

# The part of the rows that has to be at the depth of the row above.
MANY_REPEATED = 0.1


class Turns:
    """Where the depths of a file turn back or stand still, as block after block comes in."""

    def __init__(self) -> None:
        self.count = 0
        self.repeated = 0
        self._repeated_first: float | None = None
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
        moved, still = np.flatnonzero(signs), np.flatnonzero(signs == 0)
        if len(still) and self._repeated_first is None:
            self._repeated_first = float(depths[still[0]])
        self.repeated += len(still)
        going = np.concatenate(([self._sign], signs[moved]))
        turned = np.flatnonzero((going[1:] != going[:-1]) & (going[:-1] != 0))
        if len(turned) and self.first is None:
            at = moved[turned[0]]
            self.first = float(depths[at]), float(depths[at + 1])
        self.count += len(turned)
        self._moves += len(moved)
        self._sign, self._last = int(going[-1]), float(depths[-1])

    def warnings(self) -> Iterator[Told]:
        """The warnings for the sender of the file, as (code, detail)."""
        # With two steps alone nobody knows the direction of the file.
        if self.first is not None and self._moves >= 3:
            before, after = self.first
            times = "once" if self.count == 1 else f"{self.count} times"
            where = f"{times}, first from {before:.10g} to {after:.10g}"
            detail = f"the depths turn back {where}: runs may overlap. All rows are kept, in the"
            yield "depths-overlap", f"{detail} order of depth"
        if self.repeated > MANY_REPEATED * (self.repeated + self._moves):
            rows = counted(self.repeated, "row is", "rows are")
            detail = f"{rows} at the depth of the row above, first at {self._repeated_first:.10g}"
            yield "depths-repeated", f"{detail}: the depths may be rounded"


class DepthChecks:
    """What is doubtful about the depths of a file, as block after block comes in."""

    def __init__(self) -> None:
        self._turns = Turns()
        # A null occurs once only: no two readings are at one depth.
        self._odd = OddEnds(["depth"], fewest=1)

    def add(self, depths: Depths) -> None:
        """Look at the next (n,) ``depths`` of the file, none of which is null."""
        self._turns.add(depths)
        with np.errstate(over="ignore"):
            self._odd.add(depths.astype(np.float32)[:, np.newaxis])

    def warnings(self, remedy: Callable[[Sequence[float]], str]) -> Iterator[Told]:
        """The warnings for the sender, as (code, detail); ``remedy`` says what to do about numbers
        that stand for no depth."""
        yield from self._turns.warnings()
        if odd := [*self._odd.found()]:
            numbers = [number for _, number, _ in odd]
            counts = ", ".join(f"{n:.10g} ({counted(times, 'time')})" for _, n, times in odd)
            detail = f"{counts} among the depths is far from all others; if it stands for no depth,"
            yield "depths-suspected", f"{detail} {remedy(numbers)}"
