"""The errors of image logs. ``images.api.problems`` says how HTTP answers each of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from web.errors import InvalidParameter, NoRoom, RequestError


class ImageLogError(RequestError):
    """An error of an upload or a request of image logs."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault in a file: where it is, what was found, and what is allowed.

    ``line`` counts from 1; the header of a CSV is line 1. ``column`` and ``value`` are None if the
    fault is not in one field.
    """

    line: int
    column: str | None
    value: str | None
    reason: str


class InvalidCsv(ImageLogError):
    """The CSV has faults.

    ``faults`` are the first ones, ``total`` is their number. ``at_least`` says that the rest of the
    file was not read, so there may be more.
    """

    def __init__(self, faults: Sequence[Fault], total: int, at_least: bool = False) -> None:
        self.faults = tuple(faults)
        self.total = total
        self.at_least = at_least
        first = self.faults[0]
        where = f"line {first.line}" + (f", column {first.column}" if first.column else "")
        more = f" (and {'at least ' if at_least else ''}{total - 1} more)" if total > 1 else ""
        super().__init__(f"{where}: {first.reason}{more}; POST /logs/ takes other files, as values")


class NoFile(ImageLogError):
    """The upload does not have exactly one file in the field ``file``."""


class SpoolFull(ImageLogError, NoRoom):
    """There is no room left for the temporary file of an upload."""


class IngestOvertaken(ImageLogError):
    """The lease of the ingest expired, and the ingest was undone while it was still writing."""


class TooManyIngests(ImageLogError):
    """The process is already ingesting as many uploads as it may."""


class UnknownColormap(InvalidParameter):
    """There is no colormap of this name."""


class LogNotFound(ImageLogError):
    """There is no such image log."""


class LogGone(ImageLogError):
    """A Zarr chunk was requested, but the image log does not exist, or not any more."""


class ZarrKeyNotFound(ImageLogError):
    """The Zarr group of the log has no document and no chunk with this key."""


class LogExists(ImageLogError):
    """The well has a log of the same name from the same file already."""


class NothingInRange(ImageLogError):
    """The image logs have no trace in the depth range."""


class StatisticsMissing(ImageLogError):
    """The log has no statistics: it was ingested by an early version."""


class SeveralLogs(ImageLogError):
    """Several image logs match, but the answer needs exactly one.

    ``logs`` are the id, the well and the filename of each.
    """

    def __init__(self, logs: Sequence[tuple[str, str, str]]) -> None:
        self.logs = tuple(logs)
        super().__init__(f"{len(logs)} image logs match; choose one with log= or well=")


class WindowTooLarge(ImageLogError):
    """The window has more traces than the representation can show."""


class InvalidFile(ImageLogError):
    """A file cannot be ingested.

    ``reason`` is one sentence. ``faults`` are the first faults that have a line. ``at_least`` says
    that reading stopped at the last of them.
    """

    def __init__(self, reason: str, faults: Sequence[Fault] = (), at_least: bool = False) -> None:
        self.faults = tuple(faults)
        self.at_least = at_least
        super().__init__(reason)
