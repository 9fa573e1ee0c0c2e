"""What ``/upload-csv/`` takes: the CSV of the contract, and other text that holds one array."""

import re
from typing import Self

from images.ingest.contract.header import is_above
from images.ingest.csv_ingest import Ingest
from images.ingest.layout.plan import Options
from images.ingest.logs import LogsIngest
from images.ingest.table import Told
from images.ingest.text.lines import MAX_LINE_BYTES
from images.models import ImageLog

# A file with such a column is checked against the contract.
_OF_CONTRACT = re.compile(rb"\bcol\d", re.IGNORECASE)


class CsvUpload:
    """Takes the bytes of one file and publishes its log; a context manager.

    The header tells which of the two it is.
    """

    def __init__(self, max_bytes: int) -> None:
        self.warnings: list[Told] = []
        self._max_bytes = max_bytes
        self._head = b""
        self._ingest: Ingest | LogsIngest | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give back what the ingest holds."""
        if self._ingest is not None:
            self._ingest.close()

    def feed(self, data: bytes) -> None:
        """Take the next bytes of the file. Raises UploadTooLarge, NoRoom."""
        if self._ingest is not None:
            self._ingest.feed(data)
            return
        self._head += data
        if (b"\n" in data and self._header() is not None) or len(self._head) > MAX_LINE_BYTES:
            self._begin()

    def publish(self, well: str, filename: str) -> tuple[ImageLog, bool]:
        """The log of this file in ``well``, and whether it is new.

        Raises InvalidCsv, InvalidFile, NoRoom, IngestOvertaken, StorageUnavailable.
        """
        ingest = self._ingest or self._begin()
        if isinstance(ingest, LogsIngest):
            result = ingest.publish(well, filename, Options(), one_array=True)
            self.warnings = result.warnings
            return result.logs[0]
        published = ingest.publish(well, filename)
        self.warnings = ingest.warnings
        return published

    def _header(self) -> bytes | None:
        """The header, if the whole line is here."""
        lines = self._head.split(b"\n")[:-1]
        return next((line for line in lines if not is_above(line)), None)

    def _begin(self) -> Ingest | LogsIngest:
        line = self._header()
        if line is None:
            line = self._head.rpartition(b"\n")[2]
        contract = not line.strip() or bool(_OF_CONTRACT.search(line))
        ingest = (Ingest if contract else LogsIngest)(self._max_bytes)
        self._ingest = ingest
        head, self._head = self._head, b""
        ingest.feed(head)
        return ingest
