"""How lines are cut into columns, and which line names the columns."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from images.errors import InvalidFile
from images.ingest.layout.arrays import FEWEST_NUMBERED
from images.ingest.layout.axes import FEWEST_AXIS
from images.ingest.names.columns import column_of, depth_rank
from images.ingest.names.places import bare_axis_place, turn_of
from images.ingest.names.units import length_unit, unit_of
from images.ingest.text.dialect import SPACE, Dialect, is_row, number_check
from images.ingest.text.head import MAX_LINES_BEFORE, Head

SEPARATORS = ("\t", ";", ",", "|", SPACE)
# Lines of text between the header and the first row: units, and what the columns are.
MAX_TEXT_ROWS = 3
# Rows that are looked at to see whether a line is their header.
ROWS_BELOW = 20
# A unit or a number in brackets, behind a name.
_BRACKETED = re.compile(r"\s+([\[({][^\[\](){}]{0,20}[\])}])")
_FAR_APART = re.compile(r"[ \t]*(?:\t| {2})[ \t]*")


@dataclass(frozen=True, slots=True)
class Cut:
    """How lines are cut, and where the header and the line below it are among the first lines.

    ``header`` is None where there is none, or where it is a comment or a list; ``named`` tells
    whether the names of the columns are those of the file.
    """

    dialect: Dialect
    header: int | None
    first: int
    named: bool


def cut_of(head: Head) -> Cut:
    """How lines are cut, and where the header is.

    The header is the line that names a depth and that most rows below it fit; else a comment that
    names a depth; else the line above the first row of numbers. There may be none.
    """
    if one := _one_column(head):
        return one
    cut = _best(head)
    if cut is None:
        first = head.lines[0].text[:60]
        raise InvalidFile(f"no row of numbers was found: the first line is {first!r}")
    if cut.named:
        return _with_best_names(cut, head)
    return _with_comment(cut, head) or _with_line_above(cut, head)


def _best(head: Head) -> Cut | None:
    """The cut that most rows fit, if possible one whose header names a depth."""
    best, most = None, (False, 0, 0, 0)
    for cut in _cuts(head):
        fit, near = _fitting(cut, head)
        score = (cut.named, fit, near, len(cut.dialect.names))
        if (fit or near) and score > most:
            best, most = cut, score
            if cut.named and fit == len(head.lines[cut.first : cut.first + ROWS_BELOW]):
                break
    return best


def _cuts(head: Head) -> Iterator[Cut]:
    wrapped = any("np.float" in line.text for line in head.lines)
    for separator in [head.separator] if head.separator else SEPARATORS:
        plain = Dialect((), separator, wrapped=wrapped)
        yield from _with_depth(plain, head)
        yield from _above_numbers(plain, head)


def _one_column(head: Head) -> Cut | None:
    """The cut of lines with one number each, below a name and maybe a unit; None for others."""
    plain = Dialect((), SPACE)
    is_number = number_check(plain)
    texts = [line.text.strip() for line in head.lines]
    first = next((i for i, text in enumerate(texts[:3]) if is_number(text)), None)
    if first is None:
        return None
    above, rows = texts[:first], texts[first:]
    words = all(len(text.split()) == 1 for text in texts)
    if not words or any(mark in text for text in above for mark in SEPARATORS):
        return None
    if not all(is_number(text) or plain.written(text) == "" for text in rows):
        return None
    _check_no_blank(head)
    if above:
        return Cut(replace(plain, names=(above[0],)), 0, 1, True)
    # Without a name ``1,5`` may be two numbers.
    return None if "," in rows[0] else Cut(replace(plain, names=("1",)), None, 0, False)


def _check_no_blank(head: Head) -> None:
    """Refuse a blank line in a file of one column, where it may be a null or nothing."""
    lines = sorted(line.number for line in (*head.lines, *head.comments))
    blank = next((before + 1 for before, line in pairwise(lines) if line > before + 1), None)
    if blank is not None:
        raise InvalidFile(f"line {blank} of the one column is blank; write a null as NaN")


def _with_best_names(cut: Cut, head: Head) -> Cut:
    """``cut`` with the best one of lines next to each other that name a depth: the one with the
    most different names, or the shorter ones. Others are titles, ``Depth,FMI,FMI``, or
    descriptions, ``Measured Depth,Gamma Ray``."""
    place = cut.first - 1
    above = range(place - 1, max(place - 1 - MAX_TEXT_ROWS, -1), -1)
    below = range(place + 1, min(place + 1 + MAX_TEXT_ROWS, len(head.lines)))
    named = {place: cut.dialect.names}
    named.update(_named(cut, head, above))
    named.update(_named(cut, head, below))
    header = min(named, key=lambda i: (-len(set(named[i])), sum(map(len, named[i])), i))
    return _under(cut.dialect, named[header], header)


def _under(dialect: Dialect, names: Sequence[str], header: int) -> Cut:
    """The cut of lines below a ``header`` with these names."""
    return Cut(replace(dialect, names=tuple(names)), header, header + 1, True)


def _named(cut: Cut, head: Head, places: Iterable[int]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The lines at ``places`` that name a depth, up to one that has numbers or other columns."""
    is_number = number_check(cut.dialect)
    for i in places:
        fields = cut.dialect.split(head.lines[i].text)
        named = names_depth(fields)
        if len(fields) != len(cut.dialect.names) or (any(map(is_number, fields)) and not named):
            return
        if named:
            yield i, tuple(fields)


def _with_depth(plain: Dialect, head: Head) -> Iterator[Cut]:
    """The cuts by lines that name a depth."""
    for i, line in enumerate(head.lines[:MAX_LINES_BEFORE]):
        for fields in _ways_to_split(plain, line.text):
            named = names_depth(fields) or (i == 0 and _is_of_pandas(fields, plain, head))
            if named and (len(fields) > 1 or head.separator) and not _has_key(fields):
                yield _under(plain, fields, i)


def _ways_to_split(plain: Dialect, line: str) -> Iterator[list[str]]:
    """The fields of a line. Those between spaces are split in further ways, as units and names may
    have spaces in them."""
    yield plain.split(line)
    if plain.separator == SPACE:
        if _BRACKETED.search(line):
            # ``Depth (m) GR (API)``: a space in front of a unit is none between columns.
            yield plain.split(_BRACKETED.sub(lambda unit: unit[1].replace(" ", ""), line))
        if " " in (apart := _FAR_APART.sub("\t", line.strip())) and "\t" in apart:
            yield [field.strip("\"' ") for field in apart.split("\t")]


def _has_key(fields: Sequence[str]) -> bool:
    """Whether a line is a key and its value, as in ``Depth reference: mbsf``."""
    keys = [field.endswith((":", "=")) for field in fields]
    return any(keys) and not all(keys)


def names_depth(fields: Sequence[str]) -> bool:
    return any(depth_rank(column_of(field).name) is not None for field in fields)


def _is_of_pandas(fields: Sequence[str], plain: Dialect, head: Head) -> bool:
    """Whether the first line is the header of an array as pandas writes it: the numbers of its
    columns, or an index, with or without a name, and places on an axis."""
    if len(fields) <= FEWEST_AXIS or len(head.lines) < 2:
        return False
    first, *others = fields
    below = plain.split(head.lines[1].text)
    if first and plain.number(first) is not None:
        begin = int(first == "1")
        *counted, after = map(str, range(begin, begin + len(fields) + 1))
        # In rows that count, the next one goes on where this one ends.
        return fields == counted and below != fields and below[:1] != [after]
    places = [place for field in others if (place := bare_axis_place(field))]
    if len(places) < len(others) or len(below) != len(fields) or not below[0]:
        return False
    values = [place.value for place in places]
    ascending = all(before < after for before, after in pairwise(values))
    return turn_of(values, places[0].unit) is not None or (not first and ascending)


def _above_numbers(plain: Dialect, head: Head) -> Iterator[Cut]:
    """The cut by the first row of numbers."""
    for i, line in enumerate(head.lines[:MAX_LINES_BEFORE]):
        fields = plain.split(line.text)
        if len(fields) > 1 and is_row(plain, fields):
            numbered = tuple(str(i) for i in range(1, len(fields) + 1))
            yield Cut(replace(plain, names=numbered), None, i, False)
            return


def _fitting(cut: Cut, head: Head) -> tuple[int, int]:
    """How many of the next lines have a number and as many fields as the header, and how many have
    at least half as many: these are taken for rows with faults."""
    fit, near, columns = 0, 0, len(cut.dialect.names)
    is_number = number_check(cut.dialect)
    for line in head.lines[cut.first : cut.first + ROWS_BELOW]:
        fields = cut.dialect.split(line.text)
        extra = fields[columns:]
        if any(map(is_number, fields)):
            fit += len(fields) >= columns and (not any(extra) or len(extra) == 1)
            near += 2 * len(fields) >= columns > 1
    return fit, near or (cut.named and columns > 1 and cut.first == len(head.lines))


def names_array_once(names: int, fields: int, dialect: Dialect) -> bool:
    """Whether so many names are of a depth and more, and the last one of the columns of an array,
    in rows of so many fields: CIFLog and Interactive Petrophysics write arrays so."""
    return dialect.separator in (SPACE, "\t") and 1 < names <= fields - FEWEST_NUMBERED


def _with_comment(cut: Cut, head: Head) -> Cut | None:
    """``cut`` with the last comment above its rows that names a depth and fits; else None."""
    first = head.lines[cut.first].number
    for comment in reversed([comment for comment in head.comments if comment.number < first]):
        bare = comment.text.lstrip("#%/!~ *")
        for separator in (cut.dialect.separator, *SEPARATORS):
            fields = Dialect((), separator).split(bare)
            width = len(cut.dialect.names)
            fits = len(fields) == width or names_array_once(len(fields), width, cut.dialect)
            if fits and names_depth(fields):
                return replace(cut, dialect=replace(cut.dialect, names=tuple(fields)), named=True)
    return None


def _with_line_above(cut: Cut, head: Head) -> Cut:
    """``cut`` with the line above the first row for a header, or the one above a line of units."""
    for header in (cut.first - 1, cut.first - 2):
        fields = cut.dialect.split(head.lines[header].text) if header >= 0 else []
        if len(fields) != len(cut.dialect.names):
            break
        if not (_are_units(fields) and header > 0):
            return _under(cut.dialect, fields, header)
    return cut


def _are_units(fields: Sequence[str]) -> bool:
    """Whether a line is one of units: short words, and a unit of length among them."""
    words = [field for field in fields if field]
    short = all(len(word) <= 20 for word in words)
    return short and any(length_unit(unit_of(w)) for w in words)
