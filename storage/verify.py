"""A stored file, read from start to end, against what its entry says of it."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from bson import Binary, ObjectId
from isal import isal_zlib
from pymongo.collection import Collection

from storage.checksums import crc32, matches
from storage.errors import translated
from storage.files import CRCS
from storage.layout import chunk_count, chunk_length

CHUNKS_PER_BATCH = 16


class _Check(Protocol):
    def update(self, data: bytes) -> None: ...

    def result(self) -> int | str: ...


class _Crc32:
    def __init__(self) -> None:
        self._value = 0

    def update(self, data: bytes) -> None:
        self._value = isal_zlib.crc32(data, self._value)

    def result(self) -> int:
        return self._value


class _Sha256:
    def __init__(self) -> None:
        self._hash = hashlib.sha256()

    def update(self, data: bytes) -> None:
        self._hash.update(data)

    def result(self) -> str:
        return self._hash.hexdigest()


_CHECKS: dict[str, type[_Check]] = {"sha256": _Sha256, "crc32": _Crc32}


@dataclass(frozen=True, slots=True)
class ReadThrough:
    """What is wrong with the chunks of a file, and the CRC-32 of each, packed as in `checksums`."""

    faults: list[str]
    crcs: bytes


@translated()
def read_through(
    root: Collection[Any], entry: dict[str, Any], watch: Callable[[bytes], None] = lambda _: None
) -> ReadThrough:
    """Read all chunks of the file of this entry; each is given to ``watch``.

    Faults are chunks that lack or are too many, whose length or CRC-32 differs, and where the entry
    has a digest of all bytes, that. Memory holds a few chunks, whatever the file. Raises
    StorageUnavailable.
    """
    length, size = int(entry["length"]), int(entry["chunkSize"])
    count, next_number, found, crcs = chunk_count(length, size), 0, [], bytearray()
    known = entry.get("metadata") or {}
    checks = {name: _CHECKS[name]() for name in _CHECKS if known.get(name) is not None}
    query = {"files_id": entry["_id"]}
    for chunk in root.chunks.find(query, sort={"n": 1}, batch_size=CHUNKS_PER_BATCH):
        number, data = chunk["n"], chunk["data"]
        if not next_number <= number < count:
            found.append(f"chunk {number} is there and should not be")
            continue
        found += _missing(range(next_number, number))
        next_number = number + 1
        expected = chunk_length(number, length, size)
        if len(data) != expected:
            found.append(f"chunk {number} has {len(data)} bytes instead of {expected}")
        elif known.get(CRCS) and not matches(data, number, known[CRCS]):
            found.append(f"the bytes of chunk {number} are not those that were written")
        for check in checks.values():
            check.update(data)
        crcs += crc32(data)
        watch(data)
    found += _missing(range(next_number, count))
    if not found:
        found = [
            f"its bytes are not those that were written, their {name} differs"
            for name, check in checks.items()
            if check.result() != known[name]
        ]
    return ReadThrough(found, bytes(crcs))


@translated()
def keep_crcs(root: Collection[Any], file_id: ObjectId, crcs: bytes) -> None:
    """Add the CRC-32 of its chunks to the entry of a file that was written without."""
    change = {"$set": {f"metadata.{CRCS}": Binary(crcs)}}
    root.files.update_one({"_id": file_id}, change)


def _missing(numbers: range) -> list[str]:
    if not numbers:
        return []
    if len(numbers) == 1:
        return [f"chunk {numbers[0]} is missing"]
    return [f"chunks {numbers[0]} to {numbers[-1]} are missing"]
