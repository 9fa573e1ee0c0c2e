"""Changes of a well: one update each, on condition of what was read."""

from collections.abc import Mapping
from typing import Any

from bson import ObjectId
from pymongo import ReturnDocument

from storage.errors import translated
from wells.errors import WellChanged, WellNotFound
from wells.models import PastWell, Well, collection
from wells.times import now

# What a generation consists of.
VERSIONED = (
    *("depth_unit", "bit_size", "bit_size_unit", "declination", "grid_convergence"),
    *("survey", "calipers", "references"),
)
MAX_ATTEMPTS = 20


@translated()
def change(
    well_id: ObjectId,
    values: Mapping[str, Any],
    by: str = "",
    *,
    only_if_missing: bool = False,
) -> dict[str, Any]:
    """Give a well these values, as a new generation where that makes a difference; its document.

    A name may be that of a member, ``references.<id>``.
    With ``only_if_missing``, what has a value stays as it is.
    Raises WellNotFound, WellChanged, StorageUnavailable.
    """
    for _ in range(MAX_ATTEMPTS):
        well = Well.document(_id=well_id)
        if well is None:
            raise WellNotFound(f"there is no well {well_id}")
        new = {
            name: value
            for name, value in values.items()
            if _value(well, name) != value
            and not (only_if_missing and _value(well, name) is not None)
        }
        changed = _flip(well, new, by) if new else well
        if changed is not None:
            return changed
    raise WellChanged("others are changing the well at the same time; try again")


def _value(well: Mapping[str, Any], name: str) -> Any:
    whole, _, member = name.partition(".")
    return well[whole].get(member, "") if member else well.get(whole)


def _flip(well: dict[str, Any], new: Mapping[str, Any], by: str) -> dict[str, Any] | None:
    """The act that readers see: all of it or nothing. None where another change came first."""
    was = {name: well.get(name) for name in (*VERSIONED, "changed_at", "changed_by")}
    PastWell.keep(well["_id"], well["generation"], was)
    changed: dict[str, Any] | None = collection(Well).find_one_and_update(
        {"_id": well["_id"], "generation": well["generation"]},
        {"$set": {**new, "changed_at": now(), "changed_by": by}, "$inc": {"generation": 1}},
        return_document=ReturnDocument.AFTER,
    )
    return changed
