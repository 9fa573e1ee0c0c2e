import pytest

from tests.images.ingest.files import table
from tests.images.ingest.text.texts import refusal

ROWS = "".join(f"10 20 {-depth} {depth} {depth / 2} -999\n" for depth in range(100, 104))
PETREL = """# Petrel Points with attributes
# Unit in X and Y direction: m
# Unit in depth: ft
VERSION 1
BEGIN HEADER
X
Y
Z
MD
FLOAT,GR, gapi
FLOAT,Facies code
END HEADER
"""


def test_petrel_names_its_columns_between_begin_header_and_end_header():
    plan, depths, values = table(PETREL + ROWS)
    names = ["X", "Y", "Z", "GR, gapi", "Facies code"]
    assert [(log.name, log.kind) for log in plan.logs] == [(name, "curve") for name in names]
    assert (plan.depth_unit, depths.tolist()) == ("ft", [100, 101, 102, 103])
    assert values[:, 3].tolist() == [50, 50.5, 51, 51.5]


def test_texts_in_quotes_among_the_rows_of_petrel_are_told_apart():
    header = "BEGIN HEADER\nMD\nZ\nSurface\nEND HEADER\n"
    plan, depths, _ = table(header + '100 -80 "Top of Chalk"\n200 -160 "Base"\n')
    assert ([log.name for log in plan.logs], depths.tolist()) == (["Z"], [100, 200])
    assert plan.ignored == [("Surface", "it holds text, such as 'Top of Chalk', not numbers")]


@pytest.mark.parametrize("title", ["", "Logs of A-1\n"])
def test_gslib_names_its_columns_below_a_title_and_their_number(title):
    plan, depths, values = table(f"{title}2\nMD\nPorosity\n100 0.25\n101 0.5\n")
    assert [log.name for log in plan.logs] == ["Porosity"]
    assert (depths.tolist(), values.ravel().tolist()) == ([100, 101], [0.25, 0.5])


RMS = "1.0\nUndefined\nA-1 461809.59 5932990.36 0\n3\nMDepth UNK lin\nGR UNK lin\nZone DISC 1 Top\n"


def test_rms_names_its_logs_which_stand_behind_three_coordinates():
    plan, depths, values = table(RMS + ROWS)
    assert [log.name for log in plan.logs] == ["X", "Y", "Z", "GR", "Zone"]
    assert (depths[0], values[0, :4].tolist()) == (100, [10, 20, -100, 50])


def test_logs_of_rms_without_depths_along_the_hole_are_refused_by_their_names():
    data = RMS.replace("MDepth", "Perm") + ROWS
    assert "no column is called depth; there are X, Y, Z, Perm, GR, Zone" in refusal(data)


def test_a_number_alone_on_a_line_is_no_count_of_names_where_other_rows_follow():
    plan, *_ = table("Run\n2\ndepth,GR\nm,API\n100,1\n101,2\n")
    assert [log.name for log in plan.logs] == ["GR"]
