"""LAS 1.2 to 3.0 (CWLS): the curves and the rows of the first block of data, as a table.

LAS 2.0 holds numbers only. Lines such as ``TYPE 5: fault`` in the section ``~Other`` say what a
number stands for; such numbers are read as those words.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import TextIO

from tables.table import (
    Column,
    Known,
    Row,
    Table,
    TableTooLarge,
    as_number,
    check_width,
    numbered,
    plain,
)

MAX_HEAD_LINES = 50_000
_WORD = re.compile(r"(\S+) (\d+): (.+)")
_DELIMITERS = {"COMMA": ",", "TAB": "\t"}
Lines = Iterator[tuple[int, str]]


@dataclass(slots=True)
class _Head:
    """The sections before the data: the curves, other header lines, and words for numbers."""

    header_line: int = 1
    columns: list[Column] = field(default_factory=list)
    said: dict[str, str] = field(default_factory=dict)
    words: dict[str, dict[str, str]] = field(default_factory=dict)


def is_las(beginning: str) -> bool:
    """Whether a text begins with a section of LAS, after comments."""
    lines = (line for line in beginning.split("\n") if line.strip() and line[0] != "#")
    return next(lines, "").lstrip().startswith("~")


def read(text: TextIO, max_rows: int, known: Known) -> Table:
    """At most ``max_rows`` and one more rows; a null is an empty field."""
    lines = numbered(text)
    head = _head(lines)
    rows = [*islice(_rows(lines, head), max_rows + 1)]
    by_blanks = _delimiter(head) is None
    return Table(head.header_line, head.columns, rows, by_blanks, well=head.said.get("WELL"))


def _head(lines: Lines) -> _Head:
    head, section = _Head(), ""
    for number, line in lines:
        if number > MAX_HEAD_LINES:
            raise TableTooLarge(number, f"{MAX_HEAD_LINES} lines are above the first row")
        text = line.strip()
        if text.startswith("~"):
            section = _section(text)
            if section == "data":
                break
            if section == "curves":
                head.header_line = number
        elif text.startswith("#"):
            continue
        elif section == "other" and (word := _WORD.fullmatch(text)):
            head.words.setdefault(word[1], {})[word[2]] = word[3]
        elif found := _parts(text):
            name, unit, value, description = found
            if section == "curves":
                head.columns.append(Column(name, plain(name), unit or None, description))
                check_width(number, head.columns)
            else:
                head.said.setdefault(name.upper(), value)
    return head


def _parts(line: str) -> tuple[str, str, str, str] | None:
    """Name, unit, value and description of ``NAME.UNIT value : description``; None for another
    line."""
    name, dot, rest = line.partition(".")
    if not dot or not name or ":" in name:
        return None
    unit = rest.split(maxsplit=1)[0] if rest and not rest[0].isspace() else ""
    value, colon, description = rest[len(unit) :].rpartition(":")
    if not colon:
        value, description = description, ""
    return name.strip(), unit, value.strip(), description.strip()


def _section(line: str) -> str:
    """The kind of section that ``~Curve Information`` or ``~Log_Data | Log_Definition`` begins."""
    title = line[1:].partition("|")[0].strip().lower()
    if title.startswith("c") or title.endswith("log_definition"):
        return "curves"
    if title.startswith("a") or title.endswith("log_data"):
        return "data"
    return "other" if title.startswith("o") else ""


def _delimiter(head: _Head) -> str | None:
    return _DELIMITERS.get(head.said.get("DLM", "").upper())


def _rows(lines: Lines, head: _Head) -> Iterator[Row]:
    delimiter = _delimiter(head)
    is_wrapped = head.said.get("WRAP", "").upper().startswith("Y")
    null = as_number(head.said.get("NULL", ""))
    words = [head.words.get(column.name, {}) for column in head.columns]
    waiting: list[str] = []
    for number, line in lines:
        if line.startswith("~"):
            return
        if not line.strip() or line.startswith("#"):
            continue
        fields = _fields(line, delimiter)
        check_width(number, fields)
        if is_wrapped:
            waiting += fields
            if len(waiting) < len(head.columns):
                continue
            fields, waiting = waiting, []
        yield Row(number, [_field(text, null, words, place) for place, text in enumerate(fields)])


def _fields(line: str, delimiter: str | None) -> list[str]:
    if delimiter is None and '"' not in line:
        return line.split()
    text = line.strip() if delimiter else " ".join(line.split())
    return [field.strip() for field in next(csv.reader([text], delimiter=delimiter or " "))]


def _field(text: str, null: float | None, words: list[dict[str, str]], place: int) -> str:
    value = as_number(text)
    if value is None:
        return text
    if value == null:
        return ""
    meanings = words[place] if place < len(words) else {}
    return meanings.get(f"{value:g}", text)
