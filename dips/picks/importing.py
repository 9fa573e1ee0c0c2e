"""Import files of picks: preview one, or keep all of its picks or none. A file is kept once."""

import hashlib
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import IO, Any

import pymongo
from bson import ObjectId
from django.utils import timezone
from pymongo.errors import DuplicateKeyError

from dips.errors import InvalidDips
from dips.formats.found import Found
from dips.formats.layout import MAX_DIPS, Options, opened, well_named
from dips.formats.reading import read
from dips.models import DipImport
from dips.picks import holes, import_ledger
from dips.picks.import_answer import described
from dips.picks.import_drafts import drafts_of
from storage.documents import collection
from storage.errors import StorageUnavailable, translated
from web import parameters
from web.budget import budget
from web.text import composed
from wells import survey_files
from wells.errors import WellChanged
from wells.hole import Hole
from wells.models import Well

# The time limit for writing a file; that of a request is too short for so many picks.
SECONDS = 60
# A file is looked through in blocks of this size before its memory is reserved.
BLOCK_BYTES = 1024**2
# How long to wait for another import of the same file.
LOOKS, LOOK_SECONDS = 50, 0.1
# Memory that a pick takes between its line and its document.
DRAFT_BYTES = 2_500
# A longer line has many points or fields. Measured memory for each byte above LINE_BYTES.
LINE_BYTES, BYTES_A_BYTE = 400, 18


@translated()
def imported(file: IO[bytes], asked: Mapping[str, Any], author: str) -> dict[str, Any]:
    """Keep the picks of a file, or with ``preview`` only describe them.

    ``asked`` may have ``preview``, ``well`` and the options of ``Options``.

    Raises InvalidDips, UnitsDiffer, InvalidParameter, WellChanged, BudgetExhausted,
    StorageUnavailable. Then nothing is kept.
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
    found.warnings += _remarks(found, named, hole)
    hole = replace(hole, depth_unit=hole.depth_unit or found.depth_unit)
    drafts = drafts_of(found, hole, author)
    answer = described(found, drafts, hole)
    batch, created = None, False
    if not asked.get("preview"):
        if found.total:
            raise InvalidDips(found.faults, found.total)
        hole = _current(hole, found.depth_unit, drafts)
        if drafts:
            options = {**own, "depth_unit": asked.get("depth_unit")}
            digest = hashlib.sha256(data + repr(options).encode()).hexdigest()
            batch, created = _keep(digest, hole, drafts, author)
    about = {"preview": asked.get("preview", False), "id": batch and str(batch), "created": created}
    return {**about, "well": well, **answer}


def _current(hole: Hole, depth_unit: str | None, drafts: list[dict[str, Any]]) -> Hole:
    """The well as it is now, if there is one: it gets the unit of the file, and the picks belong to
    its generation. Raises WellChanged."""
    if Well.document(name=hole.name) is None:
        return hole
    Well.ensure(hole.name, depth_unit)
    now = holes.hole(hole.name)
    _check_unit(now.depth_unit, depth_unit)
    for pick in drafts:
        pick["born"] = pick["edited"] = now.generation
    return now


def _remarks(found: Found, named: str | None, hole: Hole) -> Iterator[str]:
    """Warnings about a file and the well that it goes to. ``named`` is the well in the file."""
    if named and composed(named).casefold() != composed(hole.name).casefold():
        yield f"the file says that its picks are of the well {named}"
    if hole.stations is None and (names := survey_files.inclinations(found.ignored)):
        yield (
            f"the column {names[0]} is not read: if it says where the hole goes, send this file as"
            " the survey of the well too"
        )


def _check_unit(of_well: str | None, of_file: str | None) -> None:
    """Raise WellChanged if the well got another unit after the file was read."""
    if of_file not in {None, of_well}:
        raise WellChanged(f"the depths of the well are in {of_well} now; try again")


def _keep(
    digest: str, hole: Hole, drafts: list[dict[str, Any]], author: str
) -> tuple[ObjectId, bool]:
    """Keep picks and return the id of their import, and whether it is new.

    If there is no such well, it is made together with them. Raises WellChanged,
    StorageUnavailable. Then none of them is visible.
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
