"""Temporary files without a name, such as those of uploads, and their budget of bytes on disk."""

import errno
import io
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from tempfile import TemporaryFile
from threading import Lock
from typing import IO, Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from web.errors import NoRoom

# A body is read in blocks of this size.
BLOCK_BYTES = 256 * 1024
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class UnnamedFileUploadHandler(FileUploadHandler):
    """Like Django's TemporaryFileUploadHandler, but the file has no name: the system frees it when
    it is closed or the process is killed. Raises NoRoom.
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.file = UnnamedFile()  # closed by Django at the end of the request

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        write(self.file, raw_data)

    def file_complete(self, file_size: int) -> UploadedFile:
        self.file.seek(0)
        return UploadedFile(
            self.file,
            self.file_name,
            self.content_type,
            file_size,
            self.charset,
            self.content_type_extra,
        )

    def upload_interrupted(self) -> None:
        if hasattr(self, "file"):
            self.file.close()


class DiskBudget:
    """What the temporary files of this process may take together: ``limit`` bytes."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.taken = 0
        self._lock = Lock()

    def take(self, nbytes: int) -> None:
        """Raises NoRoom if fewer bytes are left."""
        with self._lock:
            if self.taken + nbytes > self.limit:
                raise NoRoom(
                    "the temporary files of this request and of others take more than the limit of"
                    f" {self.limit} bytes"
                )
            self.taken += nbytes

    def give_back(self, nbytes: int) -> None:
        with self._lock:
            self.taken -= nbytes


disk = DiskBudget(settings.DISK_BUDGET_BYTES)


class UnnamedFile(io.FileIO):
    """A temporary file without a name: the system frees it when it is closed or the process is
    killed. Its bytes are those of the disk budget. Writing raises NoRoom.

    ``no_room`` is that error, for callers to whom a library in between raises one of its own.
    """

    no_room: NoRoom | None = None

    def __init__(self) -> None:
        self._taken = 0
        with room_needed(), TemporaryFile(buffering=0) as file:
            super().__init__(os.dup(file.fileno()), "r+")

    def write(self, data: Any, /) -> int:
        end = self.tell() + memoryview(data).nbytes
        try:
            if end > self._taken:
                disk.take(end - self._taken)
                self._taken = end
            with room_needed():
                return super().write(data)
        except NoRoom as error:
            self.no_room = error
            raise

    def close(self) -> None:
        taken, self._taken = self._taken, 0
        disk.give_back(taken)
        super().close()


def write(file: IO[bytes], data: bytes) -> None:
    """Write all of ``data`` to an unnamed file. Raises NoRoom."""
    left = memoryview(data)
    while left:
        left = left[file.write(left) :]


def received(stream: Any) -> IO[bytes]:
    """Read a body to its end into an unnamed file, which the caller closes. Raises NoRoom, and what
    reading raises.
    """
    return filled(iter(lambda: stream.read(BLOCK_BYTES), b""))


def filled(pieces: Iterable[bytes]) -> IO[bytes]:
    """An unnamed file with these bytes, at its beginning; the caller closes it. Raises NoRoom, and
    what the ``pieces`` raise.
    """
    file: IO[bytes] = UnnamedFile()
    try:
        for piece in pieces:
            write(file, piece)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


@contextmanager
def room_needed() -> Iterator[None]:
    """Raise NoRoom in place of an OSError that says that the disk or a quota is full."""
    try:
        yield
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise NoRoom("there is no room for the temporary files of the request") from error
        raise
