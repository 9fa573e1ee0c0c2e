"""Headers with the name of one column on each line, as Petrel, GSLIB and RMS write them.

In files of Petrel the names stand between ``BEGIN HEADER`` and ``END HEADER``, in files of GSLIB
below a title and the number of columns. RMS counts and names logs only; three coordinates stand
before them in each row.
"""

import re
from collections.abc import Sequence

from images.ingest.text.dialect import SPACE, Dialect, is_row
from images.ingest.text.head import MAX_LINES_BEFORE, Head, Line
from images.ingest.text.header import Cut

_BEGIN, _END = "BEGIN HEADER", "END HEADER"
# Petrel writes the type of a column in front of its name.
_TYPE = re.compile(r"(?:FLOAT|DOUBLE|INT|INTEGER|STRING|BOOL|DATE|DATETIME),(?=.)", re.I)
# In RMS each log has a type, and a discrete one the names of its codes.
_LOG = re.compile(r"(\S+)\s+(?:UNK|CONT|DISC|lin|log)\b.*", re.I)
_COORDINATES = ("X", "Y", "Z")


def cut_of_list(head: Head) -> Cut | None:
    """How the lines below a list of names are cut; None where there is no such list."""
    lines = head.lines[: MAX_LINES_BEFORE + 1]
    for i, line in enumerate(lines):
        text = line.text.strip()
        if text.upper() == _BEGIN:
            return _below_petrel(lines, i + 1)
        if text.isdecimal() and len(text) <= 3 and (cut := _below_count(lines, i + 1, int(text))):
            return cut
    return None


def _below_petrel(lines: Sequence[Line], first: int) -> Cut | None:
    ends = [i for i, line in enumerate(lines) if line.text.strip().upper() == _END]
    if not ends:
        return None
    names = [_TYPE.sub("", line.text.strip()) for line in lines[first : ends[0]]]
    return _cut(names, ends[0] + 1)


def _below_count(lines: Sequence[Line], first: int, count: int) -> Cut | None:
    """The cut below ``count`` names, if a row with as many numbers follows, or with three more."""
    below = first + count
    if count < 2 or below >= len(lines):
        return None
    names = [line.text.strip() for line in lines[first:below]]
    logs = [found[1] for name in names if (found := _LOG.fullmatch(name))]
    for told in (names, [*_COORDINATES, *logs] if len(logs) == count else []):
        cut = _cut(told, below)
        fields = cut.dialect.split(lines[below].text)
        if told and len(fields) == len(told) and is_row(cut.dialect, fields):
            return cut
    return None


def _cut(names: Sequence[str], first: int) -> Cut:
    return Cut(Dialect(tuple(names), SPACE), None, first, True)
