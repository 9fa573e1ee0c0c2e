"""Depths that turn back, and numbers among them that may be nulls."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from images.arrays import Depths
from images.ingest.checks.odd_ends import OddEnds
from images.ingest.table import Told
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
        """The warning for the sender of the file, as (code, detail)."""
        # With two steps alone nobody knows the direction of the file.
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
        if told := self._turns.warning():
            yield told
        if odd := [*self._odd.found()]:
            numbers = [number for _, number, _ in odd]
            counts = ", ".join(f"{n:.10g} ({counted(times, 'time')})" for _, n, times in odd)
            detail = f"{counts} among the depths is far from all others; if it stands for no depth,"
            yield "depths-suspected", f"{detail} {remedy(numbers)}"
