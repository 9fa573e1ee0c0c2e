"""Query parameters. Each is declared once, with its parser, its checks and its documentation."""

import difflib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar

from bson import ObjectId
from django.http import QueryDict

from web import numbers
from web.errors import InvalidParameter
from web.text import MAX_NAME_CHARACTERS, checked_text

DEFAULT_WELL = "default"
MAX_PAGE = 1_000
MAX_OFFSET = 999_999_999
# matplotlib fails where powers and differences of the ends of an axis overflow.
MAX_ON_AXIS = 1e100
NUMBER = {"type": "number", "format": "double"}
TEXT = {"type": "string"}
OBJECT_ID = {**TEXT, "pattern": "^[0-9a-fA-F]{24}$"}
WELL_NAME = {**TEXT, "minLength": 1, "maxLength": MAX_NAME_CHARACTERS}

Value = TypeVar("Value")
# Called with the name of a parameter and the text of its value. Raises InvalidParameter.
Reader = Callable[[str, str], Value]


def depth(name: str, text: str) -> float:
    """A depth. Raises InvalidParameter."""
    return number(name, text, "a depth is a finite decimal number")


def number(name: str, text: str, reason: str = "a finite decimal number is needed") -> float:
    """A finite decimal number. Raises InvalidParameter."""
    try:
        return numbers.decimal(text)
    except ValueError:
        raise InvalidParameter(name, text, reason) from None


def whole(minimum: int, maximum: int) -> Reader[int]:
    """A reader of whole numbers from ``minimum`` to ``maximum``."""

    def read_text(name: str, text: str) -> int:
        try:
            value = numbers.whole(text)
        except ValueError:
            value = -1
        if not max(minimum, 0) <= value <= maximum:
            reason = f"a whole number from {minimum} to {maximum} is needed"
            raise InvalidParameter(name, text, reason)
        return value

    return read_text


def one_of(choices: Collection[str]) -> Reader[str]:
    """A reader of one of these words."""

    def read_text(name: str, text: str) -> str:
        if text not in choices:
            raise InvalidParameter(name, text, f"allowed: {', '.join(choices)}")
        return text

    return read_text


def depth_range(top: str, base: str) -> tuple[float, float]:
    """Two depths in ascending order. Raises InvalidParameter."""
    found = depth("min", top), depth("max", base)
    ordered({"min": top, "max": base})
    return found


def on_axis(name: str, value: float | None) -> None:
    """Raise InvalidParameter for a number that is too large for the axis of a diagram."""
    if value is not None and abs(value) > MAX_ON_AXIS:
        raise InvalidParameter(name, repr(value), f"an axis ends at {MAX_ON_AXIS:g} or before")


def ordered(query: Mapping[str, str], low: str = "min", high: str = "max") -> None:
    """Raise InvalidParameter if a query has both depths, and they are in descending order."""
    if low in query and high in query and depth(low, query[low]) > depth(high, query[high]):
        reason = f"the range is reversed: {high} is {query[high]}"
        raise InvalidParameter(low, query[low], reason)


# Functions that turn the name or the id of a well into its name. The app wells adds one at start.
well_resolvers: list[Callable[[str], str]] = []


def well(text: str) -> str:
    """The name of a well that is given by its name or its id. Raises InvalidParameter."""
    found = printable("well", text)
    for resolve in well_resolvers:
        found = resolve(found)
    return found


def printable(name: str, text: str, most: int = MAX_NAME_CHARACTERS) -> str:
    """A text of 1 to ``most`` printable characters. Raises InvalidParameter."""
    try:
        return checked_text(text, most)
    except ValueError as error:
        raise InvalidParameter(name, text, str(error)) from None


def object_id(text: str, missing: Exception) -> ObjectId:
    """The ObjectId of ``text``. Raises ``missing`` if it is not an id."""
    if not ObjectId.is_valid(text):
        raise missing
    return ObjectId(text)


@dataclass(frozen=True, eq=False)
class Parameter(Generic[Value]):
    """A query parameter.

    ``read`` parses and checks the text. ``schema`` is the OpenAPI schema. ``example`` is a valid
    query with the parameter. A ``needed`` parameter is required.
    """

    name: str
    description: str
    example: str
    read: Reader[Value]
    schema: Mapping[str, Any]
    needed: bool = False

    @classmethod
    def decimal(cls, name: str, description: str, example: str) -> "Parameter[float]":
        return Parameter(name, description, example, number, NUMBER)

    @classmethod
    def depth(cls, name: str, description: str, example: str) -> "Parameter[float]":
        return Parameter(name, description, example, depth, NUMBER)

    @classmethod
    def whole(
        cls, name: str, description: str, example: str, minimum: int, maximum: int
    ) -> "Parameter[int]":
        schema = {"type": "integer", "minimum": minimum, "maximum": maximum}
        return Parameter(name, description, example, whole(minimum, maximum), schema)

    @classmethod
    def choice(
        cls, name: str, description: str, example: str, choices: Iterable[str]
    ) -> "Parameter[str]":
        words = tuple(choices)
        return Parameter(name, description, example, one_of(words), {**TEXT, "enum": [*words]})

    @classmethod
    def flag(cls, name: str, description: str, example: str) -> "Parameter[bool]":
        words = ("true", "false")
        read_text = one_of(words)
        schema = {**TEXT, "enum": [*words]}
        return Parameter(
            name, description, example, lambda *sent: read_text(*sent) == "true", schema
        )

    @classmethod
    def text(
        cls, name: str, description: str, example: str, most: int = MAX_NAME_CHARACTERS
    ) -> "Parameter[str]":
        schema = {**TEXT, "minLength": 1, "maxLength": most}
        return Parameter(name, description, example, partial(printable, most=most), schema)

    @classmethod
    def well(cls, description: str, example: str = "?well=sample") -> "Parameter[str]":
        return Parameter("well", description, example, lambda _, text: well(text), WELL_NAME)


# Declared here because DRF silently replaces an invalid limit or offset by its default.
LIMIT = Parameter.whole("limit", "Items on a page; 100 by default.", "?limit=10", 1, MAX_PAGE)
OFFSET = Parameter.whole("offset", "Items to leave out before it.", "?offset=0", 0, MAX_OFFSET)
PAGE = (LIMIT, OFFSET)


def read(query: Mapping[str, str], declared: Iterable[Parameter[Any]]) -> dict[str, Any]:
    """The values of the parameters in ``query``, by name.

    Raises InvalidParameter for a parameter that is unknown, repeated, invalid, or missing although
    it is needed.
    """
    by_name = {parameter.name: parameter for parameter in declared}
    only(query, by_name)
    for name, parameter in by_name.items():
        if parameter.needed and name not in query:
            raise InvalidParameter(name, "", f"it is needed: {parameter.description}")
    return {name: by_name[name].read(name, text) for name, text in query.items()}


def only(query: Mapping[str, str], allowed: Collection[str]) -> None:
    """Raise InvalidParameter for the first parameter that is not ``allowed``, or given twice."""
    for name in query:
        if name not in allowed:
            # The comparison takes quadratic time, so names are cut.
            near = difflib.get_close_matches(name[:50], allowed, n=1, cutoff=0.5)
            hint = (
                f"did you mean {near[0]}?"
                if near
                else f"allowed: {', '.join(sorted(allowed)) or 'none'}"
            )
            raise InvalidParameter(name, query[name], f"unknown parameter; {hint}")
    pairs(query)


def pairs(query: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The names and texts of a query. Raises InvalidParameter for a repeated parameter."""
    if isinstance(query, QueryDict):
        for name, texts in query.lists():
            if len(texts) > 1:
                raise InvalidParameter(name, str(texts[-1]), "given more than once; give it once")
    return tuple(query.items())
