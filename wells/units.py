"""The unit of the depths in a file beside that of its well."""

from tables.units import factor
from wells.errors import UnitsDiffer


def depth_conversion(
    said: str | None, asked: str | None, well: str | None, what: str
) -> tuple[str | None, float]:
    """The unit in which depths are kept, and the factor from those of a file.

    ``said`` is the unit that the file gives, ``asked`` that of the request, ``well`` that of the
    well. Raises UnitsDiffer where the file says another unit than the well, unless the request asks
    for the unit of the well.
    """
    own = said or asked
    if own is None or well is None or own == well:
        return well or own, 1.0
    if said is not None and asked != well:
        raise UnitsDiffer(
            f"the depths of the {what} are in {said}, those of the well in {well}; with"
            f" depth_unit={well} they are converted"
        )
    return well, factor(own, well)
