"""One GridFS bucket: its collections, and what is stored under which id."""

from collections.abc import Iterable
from functools import cache, cached_property
from typing import Any

from bson import ObjectId
from django.db import connection
from pymongo import WriteConcern
from pymongo.collection import Collection

from storage.errors import translated

# The indexes of the GridFS specification. That of the chunks is unique.
FILES_INDEX = {"filename": 1, "uploadDate": 1}
CHUNKS_INDEX = {"files_id": 1, "n": 1}


class Bucket:
    """The bucket called ``name`` in Django's database, through Django's own client.

    All methods raise StorageUnavailable.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    @cached_property
    def files(self) -> Collection[Any]:
        return self._collection("files")

    @cached_property
    def chunks(self) -> Collection[Any]:
        return self._collection("chunks")

    @cached_property
    def leases(self) -> Collection[Any]:
        # Leases need not be durable. If a new primary has lost one, renewing it or giving it back
        # fails.
        leases = self._collection("leases")
        return leases.with_options(write_concern=WriteConcern(w=1))

    def _collection(self, part: str) -> Collection[Any]:
        # Not before it is used: Django refuses connections in threads that run an event loop.
        collection: Collection[Any] = connection.database[f"{self.name}.{part}"]
        return collection

    @translated()
    def ensure_indexes(self) -> None:
        """Make the indexes where they are not there yet."""
        self.files.create_index(FILES_INDEX)
        self.chunks.create_index(CHUNKS_INDEX, unique=True)

    @translated()
    def delete(self, file_ids: Iterable[ObjectId]) -> None:
        """Delete the entries of these files, then their chunks, then their leases.

        A file that is gone already is no error. After an interruption, call it again. pymongo's
        GridFSBucket deletes one file at a time.
        """
        ids = {"$in": [*file_ids]}
        self.files.delete_many({"_id": ids})
        self.chunks.delete_many({"files_id": ids})
        self.leases.delete_many({"_id": ids})

    @translated()
    def stored_ids(self) -> set[ObjectId]:
        """The ids of all files that have chunks or an entry, also of half-written ones."""
        # Along the unique index, in which MongoDB jumps from file to file.
        grouped = self.chunks.aggregate([{"$group": {"_id": "$files_id"}}])
        entries = self.files.find({}, {"_id": 1})
        return {found["_id"] for documents in (grouped, entries) for found in documents}

    @translated()
    def stored_bytes(self, file_ids: Iterable[ObjectId]) -> dict[ObjectId, int]:
        """How many bytes are stored under each of these ids. Ids without a file are left out."""
        wanted = {"$in": [*file_ids]}
        found = {entry["_id"]: 0 for entry in self.files.find({"_id": wanted}, {"_id": 1})}
        per_file: list[dict[str, Any]] = [
            {"$match": {"files_id": wanted}},
            {"$group": {"_id": "$files_id", "bytes": {"$sum": {"$binarySize": "$data"}}}},
        ]
        return found | {group["_id"]: group["bytes"] for group in self.chunks.aggregate(per_file)}


@cache
def prepare(name: str) -> None:
    """Ensure the indexes of a bucket, once in the life of the process."""
    Bucket(name).ensure_indexes()
