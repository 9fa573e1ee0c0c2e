"""Text from URLs and forms to values, each error naming the parameter and what is allowed."""

import difflib
import re
from collections.abc import Callable, Collection, Mapping

from bson import ObjectId

from images.errors import InvalidParameter, LogNotFound
from images.ingest.csv_rows import NUMBER

DEFAULT_WELL = "default"
MAX_WELL_CHARACTERS = 100
MAX_PAGE = 1_000
MAX_OFFSET = 999_999_999


def depth(name: str, text: str) -> float:
    """A depth. Raises InvalidParameter."""
    try:
        return number(name, text)
    except InvalidParameter:
        raise InvalidParameter(name, text, "a depth is a finite decimal number") from None


def number(name: str, text: str) -> float:
    """A finite decimal number. Raises InvalidParameter."""
    if not NUMBER.fullmatch(text) or abs(float(text)) == float("inf"):
        raise InvalidParameter(name, text, "a finite decimal number is needed")
    return float(text)


def whole(minimum: int, maximum: int) -> Callable[[str, str], int]:
    """A reader of whole numbers from ``minimum`` to ``maximum``; it raises InvalidParameter."""

    def read_text(name: str, text: str) -> int:
        if not re.fullmatch(r"\d{1,9}", text, re.ASCII) or not minimum <= int(text) <= maximum:
            reason = f"a whole number from {minimum} to {maximum} is needed"
            raise InvalidParameter(name, text, reason)
        return int(text)

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
    name = text.strip()
    if not 1 <= len(name) <= MAX_WELL_CHARACTERS or not name.isprintable():
        allowed = f"a well's name has 1 to {MAX_WELL_CHARACTERS} printable characters"
        shown = text if len(text) <= MAX_WELL_CHARACTERS else f"{text[:MAX_WELL_CHARACTERS]}…"
        raise InvalidParameter("well", shown, f"{allowed}; this has {len(name)}")
    return name


def log_id(text: str) -> ObjectId:
    """The id of an image log. Raises LogNotFound for what can be no id."""
    if not ObjectId.is_valid(text):
        raise LogNotFound(f"there is no image log {text}")
    return ObjectId(text)


def only(query: Mapping[str, str], allowed: Collection[str]) -> None:
    """Raise InvalidParameter for the first parameter that is not among the ``allowed``."""
    for name in query:
        if name not in allowed:
            near = difflib.get_close_matches(name, allowed, n=1, cutoff=0.5)
            hint = (
                f"did you mean {near[0]}?"
                if near
                else f"allowed: {', '.join(sorted(allowed)) or 'none'}"
            )
            raise InvalidParameter(name, query[name], f"unknown parameter; {hint}")
