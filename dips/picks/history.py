"""What happened to a pick: changes by people, and its dips computed again when its well changed."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bson import ObjectId

from dips.errors import DipNotFound
from dips.models import Dip, PastDip
from dips.picks import holes
from dips.picks.shown import BYTES_A_BYTE, one_shown, revision
from storage.documents import collection
from storage.errors import translated
from wells.hole import Hole

ACTS = MADE, CHANGED, RECOMPUTED, DELETED = "made", "changed", "recomputed", "deleted"
# Only the latest versions are listed.
MAX_VERSIONS = 200
_LARGEST = {"$group": {"_id": None, "bytes": {"$max": {"$bsonSize": "$$ROOT"}}}}


@translated()
def memory(dip_id: ObjectId) -> int:
    """The most bytes that ``history`` and its JSON take: as if each version were the largest.

    Raises StorageUnavailable.
    """
    sizes = [
        found["bytes"]
        for model, key in ((Dip, "_id"), (PastDip, "dip"))
        for found in collection(model).aggregate([{"$match": {key: dip_id}}, _LARGEST])
    ]
    return MAX_VERSIONS * max(sizes, default=0) * BYTES_A_BYTE


@translated()
def history(dip_id: ObjectId) -> dict[str, Any]:
    """The versions of a pick, the latest first, and how many there are; also of a deleted pick.

    Raises DipNotFound, StorageUnavailable.
    """
    pick = collection(Dip).find_one({"_id": dip_id, **Dip.visible()})
    before = {} if pick is None else {"edits": {"$lt": pick["edits"]}}
    edits = PastDip.latest(dip_id, MAX_VERSIONS, **before) + ([] if pick is None else [pick])
    if not edits:
        raise DipNotFound(f"there is no pick {dip_id}")
    hole = holes.hole(edits[-1]["well"])
    events = list(_events(edits, hole))[::-1]
    results = [_event(*event, hole) for event in events[:MAX_VERSIONS]]
    if pick is None:
        end = edits[-1].get("end") or {"deleted_at": None, "deleted_by": ""}
        results.insert(0, {"act": DELETED, "at": end["deleted_at"], "by": end["deleted_by"]})
    _, latest, generation = events[0]
    return {"count": revision(latest, generation), "results": results}


def version(pick: Mapping[str, Any], hole: Hole, wanted: int) -> dict[str, Any] | None:
    """A revision of a pick as it was shown; None if there was no such revision."""
    first = {"$add": [1, "$was.edits", {"$subtract": ["$was.edited", "$was.born"]}]}
    begun = {"edits": {"$lt": pick["edits"]}, "$expr": {"$lte": [first, wanted]}}
    edits = [*PastDip.latest(pick["_id"], 1, **begun), pick]
    for _, edit, generation in _events(edits, hole):
        if revision(edit, generation) == wanted:
            return one_shown(edit, holes.past(hole, generation))
    return None


def _events(
    edits: Sequence[Mapping[str, Any]], hole: Hole
) -> Iterator[tuple[str, Mapping[str, Any], int]]:
    """Each event: its act, the document of the pick after it, and the generation of the well."""
    for number, edit in enumerate(edits):
        end = edit.get("end", {}).get("generation", hole.generation)
        last = edits[number + 1]["edited"] if number + 1 < len(edits) else end
        made = CHANGED if edit["edits"] else MADE
        for generation in range(edit["edited"], last + 1):
            yield RECOMPUTED if generation > edit["edited"] else made, edit, generation


def _event(act: str, edit: Mapping[str, Any], generation: int, hole: Hole) -> dict[str, Any]:
    then = holes.past(hole, generation)
    by_well = act == RECOMPUTED
    return {
        "act": act,
        "at": then.changed_at if by_well else edit["changed_at"],
        "by": then.changed_by if by_well else edit["editor"],
        "revision": revision(edit, generation),
        "dip": one_shown(edit, then),
    }
