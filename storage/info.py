"""What is known of a stored file, and the GridFS document that keeps it."""

import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bson import Int64, ObjectId

from storage.errors import FileCorrupt
from storage.names import plain_name

UNKNOWN_TYPE = "application/octet-stream"
_OWN_KEYS = ("contentType", "sha256")


@dataclass(frozen=True, slots=True)
class FileInfo:
    """One stored file. Sizes are in bytes, ``uploaded_at`` is in UTC.

    ``sha256`` is None for files that other programs wrote without one.
    """

    file_id: ObjectId
    name: str
    length: int
    chunk_size: int
    uploaded_at: datetime
    content_type: str
    sha256: str | None
    metadata: Mapping[str, Any]

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> "FileInfo":
        """Read a document of the files collection. Raises FileCorrupt where it is not one."""
        metadata = document.get("metadata") or {}
        try:
            return cls(
                file_id=document["_id"],
                name=document["filename"],
                length=int(document["length"]),
                chunk_size=int(document["chunkSize"]),
                uploaded_at=document["uploadDate"].replace(tzinfo=UTC),
                content_type=metadata.get("contentType", UNKNOWN_TYPE),
                sha256=metadata.get("sha256"),
                metadata={key: metadata[key] for key in metadata if key not in _OWN_KEYS},
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise FileCorrupt(f"the entry of file {document['_id']} is malformed") from error

    def document(self) -> dict[str, Any]:
        """The document of the files collection, as the GridFS specification has it."""
        return {
            "_id": self.file_id,
            "filename": self.name,
            "length": Int64(self.length),
            "chunkSize": self.chunk_size,
            "uploadDate": self.uploaded_at,
            "metadata": {
                **self.metadata,
                "contentType": self.content_type,
                "sha256": self.sha256,
            },
        }


def checked_metadata(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of ``metadata``. Raises ValueError for names that have a meaning of their own."""
    if taken := [key for key in _OWN_KEYS if key in metadata]:
        raise ValueError(f"metadata cannot be called {' or '.join(taken)}")
    return dict(metadata)


def content_type_of(name: str, content: object) -> str:
    """What ``content`` says of itself, else what the suffix of ``name`` says."""
    said = getattr(content, "content_type", None)
    return said or mimetypes.guess_type(plain_name(name))[0] or UNKNOWN_TYPE
