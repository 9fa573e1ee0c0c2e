"""Errors of all kinds of requests. The table in ``problems`` says how each is answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

# A message quotes at most this much of a value of a request, and of a file.
QUOTED_CHARACTERS = 100
QUOTED_FROM_FILES = 200


class RequestError(Exception):
    """The request cannot be fulfilled. The message tells its sender why."""


class InvalidParameter(RequestError):
    """A part of the URL or of the body has a value that is not allowed, or is not known."""

    def __init__(self, name: str, value: str, reason: str) -> None:
        self.name, self.value = (
            text if len(text) <= QUOTED_CHARACTERS else f"{text[:QUOTED_CHARACTERS]}…"
            for text in (name, value)
        )
        self.reason = reason
        super().__init__(f"{self.name}={self.value!r}: {reason}")


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault in a file: where it is, what was found, and what is allowed.

    ``line`` counts from 1. ``column`` and ``value`` are None if the fault is not in one field.
    """

    line: int
    column: str | None
    value: str | None
    reason: str

    @property
    def place(self) -> str:
        return f"line {self.line}" + (f", column {self.column}" if self.column else "")

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}"


def quoted(value: object) -> str:
    """A value from a file as messages quote it: not too long, and without lone surrogates."""
    return str(value).encode(errors="replace").decode()[:QUOTED_FROM_FILES]


class FaultyFile(RequestError):
    """A file has faults; nothing of it is kept. ``faults`` are the first of ``total``."""

    def __init__(self, faults: Sequence[Fault], total: int = 1) -> None:
        self.faults, self.total = faults, total
        more = f" and {total - 1} more" if total > 1 else ""
        super().__init__(f"{faults[0]}{more}")

    @classmethod
    def at(
        cls, line: int, reason: str, column: str | None = None, value: str | None = None
    ) -> Self:
        """The error of a file with one fault."""
        return cls([Fault(line, column, value, reason)])


class LengthRequired(RequestError):
    """The upload does not say its length."""


class UploadTooLarge(RequestError):
    """The file is larger than ``limit``."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        super().__init__(f"the file is larger than the limit of {limit} bytes")


class NoRoom(RequestError):
    """There is no room for the temporary files of the request."""


class HeadersTooLarge(RequestError):
    """The headers of the request are too long together."""


class BodyTooSlow(RequestError):
    """The client takes too long to send the body."""


class Overloaded(RequestError):
    """The limit of concurrent requests is reached, and no thread became free within half a second,
    or 32 requests were waiting already."""


class BudgetExhausted(RequestError):
    """Other requests hold the memory that the answer needs."""


class TooLargeForBudget(RequestError):
    """The answer needs more memory than ``limit``; the detail says what to narrow."""

    def __init__(self, what: str, nbytes: int, limit: int) -> None:
        self.limit = limit
        super().__init__(f"{what} takes {nbytes} bytes of memory; the limit is {limit} bytes")


class PreconditionFailed(RequestError):
    """It has another ETag than ``If-Match`` says."""


class RangeNotSatisfiable(RequestError):
    """The bytes asked for lie beyond the end."""

    def __init__(self, length: int) -> None:
        self.length = length
        super().__init__(f"there are {length} bytes")


class NotReady(Exception):
    """The service is not ready. ``checks`` says which dependency fails."""

    def __init__(self, checks: Mapping[str, str]) -> None:
        self.checks = checks
        failed = [f"{name} {state}" for name, state in checks.items() if state != "ok"]
        super().__init__(", ".join(failed))
