"""Compare a stored file, read from start to end, with its entry."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bson import ObjectId
from isal import isal_zlib

from storage.bucket import Bucket
from storage.errors import translated
from storage.files import CRCS, chunk_count, chunk_length, crc32, matches

CHUNKS_PER_BATCH = 16


@dataclass(frozen=True, slots=True)
class ReadThrough:
    """What is wrong with the chunks of a file, and the CRC-32 of each, packed as `storage.files` says."""

    faults: list[str]
    crcs: bytes


class _Digests:
    """The digests of all bytes of a file: SHA-256, and of old files one CRC-32."""

    def __init__(self) -> None:
        self._sha256 = hashlib.sha256()
        self._crc32 = 0

    def update(self, data: bytes) -> None:
        self._sha256.update(data)
        self._crc32 = isal_zlib.crc32(data, self._crc32)

    def faults(self, known: dict[str, Any]) -> list[str]:
        found = {"sha256": self._sha256.hexdigest(), "crc32": self._crc32}
        return [
            f"its bytes are not those that were written, their {name} differs"
            for name, digest in found.items()
            if known.get(name) not in (None, digest)
        ]


@translated()
def read_through(
    bucket: Bucket, entry: dict[str, Any], watch: Callable[[bytes], None] = lambda _: None
) -> ReadThrough:
    """Read all chunks of the file of this entry, and call ``watch`` with each.

    Faults are missing or unexpected chunks, chunks of another length or CRC-32, and a digest of all
    bytes that differs from that of the entry. Memory holds a few chunks, also of a large file.
    Raises StorageUnavailable.
    """
    length, size = int(entry["length"]), int(entry["chunkSize"])
    count, next_number, found, crcs = chunk_count(length, size), 0, [], bytearray()
    known, digests = entry.get("metadata") or {}, _Digests()
    query = {"files_id": entry["_id"]}
    for chunk in bucket.chunks.find(query, sort={"n": 1}, batch_size=CHUNKS_PER_BATCH):
        number, data = chunk["n"], chunk["data"]
        if not next_number <= number < count:
            found.append(f"chunk {number} is there and should not be")
            continue
        found += _missing(range(next_number, number))
        next_number = number + 1
        expected = chunk_length(number, length, size)
        if len(data) != expected:
            found.append(f"chunk {number} has {len(data)} bytes instead of {expected}")
        elif not matches(data, number, known.get(CRCS, b"")):
            found.append(f"the bytes of chunk {number} are not those that were written")
        digests.update(data)
        crcs += crc32(data)
        watch(data)
    found += _missing(range(next_number, count))
    return ReadThrough(found or digests.faults(known), bytes(crcs))


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
