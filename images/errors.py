"""The errors of image logs. ``images.api.problems`` says how HTTP answers each of them."""

from collections.abc import Sequence

from web.errors import Fault, InvalidParameter, NoRoom, RequestError


class InvalidCsv(RequestError):
    """The CSV has faults.

    ``faults`` are the first ones, ``total`` is their number. ``at_least`` says that the rest of the
    file was not read, so there may be more.
    """

    def __init__(self, faults: Sequence[Fault], total: int, at_least: bool = False) -> None:
        self.faults = tuple(faults)
        self.total = total
        self.at_least = at_least
        more = f" (and {'at least ' if at_least else ''}{total - 1} more)" if total > 1 else ""
        super().__init__(f"{self.faults[0]}{more}; POST /logs/ takes other files, as values")


class NoFile(RequestError):
    """The upload does not have exactly one file in the field ``file``."""


class SpoolFull(NoRoom):
    """There is no room left for the temporary file of an upload."""


class IngestOvertaken(RequestError):
    """The lease of the ingest expired, and the ingest was undone while it was still writing."""


class TooManyIngests(RequestError):
    """The process is already ingesting as many uploads as it may."""


class UnknownColormap(InvalidParameter):
    """There is no colormap of this name."""


class LogNotFound(RequestError):
    """There is no such image log."""


class LogGone(RequestError):
    """A Zarr chunk was requested, but the image log does not exist, or not any more."""


class ZarrKeyNotFound(RequestError):
    """The Zarr group of the log has no document and no chunk with this key."""


class LogExists(RequestError):
    """The well has a log of the same name from the same file already."""


class NothingInRange(RequestError):
    """The image logs have no trace in the depth range."""


class StatisticsMissing(RequestError):
    """The log has no statistics: it was ingested by an early version."""


class SeveralLogs(RequestError):
    """Several image logs match, but the answer needs exactly one.

    ``logs`` are the id, the well and the filename of each.
    """

    def __init__(self, logs: Sequence[tuple[str, str, str]]) -> None:
        self.logs = tuple(logs)
        super().__init__(f"{len(logs)} image logs match; choose one with log= or well=")


class WindowTooLarge(RequestError):
    """The window has more traces than the representation can show."""


class InvalidFile(RequestError):
    """A file cannot be ingested.

    ``reason`` is one sentence. ``faults`` are the first faults that have a line. ``at_least`` says
    that reading stopped at the last of them.
    """

    def __init__(self, reason: str, faults: Sequence[Fault] = (), at_least: bool = False) -> None:
        self.faults = tuple(faults)
        self.at_least = at_least
        super().__init__(reason)
