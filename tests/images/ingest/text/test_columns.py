import numpy as np
import pytest

from tests.images.ingest.files import table
from tests.images.ingest.text.texts import NAMES, ROWS, assert_read, refusal, text


def test_a_row_of_units_below_the_header_is_read_as_units():
    lines = text().splitlines()
    assert_read(
        table("\n".join([lines[0], "m,g/cc,g/cc,g/cc", *lines[1:]])), unit="g/cc", depth_unit="m"
    )


@pytest.mark.parametrize("units", ["[m],[dB],[dB],[dB]", "(M),(dB),(dB),(dB)", "m,dB,-,none"])
def test_units_may_be_in_brackets_and_words_for_none_are_none(units):
    lines = text().splitlines()
    plan, *_ = table("\n".join([lines[0], units, *lines[1:]]))
    assert (plan.logs[0].unit, plan.depth_unit.lower()) == ("dB", "m")


def test_a_row_of_units_may_end_early_and_one_of_types_is_passed_over():
    lines = text().splitlines()
    assert_read(table("\n".join([lines[0], "m,dB", *lines[1:]])), unit="dB", depth_unit="m")
    typed = [lines[0], "float,float,float,float", "m,dB,dB,dB", *lines[1:]]
    assert_read(table("\n".join(typed)), unit="dB", depth_unit="m")


@pytest.mark.parametrize("rule", ["-----", "===  ===  ===  ===", "---,---,---,---", "-----+-----"])
def test_a_line_drawn_below_the_header_is_passed_over(rule):
    lines = text().splitlines()
    assert_read(table("\n".join([lines[0], rule, *lines[1:]])))


@pytest.mark.parametrize("names", [["Depth", *["AMP"] * 8], ["Depth", "AMP", *[""] * 7]])
@pytest.mark.parametrize("label", ["m", "", "Azimuth (deg)"])
@pytest.mark.parametrize("units", ["", "m,dB,dB,dB,dB,dB,dB,dB,dB\n"])
def test_azimuths_in_a_second_line_of_the_header_are_those_of_the_columns(names, label, units):
    azimuths = ",".join(str(45 * i) for i in range(8))
    header, rows = text(names=names, rows=[[1, *range(8)], [2, *range(8)]]).split("\n", 1)
    plan, depths, _ = table(f"{header}\n{units}{label},{azimuths}\n{rows}")
    [log] = plan.logs
    assert (log.name, log.width, log.first_azimuth, log.clockwise) == ("AMP", 8, 0.0, True)
    assert (depths.tolist(), log.unit) == ([1, 2], "dB" if units else "")
    assert plan.depth_unit == ("m" if units or label == "m" else "")


@pytest.mark.parametrize("names", ["AMP,AMP,AMP,AMP,TT,TT,TT,TT", "AMP,,,,TT,,,"])
@pytest.mark.parametrize(("numbers", "azimuth"), [("0,90,180,270", 0.0), ("1,2,3,4", None)])
def test_a_second_line_of_the_header_may_number_several_arrays_beside_curves(
    names, numbers, azimuth
):
    rows = "1,9,1,2,3,4,5,6,7,8\n2,9,1,2,3,4,5,6,7,8\n"
    plan, depths, _ = table(f"Depth,GR,{names}\nm,API,{numbers},{numbers}\n{rows}")
    assert [(log.name, log.unit, log.width, log.first_azimuth) for log in plan.logs] == [
        ("GR", "API", 1, None),
        ("AMP", "", 4, azimuth),
        ("TT", "", 4, azimuth),
    ]
    assert (depths.tolist(), plan.depth_unit) == ([1, 2], "m")


def test_a_row_of_descriptions_and_the_index_row_of_pandas_are_passed_over():
    lines = text().splitlines()
    rows = ["m,dB,dB,dB", "Depth,Amplitude,Amplitude,Amplitude", ",,,", *lines[1:]]
    assert_read(table("\n".join([lines[0], *rows])), unit="dB", depth_unit="m")


def test_a_first_row_of_nothing_but_nulls_is_not_taken_for_units():
    lines = text().splitlines()
    _, depths, values = table("\n".join([lines[0], "99.5,,NaN,-", *lines[1:]]))
    assert len(depths) == 3
    assert np.isnan(values[0]).all()


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


def test_a_curve_that_is_called_as_a_number_of_rows_is_taken_if_it_does_not_count():
    plan, *_ = table(text(names=["depth", "ID"], rows=[[1, 8.5], [2, 8.5]]))
    assert [log.name for log in plan.logs] == ["ID"]


def test_a_trailing_comma_makes_a_column_without_a_name_that_is_not_taken():
    plan = assert_read(table(text(end=",\n")))
    assert plan.ignored == [("", "it has no name")]
    lines = text().splitlines()
    assert_read(table("\n".join([lines[0], *(line + "," for line in lines[1:])])))


BLANKS = ["Depth,GR,Facies", *(f"{i},{i}.5," for i in range(400))]


@pytest.mark.parametrize("null", ["", "NaN"])
def test_text_that_begins_below_the_first_rows_is_told_as_text(null):
    rows = [f"{line}{null}" for line in BLANKS[1:]]
    plan, depths, _ = table("\n".join([BLANKS[0], *rows, '400,1,"Utsira, Fm."', ""]))
    assert (len(depths), [log.name for log in plan.logs]) == (401, ["GR"])
    assert plan.ignored == [("Facies", "it holds text, such as 'Utsira, Fm.', not numbers")]


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


def test_a_time_column_and_an_index_are_not_taken_and_told():
    rows = [["2019-07-26 10:00:00", str(i), *map(str, row)] for i, row in enumerate(ROWS)]
    data = text(names=["time", "Unnamed: 0", *NAMES], rows=rows)
    plan = assert_read(table(data))
    assert plan.ignored == [
        ("time", "it holds times, such as '2019-07-26 10:00:00', not numbers"),
        ("Unnamed: 0", "it numbers the rows"),
    ]


def test_names_of_wells_with_slashes_are_no_times():
    plan, *_ = table("field,depth,GR\n15/9-15,1,2\n15/9-15,2,3\n")
    assert plan.ignored == [("field", "it holds text, such as '15/9-15', not numbers")]


def test_a_column_of_text_is_told_with_the_reason():
    plan, *_ = table("depth,A\n1,2\n2,x\n")
    assert plan.logs == []
    assert plan.ignored == [("A", "it holds text, such as 'x', not numbers")]


@pytest.mark.parametrize(
    ("names", "array"),
    [
        ([f"A[{i}]" for i in range(8)], "A"),
        ([f"A{i}" for i in range(1, 9)], "A"),
        ([f"{45 * i}.0 deg" for i in range(8)], "image"),
    ],
)
@pytest.mark.parametrize("lost", [0, 3, 7])
def test_an_array_with_a_column_of_text_is_refused_and_not_taken_without_it(names, array, lost):
    rows = [[str(i), *map(str, range(8))] for i in range(5)]
    for row in rows:
        row[1 + lost] = "<0.1"
    why = refusal("\n".join(map(",".join, [["depth", *names], *rows])))
    assert why.startswith(
        f"{names[lost]} is of the array {array}, but it holds text, such as '<0.1'"
    )


def test_an_array_mostly_of_text_is_left_out_and_other_logs_may_be_chosen():
    rows = ["1,2,a,b,c,d,e,1", "2,3,a,b,c,d,e,2"]
    plan, *_ = table("\n".join(["depth,GR,L1,L2,L3,L4,L5,L6", *rows]))
    assert [log.name for log in plan.logs] == ["GR", "L6"]
    rows = ["1,2,a,2,3,4,5,6", "2,3,a,2,3,4,5,6"]
    plan, *_ = table("\n".join(["depth,GR,L1,L2,L3,L4,L5,L6", *rows]), columns=("GR",))
    assert [log.name for log in plan.logs] == ["GR"]


@pytest.mark.parametrize(
    ("header", "units"),
    [
        ("DEPT:FT,GR:GAPI,IMG1:ohm.m", ["GAPI", "ohm.m"]),
        ("DEPT.FT,GR.GAPI,IMG.1.ohm.m", ["GAPI", "ohm.m"]),
        ("depth/ft,GR/API,IMG[1]/(ohm m)", ["API", "ohm.m"]),
    ],
)
def test_units_behind_names_are_told_by_how_that_of_the_depths_is_joined(header, units):
    names = [header.replace("1", str(i)).split(",")[-1] for i in range(1, 9)]
    header = ",".join([*header.split(",")[:2], *names]).replace("(ohm m)", "ohm.m")
    plan, *_ = table("\n".join([header, "1,2" + ",3" * 8, "2,3" + ",4" * 8]))
    assert [(log.name, log.unit) for log in plan.logs] == list(
        zip(["GR", "IMG"], units, strict=True)
    )
    assert plan.depth_unit.lower() == "ft"


def test_a_point_or_colon_in_names_is_none_before_a_unit_where_the_depths_have_none():
    plan, *_ = table("depth,GR:A,RES.B\n1,2,3\n2,3,4\n")
    assert [log.name for log in plan.logs] == ["GR:A", "RES.B"]


def test_a_unit_behind_the_number_of_a_column_is_that_of_the_array():
    names = ",".join(f"IMG({i}) ohm.m" for i in range(1, 9))
    plan, *_ = table(f"depth,{names}\n1" + ",3" * 8 + "\n2" + ",4" * 8)
    assert [(log.name, log.unit) for log in plan.logs] == [("IMG", "ohm.m")]
