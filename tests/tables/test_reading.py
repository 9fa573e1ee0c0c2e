"""Delimited text as people have it."""

import time
from contextlib import suppress

import pytest

from tables import reading
from tables.table import Column, TableTooLarge


def read(data, rows=10):
    """The table in a file of which the columns depth and azimuth are looked for."""
    return reading.read(data, rows, lambda column: column.plain in {"depth", "azimuth"})


def rows(text):
    return [list(row.fields) for row in read(text.encode(), 100).rows]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a,b\n1,2\n", [["1", "2"]]),
        ("a;b\n1,5;2\n", [["1,5", "2"]]),
        ("a\tb\n# a comment\n\n1\t2\n", [["1", "2"]]),
        ("a b\n 1   2\n", [["1", "2"]]),
        ('a,b\n"1, or so",2\n', [["1, or so", "2"]]),
        ('a,b\n"two\nlines",2\n3,4\n', [["two\nlines", "2"], ["3", "4"]]),
        ('a,b\n8.5",2\n3,4\n', [['8.5"', "2"], ["3", "4"]]),
        ("1,2\n3,4\n", [["1", "2"], ["3", "4"]]),
        ("a,b\nm,deg\n1,2\n", [["1", "2"]]),
    ],
)
def test_rows(text, expected):
    assert rows(text) == expected


def test_units_stand_in_names_in_brackets_or_in_a_row():
    table = read(b"depth_ft,Caliper [in],azi,note\n,,deg,\n1,2,3,x\n")
    assert [column.plain for column in table.columns] == ["depth", "caliper", "azi", "note"]
    assert [column.unit for column in table.columns] == ["ft", "in", "deg", None]


def test_a_quote_that_is_never_closed_does_not_take_time_beyond_the_length_of_the_file():
    table = read(b'a,b\n"x\n' + b"\n" * 300_000 + b"1,2\n")
    assert table.rows[-1].fields == ["1", "2"]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
)
def test_texts_are_read_in_the_encodings_of_the_field(encoding):
    table = read("depth,azimuth (°)\n1,2\n".encode(encoding))
    assert [column.plain for column in table.columns] == ["depth", "azimuth"]
    assert table.assumption is None


@pytest.mark.parametrize(
    ("text", "encoding"),
    [("трещина открытая", "cp1251"), ("трещина открытая", "cp866"), ("Klüfte – groß", "cp1252")],
)
def test_letters_that_are_not_utf_8_are_read_as_what_they_look_like_and_told(text, encoding):
    table = read(f"depth,azimuth,note\n1,2,{text}\n".encode(encoding))
    assert table.rows[0].fields[2] == text
    assert f"read as {encoding.upper()}, as in '1,2,{text}'" in table.assumption


LAS = """~V
VERS. 2.0 : CWLS
~Well
NULL. -9 : NULL
WELL. 15/9-F-4 : WELL
~Curve
DEPTH .FT   0 1 2 3 : 1 depth
AZIMUTH.DEG : azimuth
TYPE. : kind
~Other
TYPE 1: open fracture
~A
100 20 1
101 -9.0 2
"""


def test_las_has_columns_with_units_nulls_as_blanks_and_words_for_numbers():
    table = read(LAS.encode())
    assert [(c.plain, c.unit) for c in table.columns] == [
        ("depth", "FT"),
        ("azimuth", "DEG"),
        ("type", None),
    ]
    assert [list(row.fields) for row in table.rows] == [
        ["100", "20", "open fracture"],
        ["101", "", "2"],
    ]
    assert (table.well, table.rows[0].line) == ("15/9-F-4", 13)


@pytest.mark.parametrize(
    ("name", "plain", "unit"),
    [
        ("Depth (m MD)", "depth", "m MD"),
        ("DEPT.F", "dept", "F"),
        ("Dip (apparent)", "dipapparent", None),
        ("azimuth_toh_deg", "azimuthtoh", "deg"),
        ("Azimuth °", "azimuth", "°"),
        ("Strike/Dip", "strike/dip", None),
    ],
)
def test_a_unit_is_told_from_the_name_it_stands_in(name, plain, unit):
    column = Column.named(name)
    assert (column.plain, column.unit) == (plain, unit)


def test_the_header_is_found_below_other_lines_and_names_the_well_before_it():
    table = read(b"Well name: F-4\nOperator,X\nDepth,Azimuth\n1,2\n")
    assert (table.well, table.header_line, table.skipped) == ("F-4", 3, 2)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("depth\tazimuth\n1,5\t2\n", 1.5),
        ("depth;azimuth\n1,5;2\n", 1.5),
        ("depth;azimuth\n1,500;2.5\n", None),
        ('depth,azimuth\n"1,5",2\n', None),
    ],
)
def test_commas_are_decimal_where_they_neither_part_columns_nor_thousands(text, first):
    table = read(text.encode())
    assert table.number(table.rows[0].fields[0]) == first


MANY = 200_000
LARGE = {
    "blank lines": "\n" * MANY * 6,
    "comments": "#\n" * MANY * 6,
    "one line": "1," * MANY,
    "one line of tabs": "x" + "\t" * MANY + "x",
    "a header of brackets": "depth,azimuth," + "(" * MANY + "\n1,2,3\n",
    "a header of blanks": "depth,azimuth,x" + " " * 90_000 + "x\n1,2,3\n",
    "many columns": "depth,azimuth\n" + "1," * 40_000 + "\n",
    "lines above the header": ("a b" * 30_000 + "\n") * 200 + "depth azimuth\n1 2\n",
    "no numbers": "depth,azimuth\n" + ("x," * 500 + "\n") * 2_000,
    "rows of units": '"\n' * MANY,
    "a title": "well" + "\t" * 90_000 + "x\ndepth,azimuth\n1,2\n",
    "a line of LAS": "~C\nDEPTH" + " " * 90_000 + "x\n",
    "a value of LAS": "~C\nDEPTH.M" + " " * 90_000 + "x" + " :" * 2_000 + "\n",
    "the head of LAS": "~O\n" + "a 1: b\n" * MANY,
    "the columns of LAS": "~C\n" + "a.b : c\n" * MANY,
    "rows of LAS": "~C\nDEPTH.M :\n~A\n" + "1 " * 40_000 + "\n",
}


@pytest.mark.parametrize("what", LARGE)
def test_what_a_table_can_take_of_time_is_bounded_whatever_is_in_it(what):
    since = time.thread_time()
    with suppress(TableTooLarge):
        read(LARGE[what].encode())
    assert time.thread_time() - since < 5  # it was minutes


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        ("blank lines", "line 1000001: there are more than 1000000 lines"),
        ("one line", "line 1: the line has more than 100000 characters"),
        ("many columns", "line 2: the line has 40001 fields; at most 1000"),
        ("no numbers", "line 202: 200 lines below the header have no numbers"),
        ("the head of LAS", "line 50001: 50000 lines are above the first row"),
    ],
)
def test_a_table_that_is_larger_than_any_is_refused_in_a_sentence(what, reason):
    with pytest.raises(TableTooLarge) as refused:
        read(LARGE[what].encode())
    assert str(refused.value) == reason
