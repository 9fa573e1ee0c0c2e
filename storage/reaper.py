"""Find and reap what crashes left: files, and chunks without a file, that nothing names.

Safe beside running writers by the order in which it looks: first what is stored, then which leases
live, then what rows name. What is written meanwhile was leased before its first byte, and what was
given back its lease was named before that. A lease that has run out is taken before the rows are
asked, so that its writer either has its row seen here or fails to settle.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from bson import ObjectId
from pymongo.collection import Collection
from pymongo.database import Database

from storage.errors import translated
from storage.files import stored_bytes, stored_file_ids
from storage.leases import ALIVE, OVER

NamedIds = Callable[[], set[ObjectId]]


@dataclass(frozen=True, slots=True)
class Unreachable:
    """What is stored under an id that nothing names; its name where it has an entry still."""

    file_id: ObjectId
    name: str | None
    length_bytes: int


def unreachable(database: Database[Any], bucket: str, named: NamedIds) -> list[Unreachable]:
    """What nothing names and no running writer holds; ``named`` asks the rows.

    Raises StorageUnavailable when MongoDB cannot be reached.
    """
    root = database[bucket]
    with translated():
        candidates = _stored_ids(database, bucket)
        alive = {lease["_id"] for lease in root.leases.find(ALIVE, {"_id": 1})}
        return _described(root, candidates - alive - named())


def reap(database: Database[Any], bucket: str, named: NamedIds) -> list[Unreachable]:
    """Delete what ``unreachable`` finds, and return it.

    Raises StorageUnavailable when MongoDB cannot be reached; calling it again finishes the work.
    """
    root = database[bucket]
    with translated():
        taken = {found.file_id for found in unreachable(database, bucket, named)}
        root.leases.delete_many({"_id": {"$in": [*taken]}, **OVER})
        held = {lease["_id"] for lease in root.leases.find({}, {"_id": 1})}
        still_named = named()
        doomed = _described(root, taken - held - still_named)
        ids = [found.file_id for found in doomed]
        root.files.delete_many({"_id": {"$in": ids}})
        root.chunks.delete_many({"files_id": {"$in": ids}})
        # Plain storages do not give the leases of files that rows name back.
        over = {lease["_id"] for lease in root.leases.find(OVER, {"_id": 1})}
        root.leases.delete_many({"_id": {"$in": [*over & still_named]}})
    return doomed


def missing(database: Database[Any], bucket: str, named: NamedIds) -> set[ObjectId]:
    """The ids that rows name and under which there is no file."""
    ids = named()
    with translated():
        found = database[bucket].files.find({"_id": {"$in": [*ids]}}, {"_id": 1})
        return ids - {file["_id"] for file in found}


def _stored_ids(database: Database[Any], bucket: str) -> set[ObjectId]:
    """All ids under which there are any bytes, an entry or a lease."""
    leases = database[bucket].leases.find({}, {"_id": 1})
    return stored_file_ids(database, bucket) | {lease["_id"] for lease in leases}


def _described(root: Collection[Any], ids: Iterable[ObjectId]) -> list[Unreachable]:
    wanted = sorted(ids)
    files = root.files.find({"_id": {"$in": wanted}}, {"filename": 1})
    names = {file["_id"]: file["filename"] for file in files}
    lengths = stored_bytes(root.database, wanted, root.name)
    return [Unreachable(id_, names.get(id_), lengths.get(id_, 0)) for id_ in wanted]
