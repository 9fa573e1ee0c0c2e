"""What can be wrong with any request; ``problems`` says how each is answered."""

from collections.abc import Mapping

# How much of a value a message quotes.
QUOTED_CHARACTERS = 100


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


class LengthRequired(RequestError):
    """The upload does not say its length."""


class UploadTooLarge(RequestError):
    """The upload is larger than the limit."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        super().__init__(f"the file is larger than the limit of {limit} bytes")


class NoRoom(RequestError):
    """There is no room left for temporary files."""


class BodyTooSlow(RequestError):
    """The client takes too long to send the body."""


class Overloaded(RequestError):
    """As many requests of a kind are being answered as may be at a time."""


class BudgetExhausted(RequestError):
    """Other requests hold the memory that this one needs."""


class TooLargeForBudget(RequestError):
    """The request needs more memory than all requests together may take."""

    def __init__(self, what: str, nbytes: int, limit: int) -> None:
        self.limit = limit
        super().__init__(f"{what} takes {nbytes} bytes of memory; the limit is {limit} bytes")


class PreconditionFailed(RequestError):
    """What the request is about has changed since the client read it."""


class RangeNotSatisfiable(RequestError):
    """The bytes asked for lie beyond the end."""

    def __init__(self, length: int) -> None:
        self.length = length
        super().__init__(f"there are {length} bytes")


class NotReady(Exception):
    """The service cannot do its work; ``checks`` says of each dependency how it is."""

    def __init__(self, checks: Mapping[str, str]) -> None:
        self.checks = checks
        failed = [f"{name} {state}" for name, state in checks.items() if state != "ok"]
        super().__init__(", ".join(failed))
