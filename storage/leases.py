"""Leases: what is being written, journalled before its first byte.

A file whose lease lives, or that a row names, is never reaped. The writer gives the lease back
once the row that names the file is saved (`settle`); the reaper takes it when it has run out. Only
one of the two gets it, so that a writer which was too slow learns it and never takes a reaped
file for saved. All times are the clock of MongoDB, so that the clocks of the writers do not matter.
"""

from typing import Any

from bson import ObjectId

from storage.bucket import Bucket
from storage.errors import FileMissing


async def take(bucket: Bucket, file_id: ObjectId, seconds: float) -> None:
    """Journal that ``file_id`` will be written, for ``seconds``."""
    await bucket.call(bucket.leases.update_one, {"_id": file_id}, _until(seconds), upsert=True)


async def renew(bucket: Bucket, file_id: ObjectId, seconds: float) -> None:
    """Hold the lease for ``seconds`` from now. Raises FileMissing when the reaper has it."""
    result = await bucket.call(bucket.leases.update_one, {"_id": file_id}, _until(seconds))
    if not result.matched_count:
        raise FileMissing(f"file {file_id} was reaped: its writer had let its lease run out")


async def settle(bucket: Bucket, file_id: ObjectId) -> None:
    """Give the lease back: a row names the file. Raises FileMissing when the reaper has it."""
    result = await bucket.call(bucket.leases.delete_one, {"_id": file_id})
    if not result.deleted_count:
        raise FileMissing(f"file {file_id} was reaped before a row that names it was saved")


def _until(seconds: float) -> list[dict[str, Any]]:
    return [{"$set": {"until": {"$add": ["$$NOW", round(seconds * 1000)]}}}]


# Matches the leases that still live.
ALIVE = {"$expr": {"$gt": ["$until", "$$NOW"]}}
# Matches the leases that have run out.
OVER = {"$expr": {"$lte": ["$until", "$$NOW"]}}
