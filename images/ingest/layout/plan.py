"""The options of an upload, and what was found in a table."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from images.ingest.table import Told
from web import text

MAX_WIDTH = 4096
IMAGE, ARRAY, CURVE = "image", "array", "curve"


@dataclass(frozen=True, slots=True)
class Options:
    """The options of an upload; None or empty where the file itself is to tell.

    ``top`` and ``step`` make the depths of a file that has none.
    """

    columns: tuple[str, ...] = ()
    depth: str | None = None
    name: str | None = None
    unit: str | None = None
    null: tuple[float, ...] | None = None
    depth_unit: str | None = None
    width: int | None = None
    top: float | None = None
    step: float | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A log in a table: the columns of it, and what their names say.

    ``kind`` is IMAGE for an array of the wall, ARRAY for any other, CURVE for a width of 1.
    ``axis`` are the places of an ARRAY's columns, in ``axis_unit``, where they are told;
    ``first_azimuth`` is in degrees, ``azimuth_reference`` is what azimuths are counted from.
    """

    name: str
    unit: str
    kind: str
    columns: tuple[int, ...]
    width: int
    first_azimuth: float | None = None
    clockwise: bool | None = None
    azimuth_reference: str | None = None
    axis: tuple[float, ...] = ()
    axis_unit: str = ""


@dataclass
class Layout:
    """What to read of a table. ``depth`` is None where the depths are made of a top and a step;
    ``left_out`` are columns that are of an array, but at the place of another one."""

    depth: int | None
    depth_unit: str
    logs: list[Found]
    ignored: list[Told] = field(default_factory=list)
    warnings: list[Told] = field(default_factory=list)
    left_out: set[int] = field(default_factory=set)


def listed(names: Iterable[str]) -> str:
    """Names of columns, logs or wells for a sentence; the first ones, as there may be thousands."""
    return text.listed([name[:40] or "(no name)" for name in names])
