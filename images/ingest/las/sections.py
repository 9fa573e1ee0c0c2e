"""The sections of a LAS, found without keeping what is in them."""

import re
from collections.abc import Iterator, Sequence
from typing import IO, NamedTuple

from images.errors import InvalidFile
from images.ingest.text.lines import Slab, slabs
from tables.encodings import decoded
from tables.names import DEPTH_NAMES, bare

MAX_SECTIONS = 1000
# The title of the data may be the names of all columns.
MAX_TITLE_BYTES = 64 * 1024


class Section(NamedTuple):
    """A section: its title without ``~``, where its lines are, and the number of its title line."""

    title: str
    start: int
    stop: int
    line: int

    @property
    def words(self) -> str:
        return self.title.split("|")[0].strip().lower()

    @property
    def is_data(self) -> bool:
        """Whether the rows are here: ``~A``, ``~Log_Data``, ``~Drilling | Drilling_Definition``, or
        a title that is the names of the columns."""
        first = bare(self.words.split()[0]) if self.words else ""
        named = "|" in self.title and "parameter" not in self.words
        return self.words[:1] == "a" or bool(
            re.search(r"_data(\b|_)", self.words) or named or first in DEPTH_NAMES
        )

    @property
    def is_definition(self) -> bool:
        return (self.words[:1] == "c" and not self.is_data) or "_definition" in self.words


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
        yield Section(title, start, titles[i + 1][1] if i + 1 < len(titles) else at, line)


def _titles(data: bytes) -> Iterator[int]:
    """Where lines of ``data`` begin that are titles."""
    found = data.find(b"~")
    while found >= 0:
        begin = data.rfind(b"\n", 0, found) + 1
        if not data[begin:found].strip(b"\xef\xbb\xbf \t\r"):
            yield begin
        found = data.find(b"~", found + 1)


def definitions(sections: Sequence[Section], i: int) -> list[Section]:
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


def slabs_of(file: IO[bytes], section: Section) -> Iterator[Slab]:
    return slabs(file, section.start, section.line + 1, section.stop)
