"""Files open for reading: Django's kind of file, and its async twin."""

import io
import os
from collections.abc import AsyncIterator
from typing import Self

from django.core.files import File

from storage.bucket import run
from storage.download import Download
from storage.info import FileInfo


class _Reader(io.BufferedIOBase):
    """Python's kind of binary file over a Download."""

    mode = "rb"

    def __init__(self, download: Download) -> None:
        self._download = download

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._download.position

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        return self._download.seek(offset, whence)

    def read(self, size: int | None = -1, /) -> bytes:
        if self.closed:
            raise ValueError("read of a closed file")
        return run(self._download.read(size))

    def peek(self, size: int = 0, /) -> bytes:
        """Some bytes ahead, the position unmoved; ``readline`` is slow without it."""
        position = self._download.position
        ahead = self.read(max(size, io.DEFAULT_BUFFER_SIZE))
        self._download.position = position
        return ahead


class StoredFile(File):
    """A stored file open for reading; ``info`` says what is known of it."""

    def __init__(self, download: Download) -> None:
        super().__init__(_Reader(download), download.info.name)
        self.info: FileInfo = download.info
        self._download = download

    @property
    def size(self) -> int:
        return self.info.length

    def open(self, mode: str = "rb") -> Self:
        """Back at the start, also after closing."""
        self.file = _Reader(self._download)
        self.file.seek(0)
        return self


class AsyncStoredFile:
    """The async twin of StoredFile: ``async with await storage.aopen(name) as f``."""

    mode = "rb"

    def __init__(self, download: Download) -> None:
        self.info = download.info
        self.name = download.info.name
        self.size = download.info.length
        self.closed = False
        self._download = download

    def tell(self) -> int:
        return self._download.position

    async def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        return self._download.seek(offset, whence)

    async def read(self, size: int | None = -1) -> bytes:
        if self.closed:
            raise ValueError("read of a closed file")
        return await self._download.read(size)

    async def chunks(self, size: int) -> AsyncIterator[bytes]:
        """The whole file in blocks of up to ``size`` bytes."""
        self._download.seek(0)
        while block := await self.read(size):
            yield block

    async def close(self) -> None:
        self.closed = True

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.close()
