"""DRF parsers for uploads. They pass the bytes of the file to an ingest as they arrive."""

from collections.abc import Mapping
from contextlib import ExitStack
from threading import BoundedSemaphore
from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler
from django.http import QueryDict
from django.http.multipartparser import MultiPartParser, MultiPartParserError
from django.utils.http import parse_header_parameters
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser
from rest_framework.request import Request

from images.errors import NoFile, TooManyIngests
from images.ingest.csv_upload import CsvUpload
from images.ingest.logs import LogsIngest
from web.parsers import check_has_length, check_length

READ_BYTES = 1024 * 1024
FILE_FIELD = "file"
# A boundary has at most 70 characters (RFC 2046, 5.1.1); white space may follow it.
END_BYTES = 256


_slots = BoundedSemaphore(settings.MAX_INGESTS)


class Upload:
    """A file that is being received, in one of MAX_INGESTS slots of this process.

    ``fields`` are the other fields of its form. Making one raises TooManyIngests, before anything
    of the body is read; ``close`` ends the ingest and frees the slot.
    """

    def __init__(self, ingest: type[CsvUpload | LogsIngest], filename: str) -> None:
        if not _slots.acquire(blocking=False):
            raise TooManyIngests("other uploads are being ingested; try again in some seconds")
        self.filename, self.fields = filename, QueryDict()
        with ExitStack() as slot:
            slot.callback(_slots.release)
            self.ingest: Any = slot.enter_context(ingest(settings.MAX_UPLOAD_BYTES))
            self._slot = slot.pop_all()

    def close(self) -> None:
        self._slot.close()


class IngestUploadHandler(FileUploadHandler):
    """Django upload handler that passes the only file of a form to an ingest."""

    chunk_size = READ_BYTES

    def __init__(self, upload: Upload) -> None:
        super().__init__()
        self.upload = upload
        self.started = False

    def new_file(self, field_name: str, *args: Any, **kwargs: Any) -> None:
        super().new_file(field_name, *args, **kwargs)
        if field_name != FILE_FIELD:
            raise NoFile(f"the file is in the field {field_name!r}; send it as {FILE_FIELD!r}")
        if self.started:
            raise NoFile("there are several files; send one at a time")
        self.started, self.upload.filename = True, self.file_name

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.upload.ingest.feed(raw_data)

    def file_complete(self, file_size: int) -> None:
        """Return None: ``request.FILES`` stays empty."""


class FormUploadParser(BaseParser):
    """Parses multipart/form-data with ``file`` and, optionally, ``well``."""

    media_type = "multipart/form-data"
    ingest: type[CsvUpload | LogsIngest] = CsvUpload

    def parse(self, stream: Any, media_type: str, parser_context: Mapping[str, Any]) -> Upload:
        meta = {**parser_context["request"].META, "CONTENT_TYPE": media_type}
        check_length(meta, settings.MAX_UPLOAD_BYTES)
        upload = Upload(self.ingest, "")
        handler, body = IngestUploadHandler(upload), _TailReader(stream)
        try:
            upload.fields, _ = MultiPartParser(meta, body, [handler]).parse()
            if not body.ends_with_boundary(media_type):
                raise ParseError("the form is cut off: it does not end with its boundary")
            if not handler.started:
                raise NoFile(f"the form has no file in the field {FILE_FIELD!r}")
        except BaseException as error:
            upload.close()
            if isinstance(error, MultiPartParserError):
                raise ParseError(f"the form is malformed: {error}") from error
            raise
        return upload


class _TailReader:
    """Reads a form and keeps its last bytes. Django accepts a form without its last boundary."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._end = b""

    def read(self, size: int) -> bytes:
        data = self._stream.read(size)
        self._end = (self._end + data)[-END_BYTES:]
        return data

    def ends_with_boundary(self, media_type: str) -> bool:
        boundary = parse_header_parameters(media_type)[1]["boundary"]
        return f"--{boundary}--".encode() in self._end


class CsvUploadParser(BaseParser):
    """Parses a body that is the CSV itself."""

    media_type = "text/csv"
    ingest: type[CsvUpload | LogsIngest] = CsvUpload
    filename = "upload.csv"

    def parse(self, stream: Any, media_type: str, parser_context: Mapping[str, Any]) -> Upload:
        meta = parser_context["request"].META
        check_length(meta, settings.MAX_UPLOAD_BYTES, in_a_form=False)
        upload = Upload(self.ingest, self.filename)
        try:
            while data := stream.read(READ_BYTES):
                upload.ingest.feed(data)
        except BaseException:
            upload.close()
            raise
        return upload


def receive(request: Request) -> Upload:
    """Parse the body of a request with a file.

    Raises NoFile, LengthRequired, and what the parser raises.
    """
    check_has_length(request.META)
    upload = request.data
    if not isinstance(upload, Upload):
        raise NoFile(f"the request has no body; send the file as the form field {FILE_FIELD!r}")
    return upload
