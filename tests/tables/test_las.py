import pytest

from tests.tables.files import read

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


LAS_3 = """~Version
VERS. 3.0 : CWLS
DLM. COMMA : delimiter
~Well
NULL. -999.25 : NULL
~Log_Definition
DEPT.M : Depth {F}
GR.API : Gamma ray {F}
~Log_Data | Log_Definition
100,55.5
~Inclinometry_Definition
MD.M : Measured Depth {F}
AZIM.DEG : Azimuth: true {F}
~Inclinometry_Data | Inclinometry_Definition
0,290
# a comment
100,-999.25
~Test_Data | Test_Definition
1,2
"""


def test_of_las_3_the_section_is_read_that_has_the_columns_looked_for():
    table = read(LAS_3.encode(), known=("md", "azim"))
    assert [(c.name, c.unit, c.description) for c in table.columns] == [
        ("MD", "M", "Measured Depth"),
        ("AZIM", "DEG", "Azimuth: true"),
    ]
    assert [(row.line, [*row.fields]) for row in table.rows] == [
        (15, ["0", "290"]),
        (17, ["100", ""]),
    ]
    assert table.header_line == 11


def test_of_las_3_the_first_section_is_read_where_none_has_the_columns_looked_for():
    table = read(LAS_3.encode())
    assert [column.name for column in table.columns] == ["DEPT", "GR"]
    assert [[*row.fields] for row in table.rows] == [["100", "55.5"]]


def test_las_1_2_has_the_name_of_the_well_behind_the_colon():
    text = LAS.replace("2.0 :", "1.20 :").replace("15/9-F-4 : WELL", "WELL : A9-16-49")
    assert read(text.encode()).well == "A9-16-49"


@pytest.mark.parametrize(
    ("value", "well"),
    [('"F 4"', "F 4"), ("'F 4'", "F 4"), ('the "old"', 'the "old"'), ('""', None)],
)
def test_quotes_around_the_whole_name_of_a_well_are_no_part_of_it(value, well):
    assert read(LAS.replace("15/9-F-4", value).encode()).well == well
