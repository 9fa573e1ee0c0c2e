"""Leases: a writer takes one on its file before it writes the first byte.

A file is not reaped while its lease is valid or a row names it. The writer gives the lease back as
soon as a saved row names the file. The reaper deletes a lease that has expired. Only one of the two
can delete it, so a writer that was too slow gets an error instead of a file that was reaped.
All times are from MongoDB's clock (``$$NOW``), so the clocks of the hosts do not matter.
"""

import time

from bson import ObjectId

from storage.bucket import Bucket
from storage.errors import FileMissing, translated

# Queries for valid leases, and for expired ones.
ALIVE = {"$expr": {"$gt": ["$until", "$$NOW"]}}
OVER = {"$expr": {"$lte": ["$until", "$$NOW"]}}


class Lease:
    """The lease on ``file_id`` for ``seconds`` from when it is taken or renewed.

    All methods raise StorageUnavailable, and those that find the lease gone FileMissing.
    """

    def __init__(self, bucket: Bucket, file_id: ObjectId, seconds: float) -> None:
        self.bucket = bucket
        self._query = {"_id": file_id}
        self._seconds = seconds
        self._held_since: float | None = None

    @property
    def taken(self) -> bool:
        """Whether this object has asked for it, even if the answer was lost."""
        return self._held_since is not None

    @translated()
    def take(self) -> None:
        """Take it, whether or not it is held."""
        self._set(upsert=True)

    def hold(self) -> None:
        """Take it at the first call. Later calls renew it in time."""
        if self._held_since is None:
            self.take()
        elif time.monotonic() - self._held_since > self._seconds / 4:
            self.renew()

    @translated()
    def renew(self) -> None:
        if not self._set(upsert=False):
            raise self._gone()

    def settle(self) -> None:
        """Give it back: a row names the file."""
        if not self.drop():
            raise self._gone()

    @translated()
    def drop(self) -> bool:
        """Give it back, if it is there."""
        return bool(self.bucket.leases.delete_one(self._query).deleted_count)

    def _set(self, upsert: bool) -> bool:
        until = {"$add": ["$$NOW", round(self._seconds * 1000)]}
        change = [{"$set": {"until": until}}]
        self._held_since = time.monotonic()
        result = self.bucket.leases.update_one(self._query, change, upsert=upsert)
        return bool(result.matched_count)

    def _gone(self) -> FileMissing:
        return FileMissing(
            f"file {self._query['_id']} was reaped: its writer had let its lease run out"
        )


@translated()
def alive(bucket: Bucket) -> set[ObjectId]:
    """The ids that somebody holds a lease on. Raises StorageUnavailable."""
    return {lease["_id"] for lease in bucket.leases.find(ALIVE, {"_id": 1})}
