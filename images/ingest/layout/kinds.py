"""What an array is, by what its file says of it: an image of the wall, or another."""

import re

from images.ingest.layout.plan import ARRAY, IMAGE
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
    """What azimuths are counted from, where the description of an image tells it: ``north`` or
    ``top of hole``."""
    found = _REFERENCE.search(description)
    return found[1].lower() if found else None


def is_wall_image(name: str, description: str, unit: str, width: int) -> bool:
    """Whether an array is one of the wall, as far as its name, description and unit tell: those of
    times, of frequencies and of distributions are not."""
    bins = unit.lower() in _POROSITIES and width <= _MOST_BINS
    return not bins and not _SPECTRUM.search(f"{name} {description}".upper())


def is_caliper(column: Column) -> bool:
    """Whether a column is one arm of a caliper, by its name, its description, or its unit: the
    columns of an image of the wall are lengths only where they are many."""
    return bool(_CALIPER.search(f"{column.name} {column.description}") or length_unit(column.unit))


def kind_of(name: str, column: Column, width: int) -> str:
    """IMAGE or ARRAY, by what the file says of an array that ``column`` is the first of."""
    wall = is_wall_image(name, column.description, column.unit, width)
    return IMAGE if wall else ARRAY
