"""LAS 1.2, 2.0 and 3.0 (Canadian Well Logging Society), read as a stream.

A file is sections that begin with ``~``. Headers have lines ``NAME.UNIT  VALUE : DESCRIPTION``;
data sections have rows. LAS 3 has any number of data sections, each with its own definition.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import IO, NamedTuple

from images.errors import InvalidFile
from images.ingest import names
from images.ingest.layout.plan import Options
from images.ingest.table import Column, Contents, Ends, Read, Rows, Table
from images.ingest.text import rows as text_rows
from images.ingest.text.dialect import (
    SPACE,
    Dialect,
    blank_columns,
    numeric_columns,
    with_numbers,
)
from images.ingest.text.lines import Slab, decoded, each_line, slabs
from web.errors import Fault

MAX_SECTIONS = 1000
# The title of the data may be the names of all columns.
MAX_TITLE_BYTES = 64 * 1024
MAX_HEADER_BYTES = 8 * 1024 * 1024
SAMPLE_ROWS, ROWS_OF_FIT = 50, 10
_SEPARATORS = {"COMMA": ",", "TAB": "\t", "SPACE": SPACE}
# Tables of LAS 3 that are not of readings against depth.
_NO_LOGS = {
    "core": "a table of cores",
    "tops": "a table of formation tops",
    "test": "a table of tests",
    "perforations": "a table of perforations",
    "inclinometry": "a deviation survey, which goes to PUT /wells/<id>/survey",
}
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
        """Whether the rows are here: ``~A``, ``~Log_Data``, ``~Drilling | Drilling_Definition``, or
        a title that is the names of the columns."""
        first = names.plain(self.words.split()[0]) if self.words else ""
        named = "|" in self.title and "parameter" not in self.words
        return self.words[:1] == "a" or bool(
            re.search(r"_data(\b|_)", self.words) or named or first in names.DEPTH_NAMES
        )

    @property
    def is_definition(self) -> bool:
        return (self.words[:1] == "c" and not self.is_data) or "_definition" in self.words


class _Item(NamedTuple):
    """A line of a header."""

    name: str
    unit: str
    value: str
    description: str


_NONE = _Item("", "", "", "")


@dataclass
class _Header:
    """What the lines before the data say. ``first``, ``last`` and ``step`` are of the depths, as
    they are written, with their units."""

    version: float
    wrapped: bool
    separator: str | None
    null: tuple[float, ...]
    well: str | None
    first: _Item
    last: _Item
    step: _Item

    @property
    def ends(self) -> Ends | None:
        """The depths that the header tells, where it tells both ends."""
        numbers = [_number(item.value) for item in (self.first, self.last, self.step)]
        first, last, step = numbers
        if first is None or last is None or first in self.null or first == last:
            return None
        return Ends(first, last, step, names.unit_of(self.first.unit or self.last.unit))


def _number(text: str) -> float | None:
    number = Dialect((), SPACE).number(text.split()[0]) if text.split() else None
    return None if number is None or number != number else number


def read(file: IO[bytes], options: Options) -> Contents:
    """The tables in ``file``, which is seekable. Raises InvalidFile."""
    sections = list(_sections(file))
    header = _header(file, sections)
    contents = Contents(f"LAS {header.version:.1f}", [], header.well)
    tables: list[Table] = []
    for i, section in enumerate(sections):
        if not section.is_data:
            continue
        kind = re.split(r"_data|[\s_\[|]", section.words)[0]
        if kind in _NO_LOGS:
            contents.ignored.append((f"~{section.title}"[:60], f"it is {_NO_LOGS[kind]}"))
            continue
        items = [
            item
            for definition in _definitions(sections, i)
            for item in _items(file, definition, of_columns=True)
        ]
        table = _table(file, section, items, header, contents.warnings)
        if table is None:
            contents.ignored.append((f"~{section.title}"[:60], "it has no rows"))
        else:
            tables.append(table)
    if len(tables) == 1:
        tables = [replace(tables[0], name="", ends=header.ends)]
    else:
        # STRT and the like are of one of them.
        tables = [replace(table, unit_of_ends="") for table in tables]
    contents.tables = tables
    if not tables:
        why = "; ".join(f"{name}: {reason}" for name, reason in contents.ignored[:3])
        raise InvalidFile(f"the LAS has no section of readings{f' ({why})' if why else ''}")
    return contents


def _sections(file: IO[bytes]) -> Iterator[_Section]:
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
        yield _Section(title, start, titles[i + 1][1] if i + 1 < len(titles) else at, line)


def _titles(data: bytes) -> Iterator[int]:
    """Where lines of ``data`` begin that are titles."""
    found = data.find(b"~")
    while found >= 0:
        begin = data.rfind(b"\n", 0, found) + 1
        if not data[begin:found].strip(b"\xef\xbb\xbf \t\r"):
            yield begin
        found = data.find(b"~", found + 1)


def _header(file: IO[bytes], sections: Sequence[_Section]) -> _Header:
    version = _values(file, sections, "v")
    number = _number(version.get("VERS", _NONE).value)
    number = 2.0 if number is None else number
    well = _values(file, sections, "w")
    separator = version.get("DLM", _NONE).value.upper()
    nulls = [_number(part) for part in re.split(r"[,;\s]+", well.get("NULL", _NONE).value)]
    name = well.get("WELL", _NONE)
    # LAS 1.2 has names before the colon and their values behind it.
    labels = {"", "well", "wellname", "wellid"}
    behind = number < 2 and names.plain(name.description) not in labels
    told = name.description if behind else name.value
    return _Header(
        number,
        version.get("WRAP", _NONE).value.upper().startswith("Y"),
        _SEPARATORS.get(separator),
        tuple(null for null in nulls if null is not None),
        told.strip("\"' ") or None,
        *(well.get(name, _NONE) for name in ("STRT", "STOP", "STEP")),
    )


def _values(file: IO[bytes], sections: Sequence[_Section], initial: str) -> dict[str, _Item]:
    """The items of the first section whose title begins with a letter, by name."""
    for section in sections:
        if section.words[:1] == initial and not section.is_data:
            return {item.name.upper(): item for item in reversed(_items(file, section))}
    return {}


def _items(file: IO[bytes], section: _Section, of_columns: bool = False) -> list[_Item]:
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


def _item(line: str) -> _Item:
    """``NAME.UNIT  VALUE : DESCRIPTION``; a value may have colons in it."""
    left, colon, description = line.rpartition(":")
    left, description = (left, description) if colon else (line, "")
    name, _, rest = left.partition(".")
    unit = _unit(rest)
    return _Item(name.strip(), unit.strip("'\""), rest[len(unit) :].strip(), description.strip())


def _unit(rest: str) -> str:
    """The unit that a text begins with: up to the first space, but for tenths of an inch."""
    found = _UNIT.match(rest)
    return found[0] if found else ""


def _column_item(line: str) -> _Item:
    """``NAME.UNIT  CODE : DESCRIPTION``; a description may have colons in it."""
    left, colon, description = line.partition(":")
    found = next((f for pattern in _LATER_POINTS if (f := pattern.fullmatch(left))), None)
    name, rest = found.groups() if found else left.partition(".")[::2]
    unit = _unit(rest)
    value = rest[len(unit) :].strip()
    if not unit and colon and _LATE_UNIT.fullmatch(value):
        unit, value = value, ""
    return _Item(name.strip(), unit, value, description.strip())


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
        if named := [section for section in definitions if section.words.split()[0] == name]:
            return named[:1]
    if sections[i].words[:1] == "a":
        # ~A belongs to ~Curve, whatever LAS 3 defines between the two.
        definitions = [d for d in definitions if d.words[:1] == "c"] or definitions
    before = [section for section in definitions if section.line < sections[i].line]
    return before[-1:] or definitions[:1]


def _table(
    file: IO[bytes],
    section: _Section,
    items: Sequence[_Item],
    header: _Header,
    warnings: list[tuple[str, str]],
) -> Table | None:
    sample = _sample(file, section)
    if not sample:
        return None
    items = items or _items_of_title(section, sample)
    found = _dialect(tuple(item.name for item in items), sample, header)
    rows = [found.split(line) for line in sample]
    if header.wrapped:
        tokens = [token for row in rows for token in row]
        rows = [tokens[i : i + len(items)] for i in range(0, len(tokens), len(items))]
    rows = [row for row in rows if len(row) == len(items)]
    found = with_numbers(found, rows)
    later = {}
    if not header.wrapped:
        blank = blank_columns(found, rows, header.null)
        later = text_rows.later_texts(_slabs(file, section), found, blank, header.null)
    numeric = numeric_columns(found, rows, later)
    columns = tuple(
        _column(item, is_numeric) for item, is_numeric in zip(items, numeric, strict=True)
    )
    bare = not columns[0].unit and names.depth_rank(columns[0].name) is not None
    told = names.unit_of(header.first.unit or header.last.unit or header.step.unit)
    if bare and names.length_unit(told):
        columns = (replace(columns[0], unit=told), *columns[1:])
    first = found.number(rows[0][0]) if rows else None
    return Table(
        f"~{section.title[:80]}",
        columns,
        partial(_rows, file, found, section, header.wrapped, warnings),
        index=0,
        nulls=header.null,
        unit_of_ends=_other_unit(header, columns[0].unit, first),
    )


def _items_of_title(section: _Section, sample: Sequence[str]) -> list[_Item]:
    """The columns by the title of the data, where nothing else defines them: ``~A DEPTH GR``."""
    words = section.title.split()
    words = words[1:] if section.words[:1] == "a" and names.depth_rank(words[0]) is None else words
    fields = len(Dialect((), SPACE).split(sample[0]))
    if not words or len(words) != fields:
        raise InvalidFile(
            f"line {section.line}: nothing defines the {fields} columns of ~{section.title[:40]}"
        )
    return [_Item(word, "", "", "") for word in words]


def _other_unit(header: _Header, unit: str, first: float | None) -> str:
    """The unit of STRT, STOP or STEP where it contradicts the one of the column of depths; empty
    where all are one, or where the first depth is STRT in the other unit."""
    ours = names.length_unit(unit)
    for item in (header.first, header.last, header.step):
        theirs = names.length_unit(item.unit)
        if not ours or not theirs or theirs[0] == ours[0]:
            continue
        start, scale = _number(header.first.value), theirs[1] / ours[1]
        if item is header.first and first and start and abs(start * scale / first - 1) <= 1e-3:
            return ""
        return item.unit
    return ""


def _sample(file: IO[bytes], section: _Section) -> list[str]:
    lines: list[str] = []
    for slab in _slabs(file, section):
        for raw in each_line(slab.data):
            line = decoded(raw).strip("\r\n")
            if line.strip() and not line.lstrip().startswith("#"):
                lines.append(line)
            if len(lines) == SAMPLE_ROWS:
                return lines
    return lines


def _dialect(columns: tuple[str, ...], sample: Sequence[str], header: _Header) -> Dialect:
    """How the rows are cut: by the delimiter that the header names, else by the one that gives as
    many fields as there are columns, and the most numbers among them."""
    told = header.separator or SPACE
    if header.wrapped:
        return Dialect(columns, told)
    dialects = [
        Dialect(columns, separator) for separator in dict.fromkeys([told, SPACE, ",", "\t", ";"])
    ]

    def fit(found: Dialect) -> int:
        rows = [f for line in sample[:ROWS_OF_FIT] if len(f := found.split(line)) == len(columns)]
        return sum(found.number(field) is not None for fields in rows for field in fields)

    return max(dialects, key=fit)


def _column(item: _Item, is_numeric: bool) -> Column:
    formats = _FORMAT.findall(item.description)
    # {AF;5ms} and {A:5} are elements of an array, and how far they are from its first one.
    parts = re.split(r"[;:]", formats[-1], maxsplit=1) if formats else []
    axis = parts[1].strip() if len(parts) > 1 and parts[0].upper().startswith("A") else ""
    about = _FORMAT.sub("", item.description).strip()
    reason = None if is_numeric else "it holds text, not numbers"
    return replace(names.column(item.name, item.unit, about), axis=axis, reason=reason)


def _rows(
    file: IO[bytes],
    found: Dialect,
    section: _Section,
    wrapped: bool,
    warnings: list[tuple[str, str]],
    read: Read,
) -> Iterator[Rows]:
    slabs = _slabs(file, section)
    slabs = _unwrapped(slabs, found) if wrapped else slabs
    yield from text_rows.rows(slabs, found, read, warnings)


def _slabs(file: IO[bytes], section: _Section) -> Iterator[Slab]:
    return slabs(file, section.start, section.line + 1, section.stop)


def _unwrapped(slabs: Iterator[Slab], found: Dialect) -> Iterator[Slab]:
    """Rows that go over several lines, each on one line.

    A row begins on a line of its own, so where the fields do not come out even something is
    missing.
    """
    columns = len(found.names)
    row: list[bytes] = []
    fields, began = 0, 0
    for slab in slabs:
        lines = []
        for number, raw in enumerate(each_line(slab.data), slab.first_line):
            line = raw.strip()
            if not line or line.startswith(b"#"):
                continue
            began = began or number
            row.append(line)
            fields += len(found.split(decoded(line)))
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
    return text_rows.faulty([Fault(number, None, None, reason)], at_least=True)
