"""Files of picks as programs and people write them: what is taken, and what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dips.errors import InvalidDips
from dips.formats.layout import Options, opened, well_named
from dips.formats.reading import read
from dips.planes.geometry import Reference
from dips.terms import Basis
from wells.errors import UnitsDiffer


def found(text, **options):
    data = text if isinstance(text, bytes) else text.encode()
    return read(opened(data), Options(**options))


def test_the_encoding_that_was_assumed_is_told():
    text = "depth,dip,azimuth,comment\n1500.5,12.5,140,трещина\n".encode("cp1251")
    picks = found(text)
    assert picks.fields[0]["comment"] == "трещина"
    assert "were read as CP1251" in picks.warnings[0]


def planes(text, **options):
    """Depth, true dip and azimuth of each pick."""
    picks = found(text, **options)
    assert not picks.faults
    return [(p["depth"], p["true_dip"], p["true_azimuth"]) for p in picks.fields]


PLANE = [(1500.5, 12.5, 140.0)]


@pytest.mark.parametrize(
    "text",
    [
        "depth,dip,azimuth\n1500.5,12.5,140\n",
        "AZI,TDIP,MD\n140,12.5,1500.5\n",
        "Measured Depth (m);True Dip (deg);True Dip Azimuth (deg)\n1500,5;12,5;140,0\n",
        "Depth\tDip\tDip Direction\n1500,5\t12,5\t140\n",
        "DEPTH,DIP_TRUE,AZIMUTH_TRUE\nM,DEGREES,DEGREES\n1500.5,12.5,140\n",
        "Depth;Azimuth;Dip;Aperture;Type\nm;deg;deg;mm;\n1500.5;140;12.5;3;Bedding\n",
        "* export\nDEPTH   DIP_TRUE  DIP_AZIMUTH_TRUE\nMETRES  DEG  DEG\n1500.5  12.5  140\n",
        "Measured Depth   True Dip   Dip Azimuth\n1500.5 12.5 140\n",
        "# depth dip azimuth\n1500.5 12.5 140\n",
        "Well: A\nField: B\n\nMD [m],Dip [deg],Azimuth [deg]\n1500.5,12.5,140\n",
        "1500.5,12.5,140\n",
        "1500,5 12,5 140\n",
        '"Depth","Dip","Azimuth"\n"1500.5","12.5°","140°"\n',
        "Depth,Dip,Azimuth,True Dip,True Azimuth\n1500.5,60,70,12.5,140\n",
        "Depth,Hole Deviation,Hole Azimuth,Dip,Dip Azimuth\n1500.5,30,40,12.5,140\n",
        "Depth,Dip,Azimuth [gon]\n1500.5,12.5,155.55555555555555\n",
        "Depth,Strike,Dip\n1500.5,50,12.5\n",
        "Depth,Strike (LHR),Dip\n1500.5,230,12.5\n",
        "Depth,Strike,Dip\n1500.5,N50E,12.5SE\n",
        "Depth,Strike,Dip\n1500.5,S50W,12.5 S\n",
        "Depth,Strike,Dip,Dip Direction\n1500.5,230,12.5,SE\n",
        "Depth,Dip,Azimuth\n1500.5,12.5,S40E\n",
        "Depth,Strike/Dip\n1500.5,050/12.5\n",
        "Depth;Attitude\n1500,5;N50E/12,5SE\n",
        "Depth,Orientation\n1500.5,N50°E 12.5° SE\n",
        "Depth,Dip Direction/Dip\n1500.5,140/12.5\n",
        "Depth,Dip/Dip Direction\n1500.5,12.5/140\n",
    ],
)
def test_a_plane_is_read_from_whatever_columns_order_and_notation_tell_it(text):
    [(depth, dip, azimuth)] = planes(text)
    assert (depth, dip, azimuth) == (1500.5, 12.5, pytest.approx(140))


LAS = """~Version
VERS. 2.0 : CWLS
WRAP. {wrap} :
~Well
NULL. -999.25 :
WELL. 15/9-F-4 : WELL
~Curve
DEPT.FT : depth
{dip}.DEG : true dip
{azimuth}.DEG : true dip azimuth
QUAF.  : quality
~A
100.0{end}10 20 1
100.5{end}-999.25 -999.25 -999.25
101.0{end}30 350 0.5
"""


@pytest.mark.parametrize(("dip", "azimuth"), [("DPTR", "DPAZ"), ("TDIP", "TAZI"), ("X1", "X2")])
@pytest.mark.parametrize(("wrap", "end"), [("NO", " "), ("YES", "\n")])
def test_las_of_picks_is_read_and_depths_without_a_pick_are_left_out(dip, azimuth, wrap, end):
    text = LAS.format(dip=dip, azimuth=azimuth, wrap=wrap, end=end)
    picks = found(text)
    assert planes(text) == [(100, 10, 20), (101, 30, 350)]
    assert [pick["quality"] for pick in picks.fields] == [1, 0.5]
    assert (picks.depth_unit, well_named(opened(text.encode()))) == ("ft", "15/9-F-4")
    assert picks.warnings == ["1 line without a plane is left out"]


def test_las_3_with_commas_and_words_is_read():
    text = (
        "~Version\nVERS. 3.0 :\nDLM. COMMA :\n~Log_Definition\nDEPT.M :\nDIP.DEG :\nAZI.DEG :\n"
        'TYPE. {S} :\n~Log_Data | Log_Definition\n100,10,20,"Open fracture"\n'
    )
    [pick] = found(text).fields
    assert (pick["depth"], pick["true_dip"], pick["type"]) == (100, 10, "open fracture")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("depth_m,height_mm,azimuth_toh\n100,400,70\n", (0.4, 70, Reference.TOP_OF_HOLE)),
        ("depth_ft,height_in,azimuth_north\n100,12,70\n", (1, 70, Reference.NORTH)),
        ("depth,height,azimuth\n100,0.4,70\n", (0.4, 70, None)),
        ("depth,height,Azimuth (from top of hole)\n1,0.4,7\n", (0.4, 7, Reference.TOP_OF_HOLE)),
        ("depth,height,azimuth,reference\n1,0.4,7,TOH\n", (0.4, 7, Reference.TOP_OF_HOLE)),
        ("depth,height,azimuth,dip,true_azimuth\n1,0.4,7,10,20\n", (0.4, 7, None)),
    ],
)
def test_sinusoids_have_their_height_in_the_unit_of_depth_and_their_reference(text, expected):
    picks = found(text)
    assert picks.basis is Basis.SINUSOID
    [pick] = picks.fields
    height, azimuth, reference = expected
    assert pick["height"] == pytest.approx(height)
    assert (pick["azimuth"], pick["reference"]) == (azimuth, reference)


@pytest.mark.parametrize(
    "text",
    [
        "Depth,Apparent Dip,Apparent Azimuth,Caliper (in)\n100,60,70,8.5\n",
        "Depth,Apparent Dip,Azimuth,CALI\nm,deg,deg,in\n100,60,70,8.5\n",
        "Depth,Dip (apparent),Azimuth (apparent),BS_in\n100,60,70,8.5\n",
        "MD,ADIP,AZIMUTH_TOH,Cal [in],BS [in]\n100,60,70,8.5,9\n",
    ],
)
def test_apparent_dips_are_not_taken_for_true_ones(text):
    picks = found(text)
    [pick] = picks.fields
    assert (pick["apparent_dip"], pick["azimuth"]) == (60, 70)
    assert (pick["diameter"], pick["diameter_unit"]) == (8.5, "in")
    assert "true_dip" not in pick


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("TVD,Dip,Azimuth\n1,2,3\n", "there is no column for the depth; there are: TVD"),
        ("Depth (fathoms),Dip,Azimuth\n1,2,3\n", "there is no column for the depth"),
        ("Depth,Dip,Azimuth\nfathoms,deg,deg\n1,2,3\n", "'fathoms' is no unit of length"),
        ("Depth (cm),Dip,Azimuth\n1,2,3\n", "depths are in m or ft, not in cm"),
        ("Depth,Dip,Azimuth\nm,%,deg\n1,2,3\n", "'%' is no unit of angles: deg, rad, gon"),
        ("Depth,Dip,Magnetic Azimuth\n1,2,3\n", "columns are needed for height and azimuth"),
        ("Depth,Dip,Dip,Azimuth\n1,2,2,3\n", "two columns are for the dip: Dip and Dip"),
        ("Depth,Height (cm),Azimuth\n1,2,3\n", "the unit of depth is not told"),
        ("Depth,Dip,Azimuth\n1,,\n2,,\n", "no line has a plane"),
        ("1,2\n", "there is no header, and the lines are not of three numbers"),
        ("Depth,Dip,Azimuth\n", "there is no line of data"),
    ],
)
def test_a_file_that_could_be_taken_wrongly_is_refused_with_the_reason(text, reason):
    with pytest.raises(InvalidDips, match=reason.replace("(", r"\(")):
        found(text)


@pytest.mark.parametrize("text", ["a\u202eb", "a\0b", "a\x1bb", "a\u200bb"])
@pytest.mark.parametrize("column", ["comment", "type", "author", "quality"])
def test_texts_with_control_or_format_characters_are_refused(column, text):
    [fault] = found(f"depth,dip,azimuth,{column}\n1,2,3,{text}\n").faults
    assert "is a control or format character" in fault.reason


def test_a_comment_may_have_several_lines():
    read = found('depth,dip,azimuth,comment\n1,2,3,"one\ntwo"\n')
    assert read.fields[0]["comment"] == "one\ntwo"


@pytest.mark.parametrize("value", ['"1_0"', '"٣"', "true", "NaN", "null", "1e999"])
def test_points_are_read_by_the_grammar_of_numbers(value):
    text = f"[[1,{value}],[2,3],[4,5]]".replace('"', '""')
    [fault] = found(f'depth,height,azimuth,basis,points\n1,,,points,"{text}"\n').faults
    assert fault.column in {"points", "azimuth"}


@pytest.mark.parametrize(
    ("text", "column", "reason"),
    [
        ("Depth,Dip,Azimuth\n1500,5,12,3,140,0\n", None, "the line has 6 fields, and there are 3"),
        ("depth dip azimuth quality type\n1 2 3 fault\n", None, "has 4 fields, and there are 5"),
        ("~C\nDEPT.M :\nDIP. :\nAZI. :\n~A\n1 2\n", None, "the line has 2 fields"),
        ("Depth,Dip,Azimuth\n1,95,3\n", "true_dip", "95 is not from 0 to 90"),
        ("Depth,Dip,Azimuth\n1,2,N95E\n", "true_azimuth", "'N95E' is no finite decimal number"),
        ("Depth,Dip,Azimuth\n1,30SE,3\n", "true_dip", "'30SE' is no finite decimal number"),
        ("Depth,Dip,Azimuth\n,30,3\n", "depth", "a value for the depth is needed"),
        ("Depth,Dip,Azimuth\n-999.25,30,3\n", "depth", "a value for the depth is needed"),
        ("Depth,Dip,Azimuth\n#N/A,30,3\n", "depth", "a value for the depth is needed"),
        ("Depth,Dip,Azimuth\n1,30,\n", "true_azimuth", "a value for the true azimuth is needed"),
        ("Depth,Dip,Azimuth\n1,,3\n", "true_dip", "a value for the true dip is needed"),
        ("Depth,Strike,Dip\n1,N45E,30NE\n", "strike", "NE lies along the strike of 45"),
        ("Depth,Attitude\n1,045/30\n", "attitude", "'045/30' is not written as N45E/30SE"),
        ("Depth,Dip,Azimuth,Reference\n1,2,3,west\n", "reference", "it is one of north, top"),
        ("Depth,Dip,Azimuth,Quality\n1,2,3," + "x" * 51, "quality", "at most 50 characters"),
        ("Depth,Dip,Azimuth\nabc,9,ghi\n", "true_azimuth", "'ghi' is no finite decimal number"),
    ],
)
def test_a_line_that_could_be_taken_wrongly_is_a_fault(text, column, reason):
    fault = found(text).faults[0]
    assert (fault.line, fault.column) == (len(text.splitlines()), column)
    assert reason in fault.reason


@pytest.mark.parametrize(
    ("points", "column", "reason"),
    [
        ("[[1, 2], [3]]", "points", "points are [[depth, azimuth], …]"),
        (f"[[1{'0' * 400}, 2]]", "points", "points are"),
        ("[" * 50_000, "points", "points are"),
        ("[[1e9, 2]]", "depth", "1e+09 is not from -1e+06 to 1e+06"),
        ("[[NaN, 2]]", "depth", "nan is not from"),
        ("[[1, 361]]", "azimuth", "361 is not from -360 to 360"),
    ],
)
def test_points_that_are_none_or_out_of_range_are_a_fault(points, column, reason):
    row = f'depth,height,azimuth,basis,points\n1,0.1,2,points,"{points}"\n'
    fault = found(row).faults[0]
    assert (fault.column, fault.line) == (column, 2)
    assert reason in fault.reason


def test_lines_of_words_before_the_first_row_are_counted():
    text = "sep=;\nMD;DIP;AZI\nm;deg;deg\nMeasured Depth;True Dip;Azimuth\n1;2;3\n"
    assert planes(text) == [(1, 2, 3)]
    assert found(text).warnings == ["2 lines were not read before the first row"]


def test_decimal_commas_and_points_in_one_file_are_not_both_decimal():
    assert [f.column for f in found("Depth;Dip;Azimuth\n1,500.5;12;3\n1500.5;1;2\n").faults] == [
        "depth"
    ]


def test_without_a_header_the_dip_is_the_column_that_can_be_one():
    swapped = found("100,135,30\n101,20,80\n")
    assert [pick["true_azimuth"] for pick in swapped.fields] == [135, 20]
    assert "taken for depth, true_azimuth, true_dip" in swapped.warnings[0]
    assert "taken for depth, true_dip, true_azimuth" in found("100,13,30\n").warnings[0]


def test_picks_of_several_wells_in_one_file_are_refused():
    text = "Well,Depth,Dip,Azimuth\nA,1,2,3\nA,1,2,3\n{},1,2,3\n"
    assert well_named(opened(text.format("a").encode())) == "A"
    with pytest.raises(InvalidDips, match="picks of several wells: A, B; send one each"):
        well_named(opened(text.format("B").encode()))


def test_words_and_numbers_of_types_and_qualities_are_kept():
    rows = ["Bed boundary,Good", "2,3", "Minor open joint / fracture,-999.25", ",", "Vug,A"]
    text = "Depth,Dip,Azimuth,Type,Quality\n" + "".join(f"1,2,3,{row}\n" for row in rows)
    picks = found(text)
    assert [(p["type"], p["quality"], p["comment"]) for p in picks.fields] == [
        ("bedding", "Good", ""),
        ("other", 3, "2"),
        ("open fracture", None, ""),
        ("other", None, ""),
        ("other", "A", "Vug"),
    ]
    assert picks.warnings == [
        "1 pick is of the type '2', kept as other with that in the comment",
        "1 pick is of the type 'Vug', kept as other with that in the comment",
    ]


def test_a_strike_without_a_side_is_read_by_the_right_hand_rule_and_that_is_told():
    text = "Depth,Strike,Dip\n1,300,10\n2,300,10NE\n3,N60W,10SW\n"
    assert [azimuth for _, _, azimuth in planes(text)] == [30, 30, 210]
    assert found(text).warnings == [
        "1 strike without a side is read by the right-hand rule, with the dip to the right"
    ]


@given(st.integers(0, 90), st.sampled_from("NS"), st.sampled_from("EW"))
def test_bearings_in_quadrants_are_azimuths(angle, start, end):
    east = angle if end == "E" else -angle
    expected = (east if start == "N" else 180 - east) % 360
    [(_, _, azimuth)] = planes(f"Depth,Dip,Azimuth\n1,5,{start}{angle}{end}\n")
    assert azimuth == expected


@given(st.floats(0, 359), st.floats(0, 89.9).map(lambda dip: round(dip, 3)))
def test_dip_direction_and_strike_tell_the_same_plane(azimuth, dip):
    strike = (azimuth - 90) % 360
    [by_azimuth] = planes(f"Depth,Dip,Azimuth\n1,{dip!r},{azimuth!r}\n")
    [by_strike] = planes(f"Depth,Strike,Dip\n1,{strike!r},{dip!r}\n")
    assert by_strike[1] == by_azimuth[1]
    assert abs((by_strike[2] - by_azimuth[2] + 180) % 360 - 180) < 1e-9


def test_depths_heights_and_points_are_converted_together():
    text = "depth_ft,height_ft,azimuth_toh\n1000,2,30\n"
    with pytest.raises(UnitsDiffer, match="in ft, those of the well in m"):
        found(text, depth_unit="m")
    [pick] = found(text, depth_unit="m", asked_unit="m").fields
    assert (pick["depth"], pick["height"]) == (pytest.approx(304.8), pytest.approx(0.6096))
    [pick] = found(
        text.replace("depth_ft", "depth").replace("height_ft", "height"), asked_unit="ft"
    ).fields
    assert pick["height"] == 2


def test_a_column_of_units_tells_the_unit_of_depths_and_heights():
    text = "depth,depth_unit,height,azimuth_toh\n1000,ft,2,30\n1001,,2,30\n"
    assert found(text).depth_unit == "ft"
    pick, _ = found(text, depth_unit="m", asked_unit="m").fields
    assert (pick["depth"], pick["height"]) == (pytest.approx(304.8), pytest.approx(0.6096))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("depth,depth_unit,dip,azimuth\n1,ft,2,3\n2,m,2,3\n", "depths are in ft and m"),
        ("depth_ft,depth_unit,dip,azimuth\n1,m,2,3\n", "depths are in ft and m"),
        ("depth,depth_unit,dip,azimuth\n1,bar,2,3\n", "'bar' is no unit of length"),
    ],
)
def test_depths_of_several_units_or_of_none_that_is_known_are_refused(text, reason):
    with pytest.raises(InvalidDips, match=reason):
        found(text)


def test_an_unknown_unit_of_a_diameter_is_a_fault_and_not_read_as_that_of_the_request():
    text = "depth,height,azimuth_toh,diameter,diameter_unit\n1,0.1,30,8.5,furlong\n2,0.1,30,8.5,\n"
    picks = found(text, depth_unit="m", diameter_unit="in")
    [fault] = picks.faults
    assert fault.place == "line 2, column diameter_unit"
    assert fault.reason == "'furlong' is no unit of length that is known"
    assert [pick["diameter_unit"] for pick in picks.fields] == ["in"]
