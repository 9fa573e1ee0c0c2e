"""Text from URLs and forms to values, each error naming the parameter and what is allowed."""

import difflib
from collections.abc import Callable, Collection, Mapping

from bson import ObjectId

from web import numbers
from web.errors import InvalidParameter
from web.text import checked_text

DEFAULT_WELL = "default"
MAX_WELL_CHARACTERS = 100
MAX_PAGE = 1_000
MAX_OFFSET = 999_999_999


def depth(name: str, text: str) -> float:
    """A depth. Raises InvalidParameter."""
    return number(name, text, "a depth is a finite decimal number")


def number(name: str, text: str, reason: str = "a finite decimal number is needed") -> float:
    """A finite decimal number. Raises InvalidParameter."""
    try:
        return numbers.decimal(text)
    except ValueError:
        raise InvalidParameter(name, text, reason) from None


def whole(minimum: int, maximum: int) -> Callable[[str, str], int]:
    """A reader of whole numbers from ``minimum`` to ``maximum``; it raises InvalidParameter."""

    def read_text(name: str, text: str) -> int:
        try:
            value = numbers.whole(text)
        except ValueError:
            value = None
        if value is None or not minimum <= value <= maximum:
            reason = f"a whole number from {minimum} to {maximum} is needed"
            raise InvalidParameter(name, text, reason)
        return value

    return read_text


# DRF would take the default for what is none of these.
PAGE = {"limit": whole(1, MAX_PAGE), "offset": whole(0, MAX_OFFSET)}


def check_page(query: Mapping[str, str]) -> None:
    """Raise InvalidParameter for a limit or an offset that is none."""
    for name in PAGE.keys() & query.keys():
        PAGE[name](name, query[name])


def depth_range(top: str, base: str) -> tuple[float, float]:
    """Two depths in ascending order. Raises InvalidParameter."""
    low, high = depth("min", top), depth("max", base)
    if low > high:
        raise InvalidParameter("min", top, f"the range is reversed: max is {base}")
    return low, high


def well(text: str) -> str:
    """The name of a well. Raises InvalidParameter."""
    return name("well", text, MAX_WELL_CHARACTERS)


def name(parameter: str, text: str, most: int) -> str:
    """A name of 1 to ``most`` printable characters. Raises InvalidParameter."""
    try:
        return checked_text(text, most)
    except ValueError as error:
        raise InvalidParameter(parameter, text, str(error)) from None


def object_id(text: str, missing: Exception) -> ObjectId:
    """The id of a document. Raises ``missing`` for a text that is no id."""
    if not ObjectId.is_valid(text):
        raise missing
    return ObjectId(text)


def only(query: Mapping[str, str], allowed: Collection[str]) -> None:
    """Raise InvalidParameter for the first parameter that is not among the ``allowed``."""
    for name in query:
        if name not in allowed:
            # Names are compared in quadratic time.
            near = difflib.get_close_matches(name[:50], allowed, n=1, cutoff=0.5)
            hint = (
                f"did you mean {near[0]}?"
                if near
                else f"allowed: {', '.join(sorted(allowed)) or 'none'}"
            )
            raise InvalidParameter(name, query[name], f"unknown parameter; {hint}")
