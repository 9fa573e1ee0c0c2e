"""Many picks at once: all of them or none, and the same file only once."""

import hashlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

import numpy as np
import pymongo
from bson import ObjectId
from django.utils import timezone
from pymongo.errors import DuplicateKeyError

from dips.api.parameters import IMPORT
from dips.errors import InvalidDips, PointsInsufficient
from dips.formats import reading
from dips.formats.names import Source
from dips.formats.reading import COMPARED, Found, Options
from dips.models import Dip, DipImport
from dips.picks import editing, holes, import_ledger
from dips.picks.computation import shown
from dips.picks.holes import calipers
from storage.errors import StorageUnavailable, translated
from web import parameters
from web.budget import budget
from web.errors import InvalidParameter
from wells.errors import Fault, WellNotFound
from wells.hole import Hole
from wells.models import Well, collection

# Time for as many picks as one file may have; that of a request is meant for a window.
SECONDS = 60
SHOWN = 10
# How long the same file, sent by somebody else, is waited for.
LOOKS, LOOK_SECONDS = 50, 0.1
# What a pick takes on its way from a line to a document.
DRAFT_BYTES = 2_500
# A file that differs more from what is computed has another reference, sense, survey or diameter.
NOTABLE_DEGREES = 0.1
_ONE_OF_TURN = 360


def options(asked: Mapping[str, str]) -> dict[str, Any]:
    """What a request says of a file. Raises InvalidParameter, StorageUnavailable."""
    found = parameters.read(asked, IMPORT)
    if "diameter" in found and (found["diameter"] <= 0 or "diameter_unit" not in found):
        reason = "a diameter is more than 0 and has a diameter_unit"
        raise InvalidParameter("diameter", asked["diameter"], reason)
    preview_only = found.get("preview") == "true"
    return {**found, "preview": preview_only, "well": found.get("well", parameters.DEFAULT_WELL)}


@translated()
def imported(data: bytes, asked: dict[str, Any], author: str) -> dict[str, Any]:
    """Keep the picks of a file, or with ``preview`` say what they are.

    Raises InvalidDips, UnitsDiffer, BudgetExhausted, StorageUnavailable; nothing is kept then.
    """
    lines = min(data.count(b"\n") + 1, reading.MAX_DIPS)
    with budget.reserve(len(data) + lines * DRAFT_BYTES, f"a file of {lines} picks; send parts"):
        return _imported(data, asked, author)


def _imported(data: bytes, asked: dict[str, Any], author: str) -> dict[str, Any]:
    preview_only, well = asked.pop("preview"), asked.pop("well")
    hole = _hole(well)
    own = {name: asked.get(name) for name in ("reference", "type", "diameter", "diameter_unit")}
    options = Options(hole.depth_unit, asked.get("depth_unit"), **own)
    found, drafts = read(data, hole, options, author)
    unit = hole.depth_unit or found.depth_unit
    answer = preview(found, drafts, replace(hole, depth_unit=unit))
    kept: tuple[ObjectId | None, bool] = (None, False)
    if not preview_only:
        if found.total:
            raise InvalidDips(found.faults, found.total)
        Well.ensure(well, found.depth_unit)
        hole = holes.hole(well)
        for pick in drafts:
            pick["born"] = pick["edited"] = hole.generation
        if drafts:
            kept = keep(data, hole, options, drafts, author)
    batch, created = kept
    about = {"preview": preview_only, "id": batch and str(batch), "created": created, "well": well}
    return {**about, **answer}


def _hole(well: str) -> Hole:
    try:
        return holes.hole(well)
    except WellNotFound:
        facts = {"_id": ObjectId(), "name": well, "generation": 0, "changed_at": timezone.now()}
        return Hole.of(facts)


def read(data: bytes, hole: Hole, options: Options, author: str) -> tuple[Found, list[Any]]:
    """What a file holds, and the documents of its picks. Raises InvalidDips, UnitsDiffer.

    Picks that are in the well already, by the ids that an export has, are left out.
    """
    found = reading.read(data, options)
    there = _there(hole, found.fields)
    drafts, published = [], []
    for line, fields, says in zip(found.lines, found.fields, found.published, strict=True):
        if fields.get("id") in there:
            continue
        log = fields.pop("log", None)
        known = {**fields, "log": ObjectId(log) if ObjectId.is_valid(log or "") else None}
        try:
            pick = editing.draft(hole, known, fields.get("author") or author, Source.IMPORTED)
        except PointsInsufficient as error:
            found.add(Fault(line, "points", None, str(error)))
            continue
        drafts.append({**pick, "editor": author})
        published.append(says)
    found.published = published
    if there:
        found.warnings.append(f"{len(there)} picks are in the well already and stay as they are")
    return found, drafts


def _there(hole: Hole, fields: Sequence[Mapping[str, Any]]) -> set[str]:
    ids = [ObjectId(one["id"]) for one in fields if ObjectId.is_valid(one.get("id", ""))]
    query = {"_id": {"$in": ids}, "well": hole.name, **Dip.visible()}
    return {str(pick["_id"]) for pick in collection(Dip).find(query, {"_id": 1})} if ids else set()


def preview(found: Found, drafts: Sequence[Mapping[str, Any]], hole: Hole) -> dict[str, Any]:
    """What would come of the picks of a file."""
    dips = shown(drafts, hole, calipers(drafts, hole))
    differences, warnings = _differences(found.published, dips)
    depths = [pick["depth"] for pick in drafts]
    return {
        "count": len(drafts),
        "basis": found.basis,
        "columns": found.columns,
        "ignored": found.ignored,
        "depth_unit": found.depth_unit,
        "top": min(depths, default=None),
        "base": max(depths, default=None),
        "differences": differences,
        "warnings": [*found.warnings, *warnings],
        "errors": [asdict(fault) for fault in found.faults],
        "total_errors": found.total,
        "dips": [{**dip, "id": None} for dip in dips[:SHOWN]],
    }


@translated()
def keep(
    data: bytes, hole: Hole, options: Options, drafts: list[Any], author: str
) -> tuple[ObjectId, bool]:
    """Keep the picks of a file; the id of the import, and whether it is new.

    Raises StorageUnavailable; nothing of it is seen then.
    """
    digest = hashlib.sha256(data + repr(asdict(options)).encode()).hexdigest()
    same = {"well": hole.name, "sha256": digest}
    imported = collection(DipImport).find_one(same)
    if imported and import_ledger.is_seen(imported["_id"]):
        return imported["_id"], False
    batch = {
        "_id": ObjectId(),
        **same,
        "count": len(drafts),
        "author": author,
        "imported_at": timezone.now(),
    }
    for pick in drafts:
        pick["batch"] = batch["_id"]
    for log_id in {pick["log"] for pick in drafts} - {None}:
        if log := holes.log_with_id(log_id):
            holes.refer(hole, log)
    try:
        with pymongo.timeout(SECONDS):
            import_ledger.keep(batch, drafts, imported)
    except DuplicateKeyError:
        return _first(same), False
    return batch["_id"], True


def _first(same: Mapping[str, Any]) -> ObjectId:
    """The import of the same file that came first, once it is seen. Raises StorageUnavailable."""
    for _ in range(LOOKS):
        first = collection(DipImport).find_one(same)
        if first is not None and import_ledger.is_seen(first["_id"]):
            found: ObjectId = first["_id"]
            return found
        time.sleep(LOOK_SECONDS)
    raise StorageUnavailable("the same file is being imported at the same time; send it again")


def _differences(
    published: Sequence[Mapping[str, float]], dips: Sequence[Mapping[str, Any]]
) -> tuple[dict[str, float], list[str]]:
    """By how many degrees, at most, what the file says differs from what is computed."""
    found, warnings = {}, []
    for name in COMPARED:
        pairs = [
            (says[name], dip[name])
            for says, dip in zip(published, dips, strict=True)
            if name in says and dip[name] is not None
        ]
        if not pairs:
            continue
        given, computed = np.array(pairs).T
        apart = np.abs(given - computed)
        if name.endswith("azimuth"):
            apart = np.minimum(apart % _ONE_OF_TURN, -apart % _ONE_OF_TURN)
        found[name] = float(apart.max())
        if found[name] > NOTABLE_DEGREES:
            what = name.replace("_", " ")
            warnings.append(
                f"the {what} of the file differs from what is computed by up to {found[name]:.4g}"
                f" degrees, {float(np.median(apart)):.4g} at the median; the dips kept are those"
                " computed"
            )
    return found, warnings
