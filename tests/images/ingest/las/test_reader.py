import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from images.errors import InvalidFile
from images.ingest.layout.plan import Options
from images.ingest.names.units import length_unit
from images.ingest.open_file import contents
from images.ingest.table import Read
from tests.images.ingest.files import (
    LAS2,
    LIMIT,
    assert_one_sentence,
    las,
    numbers,
    opened,
    table,
    tables,
)
from web.text import counted

ROWS = [numbers(100.0, 55.5, *range(1, 9)), numbers(100.5, -999.25, *range(11, 19))]


def refusal(data):
    with pytest.raises(InvalidFile) as caught:
        table(data)
    return str(caught.value)


def test_las_2_with_numbered_sectors_gives_an_image_and_curves():
    plan, depths, values = table(las(ROWS))
    assert [(log.name, log.unit, log.kind, log.width) for log in plan.logs] == [
        ("GR", "API", "curve", 1),
        ("ABDC", "G/CC", "image", 8),
    ]
    assert (depths.tolist(), plan.depth_unit) == ([100.0, 100.5], "M")
    assert values[1].tolist() == [-999.25, *range(11, 19)]


def test_the_header_tells_well_null_and_version():
    with opened(las(ROWS)) as file, contents(file, LIMIT, Options()) as found:
        assert (found.format, found.well) == ("LAS 2.0", "15/9-F-4")
        assert found.tables[0].nulls == (-999.25,)


def test_las_1_2_has_the_name_of_the_well_behind_the_colon():
    header = LAS2.replace("VERS. 2.0", "VERS. 1.20").replace("15/9-F-4 : WELL", "WELL : A9-16-49")
    with opened(las(ROWS, header=header)) as file, contents(file, LIMIT, Options()) as found:
        assert (found.format, found.well) == ("LAS 1.2", "A9-16-49")


def wrapped(*rows):
    lines = [
        line
        for row in rows
        for line in (row.split()[0], " ".join(row.split()[1:5]), " ".join(row.split()[5:]))
    ]
    return las(lines, header=LAS2.replace("WRAP. NO", "WRAP. YES"))


def test_a_wrapped_las_is_read_as_if_it_were_not():
    _, depths, values = table(wrapped(*ROWS))
    assert depths.tolist() == [100.0, 100.5]
    assert values[0].tolist() == [55.5, *range(1, 9)]


def test_a_wrapped_las_that_breaks_off_is_refused_with_the_line():
    broken = wrapped(*ROWS).rsplit(b"\n", 2)[0]
    assert refusal(broken).startswith("the wrapped LAS breaks off: the row that begins on line ")
    assert refusal(broken).endswith("has 5 of 10 values")


def test_a_wrapped_las_with_a_value_too_many_is_refused_with_the_line():
    assert "has 11 values; the header has 10" in refusal(wrapped(ROWS[0] + " 7", ROWS[1]))


def test_a_fault_in_a_wrapped_las_has_the_line_of_the_file_on_which_its_row_ends():
    rows = [numbers(100.0 + step, 55.5, *range(1, 9)) for step in range(10)]
    data = wrapped(*rows[:8], rows[8].replace("55.5", "oops"), rows[9])
    place = next(n for n, line in enumerate(data.splitlines(), 1) if b"oops" in line)
    assert refusal(data) == f"line {place + 1}, column GR: 'oops': not a number"


@pytest.mark.parametrize("row", ["101.0 1 2 3", numbers(101.0, *range(12))])
def test_data_that_do_not_fit_the_header_are_refused_with_both_numbers(row):
    assert f"{counted(len(row.split()), 'field')}; the header has 10" in refusal(las([*ROWS, row]))


def test_curves_of_one_name_are_told_apart():
    header = LAS2.replace("GR .API", "GR .API : one\nGR .API")
    plan, *_ = table(las([numbers(1, 2, 3), numbers(2, 3, 4)], sectors=0, header=header))
    assert [log.name for log in plan.logs] == ["GR", "GR:2"]
    assert plan.warnings == [("name-repeated", "a further log called GR is kept as GR:2")]


@pytest.mark.parametrize(
    ("change", "to"),
    [
        (b"~", b" ~"),
        (b"~Version", b"Exported by hand\n~Version"),
        (b"~Version", b"# a comment\n\n~VERSION INFORMATION"),
        (b"~A DEPT GR", b"~ASCII LOG DATA"),
        (b"~A DEPT GR", b"~Log_ASCII"),
        (b"~A DEPT GR", b"~Data section"),
        (b"~A DEPT GR", b"~   DEPT    GR"),
        (b"DEPT.M", b"DEPT .M"),
        (b"DEPT.M : Depth", b"DEPT.M"),
        (b"DEPT.M", b"DEPT. M"),
        (b"DEPT.M", b"DEPT.[M]"),
        (b"\n", b"\r\n"),
    ],
)
def test_ways_to_write_a_las_are_read_the_same(change, to):
    plan, depths, values = table(las(ROWS).replace(change, to))
    assert [log.name for log in plan.logs] == ["GR", "ABDC"]
    assert (depths.tolist(), plan.depth_unit) == ([100.0, 100.5], "M")
    assert values[0].tolist() == [55.5, *range(1, 9)]


@pytest.mark.parametrize("separator", [" ", "   ", "\t", ",", ", ", ";"])
def test_rows_of_las_2_may_have_other_separators(separator):
    rows = [separator.join(row.split()) for row in ROWS]
    assert table(las(rows))[1].tolist() == [100.0, 100.5]


@pytest.mark.parametrize(
    ("line", "name", "unit"),
    [
        ("Cond..MS/M : Cond.", "Cond.", "MS/M"),
        ("IMG:2 .OHMM : Image", "IMG:2", "OHMM"),
        ("I. Res..OHM-M : I. Res.", "I. Res.", "OHM-M"),
        ("AMP.1.dB : one", "AMP.1", "dB"),
        ("AMP.1 .dB : one", "AMP.1", "dB"),
        (".ILM .OHMM 7 : medium", "ILM", "OHMM"),
        ("GR. API : Gamma: ray", "GR", "API"),
        ("GR.API 45 310 01 00 : Gamma", "GR", "API"),
        ("GR.unitless : Gamma", "GR", ""),
        ("3'AMP .MV : 3 Foot Amplitude", "3'AMP", "MV"),
        ("GR", "GR", ""),
    ],
)
def test_a_line_of_a_curve_gives_its_name_and_unit(line, name, unit):
    header = LAS2.replace("GR .API 31 310 01: Gamma: ray", line)
    plan, *_ = table(las([numbers(1, 2), numbers(2, 3)], sectors=0, header=header))
    assert [(log.name, log.unit) for log in plan.logs] == [(name, unit)]


@pytest.mark.parametrize("unit", ["0.1 in", ".1IN", "0.1in"])
def test_tenths_of_an_inch_are_a_unit_with_or_without_a_space(unit):
    plan, *_ = table(las(ROWS, header=LAS2.replace("DEPT.M", f"DEPT.{unit}")))
    assert length_unit(plan.depth_unit) == ("0.1 in", 0.00254)


def test_the_title_of_the_data_names_the_columns_where_nothing_else_does():
    data = b"~Version\nVERS. 2.0 :\n~A DEPTH GR DT\n1 2 3\n2 3 4\n"
    plan, depths, _ = table(data)
    assert ([log.name for log in plan.logs], depths.tolist()) == (["GR", "DT"], [1, 2])
    assert "nothing defines the 3 columns" in refusal(data.replace(b" GR DT", b" GR"))


@pytest.mark.parametrize(
    ("told", "nulls"),
    [("-999.25", (-999.25,)), ("-999.25,-9999", (-999.25, -9999.0)), ("", ()), ("NaN", ())],
)
def test_the_header_may_tell_no_null_one_or_several(told, nulls):
    data = las(ROWS, header=LAS2.replace("NULL. -999.25", f"NULL. {told}"))
    with opened(data) as file, contents(file, LIMIT, Options()) as found:
        assert found.tables[0].nulls == nulls


@pytest.mark.parametrize("start", ["100.0", "30.48"])
def test_units_that_contradict_each_other_are_told_unless_the_first_depth_agrees(start):
    header = LAS2.replace("STRT.M 100.0", f"STRT.M {start}").replace("DEPT.M", "DEPT.FT")
    with opened(las(ROWS, header=header)) as file, contents(file, LIMIT, Options()) as found:
        assert found.tables[0].unit_of_ends == ("M" if start == "100.0" else "")


def test_quoted_text_with_spaces_is_one_field():
    header = LAS2.replace("{sectors}", "LITH. : rock\n{sectors}")
    rows = ['1 2 "fine sand"', "2 3 'grey clay'"]
    plan, depths, _ = table(las(rows, sectors=0, header=header))
    assert ([log.name for log in plan.logs], depths.tolist()) == (["GR"], [1, 2])


LAS3 = """~Version
VERS. 3.0 : CWLS
WRAP. NO :
DLM . {name} :
~Well
NULL. -999.25 :
~Log_Definition
DEPT.M : Depth {{F}}
LITH. : Rock {{S}}
NMR[1].ms : Echo {{AF;0ms}}
NMR[2].ms : Echo {{AF;5ms}}
NMR[3].ms : Echo {{AF;10ms}}
AMP[0].dB : Amplitude {{A:0}}
AMP[1].dB : Amplitude {{A:1}}
~Core_Definition
CORET.M : Top {{F}}
CDES. : Description {{S}}
~Core_Data[1] | Core_Definition
545.5{0}Long cylindrical hunk of rock
~Log_Data | Log_Definition
1670.0{0}SAND{0}1{0}2{0}3{0}8{0}9
1669.5{0}LIME{0}4{0}5{0}6{0}8{0}9
"""


@pytest.mark.parametrize(("name", "separator"), [("COMMA", ","), ("TAB", "\t"), ("SPACE", "  ")])
def test_las_3_with_arrays_and_several_sections(name, separator):
    plan, depths, values = table(LAS3.format(separator, name=name))
    assert depths.tolist() == [1670.0, 1669.5]
    assert [(log.name, log.kind, log.width, log.axis, log.axis_unit) for log in plan.logs] == [
        ("NMR", "array", 3, (0.0, 5.0, 10.0), "ms"),
        ("AMP", "image", 2, (), ""),
    ]
    assert values[1].tolist() == [4, 5, 6, 8, 9]
    assert plan.ignored == [("LITH", "it holds text, not numbers")]


def test_las_3_tells_which_sections_hold_no_logs():
    data = LAS3.format(",", name="COMMA").encode()
    with opened(data) as file, contents(file, LIMIT, Options()) as found:
        assert found.ignored == [("~Core_Data[1] | Core_Definition", "it is a table of cores")]


@pytest.mark.parametrize(
    ("formats", "expected"),
    [
        ([f"{{A:{i}}}" for i in range(8)], ("image", None, ())),
        ([f"{{AF;{45 * i}deg}}" for i in range(8)], ("image", 0.0, ())),
        ([f"{{A:{45 * i + 45}}}" for i in range(8)], ("image", 45.0, ())),
        (
            [f"{{AF;{5 * i}ms}}" for i in range(8)],
            ("array", None, tuple(5.0 * i for i in range(8))),
        ),
    ],
)
def test_what_las_3_says_of_the_places_of_an_array(formats, expected):
    lines = "\n".join(f"X[{i + 1}].dB : {place}" for i, place in enumerate(formats))
    data = las([numbers(1, 5, *range(8))], sectors=0).replace(
        b"~Param", lines.encode() + b"\n~Param"
    )
    plan, *_ = table(data, columns=("X",))
    [log] = plan.logs
    assert (log.kind, log.first_azimuth, log.axis) == expected


@pytest.mark.parametrize(
    ("title", "other"),
    [
        ("~Log_Data | Log_Definition", "~Drilling | Log_Definition"),
        ("~Log_Data | Log_Definition", "~Log_Data[1] | Log_Definition"),
        ("~Log_Definition", "~Log_Definition of the log"),
    ],
)
def test_a_section_that_names_its_definition_holds_rows(title, other):
    data = LAS3.format(",", name="COMMA").replace(title, other)
    assert table(data)[1].tolist() == [1670.0, 1669.5]


def test_each_data_section_is_a_table_with_the_columns_defined_before_it():
    second = "~Curve\nMD.FT :\nRES.OHMM :\n~Ascii\n5 7\n6 8\n"
    (_, first, _), (plan, depths, values) = tables(las(ROWS) + second.encode())
    assert first.tolist() == [100.0, 100.5]
    assert (depths.tolist(), values.tolist(), plan.depth_unit) == ([5, 6], [[7], [8]], "FT")


def test_the_columns_of_the_last_section_are_its_own_where_las_3_defines_others_before_it():
    between = "~Tops_Definition\nTOPN. :\nTOPT.M :\n~Tops_Data | Tops_Definition\nShale 100\n~A "
    plan, depths, _ = table(las(ROWS).replace(b"~A ", between.encode()))
    assert depths.tolist() == [100.0, 100.5]
    assert [log.name for log in plan.logs] == ["GR", "ABDC"]


def test_text_that_begins_below_the_first_rows_is_told_as_text():
    rows = [numbers(100 + i, i, *[-999.25] * 8) for i in range(60)]
    rows.append(numbers(160, 5, 0, *range(6)).replace(" ", "   ") + "   SAND")
    plan, depths, _ = table(las(rows), columns=("GR",))
    assert (len(depths), plan.ignored) == (61, [("ABDC8M", "it holds text, not numbers")])


TOUCHING = "100.5-999.2500-999.2500 3 4-12.5 6 7 8-0.5E-05"


def test_values_that_touch_at_a_minus_are_parted_where_the_columns_come_out_even_and_told():
    data = las([ROWS[0], TOUCHING])
    with opened(data) as file, contents(file, LIMIT, Options()) as found:
        [block] = found.tables[0].rows(Read(0, tuple(range(1, 10))))
        [(code, detail)] = found.warnings
    assert block.depths.tolist() == [100.0, 100.5]
    expected = [-999.25, -999.25, 3, 4, -12.5, 6, 7, 8, -0.5e-5]
    np.testing.assert_array_equal(block.values[1], np.float32(expected))
    assert code == "values-touching"
    assert detail.endswith("first '100.5-999.2500-999.2500' on line 24")


@pytest.mark.parametrize("row", [TOUCHING + " 9", "100.5 1234.56781234.5678 3 4 5 6 7 8 9"])
def test_values_that_touch_otherwise_are_faults(row):
    assert "the header has 10" in refusal(las([ROWS[0], row]))


def test_rows_told_by_time_are_refused_with_what_helps():
    data = las(ROWS).replace(b"DEPT.M : Depth", b"TIME.S : Time").replace(b"GR .API", b"DEPTH.M")
    expected = "the rows are told by time (TIME in S), not by depth: depth=DEPTH takes that column"
    assert refusal(data) == expected


def test_rows_told_by_vertical_depth_are_refused_or_told_by_the_depth_along_the_hole():
    data = las(ROWS).replace(b"DEPT.M : Depth", b"TVD.M : True vertical depth")
    assert refusal(data).startswith("the rows are told by vertical depth (TVD), not by depth along")
    assert table(data, depth="TVD")[1].tolist() == [100.0, 100.5]
    plan, depths, _ = table(data.replace(b"GR .API", b"DEPTH.M"))
    assert depths[0] == 55.5
    assert "TVD" in [log.name for log in plan.logs]


@pytest.mark.parametrize("separator", [",", ";"])
def test_a_delimiter_at_the_end_of_each_row_makes_a_column_without_a_name(separator):
    rows = [separator.join([*row.split(), ""]) for row in ROWS]
    plan, depths, values = table(las(rows))
    assert (depths.tolist(), values.shape) == ([100.0, 100.5], (2, 9))
    assert plan.ignored == [("", "it has no name")]


def test_rows_of_values_that_no_line_defines_are_refused():
    header = LAS2.replace("GR .API 31 310 01: Gamma: ray\n{sectors}", "")
    found = refusal(las(ROWS, sectors=0, header=header))
    assert "have 10 fields, and the header defines one column, DEPT" in found


def test_two_arrays_of_one_name_are_refused():
    extra = "\n".join(f"ABDC{i} .OHMM : other" for i in range(1, 9))
    header = LAS2.replace("{sectors}", "{sectors}\n" + extra)
    rows = [numbers(1, 2, *range(16))]
    assert (
        refusal(las(rows, header=header))
        == "two arrays are called ABDC; columns=ABDC1M takes one of them"
    )


@given(st.data())
def test_a_damaged_las_is_read_or_refused_with_a_sentence(data):
    good = data.draw(
        st.sampled_from([las(ROWS * 3), wrapped(*ROWS), LAS3.format(",", name="COMMA").encode()])
    )
    changed = bytearray(good)
    for _ in range(data.draw(st.integers(1, 8))):
        changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(st.integers(0, 255))
    start = data.draw(st.integers(0, 40))
    try:
        tables(bytes(changed[start : data.draw(st.integers(start, len(changed)))]))
    except InvalidFile as error:
        assert_one_sentence(error)


def test_a_curve_called_depth_beside_the_index_is_a_curve():
    header = LAS2.replace("GR .API 31 310 01: Gamma: ray", "DEPTH .M : by the driller")
    plan, depths, values = table(las(ROWS, header=header))
    assert (plan.logs[0].name, plan.logs[0].unit) == ("DEPTH", "M")
    assert depths.tolist() == [100.0, 100.5]
    assert values[0, 0] == 55.5
    assert plan.warnings == []


def test_exponents_of_fortran_are_read():
    rows = [numbers("100.0", "0.155D+03", *["1.5D-01"] * 8), numbers(100.5, *range(9))]
    _, _, values = table(las(rows))
    assert values[0].tolist() == [155.0, *[np.float32(0.15)] * 8]
