"""Leases, and the reaper: it deletes what crashes left, and never what a writer still needs.

A writer takes a lease on its files before it writes the first byte, and gives it back as soon as
saved rows name the files. The reaper deletes files, and chunks without a file, that no row names
and that are not leased. It may run beside writers because of its order: it looks first at what is
stored, then at valid leases, then at what rows name. It deletes expired leases before it reads the
rows again. So either it sees the row of the writer, or the writer, which was too slow, gets an
error instead of a file that was reaped.

All times are from MongoDB's clock (``$$NOW``), so the clocks of the hosts do not matter.
"""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from bson import ObjectId
from pymongo import DeleteOne, UpdateOne
from pymongo.results import BulkWriteResult

from storage.bucket import Bucket
from storage.errors import FileMissing, translated
from storage.verify import Damage

# Queries for valid leases, and for expired ones.
ALIVE = {"$expr": {"$gt": ["$until", "$$NOW"]}}
EXPIRED = {"$expr": {"$lte": ["$until", "$$NOW"]}}

NamedIds = Callable[[], set[ObjectId]]


class Lease:
    """The lease on some files for ``seconds`` from when it is taken or renewed.

    All methods raise StorageUnavailable.
    """

    def __init__(self, bucket: Bucket, file_ids: Sequence[ObjectId], seconds: float) -> None:
        self._bucket = bucket
        self._file_ids = file_ids
        self._seconds = seconds
        self._held_since: float | None = None

    def hold(self) -> None:
        """Take it at the first call; later calls renew it in time, or raise FileMissing."""
        if self._held_since is None:
            self._set(upsert=True)
        elif time.monotonic() - self._held_since > self._seconds / 4:
            self.renew()

    def renew(self) -> None:
        """Hold it from now on. Raises FileMissing if it is gone."""
        self._check(self._set(upsert=False).matched_count)

    def settle(self) -> None:
        """Give it back: a row names each file. Raises FileMissing if it is gone."""
        self._check(self.drop())

    def drop(self) -> int:
        """Give it back. Returns for how many files it was still there."""
        return self._write(DeleteOne({"_id": each}) for each in self._file_ids).deleted_count

    def _set(self, upsert: bool) -> BulkWriteResult:
        until = {"$add": ["$$NOW", round(self._seconds * 1000)]}
        change = [{"$set": {"until": until}}]
        self._held_since = time.monotonic()
        return self._write(UpdateOne({"_id": e}, change, upsert=upsert) for e in self._file_ids)

    @translated()
    def _write(self, writes: Iterable[UpdateOne | DeleteOne]) -> BulkWriteResult:
        # Of writes in bulk, pymongo repeats those of one document after a lost connection.
        return self._bucket.leases.bulk_write([*writes])

    def _check(self, count: int) -> None:
        if count < len(self._file_ids):
            files = ", ".join(map(str, self._file_ids))
            raise FileMissing(f"file {files} was reaped: its writer had let its lease run out")


@translated()
def leased(bucket: Bucket, which: Mapping[str, Any] = ALIVE) -> set[ObjectId]:
    """The ids of the files with valid leases. Raises StorageUnavailable."""
    return {lease["_id"] for lease in bucket.leases.find(which, {"_id": 1})}


@translated()
def reap(
    bucket: Bucket,
    named: NamedIds,
    fix: bool = True,
    owner: str = "row",
    among: Mapping[str, Any] | None = None,
) -> list[Damage]:
    """Find the files that no row names and no running writer holds, and delete them if ``fix``.

    ``named`` returns the ids that rows name; ``owner`` is what these rows are called. In a bucket
    that other programs use too, ``among`` is a query for our entries. There, leases and chunks
    without an entry may be of others, and are left alone.

    Raises StorageUnavailable; then call it again.
    """
    if among is None:
        found = bucket.stored_ids() - leased(bucket)
    else:
        found = {entry["_id"] for entry in bucket.files.find(among, {"_id": 1})}
    found -= named()
    if fix:
        if among is None:
            bucket.leases.delete_many(EXPIRED)
        # Leases that have expired since then can still be renewed.
        found -= leased(bucket, {})
        found -= named()
    sizes = bucket.stored_bytes(found)
    if fix:
        bucket.delete(sizes)
    return [
        Damage.repairable(f"file {file_id} of {size} bytes belongs to no {owner}", fix, size)
        for file_id, size in sorted(sizes.items())
    ]
