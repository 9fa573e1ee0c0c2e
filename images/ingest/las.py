"""LAS 1.2, 2.0 and 3.0 (Canadian Well Logging Society), read as a stream.

A file is sections that begin with ``~``. Headers have lines ``NAME.UNIT  VALUE : DESCRIPTION``;
data sections have rows. LAS 3 has any number of data sections, each with its own definition.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import IO, NamedTuple

from images.errors import Fault, InvalidFile
from images.ingest import grid, layout, names, text
from images.ingest.grid import SPACE, Grid
from images.ingest.table import Column, Contents, Read, Rows, Table
from images.ingest.text import Slab

MAX_SECTIONS = 1000
MAX_HEADER_BYTES = 8 * 1024 * 1024
SAMPLE_ROWS = 100
_SEPARATORS = {"COMMA": ",", "TAB": "\t", "SPACE": SPACE}
# Tables of LAS 3 that are not of readings against depth.
_NO_LOGS = {
    "core": "a table of cores",
    "tops": "a table of formation tops",
    "test": "a table of tests",
    "perforations": "a table of perforations",
    "inclinometry": "a deviation survey, which goes to PUT /wells/<id>/survey",
}
_FORMAT = re.compile(r"\{([^{}]{0,60})\}[^{}]{0,60}")


class _Section(NamedTuple):
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
        return self.words[:1] == "a" or bool(re.search(r"_data(\b|_)", self.words))

    @property
    def is_definition(self) -> bool:
        return (self.words[:1] == "c" and not self.is_data) or "_definition" in self.words


class _Item(NamedTuple):
    """A line of a header."""

    name: str
    unit: str
    value: str
    description: str


@dataclass
class _Header:
    """What the lines before the data say."""

    version: float
    wrapped: bool
    separator: str | None
    null: tuple[float, ...]
    well: str | None
    depth_unit: str


def read(file: IO[bytes], options: layout.Options) -> Contents:
    """The tables in ``file``, which is seekable. Raises InvalidFile."""
    sections = list(_sections(file))
    header = _header(file, sections)
    contents = Contents(f"LAS {header.version:.1f}", [], header.well)
    tables = []
    for i, section in enumerate(sections):
        if not section.is_data:
            continue
        kind = re.split(r"_data|[\s_\[]", section.words)[0]
        if kind in _NO_LOGS:
            contents.ignored.append((f"~{section.title}"[:60], _NO_LOGS[kind]))
            continue
        items = [
            item
            for definition in _definitions(sections, i)
            for item in _items(file, definition, at_first=True)
        ]
        if not items:
            raise InvalidFile(
                f"line {section.line}: nothing defines the columns of ~{section.title[:40]}"
            )
        table = _table(file, section, items, header)
        if table is None:
            contents.ignored.append((f"~{section.title}"[:60], "it has no rows"))
        else:
            tables.append(table)
    if len(tables) == 1:
        tables = [replace(tables[0], name="")]
    contents.tables = tables
    if not tables:
        why = "; ".join(f"{name} is {reason}" for name, reason in contents.ignored[:3])
        raise InvalidFile(f"the LAS has no section of readings{': ' + why if why else ''}")
    return contents


def _sections(file: IO[bytes]) -> Iterator[_Section]:
    """The sections, found without keeping what is in them."""
    titles: list[tuple[str, int, int, int]] = []
    at = 0
    for slab in text.slabs(file, 0, 1):
        data, found = slab.data, 0 if slab.data.lstrip(b"\xef\xbb\xbf").startswith(b"~") else -1
        if found < 0:
            found = data.find(b"\n~") + 1 or -1
        counted, line = 0, slab.first_line
        while found >= 0:
            line += data.count(b"\n", counted, found)
            counted = found
            end = data.find(b"\n", found) + 1 or len(data)
            title = text.decoded(data[found:end][:200]).strip().lstrip("\ufeff~").strip()
            titles.append((title, at + found, at + end, line))
            if len(titles) > MAX_SECTIONS:
                raise InvalidFile(f"the LAS has more than {MAX_SECTIONS} sections")
            found = data.find(b"\n~", end - 1) + 1 or -1
        at += len(data)
    for i, (title, _, start, line) in enumerate(titles):
        yield _Section(title, start, titles[i + 1][1] if i + 1 < len(titles) else at, line)


def _header(file: IO[bytes], sections: Sequence[_Section]) -> _Header:
    version = _values(file, sections, "v")
    try:
        number = float(version.get("VERS", _Item("", "", "2.0", "")).value.split()[0])
    except (ValueError, IndexError):
        number = 2.0
    well = _values(file, sections, "w")
    separator = version.get("DLM", _Item("", "", "", "")).value.upper()
    nulls = Grid((), SPACE).number(well["NULL"].value) if "NULL" in well else None
    unit = next((well[k].unit for k in ("STRT", "STOP", "STEP") if k in well and well[k].unit), "")
    name = well.get("WELL", _Item("", "", "", ""))
    # LAS 1.2 has names before the colon and their values behind it.
    told = name.description if number < 2 and name.description else name.value
    return _Header(
        number,
        version.get("WRAP", _Item("", "", "NO", "")).value.upper().startswith("Y"),
        _SEPARATORS.get(separator),
        () if nulls is None else (nulls,),
        told.strip("\"' ") or None,
        unit,
    )


def _values(file: IO[bytes], sections: Sequence[_Section], initial: str) -> dict[str, _Item]:
    """The items of the first section whose title begins with a letter, by name."""
    for section in sections:
        if section.words[:1] == initial and not section.is_data:
            return {item.name.upper(): item for item in reversed(_items(file, section))}
    return {}


def _items(file: IO[bytes], section: _Section, at_first: bool = False) -> list[_Item]:
    """The lines of a header section; ``at_first`` splits at the first colon, not at the last."""
    if section.stop - section.start > MAX_HEADER_BYTES:
        raise InvalidFile(f"line {section.line}: the section ~{section.title[:40]} is too long")
    file.seek(section.start)
    items = []
    for raw in file.read(section.stop - section.start).split(b"\n"):
        line = text.decoded(raw).strip()
        if line and not line.startswith("#"):
            items.append(_item(line, at_first))
    return items


def _item(line: str, at_first: bool) -> _Item:
    left, _, description = line.partition(":") if at_first else line.rpartition(":")
    if not at_first and ":" not in line:
        left, description = line, ""
    name, _, rest = left.partition(".")
    unit = "" if rest[:1].isspace() else (rest.split(maxsplit=1) or [""])[0]
    value = rest[len(unit) :].strip()
    return _Item(name.strip(), unit.strip("'\""), value, description.strip())


def _definitions(sections: Sequence[_Section], i: int) -> list[_Section]:
    """The section that defines the columns of data section ``i``: the one that its title names,
    the one with its own name, or the nearest one before it."""
    title = sections[i].title
    wanted = title.split("|")[1].strip().lower() if "|" in title else ""
    own = sections[i].words.replace("_data", "_definition")
    definitions = [section for section in sections if section.is_definition]
    for name in filter(None, (wanted, own)):
        if named := [section for section in definitions if section.words == name]:
            return named[:1]
    before = [section for section in definitions if section.line < sections[i].line]
    return before[-1:] or definitions[:1]


def _table(
    file: IO[bytes], section: _Section, items: Sequence[_Item], header: _Header
) -> Table | None:
    sample = _sample(file, section)
    if not sample:
        return None
    found = _grid(tuple(item.name for item in items), sample, header)
    rows = [found.split(line) for line in sample]
    if not header.wrapped:
        rows = [row for row in rows if len(row) == len(items)] or rows[:1]
    else:
        tokens = [token for row in rows for token in row]
        rows = [tokens[i : i + len(items)] for i in range(0, len(tokens), len(items))]
    found = grid.with_decimal_comma(found, rows)
    numeric = grid.numeric(found, rows)
    columns = tuple(
        _column(item, is_numeric) for item, is_numeric in zip(items, numeric, strict=True)
    )
    bare = not columns[0].unit and names.depth_rank(columns[0].name) is not None
    if bare and names.length_unit(header.depth_unit):
        columns = (replace(columns[0], unit=header.depth_unit), *columns[1:])
    reader = partial(_rows, file, found, section, header.wrapped)
    return Table(f"~{section.title}", columns, reader, index=0, nulls=header.null)


def _sample(file: IO[bytes], section: _Section) -> list[str]:
    lines: list[str] = []
    for slab in text.slabs(file, section.start, section.line + 1, section.stop):
        for raw in slab.data.split(b"\n"):
            line = text.decoded(raw).strip("\r\n")
            if line.strip() and not line.lstrip().startswith("#"):
                lines.append(line)
            if len(lines) == SAMPLE_ROWS:
                return lines
    return lines


def _grid(columns: tuple[str, ...], sample: Sequence[str], header: _Header) -> Grid:
    """How the rows are cut: by the delimiter that the header names, else by one that fits."""
    told = header.separator
    for separator in dict.fromkeys([told or SPACE, SPACE, ",", "\t"]):
        found = Grid(columns, separator)
        if header.wrapped or len(found.split(sample[0])) == len(columns):
            return found
    return Grid(columns, told or SPACE)


def _column(item: _Item, is_numeric: bool) -> Column:
    formats = _FORMAT.findall(item.description)
    # {AF;5ms} and {A:5} are elements of an array, and how far they are from its first one.
    parts = re.split(r"[;:]", formats[-1], maxsplit=1) if formats else []
    axis = parts[1].strip() if len(parts) > 1 and parts[0].upper().startswith("A") else ""
    about = _FORMAT.sub("", item.description).strip()
    name = names.column(item.name).name
    return Column(
        name,
        item.unit,
        about,
        axis=axis,
        reason=None if is_numeric else "it holds text, not numbers",
    )


def _rows(
    file: IO[bytes], found: Grid, section: _Section, wrapped: bool, read: Read
) -> Iterator[Rows]:
    slabs = text.slabs(file, section.start, section.line + 1, section.stop)
    yield from grid.rows(_unwrapped(slabs, found) if wrapped else slabs, found, read)


def _unwrapped(slabs: Iterator[Slab], found: Grid) -> Iterator[Slab]:
    """Rows that go over several lines, each on one line.

    A row begins on a line of its own, so where the fields do not come out even something is
    missing.
    """
    columns = len(found.names)
    row: list[bytes] = []
    fields, began = 0, 0
    for slab in slabs:
        lines = []
        for number, raw in enumerate(slab.data.split(b"\n"), slab.first_line):
            line = raw.strip()
            if not line or line.startswith(b"#"):
                continue
            began = began or number
            row.append(line)
            fields += len(found.split(text.decoded(line)))
            if fields == columns:
                separator = b" " if found.separator == SPACE else found.separator.encode()
                lines.append(separator.join(row))
                row, fields, began = [], 0, 0
            elif fields > columns:
                raise _uneven(number, began, fields, columns)
        if lines:
            yield Slab(b"\n".join(lines) + b"\n", slab.first_line)
    if row:
        raise InvalidFile(
            f"the wrapped LAS breaks off: the row that begins on line {began} has {fields} of"
            f" {columns} values"
        )


def _uneven(number: int, began: int, fields: int, columns: int) -> InvalidFile:
    reason = f"the row that begins on line {began} has {fields} values; the header has {columns}"
    return grid.faulty([Fault(number, None, None, reason)], at_least=True)
