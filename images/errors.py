"""The errors of image logs. ``images.api.problems`` says how HTTP answers each of them."""

from collections.abc import Sequence

from web.errors import Fault, InvalidParameter, RequestError, quoted
from web.text import listed

# Faults of a file that are told, and how much of a value they quote.
MAX_FAULTS = 20
QUOTED_CHARACTERS = 60


def first_of(faults: Sequence[Fault], total: int, at_least: bool) -> str:
    """The first of ``total`` faults as a sentence, and how many more there are."""
    first = faults[0]
    found = f": {quoted(first.value)!r}" if first.value else ""
    more = f" (and {'at least ' if at_least else ''}{total - 1} more)" if total > 1 else ""
    return f"{first.place}{found}: {first.reason}{more}"


class InvalidCsv(RequestError):
    """The CSV has faults. Nothing was stored.

    ``faults`` are the first ones, ``total`` is their number. ``at_least`` says that the rest of the
    file was not read, so there may be more.
    """

    def __init__(self, faults: Sequence[Fault], total: int, at_least: bool = False) -> None:
        self.faults = tuple(faults)
        self.total = total
        self.at_least = at_least
        told = first_of(faults, total, at_least)
        super().__init__(f"{told}; POST /logs/ takes other files, as values")


class NoFile(RequestError):
    """The upload does not have exactly one file in the field ``file``."""


class IngestOvertaken(RequestError):
    """The ingest took too long and was undone."""


class TooManyIngests(RequestError):
    """The server is ingesting as many uploads as it may. Nothing of this one was read."""


class UnknownColormap(InvalidParameter):
    """There is no colormap of this name."""


class LogNotFound(RequestError):
    """There is no such image log."""


class LogGone(RequestError):
    """A Zarr chunk was requested, but the image log does not exist, or not any more. The status is
    not 404, because for Zarr a 404 is a chunk of nulls."""


class ZarrKeyNotFound(RequestError):
    """The Zarr group of the log has no document and no chunk with this key."""


class LogExists(RequestError):
    """The well already has a log with this name from the same file."""


class NothingInRange(RequestError):
    """The image logs have no trace in the depth range."""


class StatisticsMissing(RequestError):
    """The log has no statistics: it was ingested by an early version."""


class SeveralLogs(RequestError):
    """Several image logs match, but the answer needs exactly one. ``logs`` lists them.

    Each is an id, a well, a name and a filename.
    """

    def __init__(self, logs: Sequence[tuple[str, str, str, str]]) -> None:
        self.logs = tuple(logs)
        super().__init__(f"{len(logs)} image logs match; choose one with log= or well=")


class WindowTooLarge(RequestError):
    """The window has more traces than the representation can show."""


class InvalidFile(RequestError):
    """The file cannot be ingested. Nothing was stored. ``errors`` are the first faults that have a
    line.

    ``reason`` is one sentence. ``at_least`` says that reading stopped at the last of ``faults``.
    """

    def __init__(self, reason: str, faults: Sequence[Fault] = (), at_least: bool = False) -> None:
        self.faults = tuple(faults)
        self.at_least = at_least
        super().__init__(reason)


class SeveralWells(InvalidFile):
    """The file holds logs of several wells, and it was not said which one to take. ``wells`` are
    their names.
    """

    def __init__(self, wells: Sequence[str]) -> None:
        self.wells = tuple(wells)
        named = listed([name[:40] for name in wells])
        super().__init__(
            f"the file holds logs of {len(wells)} wells: {named}; well= takes those of one of them"
        )
