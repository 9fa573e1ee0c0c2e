"""The names, units and extent that tables and LAS files contain beside their data."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

DEGREES = "deg"
# Numbers for null in text formats. The first one outside of the values of the log is used.
NULLS = (-999.25, -9999.0, -999999.0, -1e30)
# The long form does not say which number is null, so Techlog's own comes first.
TECHLOG_NULLS = (-9999.0, *NULLS)
# The names of the column of depths in the files that are written.
DEPTH_COLUMNS = {"depth", "dept", "tdep"}


@dataclass(frozen=True)
class Labels:
    """The names and units of one log, and the extent of the exported window.

    ``first`` and ``last`` are the depths of the first and the last trace. ``step`` is the depth
    step between traces, None if it varies. ``minimum`` and ``maximum`` are those of the whole log.
    ``places`` are the azimuths of the columns, or their values on the axis of the log (for example
    the times of a waveform), in ``place_unit``; empty if they are not known. Text that is not known
    is empty.
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
        """Return the first number of ``among`` that is outside of the values of the log."""
        return next((n for n in among if not self.minimum <= n <= self.maximum), among[-1])

    @property
    def mnemonic(self) -> str:
        """The name with ``_`` for characters that LAS does not allow or that separate columns."""
        return re.sub(r"""[.:,;"'\s\[\]]+""", "_", self.name).strip("_") or "VALUES"

    def columns(self) -> list[str]:
        """Return the names of the columns: ``NAME`` for a curve, else ``NAME[0]``, ``NAME[1]``.

        A curve with the name of the column of depths is ``NAME[0]``.
        """
        if self.width == 1 and self.mnemonic.casefold() not in DEPTH_COLUMNS:
            return [self.mnemonic]
        return [f"{self.mnemonic}[{column}]" for column in range(self.width)]

    def metadata(self) -> dict[str, str]:
        """Return the metadata of a Parquet or Arrow schema; ``places`` are a list in JSON."""
        columns = {"places": json.dumps([*self.places]), "place_unit": self.place_unit}
        return {
            "log": self.log,
            "well": self.well,
            "name": self.name,
            "unit": self.unit,
            "depth_unit": self.depth_unit,
            "azimuth_reference": self.azimuth_reference,
            **(columns if self.places else {}),
        }


def azimuths(
    width: int, first: float | None, clockwise: bool | None
) -> "np.ndarray[Any, np.dtype[np.float64]]":
    """Return the azimuths of the columns of a log, (width,) float64 degrees from 0 to below 360.

    ``first`` is the azimuth of the first column, 0 if None. The columns go once around the hole;
    ``clockwise`` counts as True if None.
    """
    sense = -1 if clockwise is False else 1
    turned = sense * np.arange(width, dtype=np.float64) * (360 / width)
    return ((first or 0.0) + turned) % 360.0
