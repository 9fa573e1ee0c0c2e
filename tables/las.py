"""LAS: the curves and the rows of one block of data, as a table.

LAS 2.0 holds numbers only. Lines such as ``TYPE 5: fault`` in the section ``~Other`` say what a
number stands for; such numbers are read as those words.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, islice, repeat
from typing import TextIO

from tables import las_header
from tables.las_header import BLANKS, FORMAT, MAX_SECTIONS, Header, Item, definitions
from tables.table import (
    Column,
    Known,
    Row,
    Table,
    TableTooLarge,
    as_number,
    check_width,
    fields_of,
    numbered,
    plain,
)

MAX_HEADER_LINES = 50_000
_WORD = re.compile(r"(\S+) (\d+): (.+)")
Lines = Iterator[tuple[int, str]]
# What the numbers of a column stand for.
Words = dict[str, str]


@dataclass(frozen=True)
class Section(las_header.Section):
    """A section, and its lines where it is none of data."""

    lines: list[str] = field(default_factory=list)

    @cached_property
    def columns(self) -> list[Column]:
        """The columns that the section defines. Raises TableTooLarge."""
        check_width(self.line, self.lines)
        return [_column(Item.read_column(line)) for line in self.lines]


def _column(item: Item) -> Column:
    description = FORMAT.sub("", item.description).strip()
    return Column(item.name, plain(item.name), item.unit or None, description)


def is_las(beginning: str) -> bool:
    """Whether a text begins with a section of LAS, after comments."""
    lines = (line for line in beginning.split("\n") if line.strip() and line[0] != "#")
    return next(lines, "").lstrip().startswith("~")


def read(text: TextIO, max_rows: int, known: Known) -> Table:
    """At most ``max_rows`` and one more rows of a block of data: the first one with two ``known``
    columns, else the first one. A null is an empty field."""
    sections = _sections(numbered(text))
    header = Header.of(sections, lambda section: section.lines)
    block, definition = _block(sections, known)
    rows: list[Row] = []
    if block:
        text.seek(0)
        lines = islice(numbered(text), block.line, None)
        words = _words(sections)
        rows = [*islice(_rows(lines, header, definition.columns, words), max_rows + 1)]
    by_blanks = header.separator in (None, BLANKS)
    return Table(definition.line, definition.columns, rows, by_blanks, well=header.well)


def _sections(lines: Lines) -> list[Section]:
    sections: list[Section] = []
    count = 0
    for number, line in lines:
        text = line.strip()
        if text.startswith("~"):
            sections.append(Section(text[1:], number))
            if len(sections) > MAX_SECTIONS:
                raise TableTooLarge.at(number, f"there are more than {MAX_SECTIONS} sections")
        elif text and not text.startswith("#") and not sections[-1].is_data:
            sections[-1].lines.append(text)
            count += 1
            if count > MAX_HEADER_LINES:
                reason = f"there are more than {MAX_HEADER_LINES} lines beside the rows"
                raise TableTooLarge.at(number, reason)
    return sections


def _block(sections: Sequence[Section], known: Known) -> tuple[Section | None, Section]:
    """The section of the rows, if any, and the one that defines their columns."""
    defining = [section for section in sections if section.is_definition]
    wanted = [section for section in defining if sum(map(known, section.columns)) >= 2]
    nothing = Section("", 1)
    blocks = [
        (section, next(iter(definitions(sections, i)), nothing))
        for i, section in enumerate(sections)
        if section.is_data
    ]
    if not blocks:
        return None, next(iter(defining), nothing)
    return next((block for block in blocks if block[1] in wanted), blocks[0])


def _words(sections: Sequence[Section]) -> dict[str, Words]:
    """By column, what its numbers stand for."""
    words: dict[str, Words] = {}
    for section in sections:
        if section.words[:1] == "o":
            for found in filter(None, map(_WORD.fullmatch, section.lines)):
                words.setdefault(found[1], {})[found[2]] = found[3]
    return words


def _rows(
    lines: Lines, header: Header, columns: Sequence[Column], words: dict[str, Words]
) -> Iterator[Row]:
    delimiter = None if header.separator == BLANKS else header.separator
    meanings = [words.get(column.name, {}) for column in columns]
    waiting: list[str] = []
    for number, line in lines:
        if line.startswith("~"):
            return
        if not line.strip() or line.startswith("#"):
            continue
        fields = fields_of(line, delimiter)
        check_width(number, fields)
        if header.wrapped:
            waiting += fields
            if len(waiting) < len(columns):
                continue
            fields, waiting = waiting, []
        told = zip(fields, chain(meanings, repeat({})), strict=False)
        yield Row(number, [_field(text, header.nulls, words) for text, words in told])


def _field(text: str, nulls: Sequence[float], words: Words) -> str:
    value = as_number(text)
    if value is None:
        return text
    return "" if value in nulls else words.get(f"{value:g}", text)
