"""How lines are cut into columns, and which line names the columns."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise

from images.errors import InvalidFile
from images.ingest.layout.axes import FEWEST_AXIS
from images.ingest.names.columns import column_of, depth_rank
from images.ingest.names.places import bare_axis_place, turn_of
from images.ingest.names.units import length_unit, unit_of
from images.ingest.text.dialect import SPACE, Dialect
from images.ingest.text.head import MAX_LINES_BEFORE, Head

SEPARATORS = ("\t", ";", ",", "|", SPACE)
# Lines of text between the header and the first row: units, and what the columns are.
MAX_TEXT_ROWS = 3
# Rows that are looked at to see whether a line is their header.
ROWS_BELOW = 20
# A number whose digits are in groups, or with a comma and a point.
_LIKE_NUMBER = re.compile(r"[+-]?\d{1,3}([ '’.,\u00a0\u202f\u2009]\d{3})+([.,]\d+)?|[+-]?\d+,\d+")
# A unit or a number in brackets, behind a name.
_BRACKETED = re.compile(r"\s+([\[({][^\[\](){}]{0,20}[\])}])")
_FAR_APART = re.compile(r"[ \t]*(?:\t| {2})[ \t]*")


@dataclass(frozen=True, slots=True)
class Cut:
    """How lines are cut; the places of the header and of the first line below it among the first
    lines. ``header`` is None where there is none, or where a comment is one."""

    dialect: Dialect
    header: int | None
    first: int
    named: bool


def cut_of(head: Head) -> Cut:
    """How lines are cut, and where the header is.

    The header is the line with the name of a depth in it that the most rows below it fit; else a
    comment with such a name; else the line above the first row of numbers; there may be none.
    """
    if one := _one_column(head):
        return one
    separators = [head.separator] if head.separator else SEPARATORS
    wrapped = any("np.float" in line.text for line in head.lines)
    best: tuple[tuple[bool, int, int, int], Cut] | None = None
    for separator in separators:
        plain = Dialect((), separator or SPACE, wrapped=wrapped)
        for cut in chain(_with_depth(plain, head), _above_numbers(plain, head)):
            fit, near = _fitting(cut, head)
            score = (cut.named, fit, near, len(cut.dialect.names))
            if (fit or near) and (best is None or score > best[0]):
                best = score, cut
            if best and best[0][0] and best[0][1] == len(head.lines[best[1].first :][:ROWS_BELOW]):
                return _named_best(best[1], head)
    if best is None:
        first = head.lines[0].text[:60]
        raise InvalidFile(f"no row of numbers was found: the first line is {first!r}")
    cut = best[1]
    if cut.named:
        return _named_best(cut, head)
    return _with_comment(cut, head) or _with_line_above(cut, head)


def _one_column(head: Head) -> Cut | None:
    """The cut of lines of one number each, below a name and maybe a unit; None of other lines."""
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
    """Refuse a blank line among numbers that stand alone: it may be a null, or nothing."""
    lines = sorted(line.number for line in (*head.lines, *head.comments))
    blank = next((before + 1 for before, line in pairwise(lines) if line > before + 1), None)
    if blank is not None:
        raise InvalidFile(f"line {blank} of the one column is blank; write a null as NaN")


def _named_best(cut: Cut, head: Head) -> Cut:
    """``cut`` with the line that tells most columns apart for a header, where several next to each
    other name a depth: titles, ``Depth,FMI,FMI``, and descriptions, ``Measured Depth,Gamma Ray``.
    """
    place = cut.first - 1
    above = range(place - 1, max(place - 1 - MAX_TEXT_ROWS, -1), -1)
    below = range(place + 1, min(place + 1 + MAX_TEXT_ROWS, len(head.lines)))
    named = {
        place: cut.dialect.names,
        **dict(_named(cut, head, above)),
        **dict(_named(cut, head, below)),
    }
    header = min(named, key=lambda i: (-len(set(named[i])), i))
    return Cut(replace(cut.dialect, names=named[header]), header, header + 1, True)


def _named(cut: Cut, head: Head, places: Iterable[int]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The lines that name a depth, each with its place, up to one that is no text of columns."""
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
            named = names_depth(fields) or (i == 0 and _counts_columns(fields, plain, head))
            if named and (len(fields) > 1 or head.separator) and not _has_key(fields):
                yield Cut(replace(plain, names=tuple(fields)), i, i + 1, True)


def _ways_to_split(plain: Dialect, line: str) -> Iterator[list[str]]:
    """The fields of a line; between spaces also those whose units or names have spaces in them."""
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


def _counts_columns(fields: Sequence[str], plain: Dialect, head: Head) -> bool:
    """Whether the first line is a header as pandas writes it of an array: the columns are counted
    or told by places on an axis, and the index has no name, or is not written. Rows may count too,
    but then all do."""
    if len(fields) <= FEWEST_AXIS or len(head.lines) < 2:
        return False
    first, *others = fields
    if plain.number(first) is None or not first:
        places = [place for field in others if (place := bare_axis_place(field))]
        values = [place.value for place in places]
        ascending = all(before < after for before, after in pairwise(values))
        below = plain.split(head.lines[1].text)
        is_axis = len(places) == len(others) and (
            turn_of(values, places[0].unit) is not None or (not first and ascending)
        )
        return is_axis and len(below) == len(fields) and bool(below[0])
    begin = int(first == "1")
    *counted, after = [str(i) for i in range(begin, begin + len(fields) + 1)]
    below = plain.split(head.lines[1].text)
    return fields == counted and below != fields and below[:1] != [after]


def _above_numbers(plain: Dialect, head: Head) -> Iterator[Cut]:
    """The cut by the first row of numbers."""
    for i, line in enumerate(head.lines[:MAX_LINES_BEFORE]):
        fields = plain.split(line.text)
        if len(fields) > 1 and is_row(plain, fields):
            numbered = tuple(str(i) for i in range(1, len(fields) + 1))
            yield Cut(replace(plain, names=numbered), None, i, False)
            return


def _fitting(cut: Cut, head: Head) -> tuple[int, int]:
    """How many of the next lines have a number and as many fields as the header; and how many at
    least half as many, which are faults."""
    fit, near, columns = 0, 0, len(cut.dialect.names)
    is_number = number_check(cut.dialect)
    for line in head.lines[cut.first : cut.first + ROWS_BELOW]:
        fields = cut.dialect.split(line.text)
        extra = fields[columns:]
        if any(map(is_number, fields)):
            fit += len(fields) >= columns and (not any(extra) or len(extra) == 1)
            near += 2 * len(fields) >= columns > 1
    return fit, near or (cut.named and columns > 1 and cut.first == len(head.lines))


def _with_comment(cut: Cut, head: Head) -> Cut | None:
    """``cut`` with the last comment above its rows for a header, where that names a depth and
    fits."""
    first = head.lines[cut.first].number
    for comment in reversed([comment for comment in head.comments if comment.number < first]):
        bare = comment.text.lstrip("#%/!~ *")
        for separator in (cut.dialect.separator, *SEPARATORS):
            fields = Dialect((), separator).split(bare)
            if len(fields) == len(cut.dialect.names) and names_depth(fields):
                return replace(cut, dialect=replace(cut.dialect, names=tuple(fields)), named=True)
    return None


def _with_line_above(cut: Cut, head: Head) -> Cut:
    """``cut`` with the line above the first row for a header, or the one above a line of units."""
    for header in (cut.first - 1, cut.first - 2):
        fields = cut.dialect.split(head.lines[header].text) if header >= 0 else []
        if len(fields) != len(cut.dialect.names):
            break
        if not (_are_units(fields) and header > 0):
            return replace(
                cut,
                dialect=replace(cut.dialect, names=tuple(fields)),
                header=header,
                first=header + 1,
                named=True,
            )
    return cut


def number_check(found: Dialect) -> Callable[[str], bool]:
    """Whether a field is a number, with a point or a comma, and no null."""
    ways = (replace(found, decimal_comma=False), replace(found, decimal_comma=True))

    def is_number(field: str) -> bool:
        return any(way.written(field) for way in ways) or bool(_LIKE_NUMBER.fullmatch(field))

    return is_number


def is_row(found: Dialect, fields: Sequence[str]) -> bool:
    """Whether at least half of the fields are numbers or nulls, and one is a number."""
    nulls = sum(1 for field in fields if field and found.written(field) == "")
    numbers = sum(map(number_check(found), fields))
    return numbers > 0 and 2 * (numbers + nulls) >= len(fields)


def _are_units(fields: Sequence[str]) -> bool:
    """Whether a line is of units: short words, none a number, a length or several empty."""
    words = [field for field in fields if field]
    short = all(len(word) <= 20 for word in words)
    return short and any(length_unit(unit_of(w)) for w in words)
