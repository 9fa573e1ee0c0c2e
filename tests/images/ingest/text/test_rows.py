import numpy as np
import pytest

from images.errors import InvalidFile
from tests.images.ingest.files import table
from tests.images.ingest.text.texts import assert_read, refusal, text
from web.text import counted


def test_a_single_quote_at_the_end_of_the_text_is_a_fault():
    assert refusal('depth,A\n"1",2\n2,3\n3,"').startswith("line 4, column A: ")


def test_the_float32_nearest_to_the_number_in_the_file_comes_back():
    # Between float64 and float32 this one would be rounded twice.
    written = "1.00000017881393432617187499"
    _, _, values = table(text(rows=[[1, written, 0.1, "1e-3"]]))
    assert values[0].tolist() == [np.float32(1.0000001), np.float32(0.1), np.float32(0.001)]


def test_rows_of_two_data_sets_are_refused_and_not_merged():
    lines = ["dataset,depth,GR", *(f"A,{i},1" for i in range(9)), "B,9,1"]
    assert "dataset is 'A' and 'B' in one file" in refusal("\n".join(lines))


def test_wells_that_are_numbers_are_refused_and_not_merged_either():
    assert "logs of 2 wells: 5, 6" in refusal("depth,well,GR\n1,5,2\n2,6,3\n")


def test_a_depth_that_no_number_holds_is_refused_with_its_line():
    assert "line 3, column depth: '1e400': too large" in refusal("depth,GR\n1,2\n1e400,3\n3,4\n")


@pytest.mark.parametrize("end", ["\x1a", "\r\n\x1a", "\0" * 100])
def test_what_old_systems_put_at_the_end_is_passed_over(end):
    assert_read(table(text() + end))


def test_faults_have_their_line_column_and_value_and_reading_stops_at_the_twentieth():
    rows = [[i, 1, 2, 3] for i in range(400)] + [[400, "x", 2, "1e39"]]
    with pytest.raises(InvalidFile) as caught:
        table(text(rows=rows))
    assert [(f.line, f.column, f.value, f.reason) for f in caught.value.faults] == [
        (402, "A[0]", "x", "not a number"),
        (402, "A[2]", "1e39", "too large, or infinite"),
    ]
    rows += [[i, "x", 2, 3] for i in range(100)]
    with pytest.raises(InvalidFile, match="and at least 19 more") as caught:
        table(text(rows=rows))
    assert len(caught.value.faults) == 20


@pytest.mark.parametrize("short", ["400,1,2", "400,1,2,3,4"])
def test_a_row_of_too_few_or_too_many_fields_is_named(short):
    rows = "\n".join(["depth,A[0],A[1],A[2]", *(f"{i},1,2,3" for i in range(400)), short])
    fields = short.count(",") + 1
    assert refusal(rows).startswith(
        f"line 402: {short!r}: {counted(fields, 'field')}; the header has 4"
    )


def test_millions_of_blank_lines_take_little_time():
    _, depths, _ = table(text() + "\n" * 4_000_000 + "101,1,2,3\n")
    assert len(depths) == 3


@pytest.mark.parametrize("point", ["", "."])
def test_a_file_of_many_slabs_is_read_in_its_order(monkeypatch, point):
    monkeypatch.setattr("images.ingest.text.lines.SLAB_BYTES", 500)
    rows = [
        f"{n}{point}, {'n/a' if n % 97 == 0 else n * 2}, {'--' if n == 800 else n * 3}"
        for n in range(999)
    ]
    _, depths, values = table("depth,a,b\n" + "\n".join(rows))
    assert depths.tolist() == list(range(999))
    assert np.isnan(values[::97, 0]).all()
    assert np.isnan(values[800, 1])
    assert np.nansum(values[:, 0]) == 2 * sum(n for n in range(999) if n % 97)
    rows[700] += "x"
    found = refusal("depth,a,b\n" + "\n".join(rows))
    assert found == "line 702, column b: '2100x': not a number"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_spaces_around_fields_are_left_out_also_beside_times_which_hold_some(separator):
    rows = [["depth", "time", "GR"], ["1.5 ", "2020-01-01 10:00:00", " 5"], ["2.5", '"a b" ', "6 "]]
    _, depths, values = table("\n".join(separator.join(row) for row in rows))
    assert (depths.tolist(), values.tolist()) == ([1.5, 2.5], [[5], [6]])


@pytest.mark.parametrize("null", ["", "NaN"])
@pytest.mark.parametrize("above", ["", "# a remark\n1;2,5;3\n"])
def test_a_row_of_nulls_keeps_its_place_where_the_depths_are_made(null, above):
    header, row = ";".join(f"A[{i}]" for i in range(3)), ";".join([null] * 3)
    _, _, values = table(f"{header}\n{above}1;2,5;3\n{row}\n4;5;6\n", top=100.0, step=0.5)
    assert np.isnan(values[-2]).all()
    assert values[-1].tolist() == [4, 5, 6]


@pytest.mark.parametrize("separator", [",", ";"])
def test_text_below_whole_numbers_does_not_make_faults_of_decimals(separator):
    rows = "".join(f"{i}{separator}{i}\n" for i in range(400)) + f"400.5{separator}bad\n"
    told = refusal(f"depth{separator}GR\n{rows}")
    assert told == "line 402, column GR: 'bad': not a number"
