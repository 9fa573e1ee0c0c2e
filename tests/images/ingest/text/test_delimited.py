import codecs

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from images.errors import InvalidFile
from images.ingest.layout.plan import Options
from images.ingest.text import delimited
from tests.images.ingest.files import assert_one_sentence, opened, table

ROWS = [[100.0, 1.5, 2.5, 3.0], [100.5, 4.0, 5.0, 6.25]]
NAMES = ["depth", "A[0]", "A[1]", "A[2]"]


def text(separator=",", names=NAMES, rows=ROWS, end="\n", form=str):
    lines = [names, *([form(value) for value in row] for row in rows)]
    return "".join(separator.join(line) + end for line in lines)


def assert_read(found, name="A", unit="", depth_unit=""):
    plan, depths, values = found
    assert depths.tolist() == [100.0, 100.5]
    assert values.tolist() == [row[1:] for row in ROWS]
    [log] = plan.logs
    assert (log.name, log.unit, plan.depth_unit) == (name, unit, depth_unit)
    assert (log.kind, log.width) == ("image", 3)
    return plan


def refusal(data, **options):
    with pytest.raises(InvalidFile) as caught:
        table(data, **options)
    return str(caught.value)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("separator", [",", "\t", ";", "|", " ", "   ", " , ", " ;"])
def test_the_separator_is_found(separator, end):
    assert_read(table(text(separator, end=end)))


@pytest.mark.parametrize(
    "name", ["depth", "DEPTH", "Dept", "MD", "TDEP", "Measured Depth", "DEPTH_MD", "Md"]
)
def test_a_depth_has_many_names_in_any_case(name):
    assert_read(table(text(names=[name, *NAMES[1:]])))


@pytest.mark.parametrize("name", ["depth [M]", "Depth(ft)", "DEPT (m)", "depth_ft", "MD [m]"])
def test_the_unit_of_the_depths_may_stand_behind_their_name(name):
    plan, *_ = table(text(names=[name, *NAMES[1:]]))
    assert plan.depth_unit.lower() in {"m", "ft"}


def test_a_row_of_units_below_the_header_is_read_as_units():
    lines = text().splitlines()
    assert_read(
        table("\n".join([lines[0], "m,g/cc,g/cc,g/cc", *lines[1:]])), unit="g/cc", depth_unit="m"
    )


def test_semicolons_with_a_decimal_comma():
    data = text(";", form=lambda value: str(value).replace(".", ","))
    assert "1,5;2,5" in data
    assert_read(table(data))


def test_sep_in_the_first_line_names_the_separator_as_excel_writes_it():
    assert_read(table("sep=;\n" + text(";")))


@pytest.mark.parametrize("units", ["[m],[dB],[dB],[dB]", "(M),(dB),(dB),(dB)", "m,dB,-,none"])
def test_units_may_be_in_brackets_and_words_for_none_are_none(units):
    lines = text().splitlines()
    plan, *_ = table("\n".join([lines[0], units, *lines[1:]]))
    assert (plan.logs[0].unit, plan.depth_unit.lower()) == ("dB", "m")


def test_a_row_of_descriptions_and_the_index_row_of_pandas_are_passed_over():
    lines = text().splitlines()
    rows = ["m,dB,dB,dB", "Depth,Amplitude,Amplitude,Amplitude", ",,,", *lines[1:]]
    assert_read(table("\n".join([lines[0], *rows])), unit="dB", depth_unit="m")


def test_a_first_row_of_nothing_but_nulls_is_not_taken_for_units():
    lines = text().splitlines()
    _, depths, values = table("\n".join([lines[0], "99.5,,NaN,-", *lines[1:]]))
    assert len(depths) == 3
    assert np.isnan(values[0]).all()


MARKS = ["#", "%", "//", "!", "~", "--", "*", ";", "'"]


@pytest.mark.parametrize("comment", [*(f"{mark} depth, of 7\n" for mark in MARKS), "\n \n"])
def test_comments_and_blank_lines_before_the_header_are_passed_over(comment):
    assert_read(table(comment + text()))


@pytest.mark.parametrize("mark", MARKS)
def test_comments_between_rows_are_passed_over(mark):
    lines = text().splitlines()
    remark = f"{mark} a remark"
    assert_read(table("\n".join([remark, *lines[:2], remark, lines[2], ""])))


@pytest.mark.parametrize("separator", [",", "\t", " "])
@pytest.mark.parametrize("mark", ["#", "# ", "%", "// "])
def test_a_comment_with_the_names_is_the_header(mark, separator):
    assert_read(table(mark + text(separator)))


@pytest.mark.parametrize(
    "before",
    [
        "Acoustic televiewer\nLogged depth 100 to 110 m\n\n",
        "Company,ACME\nWell,BH-7\nDepth,100\nStep,0.5\n",
        "WELL: 15/9-F-4\nNULL: -9999\n",
    ],
)
def test_other_text_before_the_header_is_not_read_and_told(before):
    plan = assert_read(table(before + text()))
    assert plan.warnings == []
    with opened((before + text()).encode()) as file:
        found = delimited.read(file, Options())
    [(code, detail)] = found.warnings
    assert (code, detail[0]) == ("lines-skipped", str(before.strip().count("\n") + 1))


@pytest.mark.parametrize(
    ("separator", "numbers", "grouping"),
    [
        (";", ["1 000,5", "1 234,5"], " "),
        (";", ["1\u00a0000,5", "1\u00a0234,5"], "\u00a0"),
        (";", ["1.000,5", "1.234,5"], "."),
        (",", ['"1,000.5"', '"1,234.5"'], ","),
        (",", ["1'000.5", "1'234.5"], "'"),
    ],
)
def test_digits_in_groups_of_three_are_numbers_which_is_told(separator, numbers, grouping):
    data = text(separator, names=["depth", "GR"], rows=[numbers])
    _, depths, values = table(data)
    assert (depths.tolist(), values.tolist()) == ([1000.5], [[1234.5]])
    with opened(data.encode()) as file:
        [(code, detail)] = delimited.read(file, Options()).warnings
    assert (code, repr(grouping) in detail) == ("digits-grouped", True)


def test_one_comma_among_points_is_a_fault_and_no_group_of_digits():
    rows = [[1, "2,345", 3], [2, "2.345", 4], [3, "2.345", 4]]
    assert "'2,345': not a number" in refusal(text("\t", names=["depth", "A", "B"], rows=rows))


def test_quoted_numbers_with_a_decimal_comma_between_commas():
    assert_read(table(text(form=lambda v: f'"{str(v).replace(".", ",")}"')))


def test_decimal_commas_may_come_after_the_rows_that_are_looked_at_first():
    rows = [*([i, 1] for i in range(400)), [400, "1,5"]]
    _, _, values = table(text(";", names=["depth", "A"], rows=rows))
    assert values[-1].tolist() == [1.5]


def test_decimal_commas_are_faults_after_points_whatever_the_slabs(monkeypatch):
    monkeypatch.setattr("images.ingest.text.lines.SLAB_BYTES", 500)
    monkeypatch.setattr("images.ingest.text.delimited.SAMPLE_ROWS", 5)
    rows = [*([i, 1] for i in range(600)), [600, "1.5"], *([i, "2,5"] for i in range(601, 900))]
    found = refusal(text(";", names=["depth", "A"], rows=rows))
    assert found.startswith("line 603, column A: '2,5': not a number")


@pytest.mark.parametrize(
    "rows",
    [
        [["0", *map(str, ROWS[0])], ["1", *map(str, ROWS[1])]],
        [['"1"', *map(str, ROWS[0])], ['"2"', *map(str, ROWS[1])]],
    ],
)
def test_numbers_of_rows_that_the_header_does_not_name_are_not_taken(rows):
    plan = assert_read(table(text(rows=rows)))
    assert plan.ignored == [("", "it numbers the rows")]


def test_a_single_quote_at_the_end_of_the_text_is_a_fault():
    assert refusal('depth,A\n"1",2\n2,3\n3,"').startswith("line 4, column A: ")


def test_a_curve_that_is_called_as_a_number_of_rows_is_taken_if_it_does_not_count():
    plan, *_ = table(text(names=["depth", "ID"], rows=[[1, 8.5], [2, 8.5]]))
    assert [log.name for log in plan.logs] == ["ID"]


def test_a_quoted_text_with_the_separator_in_it_is_one_field():
    rows = [[100, '"sand, fine"', 1], [100.5, '"clay, wet"', 2]]
    _, depths, values = table(text(names=["depth", "lithology", "GR"], rows=rows))
    assert (depths.tolist(), values.tolist()) == ([100, 100.5], [[1], [2]])


def test_a_trailing_comma_makes_a_column_without_a_name_that_is_not_taken():
    plan = assert_read(table(text(end=",\n")))
    assert plan.ignored == [("", "it has no name")]
    lines = text().splitlines()
    assert_read(table("\n".join([lines[0], *(line + "," for line in lines[1:])])))


@pytest.mark.parametrize("form", [lambda v: f'"{v}"', lambda v: f"  {v}", lambda v: f"{v}   "])
def test_numbers_may_be_quoted_or_padded(form):
    assert_read(table(text(form=form)))


def test_quoted_names_and_numbers():
    names = [f'"{name}"' for name in NAMES]
    assert_read(table(text(names=names, form=lambda v: f'"{v}"')))


BLANKS = ["Depth,GR,Facies", *(f"{i},{i}.5," for i in range(400))]


@pytest.mark.parametrize("null", ["", "NaN"])
def test_text_that_begins_below_the_first_rows_is_told_as_text(null):
    rows = [f"{line}{null}" for line in BLANKS[1:]]
    plan, depths, _ = table("\n".join([BLANKS[0], *rows, '400,1,"Utsira, Fm."', ""]))
    assert (len(depths), [log.name for log in plan.logs]) == (401, ["GR"])
    assert plan.ignored == [("Facies", "it holds text, not numbers")]


def test_numbers_that_begin_below_the_first_rows_are_read():
    plan, _, values = table("\n".join([*BLANKS, "400,1,7.5", ""]))
    assert [log.name for log in plan.logs] == ["GR", "Facies"]
    assert values[-1].tolist() == [1, 7.5]


def test_a_short_line_below_does_not_hide_that_there_are_no_depths():
    expected = "no column is called depth; there are X, Y, Note"
    assert refusal("X,Y,Note\n1,2,\n3,4,\n5,6,\n7\n").startswith(expected)


def test_columns_without_names_and_values_as_spreadsheets_leave_them_are_no_array():
    plan, *_ = table("Depth,GR,,,,,,,\n100,1,,,,,,,\n101,2,,,,,,,\n")
    assert [log.name for log in plan.logs] == ["GR"]
    assert plan.ignored == [("", "it has no name")] * 7


def test_a_first_column_without_name_and_values_is_no_index():
    expected = "no column is called depth; there are (no name), X, Y"
    assert refusal(",X,Y\n,1,2\n,3,4\n").startswith(expected)


@pytest.mark.parametrize("first", [0, 1])
def test_a_first_line_that_counts_the_columns_is_a_header(first):
    names = ";".join(str(i + first) for i in range(8))
    rows = "0;1;2;3;4;5;6;9\n10;11;12;13;14;15;16;17\n"
    plan, _, values = table(f"{names}\n{rows}", top=100.0, step=0.5)
    assert [(log.name, log.kind, log.width) for log in plan.logs] == [("image", "image", 8)]
    assert values.shape == (2, 8)
    # Rows that go on counting are all rows.
    assert table("0;1;2;3;4;5\n6;7;8;9;10;11\n", top=1.0, step=1.0)[2].shape == (2, 6)


def test_units_in_brackets_behind_a_space_are_no_columns_of_text_in_columns():
    data = "Depth (ft)   Density (g/cc)  GR (API units)\n95 1.8 7\n96 1.9 8\n"
    plan, depths, _ = table(data)
    assert (plan.depth_unit, depths.tolist()) == ("ft", [95.0, 96.0])
    assert [(log.name, log.unit) for log in plan.logs] == [("Density", "g/cc"), ("GR", "APIunits")]


def test_a_time_column_and_an_index_are_not_taken_and_told():
    rows = [["2019-07-26 10:00:00", str(i), *map(str, row)] for i, row in enumerate(ROWS)]
    data = text(names=["time", "Unnamed: 0", *NAMES], rows=rows)
    plan = assert_read(table(data))
    assert plan.ignored == [
        ("time", "it holds times, such as '2019-07-26 10:00:00', not numbers"),
        ("Unnamed: 0", "it numbers the rows"),
    ]


def test_names_of_wells_with_slashes_are_no_times():
    plan, *_ = table("well,depth,GR\n15/9-15,1,2\n15/9-15,2,3\n")
    assert plan.ignored == [("well", "it holds text, not numbers")]


@pytest.mark.parametrize(
    "encode",
    [
        lambda s: codecs.BOM_UTF8 + s.encode(),
        lambda s: s.encode("utf-16"),
        lambda s: s.encode("utf-16-be"),
        lambda s: s.encode("utf-16-le"),
        lambda s: s.encode("latin-1"),
    ],
    ids=["UTF-8 with a mark", "UTF-16", "big-endian", "little-endian", "Latin-1"],
)
def test_encodings(encode):
    assert_read(table(encode(text())))


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-8", "latin-1", "mac-roman"])
def test_signs_for_degrees_in_any_encoding(encoding):
    names = ["Tiefe (m)", *(f"{45 * i}°" for i in range(8))]
    plan, *_ = table(text(names=names, rows=[[1, *range(8)]]).encode(encoding))
    assert (plan.logs[0].first_azimuth, plan.depth_unit) == (0.0, "m")


def test_azimuths_in_latin_1_as_headers():
    names = ["depth", *(f"{azimuth}°" for azimuth in range(0, 360, 45))]
    rows = [[i / 2, *range(8)] for i in range(3)]
    plan, _, values = table(text(names=names, rows=rows).encode("latin-1"))
    [log] = plan.logs
    assert (log.kind, log.width, log.first_azimuth, log.clockwise) == ("image", 8, 0.0, True)
    assert values[0].tolist() == list(range(8))


def test_times_as_headers_make_an_array_with_an_axis_and_no_azimuths():
    names = ["Depth", *(f"{4 * i:.2f} us" for i in range(8))]
    lines = text(names=names, rows=[[i / 2, *range(8)] for i in range(3)]).splitlines()
    plan, *_ = table("\n".join([lines[0], "m" + "," * 8, *lines[1:]]))
    [log] = plan.logs
    assert (log.kind, log.width, log.first_azimuth) == ("array", 8, None)
    assert (log.axis, log.axis_unit) == (tuple(4.0 * i for i in range(8)), "us")
    assert plan.depth_unit == "m"


def test_empty_fields_and_words_for_nulls_are_nulls():
    rows = [[1, "", "NaN", 3], [2, "NULL", "N/A", "-"], [3, "1.#QNAN", "None", 1]]
    _, _, values = table(text(rows=rows))
    assert np.isnan(values).tolist() == [[True, True, False], [True] * 3, [True, True, False]]


@pytest.mark.parametrize(
    "word",
    [
        *("NaN", "nan", "NA", "null", "nUlL", "(null)", "#N/A", "#DIV/0!", "ERR", "-1.#IND00"),
        *("*****", ".", "?", "--", "NODATA", "absent"),
    ],
)
@pytest.mark.parametrize("separator", [",", ", ", ";", "\t", "  "])
def test_a_word_for_a_null_is_one_between_any_separators(word, separator):
    data = text(separator, rows=[*ROWS, [101, word, 2, 3]])
    _, _, values = table(data)
    assert np.isnan(values).tolist() == [[False] * 3, [False] * 3, [True, False, False]]


@pytest.mark.parametrize("word", ["inf", "-Infinity", "1.#INF", "0x1F", "5%", "1_0", "True"])
def test_other_words_are_faults_with_their_place(word):
    detail = refusal(text(rows=[*ROWS, [101, word, 2, 3]]))
    assert detail.startswith(f"line 4, column A[0]: {word!r}: ")


def test_the_float32_nearest_to_the_number_in_the_file_comes_back():
    # Between float64 and float32 this one would be rounded twice.
    written = "1.00000017881393432617187499"
    _, _, values = table(text(rows=[[1, written, 0.1, "1e-3"]]))
    assert values[0].tolist() == [np.float32(1.0000001), np.float32(0.1), np.float32(0.001)]


def test_numbers_that_numpy_wrote_with_their_type_are_read():
    assert_read(table(text(form=lambda v: f"np.float64({v})" if v < 100 else str(v))))


def test_one_row_a_pixel_becomes_one_row_a_depth():
    lines = ["wellName,TDEP,IMG,AMP", ",ft,ohm.m,"]
    lines += [f"15/9,{100 + row / 2},{10 * row + i},{i}" for row in range(3) for i in range(5)]
    plan, depths, values = table("\n".join(lines))
    assert [(log.name, log.unit, log.width) for log in plan.logs] == [
        ("IMG", "ohm.m", 5),
        ("AMP", "", 5),
    ]
    assert depths.tolist() == [100.0, 100.5, 101.0]
    assert values[1].tolist() == [10, 11, 12, 13, 14, 0, 1, 2, 3, 4]


def test_one_row_a_pixel_with_a_pixel_too_few_or_of_two_wells_is_refused():
    lines = ["wellName,depth,IMG"]
    lines += [f"A,{row},{i}" for row in range(400) for i in range(5)]
    assert "depth 399 has 4 rows of pixels; the others have 5" in refusal("\n".join(lines[:-1]))
    assert "depth 390 does not have 5 rows" in refusal("\n".join(lines[:1951] + lines[1952:]))
    assert "wellName is 'A' and 'B' in one file" in refusal("\n".join([*lines[:-1], "B,399,1"]))


def test_azimuths_of_one_row_a_pixel_are_those_of_the_image_and_no_log():
    lines = ["depth,azimuth,pixel,AMP"]
    lines += [f"{row},{45 * i},{i},{row}{i}" for row in range(5) for i in range(8)]
    plan, _, values = table("\n".join(lines))
    [log] = plan.logs
    assert (log.name, log.width, log.first_azimuth, log.clockwise) == ("AMP", 8, 0.0, True)
    assert [name for name, _ in plan.ignored] == ["azimuth", "pixel"]
    assert values[1].tolist() == [10, 11, 12, 13, 14, 15, 16, 17]
    lines += [f"{row},{45 * i + row // 50},{i},1" for row in range(5, 60) for i in range(8)]
    assert "depth 50 has azimuth 1 where the first depth has 0" in refusal("\n".join(lines))


@pytest.mark.parametrize("column", ["well", "datasetName"])
def test_rows_of_two_wells_or_data_sets_are_refused_and_not_merged(column):
    lines = [f"{column},depth,GR", *(f"A,{i},1" for i in range(9)), "B,9,1"]
    assert f"{column} is 'A' and 'B' in one file" in refusal("\n".join(lines))


def test_wells_that_are_numbers_are_refused_and_not_merged_either():
    assert "well is '5.0' and '6.0' in one file" in refusal("depth,well,GR\n1,5,2\n2,6,3\n")


def test_a_depth_that_no_number_holds_is_refused_with_its_line():
    assert "line 3, column depth: '1e400': too large" in refusal("depth,GR\n1,2\n1e400,3\n3,4\n")


@pytest.mark.parametrize("end", ["\x1a", "\r\n\x1a", "\0" * 100])
def test_what_old_systems_put_at_the_end_is_passed_over(end):
    assert_read(table(text() + end))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (text(names=["x", *NAMES[1:]]), "no column is called depth; there are x, A[0], A[1], A[2]"),
        (text(names=["depth", "A[0]", "A[0]", "A[1]"]), "two columns are called A[0]"),
        ("# nothing\n# at all\n", "the file has no row of values, only comments"),
        ("depth,A\n", "there is no row of values below the header"),
        ("some words\nand more words\n", "no row of numbers was found"),
        (text(rows=[["10:00", 1, 2, 3]]), "not numbers: it holds times, such as '10:00'"),
        ("depth," + ",".join(f"A[{i}]" for i in range(5000)) + "\n" + "1," * 5000 + "1\n",
         "A has 5000 columns; an array has at most 4096"),
        (b"depth,A\n1," + b"7" * 1_100_000 + b"\n", "line 2 is longer than 1048576 bytes"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_text_is_said_in_one_sentence(data, reason):
    assert reason in refusal(data)


def test_a_column_of_text_is_told_with_the_reason():
    plan, *_ = table("depth,A\n1,2\n2,x\n")
    assert plan.logs == []
    assert plan.ignored == [("A", "it holds text, not numbers")]


def test_faults_have_their_line_column_and_value_and_reading_stops_at_the_twentieth():
    rows = [[i, 1, 2, 3] for i in range(400)] + [[400, "x", 2, "1e39"]]
    with pytest.raises(InvalidFile) as caught:
        table(text(rows=rows))
    assert [(f.line, f.column, f.value, f.reason) for f in caught.value.faults] == [
        (402, "A[0]", "x", "not a number"),
        (402, "A[2]", "1e39", "too large, or infinite"),
    ]
    rows += [[i, "x", 2, 3] for i in range(100)]
    with pytest.raises(InvalidFile, match="at least 20 faults") as caught:
        table(text(rows=rows))
    assert len(caught.value.faults) == 20


@pytest.mark.parametrize("short", ["400,1,2", "400,1,2,3,4"])
def test_a_row_of_too_few_or_too_many_fields_is_named(short):
    rows = "\n".join(["depth,A[0],A[1],A[2]", *(f"{i},1,2,3" for i in range(400)), short])
    fields = short.count(",") + 1
    assert refusal(rows).startswith(f"line 402: {short!r}: {fields} fields; the header has 4")


def test_a_file_without_a_header_is_an_image_with_a_top_and_a_step_or_a_column_of_depths():
    data = "\n".join("1 2 3 4 5 6 7 8" for _ in range(4))
    assert "no column is called depth" in refusal(data)
    plan, depths, values = table(data, depth="1")
    assert (plan.logs[0].width, depths.tolist(), values.shape) == (7, [1.0] * 4, (4, 7))


numbers = st.floats(-1e6, 1e6).map(lambda value: f"{value:.6g}")
fields = st.one_of(
    numbers, st.sampled_from(["", "NaN", " 7 ", '"8"', "x", "1;2", "-999.25", "1,5"])
)


@given(
    st.lists(st.lists(fields, min_size=1, max_size=6), min_size=1, max_size=8),
    st.sampled_from([",", ";", "\t", " "]),
    st.lists(st.sampled_from(["depth", "A", "A[0]", "A[1]", "m", "", "10", "20°"]), max_size=6),
)
def test_any_text_is_read_or_refused_with_a_sentence(rows, separator, header):
    try:
        table("\n".join(separator.join(row) for row in [header, *rows]))
    except InvalidFile as error:
        assert_one_sentence(error)


@given(st.data())
def test_a_text_with_changed_bytes_is_read_or_refused_with_a_sentence(data):
    changed = bytearray(text(rows=ROWS * 4).encode())
    for _ in range(data.draw(st.integers(1, 6))):
        changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(st.integers(0, 255))
    try:
        table(bytes(changed))
    except InvalidFile as error:
        assert_one_sentence(error)


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


@pytest.mark.parametrize("separator", [",", ";", " "])
def test_exponents_of_fortran_are_read(separator):
    rows = [[100, "1.5D+03", "-.25d-01", "1.D2"], [100.5, "0.0D0", "2.5", "**"]]
    _, _, values = table(text(separator, rows=rows))
    np.testing.assert_array_equal(values, np.float32([[1500, -0.025, 100], [0, 2.5, np.nan]]))


def test_a_number_with_a_letter_d_and_no_point_is_a_fault():
    assert "'15D3': not a number" in refusal("depth,a,b\n1,2.5,3\n2,3.5,4\n3,15D3,5\n")


def test_single_quotes_around_fields_are_left_out():
    quoted = [[f"'{name}'" for name in NAMES], *([f"'{v}'" for v in row] for row in ROWS)]
    assert_read(table("".join(",".join(line) + "\n" for line in quoted)))


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_names_of_columns_may_have_line_ends_in_their_quotes(end):
    header = f'"Depth{end}(m)","A{end}(dB)",B{end}'
    plan, depths, values = table(header + f"1,2.5,3{end}2,3.5,4{end}")
    assert [(log.name, log.unit) for log in plan.logs] == [("A", "dB"), ("B", "")]
    assert (plan.depth_unit, depths.tolist()) == ("m", [1, 2])
    assert values.tolist() == [[2.5, 3], [3.5, 4]]
    rows = ["1,2.5,3", "2,x,4", "3,5,6", "4,5,6", ""]
    assert refusal(header + end.join(rows)) == "line 5, column A (dB): 'x': not a number"


def test_a_quote_that_is_never_closed_joins_no_lines():
    assert "line 3" in refusal('depth,a,b\n1,2.5,3\n2,"3.5,4\n3,4.5,5\n4,5.5,6\n')
