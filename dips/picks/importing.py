"""Import files of picks: preview one, or keep all of its picks or none. A file is kept once."""

import hashlib
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import IO, Any

import numpy as np
import pymongo
from bson import ObjectId
from django.utils import timezone
from pymongo.errors import DuplicateKeyError

from dips.errors import InvalidDips, PointsInsufficient
from dips.formats.found import Found
from dips.formats.layout import MAX_DIPS, Options, opened, well_named
from dips.formats.reading import read
from dips.formats.rows import COMPARED
from dips.models import Dip, DipImport
from dips.picks import editing, holes, import_ledger
from dips.picks.calipers import calipers
from dips.picks.computation import widths
from dips.picks.shown import shown
from dips.planes.geometry import height_of
from dips.terms import Basis, Source
from storage.documents import collection
from storage.errors import StorageUnavailable, translated
from web import parameters
from web.budget import budget
from wells import survey_files
from wells.errors import WellChanged
from wells.hole import Hole
from wells.models import Well

# The time limit for writing a file; that of a request is too short for so many picks.
SECONDS = 60
SHOWN = 10
# A file is looked through in blocks of this size before its memory is reserved.
BLOCK_BYTES = 1024**2
# How long to wait for another import of the same file.
LOOKS, LOOK_SECONDS = 50, 0.1
# Memory that a pick takes between its line and its document.
DRAFT_BYTES = 2_500
# A longer line has many points or fields: so many bytes for each byte more, as measured.
LINE_BYTES, BYTES_A_BYTE = 400, 18
# A larger difference means another reference, sense, survey or diameter.
NOTABLE_DEGREES = 0.1
# The azimuth of a plane that dips less is mostly rounding, and is not compared.
NEARLY_HORIZONTAL_DEGREES = 1.0


@translated()
def imported(file: IO[bytes], asked: Mapping[str, Any], author: str) -> dict[str, Any]:
    """Keep the picks of a file, or with ``preview`` only describe them.

    ``asked`` may have ``preview``, ``well`` and the options of ``Options``. Raises InvalidDips,
    UnitsDiffer, InvalidParameter, WellChanged, BudgetExhausted, StorageUnavailable; nothing is kept
    then.
    """
    nbytes, lines = _counted(file)
    long = max(nbytes - lines * LINE_BYTES, 0) * BYTES_A_BYTE
    memory = nbytes + lines * DRAFT_BYTES + long
    with budget.reserve(memory, f"a file of {lines} picks; send parts"):
        return _imported(file.read(), asked, author)


def _counted(file: IO[bytes]) -> tuple[int, int]:
    """The bytes of a file, and its lines, of which at most MAX_DIPS are read."""
    nbytes, lines = 0, 1
    while block := file.read(BLOCK_BYTES):
        nbytes += len(block)
        lines += block.count(b"\n")
    file.seek(0)
    return nbytes, min(lines, MAX_DIPS)


def _imported(data: bytes, asked: Mapping[str, Any], author: str) -> dict[str, Any]:
    table = opened(data)
    named = well_named(table)
    well = asked.get("well") or (parameters.well(named) if named else parameters.DEFAULT_WELL)
    hole = holes.hole_or_unknown(well)
    own = {name: asked.get(name) for name in ("reference", "type", "diameter", "diameter_unit")}
    found = read(table, Options(hole.depth_unit, asked.get("depth_unit"), **own))
    if named and named.casefold() != well.casefold():
        found.warnings.append(f"the file says that its picks are of the well {named}")
    if hole.stations is None and (names := survey_files.inclinations(found.ignored)):
        found.warnings.append(
            f"the column {names[0]} is not read: if it says where the hole goes, send it with depth"
            " and azimuth as the survey of the well"
        )
    hole = replace(hole, depth_unit=hole.depth_unit or found.depth_unit)
    drafts = _drafts(found, hole, author)
    answer = _preview(found, drafts, hole)
    batch, created = None, False
    if not asked.get("preview"):
        if found.total:
            raise InvalidDips(found.faults, found.total)
        if Well.document(name=well) is not None:
            Well.ensure(well, found.depth_unit)
            hole = holes.hole(well)
            _check_unit(hole.depth_unit, found.depth_unit)
            for pick in drafts:
                pick["born"] = pick["edited"] = hole.generation
        if drafts:
            options = {**own, "depth_unit": asked.get("depth_unit")}
            digest = hashlib.sha256(data + repr(options).encode()).hexdigest()
            batch, created = _keep(digest, hole, drafts, author)
    about = {"preview": asked.get("preview", False), "id": batch and str(batch), "created": created}
    return {**about, "well": well, **answer}


def _check_unit(of_well: str | None, of_file: str | None) -> None:
    """Raise WellChanged where a well has got another unit since the file was read."""
    if of_file not in {None, of_well}:
        raise WellChanged(f"the depths of the well are in {of_well} now; try again")


def _drafts(found: Found, hole: Hole, author: str) -> list[dict[str, Any]]:
    """The documents of the picks of a file. Faults and warnings are added to ``found``.

    Picks that are in the well already, by the ids that an export has, are left out.
    """
    kept = _kept_already(hole, found.fields)
    heights = _heights(found, hole)
    drafts, published, strange = [], [], 0
    rows = zip(found.lines, found.fields, found.published, heights, strict=True)
    for line, fields, says, height in rows:
        if fields.get("id") in kept:
            continue
        if reason := _without_height(fields, height):
            found.fault(line, "apparent_dip", f"{fields['apparent_dip']:g}", reason)
            continue
        log = fields.get("log", "")
        is_id = ObjectId.is_valid(log)
        strange += bool(log) and not is_id
        known = {"height": height, **fields, "log": ObjectId(log) if is_id else None}
        try:
            pick = editing.draft(hole, known, fields.get("author") or author, Source.IMPORTED)
        except PointsInsufficient as error:
            found.fault(line, "points", None, str(error))
            continue
        drafts.append({**pick, "editor": author})
        published.append(says)
    found.published = published
    if strange:
        found.warnings.append(f"{strange} picks name a log, but not by its id; it is left out")
    if kept:
        found.warnings.append(f"{len(kept)} picks are in the well already and stay as they are")
    return drafts


def _kept_already(hole: Hole, fields: Sequence[Mapping[str, Any]]) -> set[str]:
    ids = [ObjectId(one["id"]) for one in fields if ObjectId.is_valid(one.get("id", ""))]
    query = {"_id": {"$in": ids}, "well": hole.name, **Dip.visible()}
    return {str(pick["_id"]) for pick in collection(Dip).find(query, {"_id": 1})} if ids else set()


def _heights(found: Found, hole: Hole) -> list[float | None]:
    """The heights of sinusoids that the file tells by apparent dips; None for other planes.

    The diameter is that of the file, else that of the well; nan where neither is known.
    """
    heights: list[float | None] = [None] * len(found.fields)
    chosen = [number for number, fields in enumerate(found.fields) if "apparent_dip" in fields]
    rows = [{"diameter": None, "diameter_unit": None, **found.fields[n]} for n in chosen]
    of_well = widths(rows, hole, calipers(rows, hole))
    bare = replace(hole, bit_size=None)
    of_file = widths(rows, bare, None)
    dips = [row["apparent_dip"] for row in rows]
    known = height_of(dips, np.where(np.isnan(of_file), of_well, of_file))
    for number, height in zip(chosen, known.tolist(), strict=True):
        heights[number] = height
    return heights


def _without_height(fields: Mapping[str, Any], height: float | None) -> str | None:
    """Why an apparent dip gives no height; None where it does, or where there is no such dip."""
    if height is None or np.isfinite(height):
        return None
    if fields["apparent_dip"] >= 90:
        return "a plane along the hole has no height"
    return (
        "the height of the sinusoid is not known: neither the file nor the well has a diameter;"
        " send diameter and diameter_unit, and depth_unit if the unit of depth is not known"
    )


def _preview(found: Found, drafts: Sequence[Mapping[str, Any]], hole: Hole) -> dict[str, Any]:
    """The answer about a file: what it holds, what is wrong with it, its first picks."""
    dips = shown(drafts, hole)
    differences, warnings = _differences(found.published, dips)
    lacking = Counter(
        dip["reason"] for dip in dips if dip["true_dip"] is None and dip["basis"] != Basis.PLANE
    )
    warnings += [f"{count} picks have no true dip: {why}" for why, count in lacking.most_common(5)]
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


def _keep(
    digest: str, hole: Hole, drafts: list[dict[str, Any]], author: str
) -> tuple[ObjectId, bool]:
    """Keep picks and return the id of their import, and whether it is new.

    The well is made when they are written, if there is none. Raises WellChanged,
    StorageUnavailable; nothing of it is seen then.
    """
    same = {"well": hole.name, "sha256": digest}
    former = collection(DipImport).find_one(same)
    if former and import_ledger.is_seen(former["_id"]):
        return former["_id"], False
    batch_id = ObjectId()
    batch = {"_id": batch_id, **same, "count": len(drafts), "author": author}
    for pick in drafts:
        pick["batch"] = batch_id
    named = [holes.log_with_id(log_id) for log_id in {pick["log"] for pick in drafts} - {None}]

    def make_well() -> None:
        made, _ = Well.ensure(hole.name, hole.depth_unit)
        _check_unit(made.depth_unit, hole.depth_unit)
        for log in filter(None, named):
            holes.note_reference(hole, log)

    try:
        with pymongo.timeout(SECONDS):
            whole = {**batch, "imported_at": timezone.now()}
            import_ledger.keep(whole, drafts, former, make_well)
    except DuplicateKeyError:
        return _first(same), False
    return batch_id, True


def _first(same: Mapping[str, Any]) -> ObjectId:
    """Wait for the other import of the same file and return its id. Raises StorageUnavailable."""
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
    """The largest differences, in degrees, between the dips in a file and those computed."""
    found, warnings = {}, []
    for name in COMPARED:
        is_azimuth = name.endswith("azimuth")
        pairs = [
            (says[name], dip[name])
            for says, dip in zip(published, dips, strict=True)
            if name in says
            and dip[name] is not None
            and not (is_azimuth and dip["true_dip"] < NEARLY_HORIZONTAL_DEGREES)
        ]
        if not pairs:
            continue
        given, computed = np.array(pairs).T
        apart = np.abs(given - computed)
        if is_azimuth:
            apart = np.minimum(apart % 360, -apart % 360)
        found[name] = float(apart.max())
        if found[name] > NOTABLE_DEGREES:
            what = name.replace("_", " ")
            warnings.append(
                f"the {what} of the file differs from what is computed by up to {found[name]:.4g}"
                f" degrees, {float(np.median(apart)):.4g} at the median; the dips kept are those"
                " computed"
            )
    return found, warnings
