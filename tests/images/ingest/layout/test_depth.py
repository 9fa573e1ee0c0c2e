import pytest

from images.errors import InvalidFile
from images.ingest.layout.find import find
from images.ingest.layout.plan import Options
from images.ingest.names.columns import column_of
from images.ingest.table import Table
from tests.images.ingest.files import table


@pytest.mark.parametrize("name", ["TIME", "datetime", "ETIM (s)"])
def test_rows_that_are_told_by_time_are_refused(name):
    table = Table("", (column_of(name), column_of("GR")), lambda _: iter(()))
    with pytest.raises(InvalidFile, match="told by time"):
        find(table, Options())


@pytest.mark.parametrize(
    ("header", "rows", "taken", "curve"),
    [
        ("MD,DEPTH,GR", ["100,90,1", "101,91,2"], 100.0, "DEPTH"),
        ("GR,MD,DEPTH", ["1,100,90", "2,101,91"], 90.0, "MD"),
        ("DEPTH,DEPTH,GR", ["100,90,1", "101,91,2"], 100.0, "DEPTH"),
    ],
)
def test_of_two_columns_of_depths_the_first_of_the_table_is_the_index(header, rows, taken, curve):
    plan, depths, _ = table("\n".join([header, *rows, ""]))
    assert depths[0] == taken
    assert curve in [log.name for log in plan.logs]
    [(code, detail)] = plan.warnings
    assert code == "depth-chosen"
    assert f"{curve} is kept as a curve" in detail
    asked = "MD" if "MD" in header else "DEPTH"
    assert table("\n".join([header, *rows, ""]), depth=asked)[0].warnings == []


@pytest.mark.parametrize("names", [range(8), [f"AMP[{i}]" for i in range(8)]])
def test_the_index_of_pandas_without_a_name_is_taken_for_the_depths_and_told(names):
    rows = [",".join(map(str, [100 + row / 2, *range(8)])) for row in range(3)]
    plan, depths, _ = table("\n".join([",".join(map(str, ["", *names])), *rows]))
    assert depths.tolist() == [100.0, 100.5, 101.0]
    assert [log.width for log in plan.logs] == [8]
    assert [code for code, _ in plan.warnings] == ["depth-chosen"]


def test_an_index_of_pandas_that_counts_the_rows_is_no_depth():
    with pytest.raises(InvalidFile, match=r"there are \(no name\), 0, 1"):
        table(",0,1,2,3,4\n0,1,1,1,1,1\n1,2,2,2,2,2\n2,3,3,3,3,3\n")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "CORE,TOP_DEPTH,BOTTOM_DEPTH,LITHOLOGY\nA,10.5,11.5,gneiss\n",
            "from TOP_DEPTH to BOTTOM_DEPTH, with no numbers beside, only CORE, LITHOLOGY; a log",
        ),
        (
            "From;To;Density;Note\n1;2;2.5;x\n",
            "depth=From takes the tops for the depths of Density",
        ),
        ("Depth From (m),Depth To (m),GR\n1,2,2.5\n", "from Depth From to Depth To, and a log has"),
    ],
)
def test_intervals_with_a_top_and_a_base_are_refused_with_what_is_taken(text, told):
    with pytest.raises(InvalidFile, match=told):
        table(text)


def test_the_tops_of_intervals_are_depths_where_they_are_asked_for():
    plan, depths, _ = table("TOP_DEPTH,BOTTOM_DEPTH,GR\n1,2,7\n2,3,8\n", depth="TOP_DEPTH")
    assert depths.tolist() == [1.0, 2.0]
    assert [log.name for log in plan.logs] == ["BOTTOM_DEPTH", "GR"]


@pytest.mark.parametrize(("asked", "first"), [(None, 100.0), ("DEPTH (FT)", 328.0)])
def test_depths_of_one_name_and_two_units_are_told_apart(asked, first):
    text = "DEPTH_M,DEPTH_FT,GR\n100,328,1\n101,331,2\n"
    plan, depths, _ = table(text, depth=asked)
    assert (depths[0], len(plan.warnings)) == (first, asked is None)
    for code, detail in plan.warnings:
        assert code == "depth-chosen"
        assert "DEPTH (FT) is kept as a curve, and depth=DEPTH (FT) makes it the depths" in detail
