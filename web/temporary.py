"""Nameless temporary files: gone once they are closed, or once the process has ended."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from web.errors import NoRoom

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class NamelessUploadHandler(FileUploadHandler):
    """Takes the files of a form to nameless files, which the request closes.

    Django's own handlers leave named files behind where the process is killed. Raises NoRoom.
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        with room_needed():
            self.file = TemporaryFile()  # noqa: SIM115 - closed by the request

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        with room_needed():
            self.file.write(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile:
        with room_needed():
            self.file.flush()
        self.file.seek(0)
        about = (self.content_type, file_size, self.charset, self.content_type_extra)
        return UploadedFile(self.file, self.file_name, *about)

    def upload_interrupted(self) -> None:
        if hasattr(self, "file"):
            self.file.close()


@contextmanager
def room_needed() -> Iterator[None]:
    """Turn errors that say that there is no room into NoRoom."""
    try:
        yield
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise NoRoom("there is no room for the temporary files of the request") from error
        raise
