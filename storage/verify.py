"""Compare a stored file, read from start to end, with its entry."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bson import ObjectId
from isal import isal_zlib

from storage.bucket import Bucket
from storage.errors import FileCorrupt, translated
from storage.files import CRCS, FileInfo, crc32

CHUNKS_PER_BATCH = 16


@dataclass(frozen=True, slots=True)
class ReadThrough:
    """What is wrong with the chunks of a file, and their CRC-32s as `storage.files` packs them."""

    faults: list[str]
    crcs: bytes


@translated()
def read_through(
    bucket: Bucket, entry: dict[str, Any], watch: Callable[[bytes], None] = lambda _: None
) -> ReadThrough:
    """Read all chunks of the file of this entry, and call ``watch`` with each.

    Faults are missing or unexpected chunks, chunks of another length or CRC-32, and a digest of all
    bytes that differs from that of the entry. Only a few chunks are in memory at a time.
    Raises StorageUnavailable.
    """
    try:
        info = FileInfo.of(entry)
    except FileCorrupt as error:
        return ReadThrough([str(error)], b"")
    found, crcs, next_number = [], bytearray(), 0
    # Old files of logs have one CRC-32 of all bytes.
    sha256, all_crc32 = hashlib.sha256(), 0
    query = {"files_id": info.file_id}
    for chunk in bucket.chunks.find(query, sort={"n": 1}, batch_size=CHUNKS_PER_BATCH):
        number, data = chunk["n"], chunk["data"]
        if not next_number <= number < info.chunk_count:
            found.append(f"chunk {number} is there and should not be")
            continue
        found += _missing(range(next_number, number))
        next_number = number + 1
        if fault := info.fault(number, data):
            found.append(f"chunk {number} {fault}")
        sha256.update(data)
        all_crc32 = isal_zlib.crc32(data, all_crc32)
        crcs += crc32(data)
        watch(data)
    found += _missing(range(next_number, info.chunk_count))
    digests = (info.sha256, sha256.hexdigest()), (info.metadata.get("crc32"), all_crc32)
    if not found and any(noted not in (None, digest) for noted, digest in digests):
        found.append("its bytes are not those that were written: their digest differs")
    return ReadThrough(found, bytes(crcs))


def has_crcs(entry: dict[str, Any]) -> bool:
    """Whether the entry has the CRC-32 of each chunk. Old files have none."""
    return CRCS in (entry.get("metadata") or {})


@translated()
def keep_crcs(bucket: Bucket, file_id: ObjectId, crcs: bytes) -> None:
    """Add the CRC-32 of its chunks to the entry of a file. Raises StorageUnavailable."""
    change = {"$set": {f"metadata.{CRCS}": crcs}}
    bucket.files.update_one({"_id": file_id}, change)


def _missing(numbers: range) -> list[str]:
    if not numbers:
        return []
    if len(numbers) == 1:
        return [f"chunk {numbers[0]} is missing"]
    return [f"chunks {numbers[0]} to {numbers[-1]} are missing"]
