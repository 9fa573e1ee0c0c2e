"""Lists of wells, with the counts and the depths of their logs, photos and picks."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.apps import apps

from storage.documents import collection
from storage.errors import translated
from wells.models import Well

# Fields of a well that are shown unchanged.
OWN = (
    *("name", "depth_unit", "bit_size", "bit_size_unit", "declination", "grid_convergence"),
    "changed_at",
)
COUNTED = ("logs", "curves", "photos", "dips")
NOTHING: Mapping[str, Any] = {**dict.fromkeys(COUNTED, 0), "top": None, "base": None}
# Sorting makes MongoDB use the index of wells. Without it MongoDB may choose another index and read
# all logs.
BY_WELL: Mapping[str, Any] = {"$sort": {"well": 1, "top": 1}}


@translated()
def described(wells: Sequence[Well]) -> list[dict[str, Any]]:
    """Wells as the API lists them; four queries, however many there are.

    Raises StorageUnavailable.
    """
    facts: dict[str, dict[str, Any]] = {well.name: dict(NOTHING) for well in wells}
    names = [*facts]
    for found in _logs(names):
        what = "curves" if found["_id"].get("kind") == "curve" else "logs"
        _add(facts[found["_id"]["well"]], what, found)
    for found in _photos(names):
        _add(facts[found["_id"]], "photos", found)
    for found in _dips(names):
        facts[found["_id"]]["dips"] = found["count"]
    with_survey = {"name": {"$in": names}, "survey": {"$ne": None}}
    surveyed = {found["name"] for found in collection(Well).find(with_survey, {"name": 1})}
    return [
        {
            "id": str(well.pk),
            **{name: getattr(well, name) for name in OWN},
            "has_survey": well.name in surveyed,
            **facts[well.name],
        }
        for well in wells
    ]


def _add(facts: dict[str, Any], what: str, found: Mapping[str, Any]) -> None:
    facts[what] += found["count"]
    for end, outer in (("top", min), ("base", max)):
        known = facts[end]
        facts[end] = found[end] if known is None else outer(known, found[end])


def _logs(names: Iterable[str]) -> Iterable[Mapping[str, Any]]:
    ready = {"state": "ready", "well": {"$in": [*names]}}
    key = {"well": "$well", "kind": "$kind"}
    return _grouped("images.ImageLog", ready, key, [BY_WELL], top="$top", base="$base")


def _photos(names: Iterable[str]) -> Iterable[Mapping[str, Any]]:
    depths = {"top": "$top_depth", "base": "$base_depth"}
    return _grouped("photos.CorePhoto", {"well": {"$in": [*names]}}, "$well", **depths)


def _dips(names: Iterable[str]) -> Iterable[Mapping[str, Any]]:
    dips: Any = apps.get_model("dips.Dip")
    return _grouped("dips.Dip", {"well": {"$in": [*names]}, **dips.visible()}, "$well")


def _grouped(
    model: str, match: Mapping[str, Any], key: Any, order: Iterable[Any] = (), **depths: str
) -> Iterable[Mapping[str, Any]]:
    limits = {"top": "$min", "base": "$max"}
    ends = {name: {limits[name]: field} for name, field in depths.items()}
    group = {"_id": key, "count": {"$sum": 1}, **ends}
    found = collection(apps.get_model(model))
    return list(found.aggregate([{"$match": match}, *order, {"$group": group}]))


@translated()
def top_of_logs(well: str) -> float | None:
    """The shallowest depth of the logs of a well. Raises StorageUnavailable."""
    logs = collection(apps.get_model("images.ImageLog"))
    first = logs.find_one({"state": "ready", "well": well}, {"top": 1}, sort=[("top", 1)])
    return None if first is None else float(first["top"])
