"""What the lines before the data of a LAS say."""

from collections.abc import Sequence
from typing import IO

from images.errors import InvalidFile
from images.ingest.las.sections import Section
from images.ingest.names.units import unit_of
from images.ingest.table import Ends
from tables.encodings import decoded
from tables.las_header import Header, Item, number_of

MAX_HEADER_BYTES = 8 * 1024 * 1024


def header_of(file: IO[bytes], sections: Sequence[Section]) -> Header:
    return Header.of(_values(file, sections, "v"), _values(file, sections, "w"))


def _values(file: IO[bytes], sections: Sequence[Section], initial: str) -> dict[str, Item]:
    """The items of the first section whose title begins with a letter, by name."""
    for section in sections:
        if section.words[:1] == initial and not section.is_data:
            items = map(Item.read, lines_of(file, section))
            return {item.name.upper(): item for item in reversed([*items])}
    return {}


def lines_of(file: IO[bytes], section: Section) -> list[str]:
    """The lines of a header section that are neither blank nor comments."""
    if section.stop - section.start > MAX_HEADER_BYTES:
        raise InvalidFile(f"line {section.line}: the section ~{section.title[:40]} is too long")
    file.seek(section.start)
    raw = file.read(section.stop - section.start).split(b"\n")
    return [line for r in raw if (line := decoded(r).strip()) and not line.startswith("#")]


def ends_of(header: Header) -> Ends | None:
    """The depths that a header tells, where it tells both ends."""
    first, last, step = (number_of(i.value) for i in (header.first, header.last, header.step))
    if first is None or last is None or first in header.nulls or first == last:
        return None
    return Ends(first, last, step, unit_of(header.first.unit or header.last.unit))
