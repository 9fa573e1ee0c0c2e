"""The dips of picks from the hole that they are in, all at once in arrays."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from dips.planes import geometry
from dips.planes.geometry import NEAR_VERTICAL_DEGREES, Reference
from dips.terms import Basis
from tables.units import factor
from wells.hole import Hole
from wells.survey import Floats, wrapped

NO_SURVEY = "the well has no survey"
NO_REFERENCE = (
    "neither the pick nor its log says whether azimuths are from north or from the top of the hole"
)
NO_DIAMETER = "no diameter is known: no caliper curve, no bit size, none given"
NO_DEPTH_UNIT = "the unit of depth of the well is not known"
NO_AZIMUTH = "the plane is horizontal: it has no azimuth"
NEAR_VERTICAL = (
    "the hole is {:.3g} degrees from vertical here; below {:g} degrees azimuths from the {} are not"
    " defined"
)

Pick = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Calipers:
    """Diameters (n,) that were measured at the depths of picks, nan where none was.

    ``unit`` and ``log`` are the unit and the curve of each.
    """

    diameter: Floats
    unit: Sequence[str | None]
    log: Sequence[Any]


@dataclass(frozen=True, slots=True)
class Planes:
    """The dips of picks, each array (n,); nan is unknown, and ``reasons`` says why.

    ``diameter_source`` is ``caliper``, ``bit size``, ``given`` or None.
    """

    height: Floats
    apparent_dip: Floats
    apparent_azimuth: Floats
    hole_inclination: Floats
    hole_azimuth: Floats
    true_dip: Floats
    true_azimuth: Floats
    diameter: Floats
    diameter_unit: Sequence[str | None]
    diameter_source: Sequence[str | None]
    caliper: Sequence[Any]
    reference: Sequence[str | None]
    reasons: Sequence[list[str]]


def planes(picks: Sequence[Pick], hole: Hole, calipers: Calipers | None = None) -> Planes:
    """The dips of ``picks``, which are documents of Dip, in this hole."""
    references = [pick["reference"] or hole.references.get(str(pick["log"])) for pick in picks]
    diameter, unit, source, curve = _diameters(picks, hole, calipers)
    wide = in_depth_unit(diameter, unit, hole)
    unknown = np.full(len(picks), np.nan)
    inclination, azimuth = hole.at(_column(picks, "depth")) or (unknown, unknown)
    lean = _lean(references, inclination)
    given = np.array([pick["basis"] == Basis.PLANE for pick in picks], bool)
    height, apparent_azimuth = _column(picks, "height"), _column(picks, "azimuth")
    true, towards = _column(picks, "plane_dip"), _column(picks, "plane_azimuth")
    apparent = geometry.apparent_dip(height, wide)
    for reference in {name for name in references if name is not None}:
        oriented = np.array([name == reference for name in references], bool)
        oriented &= lean >= NEAR_VERTICAL_DEGREES
        frame = geometry.frame(Reference(reference), inclination, azimuth - hole.turn)
        here, there = oriented & given, oriented & ~given
        if here.any():
            seen, seen_azimuth = geometry.seen_in(frame, true, towards - hole.turn)
            apparent[here], apparent_azimuth[here] = seen[here], seen_azimuth[here]
        if there.any():
            dip, dip_azimuth = geometry.true_dip(frame, apparent, np.nan_to_num(apparent_azimuth))
            true[there] = dip[there]
            towards[there] = wrapped(dip_azimuth + hole.turn)[there]
    height[given] = geometry.height_of(apparent, wide)[given]
    height[np.isinf(height)] = np.nan
    reasons = [*map(partial(_reasons, hole), references, lean.tolist(), wide.tolist())]
    for number in np.flatnonzero(np.isfinite(true) & np.isnan(towards)):
        reasons[number].append(NO_AZIMUTH)
    return Planes(
        *(height, apparent, apparent_azimuth, inclination, azimuth, true, towards),
        *(diameter, unit, source, curve, references, reasons),
    )


def _lean(references: Sequence[str | None], inclination: Floats) -> Floats:
    """How far (n,) the hole is from where its reference is not defined, degrees; nan without a
    survey. The top of the hole is not defined in a vertical hole, and the north not in a hole
    that goes straight up."""
    from_up = 180 - inclination
    of_top = np.array([reference == Reference.TOP_OF_HOLE for reference in references], bool)
    return np.where(of_top, np.minimum(inclination, from_up), from_up)


def _diameters(
    picks: Sequence[Pick], hole: Hole, calipers: Calipers | None
) -> tuple[Floats, list[str | None], list[str | None], list[Any]]:
    """Diameters by caliper, else bit size, else as given: each with its unit, source and curve."""
    count = len(picks)
    diameter, unit = _column(picks, "diameter"), [pick["diameter_unit"] for pick in picks]
    source: list[str | None] = [None if np.isnan(value) else "given" for value in diameter]
    curve: list[Any] = [None] * count
    if hole.bit_size is not None:
        diameter, unit = np.full(count, hole.bit_size), [hole.bit_size_unit] * count
        source = ["bit size"] * count
    if calipers is not None:
        for number in np.flatnonzero(np.isfinite(calipers.diameter)).tolist():
            diameter[number], unit[number] = calipers.diameter[number], calipers.unit[number]
            source[number], curve[number] = "caliper", calipers.log[number]
    return diameter, unit, source, curve


def widths(picks: Sequence[Pick], hole: Hole, calipers: Calipers | None) -> Floats:
    """The diameters (n,) of the hole at picks, in its unit of depth; nan where it is not known."""
    diameter, unit, _, _ = _diameters(picks, hole, calipers)
    return in_depth_unit(diameter, unit, hole)


def in_depth_unit(diameter: Floats, units: Sequence[str | None], hole: Hole) -> Floats:
    """Diameters (n,) in the unit of depth; nan where one of the units is not known."""
    if hole.depth_unit is None:
        return np.full(len(diameter), np.nan)
    known = hole.depth_unit
    factors = [np.nan if unit is None else factor(unit, known) for unit in units]
    return diameter * np.array(factors, float)


def _reasons(hole: Hole, reference: str | None, lean: float, wide: float) -> list[str]:
    """What a pick lacks for its dips, by the diameter and the lean of the hole, nan if unknown."""
    found = []
    if np.isnan(wide):
        found.append(NO_DEPTH_UNIT if hole.depth_unit is None else NO_DIAMETER)
    if np.isnan(lean):
        found.append(NO_SURVEY)
    if reference is None:
        found.append(NO_REFERENCE)
    elif lean < NEAR_VERTICAL_DEGREES:
        found.append(NEAR_VERTICAL.format(lean, NEAR_VERTICAL_DEGREES, reference))
    return found


def _column(picks: Sequence[Pick], name: str) -> Floats:
    values = [np.nan if (value := pick[name]) is None else value for pick in picks]
    return np.array(values, np.float64)
