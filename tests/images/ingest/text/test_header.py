import pytest

from images.ingest.layout.plan import Options
from images.ingest.text import delimited
from tests.images.ingest.files import opened, table
from tests.images.ingest.text.texts import NAMES, assert_read, refusal, text


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


def test_sep_in_the_first_line_names_the_separator_as_excel_writes_it():
    assert_read(table("sep=;\n" + text(";")))


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


def test_a_comment_with_the_names_may_stand_below_other_text_as_forward_writes_it():
    before = (
        "FORWARD_TEXT_FORMAT_1.0\nSTDEP = 100.0\nENDEP = 100.5\nRLEV = 0.5\nCURVENAME = A\nEND\n"
    )
    assert_read(table(before + "#" + text("   ")))


@pytest.mark.parametrize(
    "corner", ["", "Depth\\Azimuth", "Depth (m) / Azimuth (deg)", "depth vs azimuth"]
)
def test_a_table_of_depths_by_azimuths_may_say_both_or_nothing_in_its_corner(corner):
    names = [corner, *(f"{22.5 * i}" for i in range(16))]
    plan, depths, _ = table(text(names=names, rows=[[100, *range(16)], [100.5, *range(16)]]))
    assert (plan.logs[0].width, plan.logs[0].first_azimuth) == (16, 0.0)
    assert depths.tolist() == [100, 100.5]


def test_a_first_line_of_a_null_and_numbers_is_no_header():
    assert len(table(",1,3,2,4\n1,2,3,4,5\n2,3,4,5,6\n", depth="1")[1]) == 3


@pytest.mark.parametrize(
    ("before", "lines"),
    [
        ("Acoustic televiewer\nLogged depth 100 to 110 m\n\n", "2"),
        ("Company,ACME\nWell,BH-7\nDepth,100\nStep,0.5\n", "3"),
        ("WELL: 15/9-F-4\nNULL: -9999\nDATE: today\n", "1"),
    ],
)
def test_other_text_before_the_header_is_not_read_and_told(before, lines):
    plan = assert_read(table(before + text()))
    assert plan.warnings == []
    with opened((before + text()).encode()) as file:
        found = delimited.read(file, Options())
    [(code, detail)] = found.warnings
    assert (code, detail[0]) == ("lines-skipped", lines)


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


def test_a_file_without_a_header_is_an_image_with_a_top_and_a_step_or_a_column_of_depths():
    data = "\n".join("1 2 3 4 5 6 7 8" for _ in range(4))
    assert refusal(data).startswith("no line names the columns; if one of them holds depths depth=")
    plan, depths, values = table(data, depth="1")
    assert (plan.logs[0].width, depths.tolist(), values.shape) == (7, [1.0] * 4, (4, 7))


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


NAMES_UNITS = ["DEPTH,GR,T1,T2", "m,API,us,us"]
DESCRIBED = "Measured Depth,Gamma Ray,Transit time,Transit time"


@pytest.mark.parametrize("place", [1, 2])
def test_a_line_that_describes_the_columns_is_not_their_header(place):
    lines = [*NAMES_UNITS[:place], DESCRIBED, *NAMES_UNITS[place:], "100,1,2,3", "101,4,5,6"]
    plan, depths, values = table("\n".join(lines) + "\n")
    assert [(log.name, log.unit) for log in plan.logs] == [
        ("GR", "API"),
        ("T1", "us"),
        ("T2", "us"),
    ]
    assert (depths.tolist(), values.tolist()) == ([100, 101], [[1, 2, 3], [4, 5, 6]])


def test_azimuths_above_a_line_that_describes_the_columns_are_the_header():
    lines = ["DEPTH,0,90,180,270", "Measured Depth,Amp,Amp,Amp,Amp", "1,2,3,4,5", "2,3,4,5,6"]
    plan, *_ = table("\n".join(lines) + "\n")
    assert [(log.width, log.first_azimuth) for log in plan.logs] == [(4, 0.0)]


def test_names_below_the_title_of_their_columns_are_the_header():
    lines = ["Depth,FMI,FMI,FMI", "Depth,FMI[0],FMI[1],FMI[2]", "1,2,3,4", "2,3,4,5"]
    assert [(log.name, log.width) for log in table("\n".join(lines))[0].logs] == [("FMI", 3)]


@pytest.mark.parametrize("corner", ["", "tool"])
def test_columns_of_two_levels_are_read_as_pandas_writes_them(corner):
    names, numbers = ",".join(["FMI"] * 6), ",".join(map(str, range(6)))
    lines = [f"{corner},{names}", f",{numbers}", "depth,,,,,,", "1,1,2,3,4,5,6", "2,2,3,4,5,6,7"]
    with opened("\n".join(lines).encode()) as file:
        assert delimited.read(file, Options()).warnings == []
    plan, depths, _ = table("\n".join(lines))
    assert ([(log.name, log.width) for log in plan.logs], depths[1]) == ([("FMI", 6)], 2)


@pytest.mark.parametrize(
    "title", ["Well: 15/9-F-4\n", "# WELL NAME: 15/9-F-4\n", '"Well","15/9-F-4",,\n']
)
def test_a_line_above_the_header_may_name_the_well(title):
    with opened((title + text()).encode()) as file:
        contents = delimited.read(file, Options())
    assert (contents.well, contents.warnings) == ("15/9-F-4", [])


def test_names_with_spaces_are_told_by_the_wider_space_between_columns():
    header = "Measured Depth    Gamma Ray  Amp 1\n      m             API     dB\n"
    plan, depths, values = table(f"{header} 100.0    1.5    2.5\n 100.5    3.5   4.5\n")
    assert [(log.name, log.unit) for log in plan.logs] == [("Gamma Ray", "API"), ("Amp 1", "dB")]
    assert (depths.tolist(), values.tolist()) == ([100.0, 100.5], [[1.5, 2.5], [3.5, 4.5]])


@pytest.mark.parametrize(
    ("data", "name", "unit"),
    [
        ("GR\n1.5\nNaN\n3\n", "GR", ""),
        ("GR\nAPI\n1,5\n-\n3\n", "GR", "API"),
        ("1.5\n-999.25\n3\n", "1", ""),
    ],
)
def test_a_column_alone_is_a_curve_where_the_depths_are_made(data, name, unit):
    plan, _, values = table(data, top=100.0, step=0.5)
    assert [(log.name, log.unit, log.kind) for log in plan.logs] == [(name, unit, "curve")]
    assert values[[0, 2], 0].tolist() == [1.5, 3.0]


def test_a_column_alone_without_a_top_is_refused_by_its_name():
    assert "no column is called depth; there are GR. Name one" in refusal("GR\n1\n2\n")


def test_a_blank_line_in_a_column_alone_is_refused_as_it_may_be_a_null():
    told = refusal("GR\n1\n\n3\n", top=1.0, step=1.0)
    assert told == "line 3 of the one column is blank; write a null as NaN"


@pytest.mark.parametrize("data", ["a b\n1 234\n2 345\n", "1,5\n2,5\n"])
def test_two_numbers_a_line_are_no_column_alone(data):
    assert table(data, top=1.0, step=1.0)[2].shape == (2, 2)


def test_names_are_taken_below_or_above_a_line_of_descriptions_as_they_are_shorter():
    lines = ["Measured Depth,Gamma ray,Image 1,Image 2", "DEPTH,GR,IMG[0],IMG[1]"]
    rows = ["ft,gAPI,ohm.m,ohm.m", "1,2,3,4", "2,3,4,5"]
    for header in (lines, lines[::-1]):
        plan, *_ = table("\n".join([*header, *rows]))
        assert [(log.name, log.unit) for log in plan.logs] == [("GR", "gAPI"), ("IMG", "ohm.m")]


def test_names_in_merged_cells_above_azimuths_that_are_there_twice_are_those_of_arrays():
    blank = "," * 8
    lines = [f",CALI,Amplitude{blank}Travel time{'':,<7}", "Depth,", "m,in" + ",dB" * 8 + ",us" * 8]
    lines[1] += "".join(f",{45 * i}" for i in [*range(8), *range(8)])
    rows = [f"{depth},8.5," + ",".join(map(str, range(16))) for depth in range(4)]
    plan, _, values = table("\n".join([*lines, *rows]))
    assert [(log.name, log.unit, log.width, log.first_azimuth) for log in plan.logs[1:]] == [
        ("Amplitude", "dB", 8, 0.0),
        ("Travel time", "us", 8, 0.0),
    ]
    assert values[0].tolist() == [8.5, *range(16)]


@pytest.mark.parametrize(
    ("header", "separator", "unit"),
    [
        ("DEPTH GR FMI\nm gAPI ohm.m\n", " ", "ohm.m"),
        ("FORWARD_TEXT_FORMAT_1.0\nSTDEP = 1.0\nEND\n#DEPTH GR FMI\n", "  ", ""),
        ("DEPTH\tGR\tFMI\n", "\t", ""),
    ],
)
def test_an_array_that_the_header_names_once_has_the_columns_left_and_that_is_told(
    header, separator, unit
):
    rows = [separator.join(map(str, [depth, 50, *range(16)])) for depth in range(4)]
    plan, _, values = table(header + "\n".join(rows))
    curve, image = plan.logs
    assert (curve.name, image.name, image.unit, image.width) == ("GR", "FMI", unit, 16)
    assert plan.warnings[0][1].startswith("16 columns side by side are all called FMI")
    assert values[0].tolist() == [50, *range(16)]
