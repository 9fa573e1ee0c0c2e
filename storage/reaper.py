"""Find and reap what crashes left: files, and chunks without a file, that nothing names.

Safe beside running writers by the order in which it looks: first what is stored, then which leases
live, then what rows name. What is written meanwhile was leased, or named, before its first byte,
and what was given back its lease was named before that. A lease that has run out is taken before
the rows are asked, so its writer either has its row seen here or fails to settle.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bson import ObjectId

from storage import leases
from storage.bucket import Bucket
from storage.errors import translated
from storage.leases import OVER

NamedIds = Callable[[], set[ObjectId]]


@dataclass(frozen=True, slots=True)
class Unreachable:
    """What is stored under an id that nothing names; its name where it has an entry still."""

    file_id: ObjectId
    name: str | None
    length_bytes: int


@translated()
def unreachable(
    bucket: Bucket, named: NamedIds, among: Mapping[str, Any] | None = None
) -> list[Unreachable]:
    """What nothing names and no running writer holds; ``named`` asks the rows.

    In a bucket that others use too, ``among`` is a query for the entries that are ours. Whose
    chunks without an entry are is not known there, and they are left alone.

    Raises StorageUnavailable.
    """
    return _described(bucket, _candidates(bucket, among) - named())


@translated()
def reap(
    bucket: Bucket, named: NamedIds, among: Mapping[str, Any] | None = None
) -> list[Unreachable]:
    """Delete what ``unreachable`` finds, and return it.

    Raises StorageUnavailable; calling it again finishes the work.
    """
    taken = _candidates(bucket, among) - named()
    bucket.leases.delete_many({"_id": {"$in": [*taken]}, **OVER})
    held = {lease["_id"] for lease in bucket.leases.find({}, {"_id": 1})}
    still_named = named()
    doomed = _described(bucket, taken - held - still_named)
    bucket.delete(found.file_id for found in doomed)
    # Plain storages do not give the leases of files that rows name back.
    over = {lease["_id"] for lease in bucket.leases.find(OVER, {"_id": 1})}
    bucket.leases.delete_many({"_id": {"$in": [*over & still_named]}})
    return doomed


@translated()
def missing(bucket: Bucket, named: NamedIds) -> set[ObjectId]:
    """The ids that rows name and under which there is no file. Raises StorageUnavailable."""
    ids = named()
    found = bucket.files.find({"_id": {"$in": [*ids]}}, {"_id": 1})
    return ids - {file["_id"] for file in found}


def _candidates(bucket: Bucket, among: Mapping[str, Any] | None) -> set[ObjectId]:
    """The ids under which there is anything, and that no writer holds a living lease on."""
    if among is not None:
        return {file["_id"] for file in bucket.files.find(among, {"_id": 1})}
    held = {lease["_id"] for lease in bucket.leases.find({}, {"_id": 1})}
    stored = bucket.stored_ids() | held
    return stored - leases.alive(bucket)


def _described(bucket: Bucket, ids: Iterable[ObjectId]) -> list[Unreachable]:
    """What is stored under these ids; a lease alone is nothing that is stored."""
    lengths = bucket.stored_bytes(ids)
    files = bucket.files.find({"_id": {"$in": [*lengths]}}, {"filename": 1})
    names = {file["_id"]: file.get("filename") for file in files}
    return [Unreachable(id_, names.get(id_), lengths[id_]) for id_ in sorted(lengths)]
