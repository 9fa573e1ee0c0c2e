"""Imports of any number of picks become visible by one update, or are undone.

The ledger of imports is one document. An import takes a number from the ledger and is noted there
as under way. Its picks carry the number, and readers leave them out. Removing the note publishes
the import. A reader reads the ledger first and leaves out all imports that were under way, or had
not begun, at that moment. So it sees all of an import or nothing, however long it reads.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from bson import ObjectId
from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError, PyMongoError

from dips.models import LEDGER_ID, Dip, DipImport, ImportLedger
from storage.documents import collection, in_transaction
from storage.errors import StorageUnavailable, translated
from storage.verify import Damage
from web.text import counted

logger = logging.getLogger(__name__)

# Picks in one insert.
PIECE = 5_000
# An import that takes longer is never published. MongoDB's clock decides.
LEASE_SECONDS = 600
# An import that began a day ago writes nothing any more: its note is removed.
NOTE_SECONDS = 24 * 3600


def keep(
    batch: Mapping[str, Any],
    drafts: Sequence[dict[str, Any]],
    former: Mapping[str, Any] | None,
    prepare: Callable[[], None],
) -> None:
    """Keep the picks of an import and show them all at once.

    ``prepare`` is called in the transaction that shows them. ``former`` is an earlier import of the
    same file without visible picks: it never finished, or its picks were deleted.

    Raises DuplicateKeyError if another import of the same file came first, StorageUnavailable,
    PyMongoError.
    """
    number = _begin(batch["_id"])
    try:
        for start in range(0, len(drafts), PIECE):
            piece = [{**pick, "import_number": number} for pick in drafts[start : start + PIECE]]
            collection(Dip).insert_many(piece)
        _claim(batch, former)
        in_transaction(partial(_publish, number, prepare))
    except BaseException:
        _undo(batch["_id"])
        raise


def is_seen(batch: ObjectId) -> bool:
    """Whether an import has been published, and some of its picks are still there."""
    return collection(Dip).find_one({"batch": batch, **Dip.visible()}, {"_id": 1}) is not None


def _begin(batch: ObjectId) -> int:
    """Note a new import as under way and return its number."""
    number = {"$ifNull": ["$next", 1]}
    until = {"$add": ["$$NOW", LEASE_SECONDS * 1000]}
    note = {"number": number, "batch": batch, "until": until}
    notes = {"$concatArrays": [{"$ifNull": ["$under_way", []]}, [note]]}
    ledger: Any = collection(ImportLedger).find_one_and_update(
        {"_id": LEDGER_ID},
        [{"$set": {"next": {"$add": [number, 1]}, "under_way": notes}}],
        upsert=True,
        return_document=ReturnDocument.AFTER,
    )
    return int(ledger["next"]) - 1


def _claim(batch: Mapping[str, Any], former: Mapping[str, Any] | None) -> None:
    """Register the import of this file. Raises DuplicateKeyError if there is another."""
    if former is not None:
        _end(former["_id"])
        if is_seen(former["_id"]):
            raise DuplicateKeyError("it has been published meanwhile")
        collection(DipImport).delete_one({"_id": former["_id"]})
    collection(DipImport).insert_one(dict(batch))


def _publish(number: int, prepare: Callable[[], None]) -> None:
    """Make an import visible. Raises StorageUnavailable if its lease has run out."""
    prepare()
    is_mine = {"$eq": ["$$this.number", number]}
    is_held = {"$gt": ["$$this.until", "$$NOW"]}
    mine = {"$filter": {"input": "$under_way", "cond": {"$and": [is_mine, is_held]}}}
    held = {"_id": LEDGER_ID, "$expr": {"$ne": [mine, []]}}
    away = {"$pull": {"under_way": {"number": number}}}
    if not collection(ImportLedger).update_one(held, away).matched_count:
        raise StorageUnavailable("the import took so long that it was undone; send it again")


def _end(batch: ObjectId) -> bool:
    """End the lease of an import, so that it is never published. False if it has been published.

    The note stays, so that an insert that MongoDB carries out later does not become visible either.
    """
    noted = {"_id": LEDGER_ID, "under_way.batch": batch}
    ended = {"$currentDate": {"under_way.$.until": True}}
    return collection(ImportLedger).update_one(noted, ended).matched_count > 0


def _undo(batch: ObjectId) -> None:
    """Delete the picks of an import that failed, unless it has been published after all."""
    try:
        if _end(batch):
            collection(Dip).delete_many({"batch": batch})
    except PyMongoError as failure:
        logger.warning("import %s of picks is left for the doctor: %s", batch, failure)


@translated()
def unfinished(fix: bool, idle: bool = False) -> list[Damage]:
    """Imports that never finished; with ``fix`` their picks, which nobody sees, are deleted.

    An import that may still be published is left alone, unless the caller knows that the service
    is ``idle``. May run at any time, also several times at once. Raises StorageUnavailable.
    """
    # In this order: an import is noted before its picks are written.
    group = {"_id": "$batch", "number": {"$max": "$import_number"}, "count": {"$sum": 1}}
    imported: list[dict[str, Any]] = [{"$match": {"batch": {"$ne": None}}}, {"$group": group}]
    stored = [*collection(Dip).aggregate(imported)]
    ledger = _ledger()
    noted = {note["batch"] for note in ledger["under_way"]}
    held = set() if idle else {note["batch"] for note in ledger["held"]}
    found = []
    for batch in stored:
        # A backup may hold picks that are newer than its copy of the ledger.
        unseen = batch["_id"] in noted or batch["number"] >= ledger["next"]
        if not unseen or batch["_id"] in held:
            continue
        if fix:
            _end(batch["_id"])
            if is_seen(batch["_id"]):  # published just now
                continue
            collection(Dip).delete_many({"batch": batch["_id"]})
        picks = counted(batch["count"], "pick")
        what = f"import {batch['_id']} of picks was left half done: {picks}"
        found.append(Damage.repairable(what, fix))
    if fix:
        over = {"number": {"$in": [note["number"] for note in ledger["over"]]}}
        collection(ImportLedger).update_one({"_id": LEDGER_ID}, {"$pull": {"under_way": over}})
    return found


def _ledger() -> Mapping[str, Any]:
    """The ledger: its next number, all notes, those with a lease that is still ``held`` by
    MongoDB's clock, and those that are ``over`` and can be removed."""

    def since(seconds: int, compare: str) -> dict[str, Any]:
        end = {"$add": ["$$this.until", seconds * 1000]}
        return {"$filter": {"input": "$under_way", "cond": {compare: [end, "$$NOW"]}}}

    parts = {"next": 1, "under_way": 1, "held": since(0, "$gt"), "over": since(NOTE_SECONDS, "$lt")}
    stages: list[dict[str, Any]] = [{"$match": {"_id": LEDGER_ID}}, {"$project": parts}]
    ledgers = collection(ImportLedger).aggregate(stages)
    return next(iter(ledgers), {"next": 1, "under_way": [], "held": [], "over": []})
