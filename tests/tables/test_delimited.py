"""Delimited text as people have it."""

import pytest

from tables.table import TableTooLarge
from tests.tables.files import read


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
        ('a b\n"1 or so" 2\n', [["1 or so", "2"]]),
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


@pytest.mark.parametrize("below", ["1,2\n" * 3, "\n" * 300_000 + "1,2\n"])
def test_a_quote_that_is_never_closed_is_refused_with_its_line_and_loses_no_rows(below):
    with pytest.raises(TableTooLarge, match="line 3: a quote begins a field here, and none ends"):
        rows(f'a,b\n1,2\n"x,2\n{below}')


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
