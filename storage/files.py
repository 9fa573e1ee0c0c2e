"""GridFS files by id: written as streams, read by chunk numbers, deleted whole."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import islice
from types import MappingProxyType
from typing import Any

from bson import Binary, Int64, ObjectId
from pymongo.database import Database

from storage.checksums import crc32, matches
from storage.errors import FileCorrupt, translated

BUCKET = "fs"
# Of pixels, 4 MB: larger inserts are no faster, and are in memory twice.
CHUNKS_PER_INSERT = 16
# Where the metadata of a file keeps the CRC-32 of its chunks.
CRCS = "chunkCrc32"
# Those of the GridFS specification; that of the chunks is unique.
FILES_INDEX = {"filename": 1, "uploadDate": 1}
CHUNKS_INDEX = {"files_id": 1, "n": 1}


def ensure_indexes(database: Database[Any]) -> None:
    """The two indexes of the GridFS specification, made where they are not there yet.

    To be called before files are written, each time: the collections may have been dropped since.

    Raises StorageUnavailable.
    """
    with translated():
        database[BUCKET].files.create_index(FILES_INDEX)
        database[BUCKET].chunks.create_index(CHUNKS_INDEX, unique=True)


def write_file(
    database: Database[Any],
    file_id: ObjectId,
    filename: str,
    chunk_size: int,
    chunks: Iterable[bytes],
    metadata: Mapping[str, Any],
) -> bytes:
    """Write one GridFS file, all of whose ``chunks`` but the last have ``chunk_size`` bytes.

    The documents are those of the GridFS specification. pymongo's upload stream would write the
    same, but holds 48 MB of chunks back for each insert, twice that while it sends them.

    Returns the CRC-32 of each chunk, packed as in `checksums`, which are also kept in the metadata:
    SHA-256 would take a fifth of the time of an ingest.

    Raises StorageUnavailable when MongoDB cannot be reached; the caller knows the id to delete.
    """
    bucket = database[BUCKET]
    length, crcs = 0, bytearray()
    with translated():
        for first, batch in _batches(chunks):
            for data in batch:
                length += len(data)
                crcs += crc32(data)
            bucket.chunks.insert_many(
                {"files_id": file_id, "n": first + i, "data": data} for i, data in enumerate(batch)
            )
        bucket.files.insert_one(
            {
                "_id": file_id,
                "length": Int64(length),
                "chunkSize": chunk_size,
                "uploadDate": datetime.now(UTC),
                "filename": filename,
                "metadata": {**metadata, CRCS: Binary(bytes(crcs))},
            }
        )
    return bytes(crcs)


def _batches(chunks: Iterable[bytes]) -> Iterator[tuple[int, list[bytes]]]:
    """Lists of chunks, each with the number of its first chunk."""
    numbered = enumerate(chunks)
    while batch := list(islice(numbered, CHUNKS_PER_INSERT)):
        yield batch[0][0], [data for _, data in batch]


def read_chunks(
    database: Database[Any],
    file_ids: Iterable[ObjectId],
    numbers: Iterable[int],
    crcs: Mapping[ObjectId, bytes | None] = MappingProxyType({}),
) -> dict[tuple[ObjectId, int], bytes]:
    """The chunks with these ``numbers`` of each of these files, in one query.

    ``crcs`` are what ``write_file`` returned for each file; a file without them is not checked.

    Raises FileCorrupt when a chunk is missing or its CRC-32 differs, StorageUnavailable when
    MongoDB cannot be reached.
    """
    wanted = {(file_id, n) for file_id in file_ids for n in numbers}
    found = {}
    if wanted:
        query = {
            "files_id": {"$in": [*{file_id for file_id, _ in wanted}]},
            "n": {"$in": sorted({n for _, n in wanted})},
        }
        with translated():
            # Without a projection MongoDB sends its documents as they are, which is faster.
            cursor = database[BUCKET].chunks.find(query)
            found = {(chunk["files_id"], chunk["n"]): chunk["data"] for chunk in cursor}
    for file_id, n in wanted - found.keys():
        raise FileCorrupt(f"chunk {n} of the stored file {file_id} is missing")
    for (file_id, n), data in found.items():
        if (known := crcs.get(file_id)) and not matches(data, n, known):
            raise FileCorrupt(f"chunk {n} of the stored file {file_id} is not what was written")
    return found


def delete_files(database: Database[Any], file_ids: Iterable[ObjectId]) -> None:
    """Delete these files and their chunks; those already gone are no error.

    Raises StorageUnavailable when MongoDB cannot be reached; calling it again finishes the work.
    """
    ids = [*file_ids]
    with translated():
        database[BUCKET].files.delete_many({"_id": {"$in": ids}})
        database[BUCKET].chunks.delete_many({"files_id": {"$in": ids}})


def stored_file_ids(database: Database[Any], bucket: str = BUCKET) -> set[ObjectId]:
    """The ids of all files of a bucket that hold any bytes, those half-written included.

    Raises StorageUnavailable when MongoDB cannot be reached.
    """
    with translated():
        # Sorted along the unique index, so that MongoDB jumps from file to file in it.
        grouped = database[bucket].chunks.aggregate(
            [
                {"$sort": {"files_id": 1, "n": 1}},
                {"$group": {"_id": "$files_id", "first": {"$first": "$n"}}},
            ]
        )
        written = {group["_id"] for group in grouped}
        return written | {file["_id"] for file in database[bucket].files.find({}, {"_id": 1})}


def stored_bytes(
    database: Database[Any], file_ids: Iterable[ObjectId], bucket: str = BUCKET
) -> dict[ObjectId, int]:
    """How many bytes are stored under each of these ids; those of which nothing is are left out.

    Raises StorageUnavailable when MongoDB cannot be reached.
    """
    wanted = sorted(file_ids)
    root = database[bucket]
    with translated():
        entries = root.files.find({"_id": {"$in": wanted}}, {"_id": 1})
        found = {entry["_id"]: 0 for entry in entries}
        per_file: list[dict[str, Any]] = [
            {"$match": {"files_id": {"$in": wanted}}},
            {"$group": {"_id": "$files_id", "bytes": {"$sum": {"$binarySize": "$data"}}}},
        ]
        found |= {group["_id"]: group["bytes"] for group in root.chunks.aggregate(per_file)}
    return found
