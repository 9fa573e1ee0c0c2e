"""What is known of a stored file, read from its GridFS document."""

import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bson import ObjectId

from storage.chunks import CRC_BYTES, chunk_count
from storage.errors import FileCorrupt
from storage.names import plain_name

UNKNOWN_TYPE = "application/octet-stream"
# Where the metadata of a file keeps the CRC-32 of its chunks.
CRCS = "chunkCrc32"
_OWN_KEYS = ("contentType", "sha256", CRCS)


@dataclass(frozen=True, slots=True)
class FileInfo:
    """One stored file. Sizes are in bytes, ``uploaded_at`` is in UTC.

    ``sha256`` is None for files that other programs wrote without one; ``crcs`` are the CRC-32 of
    the chunks, packed as in `chunks`, and empty for files that were written without.
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
                metadata={key: metadata[key] for key in metadata if key not in _OWN_KEYS},
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise FileCorrupt(f"the entry of file {entry['_id']} is malformed") from error
        if info.crcs and len(info.crcs) != CRC_BYTES * chunk_count(info.length, info.chunk_size):
            raise FileCorrupt(f"the length of file {info.file_id} is not that of its chunks")
        return info


def checked_metadata(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of ``metadata``. Raises ValueError for names that the storage itself uses."""
    if taken := [key for key in _OWN_KEYS if key in metadata]:
        raise ValueError(f"metadata cannot be called {' or '.join(taken)}")
    return dict(metadata)


def content_type_of(name: str) -> str:
    """The content type that the suffix of ``name`` stands for."""
    return mimetypes.guess_type(plain_name(name))[0] or UNKNOWN_TYPE
