"""Find and delete what crashes left: files, and chunks without a file, that no row names.

It may run beside writers because of its order: it looks first at what is stored, then at valid
leases, then at what rows name. A writer takes a lease before its first byte, and gives it back only
after a row names the file. An expired lease is deleted before the rows are read again. So either
the row of its writer is seen here, or its writer fails to give the lease back.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bson import ObjectId

from storage import leases
from storage.bucket import Bucket
from storage.damage import Damage
from storage.errors import translated
from storage.leases import OVER

NamedIds = Callable[[], set[ObjectId]]


@dataclass(frozen=True, slots=True)
class Unreachable:
    """What is stored under an id that no row names. ``name`` is None if the entry is gone."""

    file_id: ObjectId
    name: str | None
    length_bytes: int


@translated()
def unreachable(
    bucket: Bucket, named: NamedIds, among: Mapping[str, Any] | None = None
) -> list[Unreachable]:
    """What no row names and no running writer holds. ``named`` returns the ids that rows name.

    In a bucket that other programs use too, ``among`` is a query for our entries. There, chunks
    without an entry may be of others, and are left alone.

    Raises StorageUnavailable.
    """
    return _described(bucket, _candidates(bucket, among) - named())


@translated()
def reap(
    bucket: Bucket, named: NamedIds, among: Mapping[str, Any] | None = None
) -> list[Unreachable]:
    """Delete and return what ``unreachable`` finds.

    Raises StorageUnavailable; then call it again.
    """
    taken = _candidates(bucket, among) - named()
    bucket.leases.delete_many({"_id": {"$in": [*taken]}, **OVER})
    held = {lease["_id"] for lease in bucket.leases.find({}, {"_id": 1})}
    still_named = named()
    doomed = _described(bucket, taken - held - still_named)
    bucket.delete(found.file_id for found in doomed)
    # Django's own FileField never gives a lease back.
    over = {lease["_id"] for lease in bucket.leases.find(OVER, {"_id": 1})}
    bucket.leases.delete_many({"_id": {"$in": [*over & still_named]}})
    return doomed


def damages(
    bucket: Bucket,
    named: NamedIds,
    owner: str,
    fix: bool,
    among: Mapping[str, Any] | None = None,
) -> list[Damage]:
    """What ``unreachable`` finds, as the doctor says it; with ``fix`` it is deleted.

    ``owner`` is what the rows that name the files are called. Raises StorageUnavailable.
    """
    return [
        Damage.repairable(
            f"file {found.file_id} of {found.length_bytes} bytes belongs to no {owner}",
            fix,
            found.length_bytes,
        )
        for found in (reap if fix else unreachable)(bucket, named, among)
    ]


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
