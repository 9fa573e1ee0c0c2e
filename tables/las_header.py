"""The sections of a LAS (1.2, 2.0 and 3.0; Canadian Well Logging Society), and what the lines of
its headers say: ``NAME.UNIT  VALUE : DESCRIPTION``."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, Self, TypeVar

from tables.names import DEPTH_NAMES, bare
from tables.table import as_number

MAX_SECTIONS = 1000
BLANKS = " "
_SEPARATORS = {"COMMA": ",", "TAB": "\t", "SPACE": BLANKS}
# What LAS 3 says of the values of a column, behind its description.
FORMAT = re.compile(r"\{([^{}]{0,60})\}[^{}]{0,60}")
# A unit follows its point at once; the one with a space in it is of the depths of DLIS.
_UNIT = re.compile(r"0\.1 in\b|\.?[^\s]+", re.I)
# ``Cond..MS/M`` and ``I. Res..OHM-M``, ``AMP.1.dB``, ``AMP.1 .dB``, ``.ILM .OHMM``: not the first
# point is the one between the name and the unit.
_LATER_POINTS = (
    re.compile(r"(.*?\.)\.(?=[^\W\d])(.*)"),
    re.compile(r"([^.\s]+\.\d{1,5})\s*\.(?=\D)(.*)"),
    re.compile(r"\.\s*([^\s.]+)\s*\.(.*)"),
)
# lasio tells columns of one name apart so: ``IMG:2 .OHMM : Image``.
_COPY = re.compile(r"[^.:\s]+:\d{1,4}(?=\s*\.)")
_LATE_UNIT = re.compile(r"[^\W\d]\S{0,11}")


@dataclass(frozen=True)
class Section:
    """A section: its title without ``~``, and the number of its title line."""

    title: str
    line: int

    @cached_property
    def words(self) -> str:
        return self.title.split("|")[0].strip().lower()

    @cached_property
    def is_data(self) -> bool:
        """Whether the rows are here: ``~A``, ``~Log_Data``, ``~Data``, ``~Log_ASCII``,
        ``~Drilling | Drilling_Definition``, or a title that is the names of the columns."""
        first = bare(self.words.split()[0]) if self.words else ""
        named = "|" in self.title and "parameter" not in self.words
        return self.words[:1] == "a" or bool(
            re.search(r"_data(\b|_)|^data\b|ascii", self.words) or named or first in DEPTH_NAMES
        )

    @cached_property
    def is_definition(self) -> bool:
        return (self.words[:1] == "c" and not self.is_data) or "_definition" in self.words


AnySection = TypeVar("AnySection", bound=Section)


def definitions(sections: Sequence[AnySection], i: int) -> list[AnySection]:
    """The section that defines the columns of data section ``i``: the one that its title names,
    the one with its own name, or the nearest one before it."""
    title = sections[i].title
    wanted = title.split("|")[1].strip().lower() if "|" in title else ""
    own = sections[i].words.replace("_data", "_definition")
    definitions = [section for section in sections if section.is_definition]
    for name in filter(None, (wanted, own)):
        if named := [section for section in definitions if section.words == name]:
            return named[:1]
        if named := [section for section in definitions if section.words.split()[0] == name]:
            return named[:1]
    if sections[i].words[:1] == "a":
        # ~A belongs to ~Curve, whatever LAS 3 defines between the two.
        definitions = [d for d in definitions if d.words[:1] == "c"] or definitions
    before = [section for section in definitions if section.line < sections[i].line]
    return before[-1:] or definitions[:1]


class Item(NamedTuple):
    """A line of a header."""

    name: str
    unit: str = ""
    value: str = ""
    description: str = ""

    @classmethod
    def read(cls, line: str) -> Self:
        """``NAME.UNIT  VALUE : DESCRIPTION``; a value may have colons in it."""
        left, colon, description = line.rpartition(":")
        left, description = (left, description) if colon else (line, "")
        name, _, rest = left.partition(".")
        unit = _unit(rest)
        value = rest[len(unit) :].strip()
        return cls(name.strip(), unit.strip("'\""), value, description.strip())

    @classmethod
    def read_column(cls, line: str) -> Self:
        """``NAME.UNIT  CODE : DESCRIPTION``; a description may have colons in it."""
        copy = _COPY.match(line)
        at = copy.end() if copy else 0
        left, colon, description = line[at:].partition(":")
        left = line[:at] + left
        found = next((f for pattern in _LATER_POINTS if (f := pattern.fullmatch(left))), None)
        name, rest = found.groups() if found else left.partition(".")[::2]
        unit = _unit(rest)
        value = rest[len(unit) :].strip()
        if not unit and colon and _LATE_UNIT.fullmatch(value):
            unit, value = value, ""
        return cls(name.strip(), unit, value, description.strip())


NONE = Item("")


def _unit(rest: str) -> str:
    """The unit that a text begins with: up to the first space, but for tenths of an inch."""
    found = _UNIT.match(rest)
    return found[0] if found else ""


def number_of(text: str) -> float | None:
    """The number that a value begins with; Fortran writes its exponents with a D."""
    words = text.split(maxsplit=1)
    return as_number(words[0].upper().replace("D", "E")) if words else None


@dataclass(frozen=True)
class Header:
    """What the sections ``~Version`` and ``~Well`` say. ``first``, ``last`` and ``step`` are of the
    depths, as they are written, with their units."""

    version: float
    wrapped: bool
    separator: str | None
    nulls: tuple[float, ...]
    well: str | None
    first: Item
    last: Item
    step: Item

    @classmethod
    def of(
        cls, sections: Sequence[AnySection], lines_of: Callable[[AnySection], Sequence[str]]
    ) -> Self:
        """From the ``sections`` of a file; ``lines_of`` gives the lines of one of them."""
        version, well = (_items(sections, initial, lines_of) for initial in "vw")
        number = number_of(version.get("VERS", NONE).value)
        number = 2.0 if number is None else number
        nulls = map(number_of, re.split(r"[,;\s]+", well.get("NULL", NONE).value))
        return cls(
            number,
            version.get("WRAP", NONE).value.upper().startswith("Y"),
            _SEPARATORS.get(version.get("DLM", NONE).value.upper()),
            tuple(null for null in nulls if null is not None),
            _well(number, well.get("WELL", NONE)),
            *(well.get(name, NONE) for name in ("STRT", "STOP", "STEP")),
        )


def _items(
    sections: Sequence[AnySection], initial: str, lines_of: Callable[[AnySection], Sequence[str]]
) -> dict[str, Item]:
    """The lines of the first section whose title begins with this letter, by names in capitals. Of
    two lines with one name the first counts."""
    section = next((s for s in sections if s.words[:1] == initial and not s.is_data), None)
    lines = [] if section is None else lines_of(section)
    return {item.name.upper(): item for item in map(Item.read, reversed(lines))}


def _well(version: float, item: Item) -> str | None:
    # LAS 1.2 has names before the colon and their values behind it.
    labels = {"", "well", "wellname", "wellid"}
    behind = version < 2 and bare(item.description) not in labels
    name = (item.description if behind else item.value).strip()
    quoted = name[:1] in {'"', "'"} and name.endswith(name[:1])
    return (name[1:-1].strip() if quoted else name) or None
