"""The unit in which the depths of a file are kept: all depths of a well are in one unit."""

from images.errors import InvalidFile
from images.ingest.layout.plan import Layout
from images.ingest.names.units import length_unit
from images.ingest.table import Table, Told
from images.models import ImageLog
from tables.units import DEPTH_UNITS
from wells.models import Well

# The name of a unit of length, and how many metres it is.
Unit = tuple[str, float]


class DepthUnits:
    """Says for one table after the other in which unit its depths are kept.

    ``asked`` is the unit that the request gives. Adds to ``warnings``. Raises InvalidFile.
    """

    def __init__(self, well: str, asked: str | None, warnings: list[Told]) -> None:
        self._well = well
        self._asked = length_unit(asked or "")
        if asked and (self._asked is None or self._asked[0] not in DEPTH_UNITS):
            raise InvalidFile(f"depth_unit={asked!r}: depths are in m or ft")
        self._warnings = warnings
        # The unit of the first table that tells it, and the name of the table.
        self._first: tuple[str, str] | None = None

    def of(self, table: Table, plan: Layout) -> tuple[str | None, float]:
        """The unit in which the depths are kept, and by how much those of the file are multiplied.

        Another unit than that of the well is converted where that is asked for.
        """
        told = length_unit(plan.depth_unit)
        if plan.depth_unit and told is None:
            detail = f"the depths of {table.name or 'the file'} are in {plan.depth_unit!r}, which"
            self._warn("depth-unit-unknown", f"{detail} is no unit of length that is known here")
        wanted = self._wanted(told)
        if wanted is None:
            return None, 1.0
        self._check_header(told, table)
        self._check_one(table, wanted[0])
        if told is None or told[0] == wanted[0]:
            return wanted[0], 1.0
        self._warn("depths-converted", f"depths were converted from {told[0]} to {wanted[0]}")
        return wanted[0], told[1] / wanted[1]

    def where_none_is_told(self) -> str | None:
        """The unit of depths if the file does not tell it; None if it is not known."""
        wanted = self._wanted(None)
        return None if wanted is None else wanted[0]

    def _wanted(self, told: Unit | None) -> Unit | None:
        """The unit in which depths are kept; ``told`` is the one in which the file gives them."""
        theirs = _unit_of_well(self._well)
        wanted = self._asked or (told if told and told[0] in DEPTH_UNITS else None)
        if wanted is None and told:
            wanted = length_unit(theirs or "m")
        if wanted and theirs and wanted[0] != theirs:
            raise InvalidFile(
                f"the depths of the file are in {wanted[0]}, and those of the well {self._well} in"
                f" {theirs}; depth_unit={theirs} converts them"
            )
        return wanted

    def _check_header(self, told: Unit | None, table: Table) -> None:
        """Refuse a file that contradicts itself about the unit, unless one was asked for."""
        other = length_unit(table.unit_of_ends)
        if told is None or other is None:
            return
        both = f"in {other[0]} by STRT, STOP and STEP, and in {told[0]} by their column"
        if self._asked is None:
            raise InvalidFile(
                f"the depths are {both}; depth_unit={told[0]} takes the column's word, and"
                f" depth_unit={other[0]} converts from it"
            )
        self._warn("depth-units-differ", f"the depths are {both}, which was taken")

    def _check_one(self, table: Table, unit: str) -> None:
        """Refuse a file whose tables have depths in two units: a well has one."""
        self._first = first, name = self._first or (unit, table.name)
        if unit != first:
            raise InvalidFile(
                f"the depths of {name} are in {first}, and those of {table.name} in {unit};"
                f" depth_unit={first} or depth_unit={unit} converts them"
            )

    def _warn(self, code: str, detail: str) -> None:
        self._warnings.append((code, detail))


def _unit_of_well(well: str) -> str | None:
    """The unit of depth of a well, else that of its logs: early versions did not note the first."""
    known = Well.document(name=well) or {}
    if own := known.get("depth_unit"):
        return str(own)
    ready = ImageLog.objects.filter(well=well, state=ImageLog.State.READY)
    units = ready.exclude(depth_unit=None).values_list("depth_unit", flat=True)
    first: str | None = units.first()
    return first
