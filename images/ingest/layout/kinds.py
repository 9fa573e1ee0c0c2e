"""Whether an array is an image of the wall, by what its file says of it."""

import re
from collections.abc import Sequence

from images.ingest.layout.plan import ARRAY, IMAGE, Found
from images.ingest.names.units import length_unit
from images.ingest.table import Column

_REFERENCE = re.compile(r"\bazimuths? from (north|top of hole)\b", re.I)
_SPECTRUM = re.compile(
    r"(?<![A-LO-QS-Z])T[12](?!\d)|DIST(?!ANC)|SPEC(?!IF)|(?<![A-Z])BIN|WAVE|WF\d{0,2}\b|\bWVF|PSD|FFT"
    # The amplitudes and times of echoes are images of the wall, trains of echoes are none.
    r"|(?<!PULSE.)ECHO(?![\s_-]*(?:AMP|TIM|TRAV|TRAN|IM))|(?<!S)TRAIN|VDL|DWEL",
    re.ASCII,
)
# Units of porosity, in which the bins of a spectrum are; a porosity of the wall has more columns.
_POROSITIES = {"pu", "p.u.", "lpu", "cfcf", "v/v", "ft3/ft3", "m3/m3", "decp"}
_MOST_BINS = 64
# What the readings of the arms of a caliper or a dipmeter are called.
_CALIPER = re.compile(r"calli?p|(?<![^\W_])cali?(?![^\W\d_])|\barms?\b", re.I)


def azimuth_reference(description: str) -> str | None:
    """What azimuths are counted from, ``north`` or ``top of hole``, where the description of an
    image tells it."""
    found = _REFERENCE.search(description)
    return found[1].lower() if found else None


def array_of(columns: Sequence[Column], order: Sequence[int], name: str) -> Found:
    """The array of the columns in this ``order``.

    It is an IMAGE of the wall, unless its name, description or unit tell of times, of frequencies
    or of a distribution.
    """
    first = columns[order[0]]
    width = sum(columns[i].width for i in order)
    bins = first.unit.lower() in _POROSITIES and width <= _MOST_BINS
    spectrum = _SPECTRUM.search(f"{name} {first.description}".upper())
    unit = next((columns[i].unit for i in order if columns[i].unit), "")
    return Found(name, unit, ARRAY if bins or spectrum else IMAGE, tuple(order), width)


def is_caliper(column: Column) -> bool:
    """Whether a column may be one arm of a caliper, by its name, its description, or its unit of
    length."""
    return bool(_CALIPER.search(f"{column.name} {column.description}") or length_unit(column.unit))
