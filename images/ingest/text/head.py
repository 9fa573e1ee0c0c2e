"""The first lines of a text, from which its layout is found."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import IO

from images.ingest.text import tidying
from images.ingest.text.lines import HEAD_BYTES, MAX_LINE_BYTES, too_long
from tables.encodings import decoded

# Lines before the first row of values, and rows that are looked at to tell numbers from text.
MAX_LINES_BEFORE = 200
SAMPLE_ROWS = 300
_LINE_DRAWN = re.compile(r"[-=_]{3}")
# Of a header with line ends in the names of its columns.
MAX_LINES_QUOTED = 10


@dataclass(frozen=True, slots=True)
class Line:
    """One of the first lines: its number in the file, its text, and the byte where it begins."""

    number: int
    text: str
    start: int


@dataclass(frozen=True, slots=True)
class Head:
    """The first ``lines`` that are no comments, the ``comments`` before and among them, and the
    separator that the file names: ``sep=;``."""

    lines: tuple[Line, ...]
    comments: tuple[Line, ...]
    separator: str | None


def head_of(file: IO[bytes]) -> Head:
    """The first lines of a file, without those that are blank. Raises InvalidFile."""
    file.seek(0)
    data = file.read(HEAD_BYTES)
    raw = data.split(b"\n")
    # The last line of a longer file may be cut, and is left out.
    if len(data) == HEAD_BYTES and len(raw.pop()) > MAX_LINE_BYTES:
        raise too_long(len(raw) + 1)
    lines: list[Line] = []
    comments: list[Line] = []
    separator = None
    for number, begin, line in _whole_lines(raw):
        if not line:
            continue
        if len(line) > MAX_LINE_BYTES:
            raise too_long(number)
        told = decoded(line).lstrip("\ufeff").rstrip("\r\n\x1a")
        bare = told.strip().strip('"')
        if bare.lower().startswith("sep=") and len(bare) <= 5 and not lines:
            separator = told.strip('" \r')[4:5] or "\t"
        elif _is_rule(bare):
            continue
        elif bare and tidying.is_comment(told):
            comments.append(Line(number, told, begin))
        elif bare:
            lines.append(Line(number, told, begin))
        if len(lines) > MAX_LINES_BEFORE + SAMPLE_ROWS:
            break
    return Head(tuple(lines), tuple(comments), separator)


def _is_rule(line: str) -> bool:
    """Whether a line is a rule below a header, as ``-----|-----``."""
    return bool(_LINE_DRAWN.search(line)) and not line.strip("-=_+*| \t,;")


def _whole_lines(raw: Sequence[bytes]) -> Iterator[tuple[int, int, bytes]]:
    """Lines with their numbers and the bytes where they begin. Lines of the header that are within
    quotes are one: Excel writes names with line ends so."""
    at, i = 0, 0
    while i < len(raw):
        count = 1
        if raw[i].count(b'"') % 2 and i < MAX_LINES_BEFORE:
            counts = accumulate(line.count(b'"') for line in raw[i : i + MAX_LINES_QUOTED])
            count = next((n for n, quotes in enumerate(counts, 1) if quotes % 2 == 0), 1)
        yield i + 1, at, b" ".join(line.rstrip(b"\r") for line in raw[i : i + count])
        at += sum(map(len, raw[i : i + count])) + count
        i += count
