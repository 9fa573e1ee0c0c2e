"""Temporary files without a name, such as those of multipart forms."""

import errno
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import IO, Any

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
        self.file = unnamed_file()  # closed by Django at the end of the request

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


def unnamed_file() -> IO[bytes]:
    """Create a temporary file without a name. Raises NoRoom."""
    with room_needed():
        return TemporaryFile(buffering=0)


def write(file: IO[bytes], data: bytes) -> None:
    """Write all of ``data`` to an unnamed file. Raises NoRoom."""
    left = memoryview(data)
    with room_needed():
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
    file = unnamed_file()
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
