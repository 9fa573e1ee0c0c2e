"""GridFS files by id: written as streams, read by chunk numbers, deleted whole."""

from collections.abc import Iterable, Mapping
from typing import Any

from bson import ObjectId
from gridfs import GridFSBucket
from pymongo.database import Database

from storage.errors import FileCorrupt, translated

BUCKET = "fs"

_CHUNK_FIELDS = {"_id": 0, "files_id": 1, "n": 1, "data": 1}


def write_file(
    database: Database[Any],
    file_id: ObjectId,
    filename: str,
    chunk_size: int,
    blocks: Iterable[bytes],
    metadata: Mapping[str, Any],
) -> int:
    """Write ``blocks`` one after the other as one GridFS file and return its length in bytes.

    The file comes to be when the last chunk is there; an error on the way leaves no file,
    and removes the chunks where MongoDB can still be reached.

    Raises StorageUnavailable when MongoDB cannot be reached.
    """
    with translated():
        bucket = GridFSBucket(database, BUCKET, chunk_size)
        length = 0
        with bucket.open_upload_stream_with_id(file_id, filename, metadata=metadata) as stream:
            for block in blocks:
                stream.write(block)
                length += len(block)
        return length


def read_chunks(
    database: Database[Any], file_ids: Iterable[ObjectId], numbers: Iterable[int]
) -> dict[tuple[ObjectId, int], bytes]:
    """The chunks with these ``numbers`` of each of these files, in one query.

    Raises FileCorrupt when one is missing, StorageUnavailable when MongoDB cannot be reached.
    """
    wanted = {(file_id, n) for file_id in file_ids for n in numbers}
    found = {}
    if wanted:
        query = {
            "files_id": {"$in": [*{file_id for file_id, _ in wanted}]},
            "n": {"$in": sorted({n for _, n in wanted})},
        }
        with translated():
            cursor = database[BUCKET].chunks.find(query, _CHUNK_FIELDS)
            found = {(chunk["files_id"], chunk["n"]): chunk["data"] for chunk in cursor}
    for file_id, n in wanted - found.keys():
        raise FileCorrupt(f"chunk {n} of the stored file {file_id} is missing")
    return found


def delete_files(database: Database[Any], file_ids: Iterable[ObjectId]) -> None:
    """Delete these files and their chunks; those already gone are no error.

    Raises StorageUnavailable when MongoDB cannot be reached; calling it again finishes the work.
    """
    ids = [*file_ids]
    with translated():
        database[BUCKET].files.delete_many({"_id": {"$in": ids}})
        database[BUCKET].chunks.delete_many({"files_id": {"$in": ids}})


def stored_file_ids(database: Database[Any]) -> set[ObjectId]:
    """The ids of all files that hold any bytes, those of half-written files included.

    Raises StorageUnavailable when MongoDB cannot be reached.
    """
    with translated():
        # Sorted along the unique index, so that MongoDB jumps from file to file in it.
        grouped = database[BUCKET].chunks.aggregate(
            [
                {"$sort": {"files_id": 1, "n": 1}},
                {"$group": {"_id": "$files_id", "first": {"$first": "$n"}}},
            ]
        )
        written = {group["_id"] for group in grouped}
        return written | {file["_id"] for file in database[BUCKET].files.find({}, {"_id": 1})}
