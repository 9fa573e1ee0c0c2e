"""What can be wrong with an upload or a request; how HTTP says it is decided elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass

from web.errors import InvalidParameter, NoRoom, RequestError


class ImageLogError(RequestError):
    """What can be wrong with an image log, or with a request for one."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a CSV: where, what was found, what is allowed.

    ``line`` counts from 1, the header being line 1. ``column`` and ``value`` are None where the
    fault is not in one field.
    """

    line: int
    column: str | None
    value: str | None
    reason: str


class InvalidCsv(ImageLogError):
    """The CSV has faults: the first ones, and how many there are in all.

    ``at_least`` says that there may be more of them, as the rest was not read.
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
    """The upload does not hold exactly one file in the place for it."""


class SpoolFull(ImageLogError, NoRoom):
    """There is no room left for the temporary file of an upload."""


class IngestOvertaken(ImageLogError):
    """The ingest was taken for dead and undone while it was still writing."""


class TooManyIngests(ImageLogError):
    """As many uploads are being ingested as may be at a time."""


class UnknownColormap(InvalidParameter):
    """There is no colormap of this name."""


class LogNotFound(ImageLogError):
    """No image log is what was asked for."""


class LogGone(ImageLogError):
    """A chunk was asked for of an image log that is not there, or no longer."""


class ZarrKeyNotFound(ImageLogError):
    """The Zarr group of a log has no document and no chunk of this key."""


class LogExists(ImageLogError):
    """The well has a log of the same name from the same file already."""


class NothingInRange(ImageLogError):
    """The image logs asked for hold no trace in the depth range."""


class StatisticsMissing(ImageLogError):
    """The log was ingested before statistics were made, and they have not been made since."""


class SeveralLogs(ImageLogError):
    """What was asked for can be made of one image log only, and several match."""

    def __init__(self, logs: Sequence[tuple[str, str, str]]) -> None:
        self.logs = tuple(logs)
        super().__init__(f"{len(logs)} image logs match; choose one with log= or well=")


class WindowTooLarge(ImageLogError):
    """The window holds more traces than the representation asked for can take."""


class InvalidFile(ImageLogError):
    """A file cannot be taken: why, in one sentence, and the first faults that have a place.

    ``at_least`` says that reading stopped at the last of ``faults``.
    """

    def __init__(self, reason: str, faults: Sequence[Fault] = (), at_least: bool = False) -> None:
        self.faults = tuple(faults)
        self.at_least = at_least
        super().__init__(reason)
