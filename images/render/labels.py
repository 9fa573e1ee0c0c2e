"""What an exported window says of itself: names, units and extent."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

DEGREES = "deg"
# Stand for null in text formats; the first one that is no value of the log is used.
NULLS = (-999.25, -9999.0, -999999.0, -1e30)
# Techlog's own goes first in its files, which do not say what stands for null.
TECHLOG_NULLS = (-9999.0, *NULLS)


@dataclass(frozen=True)
class Labels:
    """The names and units of one log, and the extent of the window that is exported.

    ``first`` and ``last`` are the depths of the first and the last trace; ``step`` is the depth
    from trace to trace, None where it changes; ``minimum`` and ``maximum`` are those of the values
    of the whole log; text that is not known is empty. ``places`` are the columns on their axis, in
    ``place_unit``: the azimuths in degrees where they are known, or the times of a waveform.
    """

    log: str
    well: str
    name: str
    unit: str
    depth_unit: str
    azimuth_reference: str
    width: int
    first: float
    last: float
    step: float | None
    minimum: float
    maximum: float
    places: Sequence[float] = ()
    place_unit: str = ""

    def null(self, among: Sequence[float] = NULLS) -> float:
        """The number that stands for null in a text, which is no value of the log."""
        return next((n for n in among if not self.minimum <= n <= self.maximum), among[-1])

    @property
    def mnemonic(self) -> str:
        """The name without what LAS does not allow in a mnemonic, dots, colons, brackets and
        spaces, and without what stands between columns or around them."""
        return re.sub(r"""[.:,;"'\s\[\]]+""", "_", self.name).strip("_") or "VALUES"

    def columns(self) -> list[str]:
        """A name for each column: ``NAME`` for a curve, else ``NAME[0]``, ``NAME[1]``, …"""
        if self.width == 1:
            return [self.mnemonic]
        return [f"{self.mnemonic}[{column}]" for column in range(self.width)]

    def metadata(self) -> dict[str, str]:
        """What the schema of a table says beside the columns."""
        return {
            "log": self.log,
            "well": self.well,
            "name": self.name,
            "unit": self.unit,
            "depth_unit": self.depth_unit,
            "azimuth_reference": self.azimuth_reference,
        }


def azimuths(
    width: int, first: float | None, clockwise: bool | None
) -> "np.ndarray[Any, np.dtype[np.float64]]":
    """The azimuths of ``width`` columns that go once around the wall, (width,) float64 degrees from
    0 to 360; what is not known is taken for 0 and for clockwise."""
    sense = -1 if clockwise is False else 1
    turned = sense * np.arange(width, dtype=np.float64) * (360 / width)
    return ((first or 0.0) + turned) % 360.0
