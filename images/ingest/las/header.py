"""What the lines before the data of a LAS say: ``NAME.UNIT  VALUE : DESCRIPTION``."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO, NamedTuple

from images.errors import InvalidFile
from images.ingest import names
from images.ingest.las.sections import Section
from images.ingest.table import Ends
from images.ingest.text.dialect import SPACE, Dialect
from tables.encodings import decoded
from tables.names import bare

MAX_HEADER_BYTES = 8 * 1024 * 1024
_SEPARATORS = {"COMMA": ",", "TAB": "\t", "SPACE": SPACE}
# A unit follows its point at once; the one with a space in it is of the depths of DLIS.
_UNIT = re.compile(r"0\.1 in\b|\.?[^\s]+", re.I)
# ``Cond..MS/M`` and ``I. Res..OHM-M``, ``AMP.1.dB``, ``.ILM .OHMM``: not the first point is the one
# between the name and the unit.
_LATER_POINTS = (
    re.compile(r"(.*?\.)\.(?=[^\W\d])(.*)"),
    re.compile(r"([^.\s]+\.\d{1,5})\.(?=\D)(.*)"),
    re.compile(r"\.\s*([^\s.]+)\s*\.(.*)"),
)
_LATE_UNIT = re.compile(r"[^\W\d]\S{0,11}")


class Item(NamedTuple):
    """A line of a header."""

    name: str
    unit: str
    value: str
    description: str


NONE = Item("", "", "", "")


@dataclass
class Header:
    """What the lines before the data say. ``first``, ``last`` and ``step`` are of the depths, as
    they are written, with their units."""

    version: float
    wrapped: bool
    separator: str | None
    null: tuple[float, ...]
    well: str | None
    first: Item
    last: Item
    step: Item

    @property
    def ends(self) -> Ends | None:
        """The depths that the header tells, where it tells both ends."""
        numbers = [number_of(item.value) for item in (self.first, self.last, self.step)]
        first, last, step = numbers
        if first is None or last is None or first in self.null or first == last:
            return None
        return Ends(first, last, step, names.unit_of(self.first.unit or self.last.unit))


def number_of(text: str) -> float | None:
    number = Dialect((), SPACE).number(text.split()[0]) if text.split() else None
    return None if number is None or number != number else number


def header_of(file: IO[bytes], sections: Sequence[Section]) -> Header:
    version = _values(file, sections, "v")
    number = number_of(version.get("VERS", NONE).value)
    number = 2.0 if number is None else number
    well = _values(file, sections, "w")
    separator = version.get("DLM", NONE).value.upper()
    nulls = [number_of(part) for part in re.split(r"[,;\s]+", well.get("NULL", NONE).value)]
    name = well.get("WELL", NONE)
    # LAS 1.2 has names before the colon and their values behind it.
    labels = {"", "well", "wellname", "wellid"}
    behind = number < 2 and bare(name.description) not in labels
    told = name.description if behind else name.value
    return Header(
        number,
        version.get("WRAP", NONE).value.upper().startswith("Y"),
        _SEPARATORS.get(separator),
        tuple(null for null in nulls if null is not None),
        told.strip("\"' ") or None,
        *(well.get(name, NONE) for name in ("STRT", "STOP", "STEP")),
    )


def _values(file: IO[bytes], sections: Sequence[Section], initial: str) -> dict[str, Item]:
    """The items of the first section whose title begins with a letter, by name."""
    for section in sections:
        if section.words[:1] == initial and not section.is_data:
            return {item.name.upper(): item for item in reversed(items_of(file, section))}
    return {}


def items_of(file: IO[bytes], section: Section, of_columns: bool = False) -> list[Item]:
    """The lines of a header section; those ``of_columns`` have no values."""
    if section.stop - section.start > MAX_HEADER_BYTES:
        raise InvalidFile(f"line {section.line}: the section ~{section.title[:40]} is too long")
    file.seek(section.start)
    items = []
    for raw in file.read(section.stop - section.start).split(b"\n"):
        line = decoded(raw).strip()
        if line and not line.startswith("#"):
            items.append(_column_item(line) if of_columns else _item(line))
    return items


def _item(line: str) -> Item:
    """``NAME.UNIT  VALUE : DESCRIPTION``; a value may have colons in it."""
    left, colon, description = line.rpartition(":")
    left, description = (left, description) if colon else (line, "")
    name, _, rest = left.partition(".")
    unit = _unit(rest)
    return Item(name.strip(), unit.strip("'\""), rest[len(unit) :].strip(), description.strip())


def _unit(rest: str) -> str:
    """The unit that a text begins with: up to the first space, but for tenths of an inch."""
    found = _UNIT.match(rest)
    return found[0] if found else ""


def _column_item(line: str) -> Item:
    """``NAME.UNIT  CODE : DESCRIPTION``; a description may have colons in it."""
    left, colon, description = line.partition(":")
    found = next((f for pattern in _LATER_POINTS if (f := pattern.fullmatch(left))), None)
    name, rest = found.groups() if found else left.partition(".")[::2]
    unit = _unit(rest)
    value = rest[len(unit) :].strip()
    if not unit and colon and _LATE_UNIT.fullmatch(value):
        unit, value = value, ""
    return Item(name.strip(), unit, value, description.strip())
