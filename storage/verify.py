"""Check stored files: read one from start to end, and compare it with its entry."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Self

from bson import ObjectId
from isal import isal_zlib

from storage.bucket import Bucket
from storage.errors import FileCorrupt, translated
from storage.files import CRCS, FileInfo, crc32

CHUNKS_PER_BATCH = 16


@dataclass(frozen=True, slots=True)
class Damage:
    """One fault of stored data: what is wrong and where, and what can be done about it.

    ``unreachable_bytes`` are stored bytes that nothing refers to.
    """

    what: str
    advice: str
    repaired: bool = False
    unreachable_bytes: int = 0

    @classmethod
    def repairable(cls, what: str, repaired: bool, unreachable_bytes: int = 0) -> Self:
        """A fault that the doctor can repair. ``repaired`` says whether it did."""
        return cls(what, "--fix repairs it", repaired, unreachable_bytes)

    def __str__(self) -> str:
        return f"{self.what}: {'repaired' if self.repaired else self.advice}"


@dataclass(frozen=True, slots=True)
class ReadThrough:
    """What is wrong with a file, and the CRC-32s of its chunks as `storage.files` packs them.

    ``lacks_crcs`` says that the entry of the file has none, as those of early versions.
    """

    faults: list[str]
    crcs: bytes = b""
    lacks_crcs: bool = False


@translated()
def read_through(
    bucket: Bucket,
    file_id: ObjectId,
    expected: Mapping[str, Any] = MappingProxyType({}),
    on_chunk: Callable[[bytes], None] = lambda _: None,
) -> ReadThrough:
    """Read a file from start to end, and call ``on_chunk`` with the bytes of each chunk.

    Faults are an entry that is missing, or differs from the ``expected`` fields of it and of its
    metadata; missing or unexpected chunks, and chunks of another length or CRC-32; and a digest of
    all bytes that differs from that in the entry. Only a few chunks are in memory at a time. Raises
    StorageUnavailable.
    """
    entry = bucket.files.find_one({"_id": file_id})
    if entry is None:
        return ReadThrough([f"the file {file_id} is missing"])
    known = {**entry, **(entry.get("metadata") or {})}
    for name, value in expected.items():
        if known.get(name) != value:
            found = f"the {name} of the file {file_id} is {known.get(name)} instead of {value}"
            return ReadThrough([found])
    try:
        return _read_chunks(bucket, FileInfo.of(entry), on_chunk)
    except FileCorrupt as error:
        return ReadThrough([str(error)])


def _read_chunks(bucket: Bucket, info: FileInfo, on_chunk: Callable[[bytes], None]) -> ReadThrough:
    found, crcs, next_number = [], bytearray(), 0
    # Old files of logs have one CRC-32 of all bytes.
    sha256, all_crc32 = hashlib.sha256(), 0
    query = {"files_id": info.file_id}
    for chunk in bucket.chunks.find(query, sort={"n": 1}, batch_size=CHUNKS_PER_BATCH):
        number, data = chunk["n"], chunk["data"]
        if not next_number <= number < info.chunk_count:
            found.append(f"chunk {number} is there and should not be")
            continue
        found += _missing(next_number, number)
        next_number = number + 1
        if fault := info.fault(number, data):
            found.append(f"chunk {number} {fault}")
        sha256.update(data)
        all_crc32 = isal_zlib.crc32(data, all_crc32)
        crcs += crc32(data)
        on_chunk(data)
    found += _missing(next_number, info.chunk_count)
    digests = (info.sha256, sha256.hexdigest()), (info.metadata.get("crc32"), all_crc32)
    if not found and any(noted not in (None, digest) for noted, digest in digests):
        found.append("its bytes are not those that were written: their digest differs")
    return ReadThrough(found, bytes(crcs), bool(crcs) and not info.crcs)


def _missing(start: int, stop: int) -> list[str]:
    if stop - start > 1:
        return [f"chunks {start} to {stop - 1} are missing"]
    return [f"chunk {start} is missing"] if start < stop else []


@translated()
def keep_crcs(bucket: Bucket, file_id: ObjectId, crcs: bytes) -> None:
    """Add the CRC-32s of its chunks to the entry of a file. Raises StorageUnavailable."""
    bucket.files.update_one({"_id": file_id}, {"$set": {f"metadata.{CRCS}": crcs}})
