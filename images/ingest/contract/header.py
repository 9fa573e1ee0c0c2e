"""The header of the contract's CSV: ``depth`` and ``col1`` to ``col200``, in any order."""

import csv
import difflib
from collections.abc import Sequence

from images.errors import MAX_FAULTS, QUOTED_CHARACTERS, InvalidCsv
from images.ingest.text.tidying import is_comment
from web.errors import Fault

DEPTH = "depth"
SOURCE_WIDTH = 200
PIXELS = tuple(f"col{i}" for i in range(1, SOURCE_WIDTH + 1))
# Of unknown names of columns only so long ones, and so many, are compared with the known ones.
LONGEST_NEAR_NAME = 20
_OTHER_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}


def is_above(line: bytes) -> bool:
    """Whether a line may stand above the header: a remark, or the ``sep=,`` of Excel."""
    text = line.decode("utf-8-sig", "replace").strip()
    return is_comment(text) or text.lower().strip('"') == "sep=,"


def parse_header(line: bytes) -> tuple[str, ...]:
    """The names of the columns, in the order of the file.

    Raises InvalidCsv unless they are ``depth`` and ``col1``..``col200``, each once, in any order.
    """
    try:
        text = line.decode("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise _invalid(not_utf8(line, error)) from None
    if not text.strip():
        raise _invalid("the header is empty; it must be depth,col1,…,col200")
    if "\r" in text:
        raise _invalid("lines end with CR alone; end them with LF or CRLF")
    try:
        names = tuple(name.strip() for name in fields_of(text))
    except csv.Error as error:
        raise _invalid(f"the header is not CSV: {error}") from None
    if names != (DEPTH, *PIXELS):
        _check_names(names)
    return names


def _check_names(names: Sequence[str]) -> None:
    """Raise InvalidCsv for what the header lacks, repeats or has beyond the columns allowed."""
    allowed = (DEPTH, *PIXELS)
    for mark, marks in _OTHER_SEPARATORS.items():
        if len(names) == 1 and names[0].count(mark) > 1:
            raise _invalid(f"the fields are separated by {marks}; separate them with commas")
    seen: set[str] = set()
    known = set(allowed)
    problems = []
    for name in names:
        if name in seen:
            problems.append((name, "repeated column"))
        elif name not in known:
            near = _near(name, allowed) if len(problems) < MAX_FAULTS else None
            hint = f"; did you mean {near}?" if near else "; allowed: depth, col1 to col200"
            problems.append((name, f"unknown column{hint}"))
        seen.add(name)
    problems += [(name, "missing column") for name in allowed if name not in seen]
    if problems:
        faults = [
            Fault(1, name[:QUOTED_CHARACTERS], None, reason)
            for name, reason in problems[:MAX_FAULTS]
        ]
        raise InvalidCsv(faults, len(problems))


def _near(name: str, allowed: Sequence[str]) -> str | None:
    if len(name) > LONGEST_NEAR_NAME:
        return None
    return next(iter(difflib.get_close_matches(name.lower(), allowed, n=1)), None)


def fields_of(text: str) -> list[str]:
    """The fields of a line. Raises csv.Error."""
    if '"' not in text:
        return text.split(",")
    return next(csv.reader([text], strict=True, skipinitialspace=True))


def not_utf8(line: bytes, error: UnicodeDecodeError) -> str:
    """What is wrong with a line that could not be decoded."""
    return f"not UTF-8: byte 0x{line[error.start]:02x} at position {error.start + 1} of the line"


def _invalid(reason: str) -> InvalidCsv:
    return InvalidCsv([Fault(1, None, None, reason)], 1)
