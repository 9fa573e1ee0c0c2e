"""A stored file: its GridFS document, its name, and how its bytes lie in chunks.

The name contains the ObjectId of the file, so that no two files have the same name. The CRC-32s
of the chunks are packed in their order, as little-endian uint32. They find a byte that changed on a
disk at a hundredth of the time that it takes to read the chunk.
"""

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bson import ObjectId
from django.core.exceptions import SuspiciousFileOperation
from isal import isal_zlib

from storage.errors import FileCorrupt, FileMissing

UNKNOWN_TYPE = "application/octet-stream"
# Where the metadata of a file keeps the CRC-32 of its chunks.
CRCS = "chunkCrc32"
OWN_KEYS = ("contentType", "sha256", CRCS)
CRC_BYTES = 4
# "cores/box 7_65f0c2a1b4d3e2f1a0b9c8d7.jpg": what the user called it, the id, the suffix.
_STORED = re.compile(r"(?P<root>.*)_(?P<id>[0-9a-f]{24})(?P<suffix>(\.[^/.]*)?)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class FileInfo:
    """One stored file. Sizes are in bytes, ``uploaded_at`` is in UTC.

    ``sha256`` is None, and ``crcs`` are empty, for files that were written without.
    """

    file_id: ObjectId
    name: str
    length: int
    chunk_size: int
    uploaded_at: datetime
    content_type: str
    sha256: str | None
    crcs: bytes
    metadata: Mapping[str, Any]

    @classmethod
    def of(cls, entry: Mapping[str, Any]) -> "FileInfo":
        """Read an entry of the files collection. Raises FileCorrupt if it is malformed."""
        metadata = entry.get("metadata") or {}
        try:
            info = cls(
                file_id=entry["_id"],
                name=entry["filename"],
                length=int(entry["length"]),
                chunk_size=int(entry["chunkSize"]),
                uploaded_at=entry["uploadDate"].replace(tzinfo=UTC),
                content_type=metadata.get("contentType", UNKNOWN_TYPE),
                sha256=metadata.get("sha256"),
                crcs=metadata.get(CRCS, b""),
                metadata={key: metadata[key] for key in metadata if key not in OWN_KEYS},
            )
            if info.length < 0 or info.chunk_size < 1:
                raise ValueError("a size that no file has")
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise FileCorrupt(f"the entry of file {entry['_id']} is malformed") from error
        if info.crcs and len(info.crcs) != CRC_BYTES * info.chunk_count:
            raise FileCorrupt(f"the length of file {info.file_id} is not that of its chunks")
        return info

    @property
    def chunk_count(self) -> int:
        return -(-self.length // self.chunk_size)

    def fault(self, number: int, data: bytes | None) -> str | None:
        """As ``chunk_fault``; also compares the length of the chunk."""
        expected = min(self.chunk_size, self.length - number * self.chunk_size)
        if data is not None and len(data) != expected:
            return f"has {len(data)} bytes instead of {expected}"
        return chunk_fault(number, data, self.crcs)


def chunk_fault(number: int, data: bytes | None, crcs: bytes | None) -> str | None:
    """What is wrong with ``data`` as chunk ``number`` of a file; None if it is what was written.

    ``data`` is None if the chunk is missing. A file without ``crcs`` is not checked.
    """
    if data is None:
        return "is missing"
    start = CRC_BYTES * number
    differs = crcs and crcs[start : start + CRC_BYTES] != crc32(data)
    return "is not what was written" if differs else None


def crc32(chunk: bytes) -> bytes:
    """The CRC-32 of one chunk, as 4 bytes in little-endian order."""
    return isal_zlib.crc32(chunk).to_bytes(CRC_BYTES, "little")


def stored_name(name: str, file_id: ObjectId, max_length: int | None) -> str:
    """``name`` with ``file_id`` in it, shortened to ``max_length`` characters.

    An id that is in the name already is replaced. Raises SuspiciousFileOperation when the id does
    not fit.
    """
    root, suffix = posixpath.splitext(plain_name(name))
    mark = f"_{file_id}{suffix}"
    room = len(root) if max_length is None else max_length - len(mark)
    if room < len(posixpath.dirname(root)):
        raise SuspiciousFileOperation(f"{name!r} does not fit into {max_length} characters")
    return root[:room] + mark


def plain_name(name: str) -> str:
    """What the user called the file: ``name`` without the id."""
    stored = _STORED.fullmatch(name)
    return stored["root"] + stored["suffix"] if stored else name


def id_in(name: str) -> ObjectId:
    """The id in ``name``. Raises FileMissing for a name without one: no file is called so."""
    stored = _STORED.fullmatch(name)
    if stored is None:
        raise FileMissing(f"{name!r} is not the name of a stored file: it carries no ObjectId")
    return ObjectId(stored["id"])
