import pytest

from images.errors import SeveralWells
from images.ingest.text import lines
from images.ingest.text.wells import MAX_WELLS
from tests.images.ingest.files import table
from tests.images.ingest.text.texts import refusal

CURVES = "Well,depth,GR\n" + "".join(
    f"{well},{100 + i},{i + at}\n" for at, well in ((0, "A"), (50, "15/9 B")) for i in range(4)
)
TECHLOG = "wellName,datasetName,DEPTH,FMI\n,,m,ohm.m\n" + "".join(
    f"{well},D,{depth},{depth + i}\n"
    for well, width in (("A", 16), ("B", 8))
    for depth in range(3)
    for i in range(width)
)


def test_a_table_of_several_wells_is_refused_with_their_names():
    with pytest.raises(SeveralWells) as caught:
        table(CURVES)
    assert str(caught.value) == (
        "the file holds logs of 2 wells: A, 15/9 B; well= takes those of one of them"
    )
    assert caught.value.wells == ("A", "15/9 B")
    assert "of 2 wells: A, 15/9 B;" in refusal(CURVES, well="C")


@pytest.mark.parametrize(("well", "first"), [("A", 0), ("15/9 B", 50)])
def test_the_rows_of_one_well_are_taken(well, first):
    plan, depths, values = table(CURVES, well=well)
    assert [log.name for log in plan.logs] == ["GR"]
    assert depths.tolist() == [100, 101, 102, 103]
    assert values[:, 0].tolist() == [first + i for i in range(4)]


@pytest.mark.parametrize(("well", "width"), [("A", 16), ("B", 8)])
def test_of_one_row_a_pixel_each_well_has_its_own_width(well, width):
    plan, depths, values = table(TECHLOG, well=well)
    assert [(log.name, log.unit, log.width) for log in plan.logs] == [("FMI", "ohm.m", width)]
    assert depths.tolist() == [0, 1, 2]
    assert values[2].tolist() == [2 + i for i in range(width)]


def test_wells_may_take_turns_and_a_blank_is_the_well_above():
    rows = ["A,1,10", "B,1,20", ",2,21", "A,2,11", " ,3,12"]
    data = "Borehole,depth,GR\n" + "\n".join(rows)
    for well, expected in (("A", [10, 11, 12]), ("B", [20, 21])):
        assert table(data, well=well)[2][:, 0].tolist() == expected


def test_a_well_far_down_is_found(monkeypatch):
    monkeypatch.setattr(lines, "SLAB_BYTES", 4096)
    rows = [f"A,{i},{i},\n" for i in range(2000)] + [f"B,{i},,{i}.5\n" for i in range(2000)]
    data = "well;depth;GR;DT\n" + "".join(rows).replace(",", ";")
    plan, depths, values = table(data, well="B")
    assert [log.name for log in plan.logs] == ["GR", "DT"]
    assert len(depths) == 2000
    assert values[-1].tolist()[1] == 1999.5


def test_a_single_well_may_be_given_another_name_and_be_a_number():
    plan, depths, _ = table("Well,depth,GR\n7,1,5\n7,2,6\n", well="A")
    assert ([log.name for log in plan.logs], len(depths)) == (["GR"], 2)
    assert ("Well", "it names the well") in plan.ignored


def test_a_column_of_too_many_wells_is_refused():
    rows = "".join(f"W{i},{i},1\n" for i in range(MAX_WELLS + 1))
    assert "Well names more than 1000 wells" in refusal("Well,depth,GR\n" + rows)


def test_a_well_whose_name_looks_like_an_exponent_of_fortran_is_found_beside_such_numbers():
    data = "Well,depth,GR\nA1.D2,1,1.5D+01\nB,1,2\n"
    assert table(data, well="A1.D2")[2].tolist() == [[15.0]]


@pytest.mark.parametrize(
    "name",
    [
        *("wellName", "WELL", "Well No.", "BOREHOLE_ID", "NPD wellbore name", "WellboreId"),
        *("Sondage", "Bohrung", "Pozo", "井号", "Скважина", "UWI", "Unique Well Identifier"),
        *("HOLEID", "Hole name", "bore_id"),
    ],
)
def test_a_column_of_wells_may_have_many_names(name):
    data = f"{name},depth,GR\n" + "".join(f"{w},{i},{i}\n" for w in (11, 12) for i in range(3))
    assert "logs of 2 wells: 11, 12;" in refusal(data)
    assert len(table(data, well="12")[1]) == 3


@pytest.mark.parametrize(
    "name", ["Wellsite", "hole", "bore size", "well depth", "API", "No", "name"]
)
def test_other_columns_name_no_wells(name):
    rows = "".join(f"{8.5 + i},{i},{i}\n" for i in range(3))
    plan, *_ = table(f"{name},depth,GR\n{rows}", depth="depth")
    assert [log.name for log in plan.logs] == [name, "GR"]


def test_a_name_is_taken_before_a_number_and_numbers_of_wells_are_no_curve():
    data = "UWI,Well name,depth,GR\n10012345678901,A,1,5\n10012345678902,B,1,6\n"
    plan, *_ = table(data, well="B")
    assert [log.name for log in plan.logs] == ["GR"]


def test_sites_and_holes_of_ocean_drilling_are_wells_together():
    rows = [
        f"390,{s},{h},{i},{i}\n" for s, h in (("U1", "A"), ("U1", "B"), ("U2", "A")) for i in (1, 2)
    ]
    data = "Exp,Site,Hole,Depth CSF-A (m),L*\n" + "".join(rows)
    assert "3 wells: U1A, U1B, U2A;" in refusal(data)
    assert table(data, well="U2A")[1].tolist() == [1, 2]
