"""Writing one file: the lease, then the chunks as they fill, and the entry that shows it last.

pymongo's own GridIn would hold up to 48 MB of chunks (twice, while they are sent), asks for the
indexes with each file, and leaves the chunks of a block that raised.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from bson import ObjectId

from storage import leases
from storage.bucket import Bucket
from storage.errors import StorageUnavailable
from storage.info import FileInfo
from storage.layout import Slicer

# Chunks are sent when they come to this many bytes: few messages, and little beside the memory
# of a process.
BATCH_BYTES = 4 * 1024**2


@dataclass(frozen=True, slots=True)
class Draft:
    """What is known of a file before its bytes."""

    file_id: ObjectId
    name: str
    content_type: str
    metadata: Mapping[str, Any]


class Upload:
    """A file that is being written to ``bucket``; nothing is in MongoDB before the first batch.

    ``indexed`` are the buckets that are known to have their indexes; this one is added.
    """

    def __init__(
        self,
        bucket: Bucket,
        draft: Draft,
        chunk_size_bytes: int,
        lease_seconds: float,
        indexed: set[str],
    ) -> None:
        self.draft = draft
        self.length = 0
        self._bucket = bucket
        self.chunk_size = chunk_size_bytes
        self._lease_seconds = lease_seconds
        self._leased_at: float | None = None
        self._indexed = indexed
        self._slicer = Slicer(chunk_size_bytes)
        self._sha256 = sha256()
        self._batch: list[dict[str, Any]] = []
        self._chunks = 0

    async def write(self, block: bytes) -> None:
        """Add ``block``, and send the chunks when there are enough of them."""
        self.length += len(block)
        for chunk in self._slicer.full_chunks(block):
            self._add(chunk)
            if len(self._batch) * self.chunk_size >= BATCH_BYTES:
                await self._send()

    async def finish(self) -> FileInfo:
        """Send the rest, then the entry that makes the file visible."""
        if rest := self._slicer.rest():
            self._add(rest)
        await self._send()
        info = FileInfo(
            file_id=self.draft.file_id,
            name=self.draft.name,
            length=self.length,
            chunk_size=self.chunk_size,
            uploaded_at=datetime.now(UTC),
            content_type=self.draft.content_type,
            sha256=self._sha256.hexdigest(),
            metadata=self.draft.metadata,
        )
        await self._bucket.call(self._bucket.files.insert_one, info.document())
        await self._check_chunks_are_durable()
        return info

    async def abort(self) -> None:
        """Remove what has been sent, and the lease when nothing is left."""
        if self._leased_at is not None:
            await remove(self._bucket, self.draft.file_id)

    async def _check_chunks_are_durable(self) -> None:
        chunks = {"files_id": self.draft.file_id}
        count = await self._bucket.call(self._bucket.durable_chunks.count_documents, chunks)
        if count != self._chunks:
            raise StorageUnavailable("MongoDB changed its primary and lost what was written")

    def _add(self, data: bytes) -> None:
        self._batch.append(
            {"_id": ObjectId(), "files_id": self.draft.file_id, "n": self._chunks, "data": data}
        )
        self._chunks += 1

    async def _send(self) -> None:
        if self._bucket.name not in self._indexed:
            await self._bucket.ensure_indexes()
            self._indexed.add(self._bucket.name)
        await self._hold_lease()
        if self._batch:
            batch, self._batch = self._batch, []
            with self._bucket.beside() as beside:
                begun = beside.begin(self._bucket.chunks.insert_many, batch)
                try:
                    await self._bucket.digest(self._sha256, [chunk["data"] for chunk in batch])
                finally:
                    # Whatever happens: nothing may be on its way when the file is removed.
                    await self._bucket.finish(begun)

    async def _hold_lease(self) -> None:
        """Taken before the first chunk, and renewed in good time."""
        now = time.monotonic()
        if self._leased_at is None:
            await leases.take(self._bucket, self.draft.file_id, self._lease_seconds)
        elif now - self._leased_at > self._lease_seconds / 4:
            await leases.renew(self._bucket, self.draft.file_id, self._lease_seconds)
        else:
            return
        self._leased_at = now


async def remove(bucket: Bucket, file_id: ObjectId) -> None:
    """Delete a file: hidden first, then its chunks, then its lease; no error where it is gone."""
    await bucket.call(bucket.files.delete_one, {"_id": file_id})
    await bucket.call(bucket.chunks.delete_many, {"files_id": file_id})
    await bucket.call(bucket.leases.delete_one, {"_id": file_id})
