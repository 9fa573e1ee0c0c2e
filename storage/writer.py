"""Writing one GridFS file: its chunks as they fill, and last the entry that shows it.

pymongo's own GridIn would hold up to 48 MB of chunks (twice, while it sends them), asks for the
indexes with each file, and leaves the chunks of a block that raised.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from bson import Int64, ObjectId

from storage.bucket import Bucket
from storage.checksums import crc32
from storage.errors import translated
from storage.info import CRCS
from storage.layout import Slicer

# Chunks are sent when they come to this many bytes: few messages, and little beside the memory of
# a process.
BATCH_BYTES = 4 * 1024**2


class Writer:
    """A file that is being written; nothing is in MongoDB before the first batch.

    Both methods raise StorageUnavailable; whoever writes knows the id to delete then.
    """

    def __init__(self, bucket: Bucket, file_id: ObjectId, chunk_size: int) -> None:
        self.length = 0
        self._bucket = bucket
        self._file_id = file_id
        self.chunk_size = chunk_size
        self._slicer = Slicer(chunk_size)
        self._batch: list[bytes] = []
        self._sent = 0
        self._crcs = bytearray()

    def write(self, block: bytes) -> None:
        """Add ``block``, and send the chunks when there are enough of them."""
        self.length += len(block)
        for chunk in self._slicer.full_chunks(block):
            self._batch.append(chunk)
            if len(self._batch) * self.chunk_size >= BATCH_BYTES:
                self._send()

    @translated()
    def finish(self, filename: str, metadata: Mapping[str, Any]) -> dict[str, Any]:
        """Send the rest, then the entry that makes the file visible, which is returned."""
        if rest := self._slicer.rest():
            self._batch.append(rest)
        if self._batch:
            self._send()
        entry = {
            "_id": self._file_id,
            "length": Int64(self.length),
            "chunkSize": self.chunk_size,
            "uploadDate": datetime.now(UTC),
            "filename": filename,
            "metadata": {**metadata, CRCS: bytes(self._crcs)},
        }
        self._bucket.files.insert_one(entry)
        return entry

    @translated()
    def _send(self) -> None:
        chunks, self._batch = self._batch, []
        self._bucket.chunks.insert_many(
            {"files_id": self._file_id, "n": n, "data": data}
            for n, data in enumerate(chunks, self._sent)
        )
        self._sent += len(chunks)
        for chunk in chunks:
            self._crcs += crc32(chunk)


def write_file(
    bucket: Bucket,
    file_id: ObjectId,
    filename: str,
    chunk_size: int,
    chunks: Iterable[bytes],
    metadata: Mapping[str, Any],
) -> bytes:
    """Write one file from blocks of bytes, and return the CRC-32 of each of its chunks.

    They are packed as in `checksums`, and kept in the metadata too. ``bucket`` has its indexes.
    Raises StorageUnavailable; the caller knows the id to delete.
    """
    writer = Writer(bucket, file_id, chunk_size)
    for chunk in chunks:
        writer.write(chunk)
    crcs: bytes = writer.finish(filename, metadata)["metadata"][CRCS]
    return crcs
