import pytest

from images.ingest import open_file
from images.ingest.layout.plan import Options
from images.ingest.text.preamble import preamble_of
from tests.images.ingest.files import LIMIT, opened, table

ROWS = "depth,A[0],A[1]\n1,-1,2\n2,3,4\n"


@pytest.mark.parametrize(
    "line",
    [
        *("# NULL: -1", "Null value: -1", "null,-1", "NO_DATA = -1", "% Nodata value\t-1.0"),
        *('"Missing value","-1"', "// absent = -1", "NULL: -1,,"),
    ],
)
def test_a_null_told_above_the_header_is_declared(line):
    text = f"{line}\n{ROWS}".encode()
    with opened(text) as file, open_file.contents(file, LIMIT, Options()) as contents:
        [found] = contents.tables
    assert (found.nulls, contents.warnings) == ((-1.0,), [])


@pytest.mark.parametrize(
    "line", ["# Depth unit: ft", "DEPTH_UNITS,ft", "# Unit in depth: feet", "Units of depth = ft"]
)
def test_a_unit_of_depths_told_above_the_header_is_that_of_a_column_without_one(line):
    assert table(f"{line}\n{ROWS}")[0].depth_unit in {"ft", "feet"}
    assert table(f"{line}\n{ROWS.replace('depth', 'depth (m)')}")[0].depth_unit == "m"


def test_other_lines_tell_nothing_and_are_counted():
    titles = ["Well: A-1", "null: none", "depth unit: fathoms", "nullable = 5", "Field: X"]
    assert preamble_of(titles, ["# null: -9", "# null: -8", "# note"]) == (
        "A-1",
        (-9.0, -8.0),
        "",
        4,
    )
    assert preamble_of([], []) == (None, (), "", 0)
