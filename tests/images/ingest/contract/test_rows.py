import time
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from images.errors import MAX_FAULTS, QUOTED_CHARACTERS
from images.ingest.contract import careful, rows
from images.ingest.contract.header import DEPTH
from images.ingest.contract.rows import parse_slab
from tests.csvs import COLUMNS, row
from web.text import counted


def parse(*lines: str | bytes, columns=COLUMNS, end=b"\n"):
    texts = [line.encode() if isinstance(line, str) else line for line in lines]
    return parse_slab(b"".join(text + end for text in texts), columns)


def faults(*lines):
    return [(f.line, f.column, f.value, f.reason) for f in parse(*lines).faults]


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_whole_numbers_are_read_as_bytes(end):
    slab = parse(row(1.5, 7, col200=255), row(2.5, 0), end=end)
    assert slab.depths.tolist() == [1.5, 2.5]
    assert slab.pixels.dtype == np.uint8
    assert slab.pixels[0].tolist() == [7] * 199 + [255]
    assert (slab.lines, slab.skipped, slab.faults) == (2, 0, ())


def test_decimals_are_read_as_floats():
    slab = parse(row(1, 7.25))
    assert slab.pixels.dtype == np.float64
    assert slab.pixels[0].tolist() == [7.25] * 200


def test_columns_may_come_in_any_order():
    columns = tuple(reversed(COLUMNS))
    values = ["9000.5" if name == DEPTH else str(int(name[3:])) for name in columns]
    slab = parse(",".join(values), columns=columns)
    assert slab.depths.tolist() == [9000.5]
    assert slab.pixels[0].tolist() == list(range(1, 201))


@pytest.mark.parametrize("empty", ["", "," * 200, "," * 3, "," * 300, "   ", ' , ,"",'])
def test_rows_without_any_value_are_skipped_and_counted(empty):
    slab = parse(row(1, 255), empty, row(2, 0), empty)
    assert slab.depths.tolist() == [1, 2]
    assert (slab.lines, slab.skipped, slab.fault_count) == (4, 2, 0)


def test_a_slab_need_not_end_with_a_line_end():
    slab = parse_slab(f"{row(1)}\n{row(2)}".encode(), COLUMNS)
    assert slab.depths.tolist() == [1, 2]


@pytest.mark.parametrize("value", ['"7"', " 7", "7 ", "\t7", "+7", "007", "7.0", "7e0", "70E-1"])
def test_a_number_may_be_quoted_padded_signed_or_have_an_exponent(value):
    slab = parse(row(1, 7, col9=value))
    assert slab.fault_count == 0
    assert slab.pixels[0].tolist() == [7] * 200


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("abc", "not a number; a pixel is from 0 to 255"),
        ("1_0", "not a number; a pixel is from 0 to 255"),
        ("1 2", "not a number; a pixel is from 0 to 255"),
        ("1\t2", "not a number; a pixel is from 0 to 255"),
        ("0x10", "not a number; a pixel is from 0 to 255"),
        ("٣", "not a number; a pixel is from 0 to 255"),
        ("\x00", "not a number; a pixel is from 0 to 255"),
        ("-1", "out of range; a pixel is from 0 to 255"),
        ("256", "out of range; a pixel is from 0 to 255"),
        ("300.5", "out of range; a pixel is from 0 to 255"),
        ("255.0001", "out of range; a pixel is from 0 to 255"),
        ("nan", "not finite; a pixel is from 0 to 255"),
        ("inf", "not finite; a pixel is from 0 to 255"),
        ("-Infinity", "not finite; a pixel is from 0 to 255"),
        ("", "empty; a pixel is from 0 to 255"),
    ],
)
def test_a_bad_pixel_is_named_with_its_place_and_value(value, reason):
    assert faults(row(1), row(2, 255, col3=value)) == [(1, "col3", value, reason)]


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("deep", "not a number; a depth is a decimal number"),
        ("nan", "not finite; a depth is a decimal number"),
        ("inf", "not finite; a depth is a decimal number"),
        ("1e400", "too large; a depth is a decimal number"),
        ("", "empty; a depth is a decimal number"),
    ],
)
def test_a_bad_depth_is_named_with_its_value(value, reason):
    assert faults(row(value)) == [(0, "depth", value, reason)]


@pytest.mark.parametrize("count", [199, 200, 202, 203])
def test_a_row_with_a_wrong_number_of_fields_says_both_numbers(count):
    line = ",".join(["1"] * count)
    reason = f"{counted(count, 'field')}; 201 are needed, as in the header"
    assert faults(row(1), line) == [(1, None, None, reason)]
    assert faults(line) == [(0, None, None, reason)]


def test_a_depth_without_pixels_is_a_fault_not_a_skipped_row():
    assert faults("1.5" + "," * 200) == [(0, None, None, "the row has a depth but no pixel")]


def test_a_quoted_field_must_end_on_its_line():
    first, second = faults(row(1, 7, col1='"7\n7"'))
    assert first == (0, None, '1,"7', "a quoted field must end on the line on which it begins")
    assert second[0] == 1


@pytest.mark.parametrize("value", ['"1" 2', '"1" '])
def test_nothing_stands_behind_a_closing_quote(value):
    [(_, _, line, reason)] = faults(row(1, 7, col3=value))
    assert value in line
    assert reason.startswith("a quoted field must end")


def test_bytes_that_are_not_utf8_are_named_with_their_position():
    line = row(1).encode().replace(b"7", b"\xff", 1)
    assert faults(line) == [(0, None, None, "not UTF-8: byte 0xff at position 3 of the line")]


def test_faults_are_counted_beyond_those_told():
    slab = parse(*[row(1, "x")] * 3)
    assert len(slab.faults) == MAX_FAULTS
    assert slab.fault_count == 200


def test_a_slab_of_faults_is_not_read_on_once_there_are_enough_to_tell():
    slab = parse(*[row(1, "x")] * 3)
    assert slab.lines == 1


def seconds(function):
    """Of the processor, which others that use the machine do not take."""
    start = time.process_time()
    function()
    return time.process_time() - start


def test_a_slab_of_short_faulty_lines_is_not_cut_into_all_of_them():
    """A million lines at once take tenths of a second in which no other thread goes on."""
    slab = b"x,\n" * 1_000_000
    tracemalloc.start()
    try:
        assert parse_slab(slab, COLUMNS).fault_count == MAX_FAULTS
        assert tracemalloc.get_traced_memory()[1] < 5 * len(slab)  # of pieces 13 times
    finally:
        tracemalloc.stop()


def test_a_field_of_a_million_digits_and_a_letter_takes_no_time():
    value = "9" * 1_000_000 + "x"
    assert seconds(lambda: parse(row(1, 7, col1=value))) < 2


def test_millions_of_blank_lines_take_little_time():
    many = f"{row(1)}\n".encode() + b"\n" * 4_000_000
    assert seconds(lambda: parse_slab(many, COLUMNS)) < 2
    slab = parse(row(1), *[""] * 1000, row(2, "x"))
    assert (slab.lines, slab.skipped, slab.faults[0].line) == (1002, 1000, 1001)


@pytest.mark.parametrize("short", [",", ",,", "1,2"])
def test_very_many_short_lines_take_neither_memory_nor_long(short):
    slab = f"{row(1)}\n".encode() + f"{short}\n".encode() * 300_000
    assert seconds(lambda: parse_slab(slab, COLUMNS)) < 4


@pytest.mark.parametrize("form", ["{:>6}", "{:<6}", " {} ", '"{}"', '" {} "', ' "{}"'])
def test_padded_and_quoted_numbers_are_read_by_polars(form, monkeypatch):
    monkeypatch.setattr(rows, "read_carefully", None)
    line = ",".join(form.format(value) for value in [1.5, *range(200)])
    slab = parse(line, line)
    assert slab.depths.tolist() == [1.5, 1.5]
    assert slab.pixels[0].tolist() == list(range(200))


def test_a_long_value_is_quoted_in_part():
    [(_, _, value, _)] = faults(row(1, 7, col1="9" * 500))
    assert value == "9" * QUOTED_CHARACTERS


fields = st.one_of(
    st.integers(-3, 300).map(str),
    st.floats(0, 255).map(repr),
    st.floats().map(repr),
    st.text(alphabet='0123456789.eE+-_ \t\r"xnaif\x00', max_size=8),
)


@given(st.lists(st.tuples(fields, fields, fields), min_size=1, max_size=4))
def test_both_readers_read_the_same_or_only_the_careful_one_reads(table):
    """Polars never accepts what the grammar refuses, and never reads another number."""
    columns = (DEPTH, "col1", "col2")
    slab = "".join(",".join(row) + "\n" for row in table).encode()
    with pytest.MonkeyPatch.context() as patch:
        for reader in (rows, careful):
            patch.setattr(reader, "PIXELS", columns[1:])
        fast = parse_slab(slab, columns)
        slow = careful.read_carefully(slab, columns)
    assert fast.depths.tobytes() == slow.depths.tobytes()
    assert fast.pixels.astype(float).tolist() == slow.pixels.tolist()
    assert (fast.lines, fast.skipped, fast.faults) == (
        slow.lines,
        slow.skipped,
        slow.faults,
    )


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_depth_is_read_to_the_bit(depth):
    assert parse(row(repr(depth))).depths.tobytes() == np.array([depth]).tobytes()
