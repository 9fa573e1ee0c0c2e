"""The sections of a LAS, found without keeping what is in them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from images.errors import InvalidFile
from images.ingest.text.lines import Slab, slabs
from tables import las_header
from tables.encodings import decoded
from tables.las_header import MAX_SECTIONS

# The title of the data may be the names of all columns.
MAX_TITLE_BYTES = 64 * 1024
MAX_HEADER_BYTES = 8 * 1024 * 1024


@dataclass(frozen=True)
class Section(las_header.Section):
    """A section, and the bytes between which its lines are."""

    start: int
    stop: int


def sections_of(file: IO[bytes]) -> Iterator[Section]:
    """The sections, found without keeping what is in them."""
    titles: list[tuple[str, int, int, int]] = []
    at = 0
    for slab in slabs(file, 0, 1):
        counted, line = 0, slab.first_line
        for found in _titles(slab.data):
            line += slab.data.count(b"\n", counted, found)
            counted = found
            end = slab.data.find(b"\n", found) + 1 or len(slab.data)
            title = decoded(slab.data[found:end][:MAX_TITLE_BYTES])
            title = title.strip().lstrip("\ufeff~ \t")
            titles.append((title, at + found, at + end, line))
            if len(titles) > MAX_SECTIONS:
                raise InvalidFile(f"the LAS has more than {MAX_SECTIONS} sections")
        at += len(slab.data)
    for i, (title, _, start, line) in enumerate(titles):
        stop = titles[i + 1][1] if i + 1 < len(titles) else at
        yield Section(title, line, start, stop)


def _titles(data: bytes) -> Iterator[int]:
    """The positions in ``data`` where lines with titles begin."""
    found = data.find(b"~")
    while found >= 0:
        begin = data.rfind(b"\n", 0, found) + 1
        if not data[begin:found].strip(b"\xef\xbb\xbf \t\r"):
            yield begin
        found = data.find(b"~", found + 1)


def slabs_of(file: IO[bytes], section: Section) -> Iterator[Slab]:
    return slabs(file, section.start, section.line + 1, section.stop)


def lines_of(file: IO[bytes], section: Section) -> list[str]:
    """The lines of a header section that are neither blank nor comments."""
    if section.stop - section.start > MAX_HEADER_BYTES:
        raise InvalidFile(f"line {section.line}: the section ~{section.title[:40]} is too long")
    file.seek(section.start)
    raw = file.read(section.stop - section.start).split(b"\n")
    return [line for r in raw if (line := decoded(r).strip()) and not line.startswith("#")]
